"""Paper that does not lie flat: its rules run in curves, and tell how it lies.

Nothing of the form is needed for this. The shift down the page is a smooth sheet under which the
pieces of level rules become level; the shift across one under which those of upright rules become
upright. What neither can tell is how far rules lie apart, which `spacing_along` asks the form.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.perspective import moved, pieces, rectification
from connector.extraction.ocr.splines import Grid, Points, Way, solved

_STEP = 1 / 11
"""Knots of the sheet apart, as a share of the page's width."""

_STEEPEST = 0.3
_ROUNDS = 6
_LOOSE, _TIGHT = 0.04, 0.004
"""Slopes by which a piece may be off in the first and in the last round, to count half."""

_NOISE, _BEND = 0.3, 2.0
"""Pixels by which the ends of a piece are off, and by which paper bends from knot to knot."""

FEWEST = 40
"""Pieces along each axis: a page with fewer has no table on it that could be laid flat."""


def straightening(picture: Gray) -> Way | None:
    """From pixels of a page whose rules are straight to those of `picture`; None without a table.

    The new page is as large as the old one.
    """
    upright = rectification(picture)
    ends = moved(pieces(picture).reshape(-1, 2, 2), upright)
    height, width = picture.shape
    grid = Grid((float(width), float(height)), width * _STEP)
    shifts = []
    for axis in (0, 1):
        chosen = _along(ends, axis)
        if len(chosen) < FEWEST:
            return None
        shifts.append(_shift(chosen, grid, axis))
    down, across = shifts
    back = np.asarray(np.linalg.inv(upright), dtype=np.float64)

    def way(points: Points) -> Points:
        found = points.copy()
        for _ in range(6):
            terms = grid.terms(found)
            found = points - np.column_stack([terms @ across, terms @ down])
        return moved(found, back)

    return way


def _along(ends: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    steps = np.abs(ends[:, 1] - ends[:, 0])
    return ends[steps[:, 1 - axis] <= _STEEPEST * steps[:, axis]]


def _shift(ends: NDArray[np.float64], grid: Grid, axis: int) -> NDArray[np.float64]:
    """The sheet of shifts aside that turn pieces along `axis` (0 across, 1 down) to the axis."""
    steps = ends[:, 1] - ends[:, 0]
    lengths = np.abs(steps[:, axis])
    rises = grid.terms(ends[:, 1]) - grid.terms(ends[:, 0])
    aside = -steps[:, 1 - axis]
    middle = _held(grid, axis)
    penalty = grid.stiffness() / _BEND**2 + middle
    sheet = np.zeros(rises.shape[1])
    for turn in range(_ROUNDS):
        allowed = _LOOSE * (_TIGHT / _LOOSE) ** (turn / (_ROUNDS - 1))
        off = (rises @ sheet - aside) / lengths
        weights = 1 / (1 + (off / allowed) ** 2)
        rows = weights[:, None] ** 0.5 / _NOISE
        sheet = solved(rises * rows, aside * rows[:, 0], penalty)
    return sheet


def _held(grid: Grid, axis: int) -> NDArray[np.float64]:
    """The middle line of the page keeps its place: shifts that move whole rules are not told by them."""
    across, down = grid.size
    shares = np.linspace(0, 1, 60)
    middle = (
        np.column_stack([np.full(60, across / 2), shares * down])
        if axis == 0
        else np.column_stack([shares * across, np.full(60, down / 2)])
    )
    terms = grid.terms(middle)
    return np.asarray(terms.T @ terms)
