"""One line of print as two readers saw it, and what its ink says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from connector.extraction.ocr.glyphs import Print
from connector.extraction.ocr.recogniser import Glimpse

ANOTHER = "?"
"""Told of a 0 that is none of the page's zeros, though nothing shows that it is an O, and of a 1 or an I
that looks like the other one, though both readers see it alike: some types hardly tell these two apart."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """`first` is the recogniser's view, `second` tesseract's (None: there is no second reader).

    `through`: a stroke crosses a rule inside the line; `touching`: one ends in a rule;
    `spills`: print goes on beyond the side of the cell; `dusty`: it holds blots as small as the
    dirt on this page; `tailed`: a point that the first reader saw may be a comma, or a comma a point;
    `unread`: the line has ink that stands for nothing in the first reader's text.
    """

    line: Print
    first: Glimpse
    second: Glimpse | None
    through: bool = False
    touching: bool = False
    beside: bool = False
    """A stroke ends in an upright rule, or crosses it."""
    spills: bool = False
    dusty: bool = False
    tailed: bool = False
    unread: bool = False
    told_apart: NDArray[np.int64] | None = None
    """Left and right of each character (pixels) where touching ones were cut, broken ones joined."""
    places: tuple[float, ...] = ()
    """Pixels at which the first reader saw each character, spaces left out."""

    is_worn: bool = False
    """The page's characters differ from their likes as those of faxes and copies do, so that readers share
    mistakes."""
    dirty: bool = False
    """The page has specks of dirt, so that a point where none belongs may be one of them."""
    twin_points: bool = False
    """The two points one behind the other that the first reader saw are both print by their ink."""
    grounded: bool = False
    """The letters stand on a rule of the form, which hides points and feet."""
    whole_with_rule: bool = False
    """Both readers see the same text of such a line with the rule and without it: no foot is lost."""
    struck: bool = False
    """A stroke runs through several of the characters."""
    struck_darkly: bool = False
    """A dark one does."""
    crossed: float | None = None
    """Where an upright rule of the form runs through the print, in pixels."""
    rule: tuple[int, int] | None = None
    """First and last column of the upright rule of the form that runs through the line, in pixels,
    whether its print meets it or not."""
    zero: float | None = None
    """Pixels that a 0 is wide in the page's amounts, where they are in print of this height."""

    widths: NDArray[np.float64] | None = None
    """Width of each column of a number, finer than to a pixel."""
    leans: NDArray[np.float64] | None = None
    """How far each column of a number reaches out at its top to the left more than to the right."""
    stem: float | None = None
    """The longest upright stroke on the left of a letter that stands alone in its cell, in its heights."""

    exact_zero: float | None = None
    """Such a width of the page's zeros in print of this height, where they are all alike."""

    usual_flag: float | None = None
    """How far the ones of the page's dates and amounts reach out so, where its print is clean."""
    told: Mapping[int, str] = field(default_factory=dict)
    """Which characters (by index, spaces left out) the page shows to be O or 0, 1 or I in a number, i or
    l in words; empty where one can be shown but not told, `ANOTHER` where it is not
    what it was read as."""

    @property
    def is_ruled(self) -> bool:
        """Whether a rule of the form meets the print of the line."""
        return self.through or self.touching or self.crossed is not None

    def measured(self, count: int) -> bool:
        """Whether each of `count` characters is a column by itself, so that its ink can be measured."""
        found = self.glyphs(count)
        return self.widths is not None and found is not None and len(self.line.columns) == count

    def glyphs(self, count: int) -> NDArray[np.int64] | None:
        """Left and right of each of `count` characters; None where they cannot be told apart."""
        for columns in (self.line.columns, self.told_apart):
            if columns is not None and len(columns) == count and self._in_place(columns):
                return columns
        return None

    def _in_place(self, columns: NDArray[np.int64]) -> bool:
        """Whether each column stands where the reader saw its character: a broken letter and two
        that touch make up for each other in number only."""
        if len(self.places) != len(columns):
            return False
        off = np.abs(columns.mean(axis=1) - np.array(self.places))
        return bool(off.max() <= _OFF_PLACE * self.line.height)


_OFF_PLACE = 0.5


@dataclass(frozen=True, slots=True)
class Belief:
    """The text to pass on, how sure the readers were, and why it must not be relied on, if so.

    `words_stand`: the doubt is about points, or words in which the second reader differs.
    """

    text: str
    confidence: float
    doubt: str | None = None
    words_stand: bool = False


def differing(sighting: Sighting) -> str:
    """The sentence for two readers that do not agree."""
    second = sighting.second.text if sighting.second else None
    if second is None:
        return f"Only one reader is installed; it sees “{sighting.first.text}”."
    return f"Two readings differ: “{sighting.first.text}” and “{second}”."
