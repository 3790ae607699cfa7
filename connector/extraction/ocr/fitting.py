"""A form laid on a page whose rules are level and upright but stand closer here and wider there.

First the long rules of each axis are paired in their order, which bridges shifts of more than a
row; then a thin sheet of shifts takes every rule of the form to the page's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from connector.extraction.editions import Edition
from connector.extraction.ocr import registration
from connector.extraction.ocr.registration import Placement
from connector.extraction.ocr.rules import Rules
from connector.extraction.ocr.splines import Grid, Points, Way, solved

Places: TypeAlias = NDArray[np.float64]
Along: TypeAlias = Callable[[Places], Places]

_FARTHEST = 30.0
"""Points that a rule may lie from where an even page would have it."""

_STRETCH, _UNSURE, _MISSING = 0.15, 0.6, 0.3
"""Share by which the distance of two rules may differ, and points by which rules are off, to count."""

_SKIPPED = 4
"""Rules of the form in turn that may be missing on the page."""

_FEWEST_PAIRS = 3
_END = 80.0
"""Points at the end of the known rules whose spacing is that of what lies beyond."""

_STEP = 50.0
_BEND, _NOISE = 0.5, 0.5
"""Points by which the sheet bends from knot to knot, and by which a rule is off."""

_REACHES = (3.0, 2.0, 1.4, 0.8)


def spaced(placement: Placement, rules: Rules, scale: float) -> Way:
    """From the form's points to the page's pixels, the long rules paired along each axis."""
    frame = registration.frame_of(placement.edition)
    matrix = placement.matrix
    x = _axis(frame.long_down, rules.down_lines, matrix[0, 0], matrix[0, 2], scale)
    y = _axis(frame.long_across, rules.across_lines, matrix[1, 1], matrix[1, 2], scale)
    return lambda points: np.column_stack([x(points[:, 0]), y(points[:, 1])])


def _axis(form: Places, lines: Places, size: float, start: float, scale: float) -> Along:
    """Places along one axis of the form to the page's, which is `size` pixels a point on the whole.

    Where rules at the ends are not found at first, for the page is seen from the side there, they
    are once it is known how close the nearest ones stand.
    """
    page = registration.long_positions(lines, scale)
    along: Along = lambda places: size * places + start  # noqa: E731 - is replaced below
    for _ in range(3 if len(page) else 0):
        pairs = _paired(form, page, along(form), size)
        if len(pairs) < _FEWEST_PAIRS:
            break
        along = _through(form[pairs[:, 0]], page[pairs[:, 1]])
    return along


def _through(known: Places, sent: Places) -> Along:
    """Straight between the known places; beyond them as the page is near its ends."""

    def slope(chosen: NDArray[np.bool_]) -> float:
        return float(np.polyfit(known[chosen], sent[chosen], 1)[0])

    first = slope((known <= known[0] + _END) | (np.arange(len(known)) < 2))
    last = slope((known >= known[-1] - _END) | (np.arange(len(known)) >= len(known) - 2))

    def along(places: Places) -> Places:
        inside = np.interp(places, known, sent)
        before, after = np.minimum(places - known[0], 0), np.maximum(places - known[-1], 0)
        return np.asarray(inside + before * first + after * last)

    return along


def _paired(form: Places, page: Places, expected: Places, size: float) -> NDArray[np.int64]:
    """Which of the form's places are which of the page's, in order: rows of two indices.

    Every pair counts one; what the distance of two pairs in turn differs from the expected one is
    taken off, and so is every rule of the form between them that would be missing.
    """
    off = np.abs(expected[:, None] - page[None, :]) / size
    gain = np.where(off <= _FARTHEST, 1.0, -np.inf)
    best, before = gain.copy(), np.full((*gain.shape, 2), -1)
    distances = (page[None, :] - page[:, None]) / size  # from, to
    for i in range(1, len(form)):
        for k in range(max(0, i - 1 - _SKIPPED), i):
            wide = (expected[i] - expected[k]) / size
            cost = np.square((distances - wide) / (_UNSURE + _STRETCH * wide))
            cost = np.minimum(cost, 9) + _MISSING * (i - 1 - k)
            total = best[k][:, None] - np.where(distances > 0, cost, np.inf)
            source = total.argmax(axis=0)
            value = total[source, np.arange(len(page))] + gain[i]
            better = value > best[i]
            best[i] = np.where(better, value, best[i])
            before[i][better] = np.column_stack([np.full(len(page), k), source])[better]
    pairs = []
    i, j = (int(each) for each in np.unravel_index(int(best.argmax()), best.shape))
    while i >= 0:
        pairs.append((i, j))
        i, j = (int(each) for each in before[i, j])
    return np.array(pairs[::-1])


def drawn_to_rules(
    edition: Edition, way: Way, rules: Rules, scale: float, reaches: tuple[float, ...] = _REACHES
) -> Way:
    """The way with a sheet of shifts added that takes the form's rules to the page's."""
    frame = registration.frame_of(edition)
    grid = Grid(edition.page, _STEP)
    penalty = (
        grid.stiffness() / (_BEND * scale) ** 2 + np.eye(grid.counts[0] * grid.counts[1]) * 1e-4
    )
    down = _Family(frame.points_down[::2], rules.down, grid, way)
    across = _Family(frame.points_across[::2], rules.across, grid, way)
    sheet = np.zeros((len(penalty), 2))
    for reach in reaches:
        sheet = np.column_stack(
            [
                down.sheet(sheet, reach * scale, 0, penalty, scale),
                across.sheet(sheet, reach * scale, 1, penalty, scale),
            ]
        )

    def drawn(points: Points) -> Points:
        return way(points) + grid.terms(points) @ sheet

    return drawn


class _Family:
    """The form's rules of one direction as points, and where the way sends them."""

    def __init__(self, points: Points, runs: NDArray[np.uint8], grid: Grid, way: Way) -> None:
        self.points, self.runs = points, runs
        self.terms, self.sent = grid.terms(points), way(points)

    def sheet(
        self,
        now: NDArray[np.float64],
        reach: float,
        axis: int,
        penalty: NDArray[np.float64],
        scale: float,
    ) -> NDArray[np.float64]:
        """The shifts along the axis, better by what the page's rules within reach are off."""
        seen, shifts = registration.shifts(self.sent + self.terms @ now, self.runs, reach, axis)
        if len(shifts) < _FEWEST:
            return now[:, axis]
        terms = self.terms[seen]
        wanted = terms @ now[:, axis] + shifts
        weights = np.full(len(shifts), 1.0)
        found = now[:, axis]
        for _ in range(3):
            rows = np.sqrt(weights)[:, None] / (_NOISE * scale)
            found = solved(terms * rows, wanted * rows[:, 0], penalty)
            weights = 1 / (1 + np.square((wanted - terms @ found) / (_NOISE * scale)))
        return found


_FEWEST = 50
"""Points of the form's rules that the page must have, for a shift to be told."""
