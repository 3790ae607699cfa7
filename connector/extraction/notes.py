"""Comments that a reviewer laid over a page, and that its text layer knows nothing of."""

from __future__ import annotations

from typing import Any

import pypdfium2.raw as pdfium

from connector.certificate.entry import Box
from connector.extraction.page_objects import Placement

MOST_NOTES = 500
"""Further comments of a page are not looked at."""

_STROKES = frozenset(
    {
        pdfium.FPDF_ANNOT_STRIKEOUT, pdfium.FPDF_ANNOT_INK, pdfium.FPDF_ANNOT_LINE,
        pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_CIRCLE, pdfium.FPDF_ANNOT_POLYGON,
        pdfium.FPDF_ANNOT_POLYLINE, pdfium.FPDF_ANNOT_REDACT, pdfium.FPDF_ANNOT_CARET,
    }
)  # fmt: skip
_TYPED = frozenset({pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP})
"""Shown by their own drawing, which is read; a viewer makes one up where there is none."""
_UNSEEN_FLAGS = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW


def notes_on(page: Any) -> list[Box]:
    """The boxes of comments on an open pypdfium2 page that change what its print says."""
    placement = Placement.of(page)
    count = min(pdfium.FPDFPage_GetAnnotCount(page), MOST_NOTES)
    found = [_note(pdfium.FPDFPage_GetAnnot(page, number), placement) for number in range(count)]
    return [box for box in found if box is not None]


def _note(note: Any, placement: Placement) -> Box | None:
    if not note:
        return None
    try:
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        is_drawn = pdfium.FPDFAnnot_HasKey(note, b"AP")
        if kind not in _STROKES and (kind not in _TYPED or is_drawn):
            return None
        if pdfium.FPDFAnnot_GetFlags(note) & _UNSEEN_FLAGS:
            return None
        sides = pdfium.FS_RECTF()
        if not pdfium.FPDFAnnot_GetRect(note, sides):
            return None
        x0, x1 = sorted((sides.left, sides.right))
        y0, y1 = sorted((sides.bottom, sides.top))
        return placement.box(x0, y0, x1, y1)
    finally:
        pdfium.FPDFPage_CloseAnnot(note)
