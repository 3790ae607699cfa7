"""Entries from the cells of a form: policy numbers that may belong to another row."""

from __future__ import annotations

import pytest

from connector.certificate.entry import Box, Source
from connector.extraction import editions
from connector.extraction.assembly import ACROSS_ROWS, entries
from connector.extraction.reading import CellReading, Line, PageReading

EDITION = next(each for each in editions.all() if each.name == "2016/03")
ROWS = "auto_liability", "umbrella_liability"


def numbers(row: str, *levels: float) -> CellReading:
    """Policy numbers so many points below the head of a row's box."""
    x0, top, _, _ = box = EDITION.cells[f"{row}.policy_number"].box
    lines = [Line(f"PN {n:.0f}", (x0 + 4, top + n, x0 + 60, top + n + 8)) for n in levels]
    return CellReading(1, Source.TEXT_LAYER, tuple(lines), box)


def dates() -> dict[str, CellReading]:
    def day(box: Box) -> CellReading:
        return CellReading(1, Source.TEXT_LAYER, (Line("01/01/2026", box),), box)

    names = [f"{row}.{name}" for row in ROWS for name in ("effective_date", "expiration_date")]
    return {name: day(EDITION.cells[name].box) for name in names}


@pytest.mark.parametrize(
    ("upper", "lower", "sure"),
    [
        ((5.0,), (5.0,), True),
        ((5.0, 54.0), (5.0,), False),  # the second stands just above the next row
        ((5.0,), (-3.0, 9.0), True),  # far from the number above
        ((48.0,), (2.0, 14.0), False),
    ],
)
def test_one_of_two_policy_numbers_of_a_row_may_belong_to_the_next_one(
    upper: tuple[float, ...], lower: tuple[float, ...], sure: bool
) -> None:
    cells = dates() | {
        f"{row}.policy_number": numbers(row, *levels)
        for row, levels in zip(ROWS, (upper, lower), strict=True)
    }
    found = entries(PageReading(1, Source.TEXT_LAYER, EDITION, cells), EDITION)
    doubts = [found[f"{row}.policy_number"].doubt or "" for row in ROWS]
    assert [ACROSS_ROWS not in doubt for doubt in doubts] == [sure, sure]
