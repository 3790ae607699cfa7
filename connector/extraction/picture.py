"""The page with what was read drawn over it: green what is believed, orange what is in doubt."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw

from connector.certificate.entries import entries
from connector.certificate.entry import Entry
from connector.certificate.model import Certificate
from connector.documents import pages
from connector.documents.document import Document
from connector.documents.pages import POINTS_PER_INCH

DPI = 150
READ, UNCLEAR = (0, 128, 0), (220, 100, 0)
LABEL_PIXELS = 11


def draw(document: Document, certificate: Certificate) -> bytes:
    """A PNG of the certificate's page. A doubtful box carries its name."""
    number = certificate.certificate_page or 1
    dpi = pages.fitting_dpi(pages.size(document, number), DPI)
    page = Image.fromarray(pages.picture(document, number, dpi)).convert("RGB")
    pen = ImageDraw.Draw(page, "RGBA")
    for path, entry in entries(certificate).items():
        seen = entry.evidence
        if seen is not None and seen.box is not None and seen.page == number:
            _outline(pen, path.rpartition(".")[2], entry, dpi / POINTS_PER_INCH)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _outline(pen: ImageDraw.ImageDraw, name: str, entry: Entry[Any], scale: float) -> None:
    assert entry.evidence is not None  # noqa: S101 - the caller looked
    assert entry.evidence.box is not None  # noqa: S101
    left, top, right, bottom = (side * scale for side in entry.evidence.box)
    color = UNCLEAR if entry.is_unclear else READ
    pen.rectangle((left - 2, top - 2, right + 2, bottom + 2), (*color, 28), color, 2)
    if entry.is_unclear:
        pen.text((left, top - LABEL_PIXELS - 3), f"{name}?", color)
