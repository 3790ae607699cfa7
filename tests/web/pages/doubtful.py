"""A certificate in which a few values cannot be read with certainty, drawn for today."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from demo.draw import STYLE
from demo.firms import compliant
from demo.layout import acord_25_2016
from demo.page import canvas_of, draw_form, draw_values
from demo.sheet import Sheet

DOUBTS = {
    "general_liability_each_occurrence": "1,OOO,000",
    "umbrella_liability_each_occurrence": "5M",
    "auto_liability_additional_insured": "?",
}
"""Cells with what is printed in them: letters among digits, an abbreviation, neither Y nor N."""


def doubtful_pdf(on: date, cells: Mapping[str, str] = DOUBTS) -> bytes:
    """The bundled compliant certificate, without its endorsement pages, with these cells."""
    good = compliant(on)
    return drawn(replace(good, cells={**good.cells, **cells}))


def drawn(sheet: Sheet) -> bytes:
    """A one-page PDF with a text layer."""
    layout, into = acord_25_2016(), io.BytesIO()
    canvas = canvas_of(layout.page, into)
    draw_form(canvas, layout, STYLE)
    draw_values(canvas, layout, sheet, STYLE)
    canvas.showPage()
    canvas.save()
    return into.getvalue()
