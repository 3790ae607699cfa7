"""The two readers of this process, asked together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from connector.extraction.ocr import recogniser, tesseract
from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.recogniser import Glimpse, Recogniser
from connector.extraction.ocr.tesseract import Tesseract


@dataclass(frozen=True, slots=True)
class Readers:
    """RapidOCR's recogniser, and tesseract where it is installed."""

    first: Recogniser
    second: Tesseract | None

    def both(self, crop: Gray, only: str = "") -> tuple[Glimpse, Glimpse | None]:
        """One line of print by both; where `only` is given, as one of these letters."""
        seen = self.first.read([crop])[0]
        if self.second is None:
            return seen, None
        return seen, self.second.letter(crop, only) if only else self.second.read([crop])[0]


@cache
def loaded() -> Readers | None:
    """This process's readers, or None where even the recogniser is missing."""
    first = recogniser.loaded()
    return Readers(first, tesseract.loaded()) if first else None
