"""The two readers of this process, asked together."""

from __future__ import annotations

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

        Where they differ, a `patient` second reader looks again at other sizes: what it sees then
        counts only when it is what the first one saw.
        """
        seen = self.first.read([crop])[0]
        if self.second is None:
            return seen, None
        if only:
            return seen, self._letter(crop, only, seen)
        other = self.second.read([crop])[0]
        if not patient or _alike(seen, other):
            return seen, other
        again = self.second.read(_other_sizes(crop))
        return seen, next((look for look in again if _alike(seen, look)), other)

    def _letter(self, crop: Gray, only: str, seen: Glimpse) -> Glimpse:
        """The second reader's letter; where the first one is sure of a mark, looked for again at other
        sizes. The letters of insurers are too alike (E and F) for a second look to prove anything.
        """
        assert self.second is not None  # noqa: S101 - asked by `both`, which knows
        other = self.second.letter(crop, only)
        if only != MARK or _alike(seen, other) or seen.weakest < _SURE_MARK:
            return other
        again = [self.second.letter(look, only) for look in _other_sizes(crop)]
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
_SURE_MARK = 0.98
_SIZES = (0.75, 1.4)


def _other_sizes(crop: Gray) -> list[Gray]:
    return [
        np.asarray(
            cv2.resize(crop, None, fx=size, fy=size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8
        )
        for size in _SIZES
    ]


def _alike(first: Glimpse, second: Glimpse) -> bool:
    return solid(first.text).casefold() == solid(second.text).casefold()


@cache
def loaded() -> Readers | None:
    """This process's readers, or None where even the recogniser is missing."""
    first = recogniser.loaded()
    return Readers(first, tesseract.loaded()) if first else None
