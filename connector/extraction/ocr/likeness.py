"""Pictures of single characters, and how much they are like others on the same page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from connector.extraction.ocr.glyphs import Print
from connector.extraction.ocr.paper import Gray

_SIDE, _ABOVE = 48, 36
"""Pixels of a character's window each way, and how many of them are above the foot of its line."""

_SHRINK = 2
_PAPER = 30
"""Darkness below this is paper."""

_TALL = 0.55
_OFF_PLACE, _OFF_ALONE, _ALONE = 0.7, 0.25, 0.35
"""Heights of the print that a character's ink may lie beside its place: where all are told apart, and
else, when no other place is nearer than the last."""

_EXAMPLES = 12
"""Pictures of one character that are kept: more tell nothing new."""

_LEAST_SPREAD, _USUAL = 0.004, 90
"""What pictures of one character differ by on a clean page, and the percentile that tells it elsewhere."""

UNKNOWN = 9.0
"""The distance from what is not on the page."""

Picture = NDArray[np.float32]
Distances: TypeAlias = Mapping[str, Sequence[float]]
"""How far a picture is from the nearest and the second nearest of each known character."""
Where: TypeAlias = tuple[tuple[int, int, int, int], int]
"""The box of a line of print and the index of a character of it, spaces left out."""


def characters(
    gray: Gray, line: Print, places: Sequence[float], text: str, cuts: NDArray[np.int64] | None
) -> Iterator[Shown]:
    """Every character of a line's solid text that can be shown.

    `gray` is the sheet; `places` are the pixels at which a reader saw the characters; `cuts` left and
    right of each where touching ones were cut apart.
    """
    foot, alone = _foot(line), _alone(line, places, text)
    if cuts is not None and len(cuts) == len(text):
        every = {index: (int(left), int(right)) for index, (left, right) in enumerate(cuts)}
        alone = {i: ends for i, ends in every.items() if _is_of_halves(text[i], ends, line)} | alone
    else:
        every = {}
    for index, ends in sorted((every | alone).items()):
        if ends[1] - ends[0] <= _SIDE - 2:
            picture = _picture(gray, foot, *ends)
            yield Shown(text[index], picture, (line.box, index), is_whole=index in alone)


def _foot(line: Print) -> int:
    boxes = line.blots.boxes
    heights = boxes[:, 3] - boxes[:, 1]
    return round(float(np.median(boxes[heights >= _TALL * heights.max(), 3])))


def _alone(line: Print, places: Sequence[float], text: str) -> dict[int, tuple[int, int]]:
    """Left and right of every character whose ink is a column of its own."""
    columns, spots, count = line.columns, np.array(places), len(text)
    if len(spots) != count or not count:
        return {}
    middles = columns.mean(axis=1)
    if len(columns) == count and np.abs(middles - spots).max() <= _OFF_PLACE * line.height:
        every = {i: (int(left), int(right)) for i, (left, right) in enumerate(columns)}
        if not any(_is_half(text[i], ends, line) for i, ends in every.items()):
            return every
    nearest = np.abs(middles[None, :] - spots[:, None]).argmin(axis=1)
    room = np.diff(spots, prepend=-np.inf, append=np.inf)
    free = np.minimum(room[:-1], room[1:]) >= _ALONE * line.height
    near = np.abs(middles[nearest] - spots) <= _OFF_ALONE * line.height
    single = np.bincount(nearest, minlength=len(columns))[nearest] == 1
    chosen = np.flatnonzero(free & near & single)
    found = {int(i): (int(columns[nearest[i]][0]), int(columns[nearest[i]][1])) for i in chosen}
    return {i: ends for i, ends in found.items() if not _is_half(text[i], ends, line)}


def _is_half(character: str, ends: tuple[int, int], line: Print) -> bool:
    """Whether a round character's ink is so narrow that it is one side of it only: a 0 whose thin top and
    foot are gone falls into two, and as many columns as characters are then no proof."""
    return character in _ROUND and ends[1] - ends[0] < _HALF * line.height


def _is_of_halves(character: str, ends: tuple[int, int], line: Print) -> bool:
    """Whether a round character between two cuts is its two sides, with nothing of its neighbours."""
    columns = line.columns
    inside = columns[(columns[:, 0] < ends[1]) & (columns[:, 1] > ends[0])]
    return (
        character in _ROUND
        and len(inside) == _SIDES
        and (int(inside[0, 0]), int(inside[-1, 1])) == ends
        and bool((inside[:, 1] - inside[:, 0]).max() < _HALF * line.height)
    )


_SIDES = 2
_ROUND, _HALF = "0OQCGD", 0.38
"""Round characters, and heights of the print that they are wide at least: half a 0 of Times is 0.3,
a whole one 0.6."""


def _picture(gray: Gray, foot: int, left: int, right: int) -> Picture:
    """The darkness of one character in a window that its line's foot and its own middle place."""
    top = max(0, foot - _ABOVE)
    rows = gray[top : foot + _SIDE - _ABOVE, max(0, left - 1) : right + 1]
    dark = np.clip(255 - rows.astype(np.float32), 0, None) / 255
    dark[dark * 255 < _PAPER] = 0
    window = np.zeros((_SIDE, _SIDE), dtype=np.float32)
    down, across = top - (foot - _ABOVE), (_SIDE - dark.shape[1]) // 2
    window[down : down + dark.shape[0], across : across + dark.shape[1]] = dark
    small = _SIDE // _SHRINK
    shrunk = window.reshape(small, _SHRINK, small, _SHRINK).mean(axis=(1, 3))
    return np.asarray(cv2.GaussianBlur(shrunk, (3, 3), 0.7), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Shown:
    """One character of a line: what it was read as, its picture, and where it stands; `is_whole` where
    it stands by itself, and was not cut from its neighbours."""

    character: str
    picture: Picture
    where: Where
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Gallery:
    """The characters of a page that are known, some pictures of each.

    `places`: rows of indices into `known`, one row for each of `characters`, -1 where there are fewer
    pictures.
    """

    known: tuple[Shown, ...]
    characters: tuple[str, ...]
    places: NDArray[np.int64]

    def distances(self, shown: Sequence[Shown]) -> list[Distances]:
        """How far each picture is from the nearest and the second nearest of each known character,
        itself left out: 0 is the same, 1 has nothing in common."""
        if not self.known or not shown:
            return [{} for _ in shown]
        far = differences(shown, self.known)
        mine = {one.where: index for index, one in enumerate(self.known)}
        for row, one in enumerate(shown):
            if one.where in mine:
                far[row, mine[one.where]] = UNKNOWN
        padded = np.pad(far, ((0, 0), (0, 1)), constant_values=UNKNOWN)[:, self.places]
        nearest = np.partition(padded, 1, axis=2)[:, :, :2].tolist()
        return [dict(zip(self.characters, row, strict=True)) for row in nearest]


def differences(shown: Sequence[Shown], known: Sequence[Shown]) -> NDArray[np.float32]:
    """Each picture against each known one, at the best of nine places of the one on the other."""
    rows, columns = _used(*(np.stack([one.picture for one in each]) for each in (shown, known)))
    flat = rows.reshape(len(rows), -1)
    best = np.full((len(rows), len(columns)), -1.0, dtype=np.float32)
    for move in _MOVES:
        moved = np.roll(columns, move, axis=(1, 2)).reshape(len(columns), -1)
        np.maximum(best, flat @ moved.T, out=best)
    strength = (flat**2).sum(axis=1)[:, None] + (columns**2).sum(axis=(1, 2))[None, :]
    return np.asarray(1 - 2 * best / np.maximum(strength, 1e-6), dtype=np.float32)


def _used(
    rows: NDArray[np.float32], columns: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The part of both stacks of windows that holds any ink, and room for a move about it."""
    ink = np.pad(rows.max(axis=0), 1) + np.pad(columns.max(axis=0), 1) > 0
    around = cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8))[1:-1, 1:-1]
    down, across = np.flatnonzero(around.any(axis=1)), np.flatnonzero(around.any(axis=0))
    part = np.s_[:, down[0] : down[-1] + 1, across[0] : across[-1] + 1]
    return rows[part], columns[part]


_MOVES = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]


def unevenness(one: Shown) -> float:
    """How far a picture is from itself turned by half a circle and from its mirror image, the farther of
    both: little for an O, more for a D, a G and a Q. A character's middle is that of its ink, which may
    lie between two pixels."""
    placed = [_moved(one.picture, down, across) for down in _BETWEEN for across in _BETWEEN]
    turned, mirrored = (
        min(_difference(one, each, flipped) for each, flipped in zip(placed, others, strict=True))
        for others in ([p[::-1, ::-1] for p in placed], [p[:, ::-1] for p in placed])
    )
    return max(turned, mirrored)


def is_closed(one: Shown) -> bool:
    """Whether a round character has ink above and below its middle, from its head to its foot: the right
    half of a 0 that touches the left half of the next one has not, whose heads and feet are gone."""
    inked = one.picture > _FAINT
    rows, columns = (np.flatnonzero(inked.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return False
    middle = (int(columns[0]) + int(columns[-1])) // 2
    within = np.flatnonzero(inked[:, middle : middle + 2].any(axis=1))
    full = int(rows[-1] - rows[0])
    return bool(len(within) and within[-1] - within[0] >= full - _ROWS_OFF)


_FAINT, _ROWS_OFF = 0.1, 2
"""Darkness that is ink in such a picture, and rows that a round head and foot lie lower in its middle."""


_BETWEEN = (-0.25, 0.0, 0.25)
"""Moves of a picture, in its pixels: as it lies to the middle, so its mirror image lies from it."""


def _moved(picture: Picture, down: float, across: float) -> Picture:
    """The picture with its ink in the middle of the window, and so much beside it."""
    half = (len(picture) - 1) / 2
    ends = [np.flatnonzero(picture.sum(axis=axis) > _INKED)[[0, -1]] for axis in (1, 0)]
    y, x = (round(half - float(each.mean())) for each in ends)
    move = np.array([[1, 0, x + across], [0, 1, y + down]], dtype=np.float64)
    return np.asarray(cv2.warpAffine(picture, move, picture.shape[::-1]), dtype=np.float32)


def _difference(one: Shown, first: Picture, second: Picture) -> float:
    pair = (replace(one, picture=np.ascontiguousarray(each)) for each in (first, second))
    return float(differences([next(pair)], [next(pair)])[0, 0])


_INKED = 0.05
"""Darkness of a row or column, summed, from which it is no paper."""


def breadth(one: Shown) -> float:
    """How far the ink of a character lies from its middle, in pixels to each side, finer than to a
    pixel."""
    ink = one.picture.sum(axis=0)
    across = np.arange(len(ink)) * _SHRINK
    middle = (ink * across).sum() / ink.sum()
    return float(np.sqrt((ink * (across - middle) ** 2).sum() / ink.sum()))


def gallery(known: Iterable[Shown], most: int = _EXAMPLES, of_a_line: int = _EXAMPLES) -> Gallery:
    """The gallery of a page; of each character so many examples at most, and of one line."""
    kept: list[Shown] = []
    rows: dict[str, list[int]] = {}
    lines: Counter[tuple[str, tuple[int, int, int, int]]] = Counter()
    for one in known:
        row, line = rows.setdefault(one.character, []), (one.character, one.where[0])
        if len(row) < most and lines[line] < of_a_line:
            lines[line] += 1
            row.append(len(kept))
            kept.append(one)
    places = np.full((len(rows), most), -1, dtype=np.int64)
    for number, row in enumerate(rows.values()):
        places[number, : len(row)] = row
    return Gallery(tuple(kept), tuple(rows), places)


def spread(known: Gallery, shown: Sequence[Shown], distances: Sequence[Distances]) -> float:
    """What pictures of the same character usually differ by on a page: of those that are known, the
    distance of nearly all from the nearest other one of their kind. `distances` are those of `shown`."""
    kept = {one.where for one in known.known}
    pairs = zip(shown, distances, strict=True)
    own = [far[one.character][0] for one, far in pairs if one.where in kept]
    nearest = [each for each in own if each < UNKNOWN]
    return max(_LEAST_SPREAD, float(np.percentile(nearest, _USUAL))) if nearest else _LEAST_SPREAD
