"""The words of a page, from pdfium's stream of characters.

Only the first and last character of a word are asked for their boxes: on the usual page that is
a third of the time of asking for all.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from connector.certificate.entry import Box
from connector.extraction.page_objects import PageObjects, Placement


class Word(NamedTuple):
    """A word and its box; `start` and `end` are its place in the page's stream of characters.

    `is_hidden` means that a person looking at the page does not see it.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    start: int
    end: int
    is_hidden: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    @property
    def box(self) -> Box:
        return self.x0, self.top, self.x1, self.bottom

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Characters:
    """The characters of a page and their boxes, asked for one by one."""

    def __init__(self, text_page: Any, placement: Placement) -> None:
        self._page = text_page
        self._place = placement.box
        self._sides = tuple(ctypes.c_double() for _ in range(4))
        count = pdfium.FPDFText_CountChars(text_page)
        buffer = ctypes.create_string_buffer((count + 1) * 2)
        written = pdfium.FPDFText_GetText(
            text_page, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
        )
        raw = buffer.raw[: max(written - 1, 0) * 2]
        self.text = raw.decode("utf-16-le", errors="replace")
        if len(self.text) != count:
            self.text = self._one_by_one(count)
        self.text = self._without_lost_letters()
        self.damaged = len(_UNMAPPED.findall(self.text))

    def _one_by_one(self, count: int) -> str:
        """The text with one character per index, where the stream has other lengths."""
        codes = (pdfium.FPDFText_GetUnicode(self._page, index) for index in range(count))
        return "".join(chr(code) if 0 < code < 0x110000 else UNKNOWN_LETTER for code in codes)

    def _without_lost_letters(self) -> str:
        """The text with spaces that show ink marked as unknown: a damaged font lost their letters."""
        blank = re.compile(" ")
        lost = [found.start() for found in blank.finditer(self.text) if self._shows(found.start())]
        if not lost:
            return self.text
        characters = list(self.text)
        for index in lost:
            characters[index] = UNKNOWN_LETTER
        return "".join(characters)

    def _shows(self, index: int) -> bool:
        left, right, bottom, top = self._sides
        pdfium.FPDFText_GetCharBox(self._page, index, left, right, bottom, top)
        return top.value - bottom.value > 0.3 and right.value - left.value > 0.3

    def box(self, index: int) -> Box:
        left, right, bottom, top = self._sides
        pdfium.FPDFText_GetCharBox(self._page, index, left, right, bottom, top)
        return self._place(left.value, bottom.value, right.value, top.value)

    def drawn_by(self, index: int) -> int:
        """The identity of the page object that draws the character."""
        found = pdfium.FPDFText_GetTextObject(self._page, index)
        return ctypes.cast(found, ctypes.c_void_p).value or 0


UNKNOWN_LETTER = "\ufffd"
_UNMAPPED = re.compile("[\ufffd\ue000-\uf8ff\x01-\x08\x0e-\x1f]")
_TOKEN = re.compile("\\$|[^\\s$\ufffe]+\ufffe?|\ufffe")


TWICE = 1.5
"""Points within which the same word again is the same word, drawn twice to look bold."""
OVERLAID = 0.45
"""Of its height: a shadow lies no further off than that."""
FARTHEST_SHADOW = 20.0
"""Points; most words of the same text are further apart, so this is asked first."""


def each_once(words: Iterable[Word]) -> Iterator[Word]:
    """The words without those that are drawn again on the same spot, to look bold or shadowed."""
    seen: dict[str, list[Word]] = {}
    for word in words:
        before = seen.get(word.text)
        if before is None:
            seen[word.text] = [word]
        elif any(_is_again(word, other) for other in before):
            continue
        else:
            before.append(word)
        yield word


def _is_again(word: Word, other: Word) -> bool:
    """Whether the same word stands where it would cover most of the other."""
    if abs(word.top - other.top) > FARTHEST_SHADOW:
        return False
    reach = max(TWICE, OVERLAID * word.height)
    across = abs(word.x0 - other.x0) <= max(TWICE, min(reach, OVERLAID * (word.x1 - word.x0)))
    return across and abs(word.top - other.top) <= reach


def words_of(characters: Characters, objects: PageObjects) -> Iterator[Word]:
    columns = _long_uprights(objects.rules)
    sides = [x for x, _, _ in columns]
    for found in _TOKEN.finditer(characters.text):
        start, end = found.span()
        word = _word(characters, found[0].replace("\ufffe", "-"), start, end)
        between = columns[bisect_right(sides, word.x0 + 1) : bisect_left(sides, word.x1 - 1)]
        parts = _split(characters, word, between) if between and end - start > 1 else (word,)
        for part in parts:
            is_speck = part.bottom - part.top < LOWEST and _has_letters(part)
            if is_speck or (objects.hide_any and _is_under(part, characters, objects)):
                yield part._replace(is_hidden=True)
            else:
                yield part


def _is_under(word: Word, characters: Characters, objects: PageObjects) -> bool:
    """Whether the page's objects hide the word, or any letter of it."""
    if objects.is_invisible(characters.drawn_by(word.start)):
        return True
    over = objects.over(word.box)
    if not over:
        return False
    x0, top, x1, bottom = word.box
    whole = all(b[0] <= x0 and b[1] <= top and x1 <= b[2] and bottom <= b[3] for b in over)
    if whole or word.end - word.start == 1:
        return objects.hides(characters.drawn_by(word.start), word.middle)
    letters = range(word.start, word.end)
    return any(objects.hides(characters.drawn_by(n), _middle(characters.box(n))) for n in letters)


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


LOWEST = 1.5
"""Points: letters lower than this nobody can read."""


def _has_letters(word: Word) -> bool:
    """Whether a word is more than a dash or a stop."""
    return any(letter.isalnum() for letter in word.text)


def _word(characters: Characters, text: str, start: int, end: int) -> Word:
    first = characters.box(start)
    if end - start == 1:
        return Word(text, *first, start, end)
    x0, top, x1, bottom = first
    left, upper, right, lower = characters.box(end - 1)
    return Word(
        text,
        x0 if x0 < left else left,
        top if top < upper else upper,
        x1 if x1 > right else right,
        bottom if bottom > lower else lower,
        start,
        end,
    )


def _long_uprights(rules: list[Box]) -> list[tuple[float, float, float]]:
    """The upright rules, x with top and bottom, that are long enough to part two boxes."""
    found = {
        (round((x0 + x1) / 2, 1), top, bottom)
        for x0, top, x1, bottom in rules
        if x1 - x0 < 2 and bottom - top > 8
    }
    return sorted(found)


def _split(
    characters: Characters, word: Word, columns: Iterable[tuple[float, float, float]]
) -> Iterator[Word]:
    """The word parted at the rules it crosses, where two values stand side by side without a space.

    A value that simply runs over its column stays whole.
    """
    level = word.middle[1]
    crossed = [x for x, top, bottom in columns if top <= level <= bottom]
    if not crossed:
        yield word
        return
    start = word.start
    boxes = [characters.box(index) for index in range(word.start, word.end)]
    drawn_by = [characters.drawn_by(index) for index in range(word.start, word.end)]
    for x in crossed:
        at = next((n for n in range(1, len(boxes)) if _between(boxes[n - 1], x, boxes[n])), 0)
        at = _meeting(at, drawn_by)
        if word.start + at <= start or not _parts(word.text, at, boxes, drawn_by):
            continue
        yield _word(
            characters,
            word.text[start - word.start : at],
            start,
            word.start + at,
        )
        start = word.start + at
    yield _word(characters, word.text[start - word.start :], start, word.end)


def _between(left: Box, x: float, right: Box) -> bool:
    return (left[0] + left[2]) / 2 < x <= (right[0] + right[2]) / 2


MOST_PIECES, SHORTEST_PIECES = 4, 3
"""Values side by side are drawn in few pieces, of so many letters on average at least; text drawn
letter by letter says nothing."""
NEARBY = (0, 1, -1, 2, -2)
"""Letters by which a value may run over the rule where the next one begins."""
WIDE_GAP = 2.5
"""Points more than usual between two characters that part two values drawn in one piece."""
_DAY = re.compile(r"\d{1,2}[/\-.]\d{1,2}[/\-.]\d{2}(\d{2})?")


def _is_in_pieces(drawn_by: list[int]) -> bool:
    pieces = len({*drawn_by})
    return 1 < pieces <= MOST_PIECES and len(drawn_by) >= SHORTEST_PIECES * pieces


def _meeting(at: int, drawn_by: list[int]) -> int:
    """Where two values meet that run over the rule between them; `at` where none do."""
    if not at or not _is_in_pieces(drawn_by):
        return at
    steps = (at + step for step in NEARBY)
    return next((n for n in steps if 0 < n < len(drawn_by) and drawn_by[n - 1] != drawn_by[n]), at)


def _parts(text: str, at: int, boxes: list[Box], drawn_by: list[int]) -> bool:
    """Whether two values meet at this character of a word that crosses a rule there."""
    if _DAY.fullmatch(text[:at]) and _DAY.fullmatch(text[at:]):
        return True
    if drawn_by[at - 1] != drawn_by[at] and _is_in_pieces(drawn_by):
        return True
    gaps = [right[0] - left[2] for left, right in pairwise(boxes)]
    return gaps[at - 1] > median(gaps) + WIDE_GAP
