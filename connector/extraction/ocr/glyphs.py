"""Blots of ink on a sheet, and the lines of print they make."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Box
from connector.extraction.ocr.paper import Gray, Mask
from connector.extraction.ocr.sheet import SCALE

SPECK = 2
"""Pixels: a blot smaller than this both ways is dirt; a point of small print is 3."""

LEAST = 4
"""Pixels of ink: a blot of less is dirt too."""

_LOWEST_PRINT = 8
"""Pixels: lower than this (2 points) nothing is print."""

_SMALL = 0.55


@dataclass(frozen=True, slots=True)
class Blots:
    """Connected pieces of ink: rows of x0, top, x1, bottom (pixels, ends outside), and areas."""

    boxes: NDArray[np.int64]
    areas: NDArray[np.int64]

    def chosen(self, which: NDArray[np.bool_]) -> Blots:
        return Blots(self.boxes[which], self.areas[which])

    def centred_in(self, box: Box) -> NDArray[np.bool_]:
        """Which blots have their middle inside `box` (points)."""
        x0, top, x1, bottom = (side * SCALE for side in box)
        middle_x = (self.boxes[:, 0] + self.boxes[:, 2]) / 2
        middle_y = (self.boxes[:, 1] + self.boxes[:, 3]) / 2
        return (middle_x >= x0) & (middle_x < x1) & (middle_y >= top) & (middle_y < bottom)

    def __len__(self) -> int:
        return len(self.boxes)


def blots(ink: Mask) -> Blots:
    """Every connected piece of ink that is more than a speck."""
    stats = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)[2][1:]
    boxes = stats[:, :4].astype(np.int64)
    boxes[:, 2:] += boxes[:, :2]
    sizes = boxes[:, 2:] - boxes[:, :2]
    found = Blots(boxes, stats[:, 4].astype(np.int64))
    return found.chosen((sizes.max(axis=1) >= SPECK) & (found.areas >= LEAST))


@dataclass(frozen=True)
class Print:
    """One line of print: its blots from the left. `box` is in pixels.

    What is asked of it many times is worked out once (so that it has no slots).
    """

    blots: Blots

    @cached_property
    def box(self) -> tuple[int, int, int, int]:
        low, high = self.blots.boxes[:, :2].min(axis=0), self.blots.boxes[:, 2:].max(axis=0)
        return int(low[0]), int(low[1]), int(high[0]), int(high[1])

    @property
    def box_in_points(self) -> Box:
        x0, top, x1, bottom = (side / SCALE for side in self.box)
        return x0, top, x1, bottom

    @cached_property
    def columns(self) -> NDArray[np.int64]:
        """Rows of left, right: blots above one another (an i and its point) are one column."""
        merged: list[list[int]] = []
        for left, _, right, _ in self.blots.boxes:
            if merged and min(right, merged[-1][1]) - max(left, merged[-1][0]) >= 0.5 * min(
                right - left, merged[-1][1] - merged[-1][0]
            ):
                merged[-1][1] = max(merged[-1][1], int(right))
            else:
                merged.append([int(left), int(right)])
        return np.array(merged, dtype=np.int64)

    @cached_property
    def height(self) -> float:
        """The usual height of its taller blots, in pixels."""
        heights = self.blots.boxes[:, 3] - self.blots.boxes[:, 1]
        tall = heights[heights >= _SMALL * heights.max()]
        return float(np.median(tall))


def lines(found: Blots) -> list[Print]:
    """The blots gathered into lines of print, from the top; small ones join the line they lie on."""
    if not len(found):
        return []
    heights = found.boxes[:, 3] - found.boxes[:, 1]
    usual = float(np.median(heights[heights >= 0.5 * np.percentile(heights, 85)]))
    if usual < _LOWEST_PRINT:
        usual = float(heights.max())
    if usual < _LOWEST_PRINT:
        return []
    tall = np.flatnonzero(heights >= _SMALL * usual)
    rows: list[_Row] = []
    for index in tall[np.argsort(found.boxes[tall, 1] + found.boxes[tall, 3])]:
        _, top, _, bottom = found.boxes[index].tolist()
        row = next((row for row in rows if row.is_beside(top, bottom)), None)
        if row is None:
            rows.append(row := _Row())
        row.add(int(index), top, bottom)
    for index in np.flatnonzero(heights < _SMALL * usual):
        _, top, _, bottom = found.boxes[index].tolist()
        near = _nearest(rows, (top + bottom) / 2, usual)
        if near is not None:
            near.add(int(index), top, bottom)
    groups = [row.indices for row in rows]
    whole = _with_their_tails(found, groups)
    return sorted((_print(found, group) for group in whole), key=lambda line: line.box[1])


def _with_their_tails(found: Blots, groups: list[list[int]]) -> list[list[int]]:
    """The groups, with low blots that reach into another one's height put to that one: a comma, or the
    tails of letters that a rule cuts off, are no line of their own."""
    kept: list[list[int]] = []
    for group in sorted(groups, key=len, reverse=True):
        line = next((other for other in kept if _hangs_on(found, group, other)), None)
        if line is None:
            kept.append(group)
        else:
            line.extend(group)
    return kept


def _hangs_on(found: Blots, group: Sequence[int], line: Sequence[int]) -> bool:
    """Whether low blots lie within the width of a line and begin above its lowest ink."""
    small, large = found.boxes[group], found.boxes[line]
    top, bottom = int(small[:, 1].min()), int(small[:, 3].max())
    inside = large[:, 0].min() <= small[:, 0].min() and small[:, 2].max() <= large[:, 2].max()
    low = bottom - top <= _LOW_TAIL * float(np.median(large[:, 3] - large[:, 1]))
    beneath = top > float(np.median(large[:, 1]))
    return bool(inside and low and beneath and large[:, 3].max() - top >= _REACH * (bottom - top))


_LOW_TAIL, _REACH = 0.8, 0.2
"""Height of such pieces in heights of the line's blots, and the share of it within the line."""


def _print(found: Blots, group: Iterable[int]) -> Print:
    indices = np.array(sorted(group, key=lambda index: int(found.boxes[index, 0])))
    return Print(Blots(found.boxes[indices], found.areas[indices]))


class _Row:
    """The blots of one line of print while it is gathered, and how high most of them stand."""

    def __init__(self) -> None:
        self.indices: list[int] = []
        self._tops: list[int] = []
        self._bottoms: list[int] = []

    def add(self, index: int, top: int, bottom: int) -> None:
        self.indices.append(index)
        insort(self._tops, top)
        insort(self._bottoms, bottom)

    @property
    def band(self) -> tuple[float, float]:
        """The usual top and bottom of its blots."""
        return _middle(self._tops), _middle(self._bottoms)

    def is_beside(self, y0: int, y1: int) -> bool:
        """Whether a blot of that height stands on the same line as most of it."""
        top, bottom = self.band
        return min(bottom, y1) - max(top, y0) >= 0.5 * min(bottom - top, y1 - y0)


def _middle(ordered: Sequence[int]) -> float:
    """The median of numbers in order; numpy's takes as long for five of them as for thousands."""
    half = len(ordered) // 2
    return (ordered[half] + ordered[~half]) / 2


def _nearest(rows: Iterable[_Row], middle: float, usual: float) -> _Row | None:
    """The line whose band (a little wider for commas and quotes) holds a small blot's middle."""
    best, best_gap = None, 0.35 * usual
    for row in rows:
        top, bottom = row.band
        gap = max(top - middle, middle - bottom, 0.0)
        if gap < best_gap:
            best, best_gap = row, gap
    return best


def parted(line: Print, gap: float) -> list[Print]:
    """The line cut wherever more than `gap` points are free between blots."""
    boxes = line.blots.boxes
    reach = np.maximum.accumulate(boxes[:, 2])
    cuts = np.flatnonzero(boxes[1:, 0] - reach[:-1] > gap * SCALE) + 1
    return [_print(line.blots, part) for part in np.split(np.arange(len(boxes)), cuts)]


def joined(
    columns: NDArray[np.int64], places: Sequence[float], height: float
) -> NDArray[np.int64] | None:
    """The columns of a line with the pieces of broken letters put together, a column for each place.

    Of all ways to do so it is the one whose columns stand nearest to the places at which a reader
    saw the characters. None where pieces that far apart, or that wide together, are no letter.
    """
    count, spare = len(places), len(columns) - len(places)
    if spare <= 0 or spare > count:
        return None
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for place in places:
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (so_far, ends) in best.items():
            for end in range(start + 1, min(start + _PIECES, len(columns)) + 1):
                if not _may_be_one(columns[start:end], height):
                    break
                off = (columns[start, 0] + columns[end - 1, 1]) / 2 - place
                found = so_far + off**2, (*ends, end)
                reached[end] = min(reached.get(end, found), found)
        best = reached
    if len(columns) not in best:
        return None
    ends = best[len(columns)][1]
    starts = (0, *ends[:-1])
    pairs = zip(starts, ends, strict=True)
    return np.array([(columns[a, 0], columns[b - 1, 1]) for a, b in pairs], dtype=np.int64)


def _may_be_one(pieces: NDArray[np.int64], height: float) -> bool:
    """Whether columns may be the pieces of one letter."""
    free = pieces[1:, 0] - pieces[:-1, 1]
    together = pieces[-1, 1] - pieces[0, 0]
    return len(pieces) == 1 or bool(
        free.max() <= _BREAK * height and together <= _WIDEST_LETTER * height
    )


_PIECES = 3
"""Pieces that a letter may be broken into: the strokes of an M or a 0."""

_BREAK, _WIDEST_LETTER = 0.45, 1.4
"""In heights of the print: the room within a broken 0, and the width of a W."""


def cut_apart(gray: Gray, ink: Mask, places: Sequence[float]) -> NDArray[np.int64] | None:
    """Left and right of each character of a line, where letters touch or thin print is broken.

    It is cut where the paper is whitest between two places (pixels from the left) at which a reader
    saw characters: the thin strokes of a broken letter are still grey. None where a cut leaves no
    ink on a side.
    """
    darkness = np.clip(_PAPER - gray.astype(np.float64), 0, None).sum(axis=0)
    cuts = [0]
    for left, right in pairwise(sorted(places)):
        low = min(round(left), len(darkness) - 1)
        high = min(max(low, round(right)) + 1, len(darkness))
        aside = np.abs(np.arange(low, high) - (left + right) / 2)
        cuts.append(low + int((darkness[low:high] + _ASIDE * aside).argmin()))
    cuts.append(ink.shape[1])
    columns = []
    for low, high in pairwise(cuts):
        inked = np.flatnonzero(ink[:, low:high].any(axis=0))
        if not len(inked):
            return None
        columns.append((low + int(inked[0]), low + int(inked[-1]) + 1))
    return np.array(columns, dtype=np.int64)


_PAPER = 235
"""Lighter is paper."""

_ASIDE = 6.0
"""Darkness that a column may have more for each pixel it lies nearer to the middle."""
