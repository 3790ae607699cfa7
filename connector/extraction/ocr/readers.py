"""The two readers of this process, asked together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from connector.extraction.ocr import recogniser, tesseract
from connector.extraction.ocr.acceptance.letters import MARK
from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.recogniser import Glimpse, Recogniser
from connector.extraction.ocr.spacing import solid
from connector.extraction.ocr.tesseract import Tesseract


@dataclass(frozen=True, slots=True)
class Readers:
    """RapidOCR's recogniser, and tesseract where it is installed."""

    first: Recogniser
    second: Tesseract | None

    def both(
        self, crop: Gray, only: str = "", *, patient: bool = True
    ) -> tuple[Glimpse, Glimpse | None]:
        """One line of print by both; where `only` is given, as one of these letters.

        Where they differ, a `patient` second reader looks again at other sizes, and harder where the
        first one is sure: what it sees then counts only when it is what the first one saw.
        """
        seen = self.first.read([crop])[0]
        if self.second is None:
            return seen, None
        if only:
            return seen, self._letter(crop, only, seen)
        other = self.second.read([crop])[0]
        if not patient or _alike(seen, other):
            return seen, other
        harder = seen.weakest >= _SURE_ALONE and not _MIXED.search(seen.text)
        looks = _other_looks(crop) if harder else _other_sizes(crop)
        again = (self.second.read([look])[0] for look in looks)
        return seen, next((look for look in again if _alike(seen, look)), other)

    def _letter(self, crop: Gray, only: str, seen: Glimpse) -> Glimpse:
        """The second reader's letter; where the first one is sure of a mark, looked for again in other
        ways. The letters of insurers are too alike (E and F) for a second look to prove anything, except
        where the second reader saw nothing at all.
        """
        assert self.second is not None  # noqa: S101 - asked by `both`, which knows
        other = self.second.letter(crop, only)
        is_blind = only != MARK and any(map(str.isalnum, other.text))
        if is_blind or _alike(seen, other) or seen.weakest < _SURE_OF_LETTER[only == MARK]:
            return other
        again = (self.second.letter(look, only) for look in _other_looks(crop))
        return next((look for look in again if _alike(seen, look)), other)

    def either(self, crop: Gray) -> tuple[Glimpse, Glimpse | None]:
        """One line by the faster reader alone where it is sure; else by both.

        For texts that nothing depends on (a street, a telephone number): half the time.
        """
        if self.second is None:
            return self.both(crop)
        seen = self.second.read([crop])[0]
        return (seen, seen) if seen.weakest >= _SURE_ALONE else self.both(crop)


_SURE_ALONE = 0.9
_SURE_OF_LETTER = 0.9, 0.98
"""How sure the first reader must be of an insurer's letter, and of a mark."""

_SIZES = (0.75, 1.4)
_SMALLER, _LARGER, _DARK = 0.6, 2.0, 150

_MIXED = re.compile(r"(?=\w*\d)(?=\w*[^\W\d_])\w")
"""A word of letters and digits, which are too alike (I and 1) for a harder look to prove anything."""


def _other_sizes(crop: Gray) -> Iterator[Gray]:
    for size in _SIZES:
        yield _resized(crop, size, cv2.INTER_CUBIC)


def _other_looks(crop: Gray) -> Iterator[Gray]:
    """At other sizes, with its strokes run together, and in black and white."""
    yield from _other_sizes(crop)
    yield _resized(crop, _SMALLER, cv2.INTER_AREA)
    large = _resized(crop, _LARGER, cv2.INTER_CUBIC)
    yield np.where(large < _DARK, 0, 255).astype(np.uint8)


def _resized(crop: Gray, size: float, how: int) -> Gray:
    return np.asarray(cv2.resize(crop, None, fx=size, fy=size, interpolation=how), dtype=np.uint8)


def _alike(first: Glimpse, second: Glimpse) -> bool:
    return solid(first.text).casefold() == solid(second.text).casefold()


@cache
def loaded() -> Readers | None:
    """This process's readers, or None where even the recogniser is missing."""
    first = recogniser.loaded()
    return Readers(first, tesseract.loaded()) if first else None
