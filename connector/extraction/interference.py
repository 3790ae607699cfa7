"""What disturbs the print in a box: lines and notes over it, words over each other, words cut off."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from connector.certificate.entry import Box
from connector.extraction.editions import Cell, CellKind
from connector.extraction.page_objects import Mark
from connector.extraction.text_layer import TextPage
from connector.extraction.word_index import WordIndex
from connector.extraction.words import Word

STRUCK = "A line is drawn through this value."
NOTED = "A reviewer's comment is laid over this box."
OVERLAID = "Words are printed over each other in this box."
SPACED = "The letters stand so far apart that words cannot be told."
DRAWN = "Something is drawn in this box that is no text."
CUT_OFF = "The value does not end at the side of its box."
INTRUDED = "The value of a neighbouring box runs into this one."

INTRUSION = 8.0
"""Points that a word may reach into an empty box before its emptiness is in doubt."""
THROUGH = 0.33
"""Share of a word's height above and below a line that strikes it through, at least."""
STRUCK_SHARE = 0.6
"""Share of a word's width that such a line covers."""
COVERED = 0.35
"""Share, both ways, of the smaller of two words that the other covers when both are in doubt."""
SMALLEST_STROKE = 12.0
"""Points both ways of a pen stroke that is no tick and no part of a letter."""
SPACE = 0.6
"""Of its height: the gap between a word and the next of the same value, at most."""
LETTER_SPACED = 1.25
"""Times the gap between the words in a box that may part the next word from them."""
OVER_THE_SIDE = 1.2
"""Points of a word in a box that belongs to the next one."""
NEAR_THE_SIDE = 25.0
"""Points from the side of its box at which a value may end and run on in the next box."""
FARTHEST = 90.0
"""Points beside a box at which the middle of a word that begins in it may stand."""

_OWN_VALUE = re.compile(
    r"\d{1,2}[/\-.]\d{1,2}[/\-.]\d{2,4}|\d{5}|[A-FNXY\d$]|\$?\d[\d,]*\d(\.\d\d)?"
)
"""What is a whole value of the next box."""
_ALONE = frozenset({CellKind.VALUE, CellKind.DAY, CellKind.AMOUNT})
_DRAWN = frozenset({CellKind.TICK, CellKind.SIGNATURE, CellKind.MARK})
_WORDED = frozenset({CellKind.VALUE, CellKind.LINES, CellKind.DAY, CellKind.AMOUNT})


class Interference:
    """The lines, strokes and comments of a page that may disturb its values."""

    def __init__(self, page: TextPage, words: WordIndex) -> None:
        level = ((y, x0, x1) for x0, y, x1, bottom in page.rules if bottom - y < x1 - x0)
        self._rules = sorted(level)
        self._levels = [y for y, _, _ in self._rules]
        self._strokes = [mark.box for mark in page.marks if _is_stroke(mark)]
        self._lines = [mark.box for mark in page.marks if _is_pen_line(mark)]
        self._pictures = page.pictures
        self._shapes = [mark.box for mark in page.marks if _is_letter_like(mark)]
        self._notes = page.notes
        self._words = words

    def doubts(self, cell: Cell, box: Box, words: Sequence[Word]) -> Iterator[str]:
        """The sentences that the words in the box of a cell give cause for."""
        if self._notes and any(_lies_over(note, box, words) for note in self._notes):
            yield NOTED
        is_empty = all(word.text == "$" for word in words)
        if is_empty and cell.kind not in _DRAWN and self._is_drawn_in(box):
            yield DRAWN
        if not words:
            if cell.kind in _ALONE and self._words.intruding(box, INTRUSION):
                yield INTRUDED
            return
        if any(self._is_struck(word) for word in words):
            yield STRUCK
        if len(words) > 1 and _overlaid(words):
            yield OVERLAID
        if len(words) >= SEVERAL and sum(len(w.text) == 1 for w in words) > len(words) / 2:
            yield SPACED
        if cell.kind in _WORDED and self._runs_out(box, words):
            yield CUT_OFF

    def _is_drawn_in(self, box: Box) -> bool:
        """Whether a picture, or several shapes as large as letters, stand in a box without words."""
        pictured = any(_share(picture, box) >= PICTURED for picture in self._pictures)
        return pictured or sum(_holds(box, shape) for shape in self._shapes) >= SHAPES

    def _is_struck(self, word: Word) -> bool:
        band = THROUGH * word.height
        start = bisect_left(self._levels, word.top + band)
        end = bisect_right(self._levels, word.bottom - band)
        enough = STRUCK_SHARE * (word.x1 - word.x0)
        for _, x0, x1 in self._rules[start:end]:
            if min(x1, word.x1) - max(x0, word.x0) >= enough:
                return True
        x, y = word.middle
        if any(b[0] <= x <= b[2] and b[1] <= y <= b[3] for b in self._strokes):
            return True
        return any(
            min(x1, word.x1) - max(x0, word.x0) >= enough
            and word.top < (top + bottom) / 2 < word.bottom - band
            for x0, top, x1, bottom in self._lines
        )

    def _runs_out(self, box: Box, words: Sequence[Word]) -> bool:
        """Whether a word outside of the box belongs to those inside: they are not the whole value."""
        first, last = min(word.x0 for word in words), max(word.x1 for word in words)
        x0, top, x1, bottom = box
        outside: list[Word] = []
        if last > x1 - NEAR_THE_SIDE:
            outside += self._words.inside((x1, top, x1 + FARTHEST, bottom))
        if first < x0 + NEAR_THE_SIDE:
            outside += self._words.inside((x0 - FARTHEST, top, x0, bottom))
        if last > x1 + INTRUSION or first < x0 - INTRUSION:
            return True
        space = _space(words)
        return any(
            any(_touches(word, other) and not _are_dates(word, other) for word in words)
            or _crosses(other, box, INTRUSION)
            or (
                not _OWN_VALUE.fullmatch(other.text)
                and (_crosses(other, box) or any(_runs_on(word, other, space) for word in words))
            )
            for other in outside
            if not other.is_hidden
        )


def _is_stroke(mark: Mark) -> bool:
    x0, top, x1, bottom = mark.box
    return mark.is_stroked and min(x1 - x0, bottom - top) > SMALLEST_STROKE


def _is_pen_line(mark: Mark) -> bool:
    """Whether it is a line drawn by hand, nearly level: too wavy for a rule, too low for a stroke."""
    x0, top, x1, bottom = mark.box
    return mark.is_stroked and x1 - x0 > PEN_LINE * (bottom - top) and not _is_stroke(mark)


PEN_LINE = 3.0
"""Times its height that a pen line is wide."""


def _is_letter_like(mark: Mark) -> bool:
    x0, top, x1, bottom = mark.box
    return max(x1 - x0, bottom - top) <= LARGEST_LETTER and bottom - top >= SMALLEST_LETTER


SMALLEST_LETTER, LARGEST_LETTER, SHAPES = 2.5, 16.0, 2
"""Points of a letter drawn as a shape, and how many of them are a value."""

PICTURED = 0.25
"""Share of a box, or half of that of the picture, that a picture in it covers."""


def _holds(box: Box, other: Box) -> bool:
    x, y = (other[0] + other[2]) / 2, (other[1] + other[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _share(picture: Box, box: Box) -> float:
    """How much of the box a picture covers, or half of how much of it lies in the box."""
    across = min(picture[2], box[2]) - max(picture[0], box[0])
    down = min(picture[3], box[3]) - max(picture[1], box[1])
    if across <= 0 or down <= 0:
        return 0.0
    both = across * down
    return max(both / _area(box), both / max(_area(picture), 1.0) / 2)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _lies_over(note: Box, box: Box, words: Iterable[Word]) -> bool:
    """Whether a comment covers a word of the box, or stands in it."""
    x, y = (note[0] + note[2]) / 2, (note[1] + note[3]) / 2
    if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
        return True
    return any(
        note[0] < word.middle[0] < note[2] and note[1] < word.middle[1] < note[3] for word in words
    )


def _overlaid(words: Sequence[Word]) -> bool:
    """Whether any two words cover each other."""
    by_side = sorted(words, key=lambda word: word.x0)
    for number, one in enumerate(by_side):
        for other in by_side[number + 1 :]:
            if other.x0 >= one.x1:
                break
            if _covers(one, other):
                return True
    return False


SEVERAL = 8
"""Words, most of them single letters, that are the letters of spaced print."""


def _covers(one: Word, other: Word) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    narrower = min(one.x1 - one.x0, other.x1 - other.x0)
    return across > COVERED * narrower and down > COVERED * min(one.height, other.height)


def _crosses(word: Word, box: Box, least: float = OVER_THE_SIDE) -> bool:
    """Whether a word of the next box begins or ends in this one, by more than so many points."""
    return min(word.x1, box[2]) - max(word.x0, box[0]) > least


def _space(words: Sequence[Word]) -> float:
    """The gap between two words of one value, at most: wider where the print is letter-spaced."""
    gaps = [
        other.x0 - word.x1
        for word, other in pairwise(
            sorted(words, key=lambda word: (round(word.middle[1] / 4), word.x0))
        )
        if _is_level(word, other) and other.x0 > word.x1
    ]
    usual = SPACE * max(word.height for word in words)
    return max(usual, min(LETTER_SPACED * median(gaps), 3 * usual)) if gaps else usual


def _touches(word: Word, other: Word) -> bool:
    """Whether two words are pieces of one, such as "$" and its amount."""
    return word.end == other.start or other.end == word.start


def _are_dates(*words: Word) -> bool:
    """Whether each is a whole date: large print fills its box from side to side."""
    return all(_WHOLE_DATE.fullmatch(word.text) for word in words)


_WHOLE_DATE = re.compile(r"\d{1,2}([/\-.])\d{1,2}\1(\d{4}|\d{2})")


def _is_level(word: Word, other: Word) -> bool:
    return abs(word.middle[1] - other.middle[1]) < 0.5 * max(word.height, other.height)


def _runs_on(word: Word, other: Word, space: float) -> bool:
    """Whether two words stand as near to each other as words of one value."""
    return _is_level(word, other) and max(other.x0 - word.x1, word.x0 - other.x1) <= space
