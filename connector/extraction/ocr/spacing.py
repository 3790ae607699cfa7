"""Where the spaces of a line of print are: what the readers say, checked against the free paper."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

_SPACE = 0.22
"""Free paper in heights of the print: what one reader calls a space must be at least so wide."""

_ABOVE_USUAL = 0.18
"""And so much wider than the usual room between the line's letters (typewriter print is airy)."""


def solid(text: str) -> str:
    """The text without its spaces."""
    return re.sub(r"\s", "", text)


def breaks(text: str) -> set[int]:
    """Before which characters of the solid text (by index) a space stands."""
    found, index = set(), 0
    for part in text.split():
        found.add(index)
        index += len(part)
    return found - {0}


def with_breaks(text: str, where: set[int]) -> str:
    """The text with spaces exactly before these characters of its solid form."""
    return "".join(f" {c}" if i in where else c for i, c in enumerate(solid(text)))


def gaps(text: str, columns: NDArray[np.int64] | None, height: float) -> NDArray[np.float64] | None:
    """Free paper before each solid character but the first, in heights of the print.

    `columns` are left and right of each character; None where they cannot be told apart.
    """
    if columns is None or len(columns) != len(solid(text)):
        return None
    room = (columns[1:, 0] - columns[:-1, 1]).astype(np.float64)
    return np.asarray(room / max(height, 1.0), dtype=np.float64)


def spaced(
    first: str, second: str, columns: NDArray[np.int64] | None, height: float
) -> tuple[str, bool]:
    """The first reader's characters with the spaces that the paper bears out, and whether it does.

    What both readers call a space is one. What only one does is decided by the free paper where
    characters and blots match; otherwise the readers' spaces are joined and the answer is unsure.
    """
    mine = breaks(first)
    theirs = _carried(breaks(second), solid(second), solid(first))
    if mine == theirs:
        return first, True
    room = gaps(first, columns, height)
    if room is None:
        return with_breaks(first, mine | theirs), False
    least = max(_SPACE, float(np.median(room)) + _ABOVE_USUAL)
    confirmed = {index for index in mine ^ theirs if room[index - 1] >= least}
    return with_breaks(first, (mine & theirs) | confirmed), True


def _carried(where: set[int], source: str, target: str) -> set[int]:
    """Break positions of one solid text carried over to another that nearly equals it."""
    if source == target:
        return where
    carried = set()
    for block in SequenceMatcher(None, source, target, autojunk=False).get_matching_blocks():
        shift = block.b - block.a
        carried |= {i + shift for i in where if block.a <= i < block.a + block.size}
    return carried - {0}
