"""Certificates of many firms, all compliant, each with names and policies of its own."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from demo.draw import STYLE
from demo.firms import compliant
from demo.layout import acord_25_2016
from demo.page import canvas_of, draw_form, draw_values
from demo.sheet import Party, Sheet

LINES = 4
"""Coverage lines of each."""

_PLACES = (
    "Alder", "Birch", "Canyon", "Dover", "Elkhorn", "Fairmont", "Granby", "Hollis", "Ironwood", "Jasper",
    "Kendall", "Larkspur", "Mesa", "Norwood", "Orchard", "Pembroke", "Quincy", "Ridgeway", "Sterling", "Tamarack",
    "Union", "Vernon", "Westfield", "Yarmouth", "Zephyr",
)  # fmt: skip
_TRADES = (
    "Roofing", "Electric", "Plumbing", "Masonry", "Drywall", "Paving", "Glazing", "Steel Erectors", "Painting",
    "Insulation", "Carpentry", "Excavating", "Landscaping", "Fire Protection", "Flooring", "Demolition", "Fencing",
    "Waterproofing", "Elevator", "Concrete",
)  # fmt: skip

NAMES = tuple(f"{place} {trade} LLC" for trade, place in itertools.product(_TRADES, _PLACES))
"""Five hundred firms."""


def crowd(on: date, count: int) -> Iterator[tuple[str, bytes]]:
    """The first so many firms' names and certificates (one page, text layer), good on the day `on`."""
    for number, name in enumerate(NAMES[:count]):
        yield name, _page(_sheet(compliant(on), name, number))


def _sheet(sheet: Sheet, name: str, number: int) -> Sheet:
    own = {
        cell: f"{text[:2]}-{1_000_000 + number}"
        for cell, text in sheet.cells.items()
        if cell.endswith("_policy_number")
    }
    insured = Party((name,), (f"{100 + number} Quarry Road",), "Peoria", "IL", "61602")
    return replace(
        sheet, cells={**sheet.cells, **own}, parties={**sheet.parties, "insured": insured}
    )


def _page(sheet: Sheet) -> bytes:
    layout, into = acord_25_2016(), io.BytesIO()
    canvas = canvas_of(layout.page, into)
    draw_form(canvas, layout, STYLE)
    draw_values(canvas, layout, sheet, STYLE)
    canvas.showPage()
    canvas.save()
    return into.getvalue()
