"""Where each cell of the edition stands on this page, and how sure that is.

The fit brings a cell near; its own label says how far this print moved it; the page's own rules
give its sides. A cell without label, rules or a good fit is placed but not certain.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

from connector.certificate.entry import Box
from connector.extraction.editions import Cell, CellKind, Edition
from connector.extraction.labels import plain
from connector.extraction.registration import NEAR, Registration

GOOD_SHARE = 0.8
"""With this share of labels near, a cell without a label of its own is believed."""
SNAP = 4.0
"""Points that a side may move to meet a rule of the page."""
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
    grid = _Grid.of(rules)
    edition = registration.edition
    shifts = _Shifts(registration)
    return {cell.name: _place(cell, registration, shifts, grid) for cell in edition.cells.values()}


def _place(cell: Cell, registration: Registration, shifts: _Shifts, grid: _Grid) -> Place:
    right, down, seen = shifts.of(cell)
    box = registration.fit.box(cell.box)
    moved = (box[0] + right, box[1] + down, box[2] + right, box[3] + down)
    snapped, sides = grid.snapped(moved)
    number = label_of(registration.edition).get(cell.name)
    found = registration.found.get(number) if number is not None else None
    certain = seen or registration.fit.share >= GOOD_SHARE or sides >= 3
    return Place(snapped, certain, found.box if found else None)


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
        if shift is not None:
            return _still(shift[0]), _still(shift[1]), True
        down = self._rows.get(cell.row) if cell.row else None
        return 0.0, down or 0.0, False

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


_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "insurer_letter": ("LTR", "INSR"),
    "additional_insured": ("ADDL", "INSD", "INSR"),
    "subrogation_waived": ("SUBR", "WVD"),
    "policy_number": ("POLICY NUMBER",),
    "effective_date": ("POLICY EFF", "(MM/DD/YYYY)"),
    "expiration_date": ("POLICY EXP", "(MM/DD/YYYY)"),
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
class _Grid:
    """The page's rules: uprights as (x, top, bottom), levels as (y, x0, x1), sorted."""

    uprights: list[tuple[float, float, float]]
    levels: list[tuple[float, float, float]]

    @classmethod
    def of(cls, rules: Iterable[Box]) -> _Grid:
        uprights, levels = [], []
        for x0, top, x1, bottom in rules:
            if bottom - top > x1 - x0:
                uprights.append((x0, top, bottom))
            else:
                levels.append((top, x0, x1))
        return cls(sorted(uprights), sorted(levels))

    def snapped(self, box: Box) -> tuple[Box, int]:
        """The box with each side on the rule next to it, and how many sides found one."""
        x0, top, x1, bottom = box
        middle_x, middle_y = (x0 + x1) / 2, (top + bottom) / 2
        sides = (
            _nearest(self.uprights, x0, middle_y),
            _nearest(self.levels, top, middle_x),
            _nearest(self.uprights, x1, middle_y),
            _nearest(self.levels, bottom, middle_x),
        )
        found = [side if side is not None else old for side, old in zip(sides, box, strict=True)]
        count = sum(side is not None for side in sides)
        return (found[0], found[1], found[2], found[3]), count


def _nearest(rules: list[tuple[float, float, float]], at: float, beside: float) -> float | None:
    """The rule within SNAP of `at` that passes by `beside`."""
    best: float | None = None
    for position, start, end in rules[bisect_left(rules, (at - SNAP,)) :]:
        if position > at + SNAP:
            break
        passes = start - RULE_SLACK <= beside <= end + RULE_SLACK
        if passes and (best is None or abs(position - at) < abs(best - at)):
            best = position
    return best
