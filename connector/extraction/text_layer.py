"""The text layer of a PDF page: words, rules, drawn marks and pictures, by pypdfium2's raw calls.

Coordinates are points from the upper left corner of the page as a person sees it (cropped and
turned).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any, Protocol

import pypdfium2.raw as pdfium

from connector.certificate.entry import Box
from connector.extraction.notes import notes_on
from connector.extraction.page_objects import Mark, Placement, read_objects
from connector.extraction.visibility import Sight
from connector.extraction.words import Characters, Word, each_once, words_of


@dataclass(slots=True)
class TextPage:
    """What the text layer of one page holds. `number` is 1-based; `size` is width, height."""

    number: int
    size: tuple[float, float]
    words: list[Word] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    damaged: int = 0
    """Characters without a known letter behind them."""
    lean: int = 0
    """Degrees clockwise that the page as shown is turned away from its upright text."""
    is_askew: bool = False
    """Whether its text leans by more than print on straight paper does."""
    notes: list[Box] = field(default_factory=list)
    """Comments of a reviewer that are laid over the print: struck out, drawn, typed."""

    @property
    def is_picture(self) -> bool:
        """Whether a person sees a picture: one that fills the page, or one and no words."""
        visible = any(not word.is_hidden for word in self.words)
        covered = any(_share(box, self.size) > 0.5 for box in self.pictures)
        return bool(self.pictures) and (not visible or covered)

    @property
    def text(self) -> str:
        """The words a person sees, in the order of the stream."""
        return " ".join(word.text for word in self.words if not word.is_hidden)

    def shown(self, box: Box) -> Box:
        """A box of the upright text as it stands on the page that a person sees."""
        x0, top, x1, bottom = box
        width, height = self.size
        match self.lean:
            case 90:
                return height - bottom, x0, height - top, x1
            case 180:
                return width - x1, height - bottom, width - x0, height - top
            case 270:
                return top, width - x1, bottom, width - x0
            case _:
                return box

    def upright(self, box: Box) -> Box:
        """The opposite of `shown`."""
        x0, top, x1, bottom = box
        width, height = self.size
        match self.lean:
            case 90:
                return top, height - x1, bottom, height - x0
            case 180:
                return width - x1, height - bottom, width - x0, height - top
            case 270:
                return width - bottom, x0, width - top, x1
            case _:
                return box


def _share(box: Box, size: tuple[float, float]) -> float:
    width = min(box[2], size[0]) - max(box[0], 0)
    height = min(box[3], size[1]) - max(box[1], 0)
    return max(width, 0) * max(height, 0) / (size[0] * size[1])


class FilledField(Protocol):
    """A form field with a place on the page; an empty value is a tick that is on."""

    @property
    def value(self) -> str: ...
    @property
    def box(self) -> Box: ...
    @property
    def is_hidden(self) -> bool: ...


def read_page(pdf: Any, index: int, *, has_layers: bool = True) -> TextPage:
    """The text layer of the page `index` (0-based) of an open pypdfium2 document.

    `has_layers`: the document knows layers (optional content), which may be switched off.
    """
    page = pdf[index]
    try:
        notes: list[Box] = []
        if pdfium.FPDFPage_GetAnnotCount(page):
            notes = notes_on(page)
            if _flatten(page):
                page.close()
                page = pdf[index]
        found = _read(page, index + 1, has_layers)
        found.notes = [found.upright(box) for box in notes]
        return found
    finally:
        page.close()


def with_values(page: TextPage, fields: Iterable[FilledField]) -> TextPage:
    """The page with the values of form fields that are filled but not drawn, as words."""
    added = [
        Word(field.value or "X", *field.box, -1, -1, field.is_hidden)
        for field in fields
        if not any(_inside(word.middle, field.box) for word in page.words)
    ]
    return replace(page, words=page.words + added) if added else page


def _inside(at: tuple[float, float], box: Box) -> bool:
    return box[0] <= at[0] <= box[2] and box[1] <= at[1] <= box[3]


def _flatten(page: Any) -> bool:
    """Draw form fields and typed notes into the page, as a viewer shows them."""
    result = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    return bool(result == pdfium.FLATTEN_SUCCESS)


def _read(page: Any, number: int, has_layers: bool) -> TextPage:
    text_page = page.get_textpage()
    try:
        shown = Placement.of(page)
        angles = _angles(text_page.raw)
        placement = replace(shown, turn=_upright(angles, shown.turn))
        objects = read_objects(page, placement)
        characters = Characters(text_page.raw, placement)
        words = list(each_once(words_of(characters, objects)))
    finally:
        text_page.close()
    found = TextPage(
        number,
        placement.size,
        words,
        objects.rules,
        objects.marks,
        objects.pictures,
        characters.damaged,
        (shown.turn - placement.turn) % 360,
        _is_askew(angles),
    )
    if words and (has_layers or objects.is_doubtful):
        _look_at(Sight.of(page), found)
    return found


def _look_at(sight: Sight, found: TextPage) -> None:
    """Hide the words, and drop the marks, that the page's picture does not show."""

    def is_shown(word: Word) -> bool:
        box = found.shown(word.box)
        plain = any(letter.isalnum() for letter in word.text)
        return sight.shows_letters(box) if plain else sight.shows_ink(box)

    found.words = [
        word if word.is_hidden or is_shown(word) else word._replace(is_hidden=True)
        for word in found.words
    ]
    found.marks = [mark for mark in found.marks if sight.shows_ink(found.shown(mark.box))]


ANGLES_ASKED = 60


def _angles(text_page: Any) -> list[float]:
    """The turns of some of the page's characters, in degrees clockwise."""
    count = pdfium.FPDFText_CountChars(text_page)
    step = max(1, count // ANGLES_ASKED)
    angles = (pdfium.FPDFText_GetCharAngle(text_page, at) for at in range(0, count, step))
    return [-math.degrees(angle) for angle in angles if angle >= 0]


def _upright(angles: Sequence[float], shown: int) -> int:
    """The turn, in degrees clockwise, that makes most of the text upright; `shown` without text."""
    turns = Counter(round(angle / 90) * 90 % 360 for angle in angles)
    return turns.most_common(1)[0][0] if turns else shown


LEANS = 0.4
"""Degrees: on a page that leans more, the ends of a row stand in the rows above and below."""


def _is_askew(angles: Sequence[float]) -> bool:
    return bool(angles) and median(abs((angle + 45) % 90 - 45) for angle in angles) > LEANS
