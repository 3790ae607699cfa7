"""Where each cell of the edition stands on this page, and how sure that is.

The fit brings a cell near; its own label says how far this print moved it; the page's own rules
give its sides. A cell without label, rules or a good fit is placed but not certain.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import median

from connector.certificate.entry import Box
from connector.extraction.editions import Cell, CellKind, Edition
from connector.extraction.labels import plain
from connector.extraction.registration import NEAR, Registration

EXCELLENT_SHARE = 0.95
"""With this share of labels near, a cell without a label of its own is believed."""
SNAP = 4.0
"""Points within which a rule of the page is the side that was expected."""
RULE_SLACK = 2.0


@dataclass(frozen=True, slots=True)
class Place:
    """A cell on the page, and the box of its label where that was found."""

    box: Box
    is_certain: bool
    label: Box | None = None

    @property
    def label_level(self) -> float | None:
        return (self.label[1] + self.label[3]) / 2 if self.label else None


def place(registration: Registration, rules: Sequence[Box]) -> dict[str, Place]:
    """Every cell of the edition on the page."""
    grid = Grid.of(rules)
    shifts = _Shifts(registration)
    edition = registration.edition
    places = {
        cell.name: _place(cell, registration, shifts, grid) for cell in edition.cells.values()
    }
    places |= _between_columns(edition, places)
    return places | _running_over(edition, places)


OVERFLOW = 30.0
"""Points that limits in words may run out of the table on its right, where nothing else stands."""


def _running_over(edition: Edition, places: Mapping[str, Place]) -> dict[str, Place]:
    x0, top, x1, bottom = places["other.limits"].box
    over = (x0, top, min(x1 + OVERFLOW, edition.page[0]), bottom)
    return {"other.limits": replace(places["other.limits"], box=over)}


def _between_columns(edition: Edition, places: Mapping[str, Place]) -> dict[str, Place]:
    """The free row's types and limits, which reach from the column before to the column behind."""
    found = {}
    for name, column in (("other.description", "type"), ("other.limits", "limits")):
        x0, top, x1, bottom = places[name].box
        for other, (start, end) in edition.columns.items():
            neighbour = places.get(f"other.{other}")
            if neighbour is None or other in ("type", "limits", "amount"):
                continue
            if abs(end - edition.columns[column][0]) < 1:
                x0 = neighbour.box[2]
            if abs(start - edition.columns[column][1]) < 1:
                x1 = neighbour.box[0]
        if x0 < x1:
            found[name] = replace(places[name], box=(x0, top, x1, bottom))
    return found


def _place(cell: Cell, registration: Registration, shifts: _Shifts, grid: Grid) -> Place:
    right, down, seen = shifts.of(cell)
    box = registration.fit.box(cell.box)
    expected = (box[0] + right, box[1] + down, box[2] + right, box[3] + down)
    found = _fitting(cell, expected, grid)
    agreeing = sum(abs(side - wanted) <= SNAP for side, wanted in zip(found, expected, strict=True))
    number = label_of(registration.edition).get(cell.name)
    label = registration.found.get(number) if number is not None else None
    ruled = found is not expected and agreeing >= 3
    certain = seen or ruled or registration.fit.share >= EXCELLENT_SHARE
    return Place(found, certain, label.box if label else None)


def _fitting(cell: Cell, expected: Box, grid: Grid) -> Box:
    """The ruled box around the middle of where the cell is expected, side by side.

    A side is taken from the page's rules as long as the box keeps a plausible size; amounts and
    other values that share their box with a label keep their left side.
    """
    x0, top, x1, bottom = expected
    around = grid.around((x0 + x1) / 2, (top + bottom) / 2)
    least, most = _STRETCH.get(cell.kind, _USUAL_STRETCH)
    left, right = _span(
        (x0, x1), (around[0], around[2]), *_STRETCH_ACROSS.get(cell.kind, _USUAL_STRETCH)
    )
    upper, lower = _span((top, bottom), (around[1], around[3]), least, most)
    if cell.kind not in _WHOLE_BOX and abs(left - x0) > SNAP:
        left = x0
    found = (left, upper, right, lower)
    return expected if found == expected else found


_WHOLE_BOX = (CellKind.TICK, CellKind.MARK, CellKind.LETTER, CellKind.DAY)
_USUAL_STRETCH = (0.6, 1.8)
_STRETCH = {
    CellKind.AMOUNT: (0.6, 2.6),
    CellKind.TICK: (0.5, 1.7),
    CellKind.LINES: (0.4, 2.5),
    CellKind.SIGNATURE: (0.4, 2.5),
}
_STRETCH_ACROSS = {CellKind.LINES: (0.85, 1.25), CellKind.TICK: (0.5, 1.7)}
"""How much smaller or larger than expected a ruled box may be and still be the cell: downwards, across."""


def _span(
    expected: tuple[float, float],
    ruled: tuple[float | None, float | None],
    least: float,
    most: float,
) -> tuple[float, float]:
    """The sides of a cell in one direction: ruled ones as long as the size stays plausible."""
    size = expected[1] - expected[0]
    start = expected[0] if ruled[0] is None else ruled[0]
    end = expected[1] if ruled[1] is None else ruled[1]
    if least * size <= end - start <= most * size:
        return start, end
    start = start if abs(start - expected[0]) <= SNAP else expected[0]
    end = end if abs(end - expected[1]) <= SNAP else expected[1]
    return (start, end) if end > start else expected


class _Shifts:
    """How far this print moved each cell from where the fit says, by the labels around it."""

    def __init__(self, registration: Registration) -> None:
        self._registration = registration
        self._edition = registration.edition
        self._rows = {row: self._row(row) for row in self._edition.rows}
        self._columns = {name: self._column(name) for name in self._edition.columns}

    def of(self, cell: Cell) -> tuple[float, float, bool]:
        """Right and down in points, and whether labels were there to tell."""
        column = cell.name.rpartition(".")[2]
        if cell.row and column in _HEADINGS and column in self._columns:
            right, down = self._columns[column], self._rows[cell.row]
            return right or 0.0, down or 0.0, right is not None and down is not None
        number = label_of(self._edition).get(cell.name)
        shift = self._registration.shift(number) if number is not None else None
        if shift is not None and column in _UNDER_HEADINGS:
            right = self._under(_UNDER_HEADINGS[column])
            return right or 0.0, _still(shift[1]), right is not None
        if shift is not None:
            return _still(shift[0]), _still(shift[1]), True
        down = self._rows.get(cell.row) if cell.row else None
        return 0.0, down or 0.0, False

    def _under(self, heading: str) -> float | None:
        """How far right the heading stands from where the fit says; None when it was not found."""
        for number, label in enumerate(self._edition.labels):
            if label.text == heading and (shift := self._registration.shift(number)) is not None:
                return _still(shift[0])
        return None

    def _row(self, row: str) -> float | None:
        top, bottom = self._edition.rows[row]
        downs = [
            shift[1]
            for number, label in enumerate(self._edition.labels)
            if top <= (label.box[1] + label.box[3]) / 2 <= bottom
            and (shift := self._registration.shift(number)) is not None
        ]
        if not downs:
            return self._row("workers_compensation") if row == "other" else None
        return _still(median(downs))

    def _column(self, name: str) -> float | None:
        heading = _HEADINGS.get(name, ())
        rights = [
            shift[0]
            for number, label in enumerate(self._edition.labels)
            if label.text in heading
            and _inside(label.box, self._edition.columns[name])
            and (shift := self._registration.shift(number)) is not None
        ]
        return _still(median(rights)) if rights else None


def _still(shift: float) -> float:
    """Small differences come from other fonts, not from another print."""
    return 0.0 if abs(shift) < NEAR else shift


def _inside(box: Box, sides: tuple[float, float]) -> bool:
    return sides[0] <= (box[0] + box[2]) / 2 <= sides[1]


_UNDER_HEADINGS = {"naic": "NAIC #"}
"""Cells whose label gives their level, and a heading above gives where they stand across."""
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "insurer_letter": ("LTR", "INSR"),
    "additional_insured": ("ADDL", "INSD", "INSR", "ADD'L", "INSRD"),
    "subrogation_waived": ("SUBR", "WVD"),
    "policy_number": ("POLICY NUMBER",),
    "effective_date": ("POLICY EFF", "(MM/DD/YYYY)", "POLICY EFFECTIVE", "DATE (MM/DD/YYYY)"),
    "expiration_date": ("POLICY EXP", "(MM/DD/YYYY)", "POLICY EXPIRATION", "DATE (MM/DD/YYYY)"),
}


@cache
def label_of(edition: Edition) -> dict[str, int]:
    """For each cell with a label the number of the label instance that is meant."""
    texts = [plain(label.text) for label in edition.labels]
    nearest: dict[str, int] = {}
    for cell in edition.cells.values():
        wanted = plain(cell.label or "")
        numbers = [number for number, text in enumerate(texts) if wanted and text == wanted]
        if numbers:
            nearest[cell.name] = min(numbers, key=lambda n: _distance(edition.labels[n].box, cell))
    return nearest


def _distance(label: Box, cell: Cell) -> float:
    middle = (label[1] + label[3]) / 2
    down = abs(middle - (cell.box[1] + cell.box[3]) / 2)
    across = max(cell.box[0] - label[2], label[0] - cell.box[2], 0.0)
    if cell.kind is CellKind.TICK and label[0] < cell.box[0]:
        across += 100  # the label of a tick stands right of it
    return down * 3 + across


@dataclass(frozen=True, slots=True)
class Grid:
    """The page's rules: uprights as (x, top, bottom), levels as (y, x0, x1), sorted."""

    uprights: list[tuple[float, float, float]]
    levels: list[tuple[float, float, float]]

    @classmethod
    def of(cls, rules: Iterable[Box]) -> Grid:
        uprights, levels = [], []
        for x0, top, x1, bottom in rules:
            if bottom - top > x1 - x0:
                uprights.append((x0, top, bottom))
            else:
                levels.append((top, x0, x1))
        return cls(sorted(uprights), sorted(levels))

    def around(
        self, x: float, y: float
    ) -> tuple[float | None, float | None, float | None, float | None]:
        """The rules next to a point: left, above, right, below; None where there is none."""
        left, right = _beside(self.uprights, x, y)
        above, below = _beside(self.levels, y, x)
        return left, above, right, below


def _beside(
    rules: list[tuple[float, float, float]], at: float, across: float
) -> tuple[float | None, float | None]:
    """The nearest rules before and after `at` that pass by `across`."""
    middle = bisect_left(rules, (at,))
    before = _first_passing(reversed(rules[:middle]), across)
    return before, _first_passing(rules[middle:], across)


def _first_passing(rules: Iterable[tuple[float, float, float]], across: float) -> float | None:
    """Where the first of the rules stands that passes by `across`."""
    least, most = across - RULE_SLACK, across + RULE_SLACK
    for place, start, end in rules:
        if start <= most and least <= end:
            return place
    return None
