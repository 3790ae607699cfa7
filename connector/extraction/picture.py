"""The page with what was read drawn over it: green what is believed, orange what is in doubt."""

from __future__ import annotations

import io
from typing import Any

import pdfplumber
from PIL import Image, ImageDraw

from connector.certificate.entries import entries
from connector.certificate.entry import Entry
from connector.certificate.model import Certificate
from connector.documents.document import Document, DocumentKind

DPI = 150
READ, UNCLEAR = (0, 128, 0), (220, 100, 0)
LABEL_PIXELS = 11
POINTS_PER_INCH = 72


def draw(document: Document, certificate: Certificate) -> bytes:
    """A PNG of the certificate's page. A doubtful box carries its name."""
    number = certificate.certificate_page or 1
    page = _page(document, number)
    pen = ImageDraw.Draw(page, "RGBA")
    for path, entry in entries(certificate).items():
        seen = entry.evidence
        if seen is not None and seen.box is not None and seen.page == number:
            _outline(pen, path.rpartition(".")[2], entry, page.width / _width(document, number))
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _page(document: Document, number: int) -> Image.Image:
    if document.kind is DocumentKind.IMAGE:
        with Image.open(io.BytesIO(document.data)) as picture:
            picture.seek(number - 1)
            return picture.convert("RGB")
    with pdfplumber.open(io.BytesIO(document.data)) as pdf:
        return pdf.pages[number - 1].to_image(resolution=DPI).original.convert("RGB")


def _width(document: Document, number: int) -> float:
    """The page's width in points, in which boxes are measured."""
    if document.kind is DocumentKind.IMAGE:
        with Image.open(io.BytesIO(document.data)) as picture:
            picture.seek(number - 1)
            dpi = picture.info.get("dpi", (DPI, DPI))[0]
            return float(picture.width / dpi * POINTS_PER_INCH)
    with pdfplumber.open(io.BytesIO(document.data)) as pdf:
        return float(pdf.pages[number - 1].width)


def _outline(pen: ImageDraw.ImageDraw, name: str, entry: Entry[Any], scale: float) -> None:
    assert entry.evidence is not None  # noqa: S101 - the caller looked
    assert entry.evidence.box is not None  # noqa: S101
    left, top, right, bottom = (side * scale for side in entry.evidence.box)
    color = UNCLEAR if entry.is_unclear else READ
    pen.rectangle((left - 2, top - 2, right + 2, bottom + 2), (*color, 28), color, 2)
    if entry.is_unclear:
        pen.text((left, top - LABEL_PIXELS - 3), f"{name}?", color)
