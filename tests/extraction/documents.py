"""Documents for reading tests: made of drawn certificates, or of a few words on a page."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from datetime import date

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from connector.certificate.entries import build
from connector.certificate.entry import Entry, Evidence, Source, read
from connector.certificate.field import Scalar
from connector.certificate.fields import BY_KEY
from connector.certificate.flat import flatten
from connector.certificate.model import Certificate
from connector.documents.document import Document, DocumentKind
from connector.extraction import Readers
from connector.extraction import read as read_document
from tests.drawing.editions import expected_on
from tests.drawing.truth import Truth

TODAY = date(2026, 11, 23)


def document_of(data: bytes, kind: DocumentKind = DocumentKind.PDF) -> Document:
    """The document that admission would make of these bytes."""
    pages, layers = 1, False
    if kind is DocumentKind.PDF:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pages, layers = len(pdf.pages), "/OCProperties" in pdf.Root
    digest = hashlib.sha256(data).hexdigest()
    return Document(data, "certificate.pdf", digest, pages, kind, has_layers=layers)


def flat_of(data: bytes, readers: Readers | None = None) -> dict[str, Scalar]:
    """The first certificate of a document as flat keys."""
    return flatten(read_document(document_of(data), readers or Readers())[0], TODAY)


def unclear_in(flat: Mapping[str, Scalar]) -> set[str]:
    return set(str(flat["unclear_fields"] or "").split(", ")) - {""}


def wrong_in(
    flat: Mapping[str, Scalar], truth: Truth, edition: str
) -> dict[str, tuple[Scalar, Scalar]]:
    """The keys that are wrong without saying so: key -> (expected, found)."""
    doubtful = unclear_in(flat)
    return {
        key: (value, flat[key])
        for key, value in expected_on(truth, edition).items()
        if key in BY_KEY and key not in truth.arguable and key not in doubtful
        if flat[key] != value and key not in _FACTS
    }


_FACTS = frozenset(
    {
        "certificate_id", "received_at", "document_name", "document_sha256", "page_count",
        "certificate_page", "certificates_in_document", "other_certificate_ids", "read_from",
        "reader_version", "record_number",
    }
)  # fmt: skip


def page_of(*texts: tuple[float, float, str], size: tuple[float, float] = (612, 792)) -> bytes:
    """A page with these texts, each at x and y from the upper left corner."""
    into = io.BytesIO()
    canvas = Canvas(into, pagesize=size, invariant=1)
    for x, y, text in texts:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(x, size[1] - y, text)
    canvas.showPage()
    canvas.save()
    return into.getvalue()


def certificate_of(values: Mapping[str, object]) -> Certificate:
    """A certificate with these values read, by model path."""
    return build({path: entry_of(value) for path, value in values.items()})


def entry_of(value: object, text: str = "") -> Entry[object]:
    return read(value, Evidence(1, (10, 20, 30, 40), text or str(value), Source.TEXT_LAYER))


def edited(data: bytes, before: bytes, after: bytes) -> bytes:
    """The PDF with its first page's content wrapped in drawing operators."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        page.contents_coalesce()
        content = page.Contents.read_bytes()
        page.Contents = pdf.make_stream(before + b"\n" + content + b"\n" + after)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def lines_text(lines: Iterable[object]) -> list[str]:
    return [str(getattr(line, "text", line)) for line in lines]
