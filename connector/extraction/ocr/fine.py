"""Characters measured finer than to a pixel, by the grey of their edges.

On a clean scan the width of a 0 differs from that of another by less than a hundredth of it, counted in
pixels by a tenth: enough to tell an O of any type from it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from connector.extraction.ocr.paper import Gray, Mask

_EDGE = 3
"""Pixels beside a character that its soft edge may reach, of which its neighbour's are not its own."""

_ROWS = 3
"""Rows whose mean is an edge's darkness: the outermost row alone is noise."""


def widths(gray: Gray, columns: NDArray[np.int64]) -> NDArray[np.float64]:
    """The width in pixels of each character of a line, no number where that cannot be measured;
    `columns` are its left and right in `gray`."""
    found = []
    for dark, own in _characters(gray, columns):
        start, end = _ends(dark, own, dark[:, own].max(initial=0.0))
        found.append(end - start)
    return np.array(found, dtype=np.float64)


def leans(gray: Gray, columns: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much farther each character reaches out to the left of its stem than to the right, at its top,
    in its heights: a 1 has a flag there, an I has none, or serifs on both sides."""
    found = [_lean(dark, own) for dark, own in _characters(gray, columns)]
    return np.array(found, dtype=np.float64)


def _lean(dark: NDArray[np.float64], own: slice) -> float:
    darkest = float(dark[:, own].max(initial=0.0))
    rows = np.flatnonzero((dark[:, own] >= max(_HALF * darkest, 1.0)).any(axis=1))
    height = int(rows[-1]) + 1 - int(rows[0]) if len(rows) else 0
    if height < _LOWEST:
        return float("nan")
    top = int(rows[0])
    low, high = (top + int(share * height) for share in _STEM)
    stem = _ends(dark[low:high], own, darkest)
    flag = _ends(dark[top : top + int(np.ceil(_TOP * height))], own, darkest)
    return ((stem[0] - flag[0]) - (flag[1] - stem[1])) / height


_LOWEST = 8
"""Pixels: what is lower is no 1 and no I."""

_HALF = 0.5
"""Share of the darkest ink at which a character ends."""

_TOP, _STEM = 0.38, (0.45, 0.75)
"""Shares of a character's height that its flag takes from the top, and between which its stem is bare."""


def _characters(
    gray: Gray, columns: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.float64], slice]]:
    """The darkness around each character, and which of its columns are the character's own."""
    for left, right in columns:
        start = max(0, int(left) - _EDGE)
        dark = np.asarray(255.0 - gray[:, start : int(right) + _EDGE], dtype=np.float64)
        yield dark, slice(int(left) - start, int(right) - start)


def _ends(dark: NDArray[np.float64], own: slice, darkest: float) -> tuple[float, float]:
    """Where the ink of a character begins and ends, in pixels from the left of the picture."""
    edge, level = np.sort(dark, axis=0)[-_ROWS:].mean(axis=0), max(_HALF * darkest, 1.0)
    inside = np.flatnonzero(edge[own] >= level) + own.start
    if not len(inside):
        return float("nan"), float("nan")
    return _crossing(edge, int(inside[0]), -1, level), _crossing(edge, int(inside[-1]), 1, level)


def _crossing(edge: NDArray[np.float64], at: int, step: int, level: float) -> float:
    """Where the darkness falls to the level between the last dark pixel and the one beside it; no
    number where it does not, because another character touches this one."""
    if not 0 <= at + step < len(edge) or edge[at + step] >= level:
        return float("nan")
    return at + step * float((edge[at] - level) / max(edge[at] - edge[at + step], 1e-9))


def stem(ink: Mask) -> float:
    """The longest upright stroke in the left part of a letter, in its heights: all of it in a B, D, E and
    F, a part of it in a C, which is round."""
    left = ink[:, : max(1, round(_LEFT * ink.shape[1]))]
    longest, run = 0, np.zeros(left.shape[1], dtype=np.int64)
    for row in left:
        run = np.where(row, run + 1, 0)
        longest = max(longest, int(run.max(initial=0)))
    return longest / max(len(ink), 1)


_LEFT = 0.4
"""Share of a letter's width in which its stem stands."""
