"""Where the spaces of a line of print are: what the readers say, checked against the free paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from connector.extraction.ocr.glyphs import Print, joined

_SPACE = 0.22
"""Free paper in heights of the print: what one reader calls a space must be at least so wide."""

_NEARLY = 0.15
"""So much less is a space of narrow print or none."""

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


def like(text: str, target: str) -> str:
    """The target's characters with the spaces of a text that differs from it in one place."""
    source, plain = solid(text), solid(target)
    pairs = zip(source, plain, strict=False)
    same = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(source), len(plain)))
    longer = len(plain) - len(source)
    return with_breaks(plain, {i if i <= same else i + longer for i in breaks(text)})


def gaps(text: str, columns: NDArray[np.int64] | None, height: float) -> NDArray[np.float64] | None:
    """Free paper before each solid character but the first, in heights of the print.

    `columns` are left and right of each character; None where they cannot be told apart.
    """
    if columns is None or len(columns) != len(solid(text)):
        return None
    room = (columns[1:, 0] - columns[:-1, 1]).astype(np.float64)
    return np.asarray(room / max(height, 1.0), dtype=np.float64)


def spaced(
    first: str,
    second: str,
    columns: NDArray[np.int64] | None,
    height: float,
    room: NDArray[np.float64] | None = None,
) -> tuple[str, bool]:
    """The first reader's characters with the spaces that the paper bears out, and whether it does.

    What both readers call a space is one, and what one does behind a comma or colon. What else only one
    does is decided by the free paper where characters and blots match; otherwise by the `room` about
    where they were seen, if that is known, and the answer is unsure.
    """
    mine, plain = breaks(first), solid(first)
    theirs = _carried(breaks(second), solid(second), plain)
    if mine == theirs:
        return first, True
    usual = {i for i in mine ^ theirs if plain[i - 1] in ",;:" and plain[i].isalpha()}
    measured = gaps(first, columns, height)
    free = room if measured is None else measured
    if free is None or len(free) != len(plain) - 1:
        return with_breaks(first, mine | theirs), False
    least = max(_SPACE, float(np.median(free)) + _ABOVE_USUAL)
    free = free - _beside(plain, "1")
    differing = (mine ^ theirs) - usual
    confirmed = {index for index in differing if free[index - 1] >= least}
    nearly = any(least - _NEARLY <= free[index - 1] < least for index in differing)
    spaces = (mine & theirs) | usual | confirmed
    return with_breaks(first, spaces), measured is not None and not nearly


def free_paper(line: Print, places: Sequence[float]) -> NDArray[np.float64] | None:
    """The free paper between every two characters, in heights of the print: by their ink where each is
    told apart, for a reader's places may be half a character off."""
    columns, height = line.columns, line.height
    whole = joined(columns, places, height) if 0 < len(places) < len(columns) else columns
    if whole is not None and len(whole) == len(places) > 0:
        off = np.abs(whole.mean(axis=1) - np.array(places)).max()
        if off <= _OFF_PLACE * height:
            return np.asarray((whole[1:, 0] - whole[:-1, 1]) / height, dtype=np.float64)
    return room_between(columns, places, height)


_OFF_PLACE = 0.8
"""Heights of the print that a reader's place may lie beside a character's ink."""


def room_between(
    columns: NDArray[np.int64], places: Sequence[float], height: float
) -> NDArray[np.float64] | None:
    """The widest free paper between the places of every two characters, in heights of the print: where
    letters touch, characters and blots do not match."""
    if len(columns) < 2 or len(places) < 2:
        return None
    free = (columns[1:, 0] - columns[:-1, 1]) / max(height, 1.0)
    middles = (columns[1:, 0] + columns[:-1, 1]) / 2
    between = [
        free[(middles > left) & (middles < right)].max(initial=0.0)
        for left, right in pairwise(places)
    ]
    return np.array(between, dtype=np.float64)


def loses_a_space(text: str, room: NDArray[np.float64] | None) -> bool:
    """Whether a gap between two characters of a line of words is as wide as its spaces and none is
    read there, or so narrow as no space is; `room` is the free paper before each character but the
    first, in heights of the print."""
    plain, spaces = solid(text), breaks(text)
    if room is None or len(room) != len(plain) - 1:
        return False
    is_space = np.array([index in spaces for index in range(1, len(plain))], dtype=bool)
    within = (room - _beside(plain, _THIN))[~is_space]
    widest, sure = float(within.max(initial=0.0)), room[is_space & (room > _TOUCHING)]
    return widest >= (_LIKE_A_SPACE * float(sure.min()) if len(sure) else _SURELY_A_SPACE)


def _beside(plain: str, thin: str) -> NDArray[np.float64]:
    """What thin characters add to the free paper before each character but the first."""
    marked = np.array([character in thin for character in plain], dtype=np.float64)
    return _THIN_ROOM * (marked[1:] + marked[:-1])


_THIN, _THIN_ROOM = "1-.,/'Il", 0.1
"""Characters that leave free paper on their sides, and how much of it."""

_LIKE_A_SPACE, _SURELY_A_SPACE, _TOUCHING = 0.85, 0.7, 0.15
"""Share of the line's narrowest space that a gap within its words never has (measured: up to 0.8), the
gap that is a space in any print, and one that a reader's place has put beside the space."""


def _carried(where: set[int], source: str, target: str) -> set[int]:
    """Break positions of one solid text carried over to another that nearly equals it."""
    if source == target:
        return where
    carried = set()
    for block in SequenceMatcher(None, source, target, autojunk=False).get_matching_blocks():
        shift = block.b - block.a
        carried |= {i + shift for i in where if block.a <= i < block.a + block.size}
    return carried - {0}
