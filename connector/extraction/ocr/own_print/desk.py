"""A page with many rules laid flat: its rules as boxes, its words by one pass of tesseract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Box
from connector.extraction.labels import WIDEST_GAP
from connector.extraction.ocr import rules, words
from connector.extraction.ocr.own_print.printed import SAME_LINE, around
from connector.extraction.ocr.own_print.ruled import Ruled
from connector.extraction.ocr.paper import INK_LEVEL, Gray
from connector.extraction.ocr.perspective import Matrix
from connector.extraction.ocr.recogniser import Glimpse, Recogniser
from connector.extraction.ocr.sheet import SCALE, Sheet, lay_flat
from connector.extraction.reading import Line
from connector.extraction.words import Word

FEWEST_LEVELS, FEWEST_UPRIGHTS = 24, 16
"""Rules that a form has at least; letters, invoices and endorsements have fewer."""
_HALF, _WORDS_AT = 0.5, 2 / 3
"""Sizes of the sheet at which rules are looked for, and words."""
_AROUND_RULE = 4
"""Pixels whitened on each side of a rule, so that no word runs over it."""
_LEAST_LETTER, _AIR, _FRAME = 8, 6, 8
"""Pixels: the height of a line of print at least, and white around it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """`bare` is the sheet without its rules; `size` is in points of the sheet."""

    sheet: Sheet
    bare: Gray
    ruled: Ruled
    size: tuple[float, float]


def lay(picture: Gray, to_picture: Matrix, size: tuple[float, float], dpi: float) -> Desk:
    """The page at 300 dots an inch. `to_picture` sends points of the upright page to its pixels."""
    sheet = lay_flat(picture, to_picture, size, dpi)
    half = cv2.resize(sheet.gray, None, fx=_HALF, fy=_HALF, interpolation=cv2.INTER_AREA)
    scale = SCALE * _HALF
    ruled = Ruled.of(rules.find(np.asarray(half, dtype=np.uint8), scale), scale)
    return Desk(sheet, _bare(sheet.gray, ruled.boxes), ruled, size)


def is_form(ruled: Ruled) -> bool:
    """Whether a page has as many rules as a form."""
    return len(ruled.levels) >= FEWEST_LEVELS and len(ruled.uprights) >= FEWEST_UPRIGHTS


def _bare(gray: Gray, boxes: Iterable[Box]) -> Gray:
    bare = gray.copy()
    for box in boxes:
        x0, top, x1, bottom = (round(side * SCALE) for side in box)
        rows = slice(max(0, top - _AROUND_RULE), bottom + _AROUND_RULE + 1)
        bare[rows, max(0, x0 - _AROUND_RULE) : x1 + _AROUND_RULE + 1] = 255
    return bare


def look(desk: Desk) -> tuple[list[Word], tuple[Line, ...]]:
    """The words of the page, and the same as lines from the top; boxes in points of the sheet."""
    small = cv2.resize(desk.bare, None, fx=_WORDS_AT, fy=_WORDS_AT, interpolation=cv2.INTER_AREA)
    return words.sparse(np.asarray(small, dtype=np.uint8), 1 / (SCALE * _WORDS_AT))


def again(desk: Desk, seen: Sequence[Word], small: Ruled, reader: Recogniser) -> list[Word]:
    """Words that stand side by side read anew together, line by line, by the other reader; what stands
    on both sides of a rule is apart."""
    found: list[Word] = []
    for group in _groups(seen):
        x0, top, x1, bottom = around(word.box for word in group)
        sides = [x for x in uprights_between(desk.ruled, small, top, bottom) if x0 < x < x1]
        for left, right in pairwise([x0 - 1, *sides, x1 + 1]):
            found += read_lines(desk, (left, top - 1, right, bottom + 1), reader)
    return found


def uprights_between(ruled: Ruled, small: Ruled, top: float, bottom: float) -> list[float]:
    """Where rules stand between words of one level, the sides of tick boxes too: those are higher than
    the words, whose own uprights are not."""
    level = (top + bottom) / 2
    half = min((bottom - top) / 2 + _ABOVE_PRINT, _LOWEST_SIDE / 2)
    sides = small.uprights_at(level - half, level + half)
    return sorted((*ruled.uprights_at(level - 2, level + 2), *sides))


_ABOVE_PRINT = 0.8
"""Points that the side of a tick box reaches above and below the words beside it, at least."""
_LOWEST_SIDE = 7.0
"""Points of such a side, at least."""


def _groups(seen: Sequence[Word]) -> list[list[Word]]:
    groups: list[list[Word]] = []
    for word in sorted(seen, key=lambda word: word.x0):
        owner = next((group for group in groups if _goes_on(group[-1], word)), None)
        if owner is None:
            groups.append([word])
        else:
            owner.append(word)
    return groups


def _goes_on(last: Word, word: Word) -> bool:
    near = -1.5 <= word.x0 - last.x1 <= WIDEST_GAP
    return near and abs(last.middle[1] - word.middle[1]) <= SAME_LINE


def read_lines(desk: Desk, box: Box, reader: Recogniser) -> Iterator[Word]:
    """Each line of print in a box as one word, by the recogniser."""
    x0, top, x1, bottom = (max(0, round(side * SCALE)) for side in box)
    part = desk.bare[top:bottom, x0:x1]
    for first, last in _runs(np.asarray((part < INK_LEVEL).any(axis=1), dtype=np.bool_)):
        inked = np.flatnonzero((part[first:last] < INK_LEVEL).any(axis=0))
        left, right = max(0, int(inked[0]) - 2), int(inked[-1]) + 3
        line = part[max(0, first - 2) : last + 2, left:right]
        framed = np.pad(line, ((_AIR, _AIR), (_FRAME, _FRAME)), constant_values=255)
        seen = reader.read([framed])[0]
        start, level = x0 + left + 2, ((top + first) / SCALE, (top + last) / SCALE)
        for text, begin, end in _parts(seen, framed.shape[1]):
            yield Word(
                text, (start + begin) / SCALE, level[0], (start + end) / SCALE, level[1], -1, -1
            )


def _parts(seen: Glimpse, width: int) -> Iterator[tuple[str, float, float]]:
    """The text with where it begins and ends in pixels of the line: what stands before a colon, which
    ends a label, and what stands behind it."""
    right = float(width - 2 * _FRAME)
    before, colon, behind = seen.text.partition(":")
    at = len("".join(before.split()))
    if not colon or not behind.strip() or not 0 < at < len(seen.places):
        if seen.text:
            yield seen.text, 0.0, right
        return
    end = seen.places[at] * width - _FRAME
    yield before + colon, 0.0, end + 1
    yield behind.strip(), end + 3, right


def _runs(inked: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Where rows with ink begin and end, those of a line of print at least."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inked.astype(np.int8), [0]])))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if last - first >= _LEAST_LETTER:
            yield first, last
