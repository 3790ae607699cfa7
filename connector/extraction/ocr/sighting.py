"""One line of print as two readers saw it, and what its ink says."""

from __future__ import annotations

from dataclasses import dataclass

from connector.extraction.ocr.glyphs import Print
from connector.extraction.ocr.recogniser import Glimpse


@dataclass(frozen=True, slots=True)
class Sighting:
    """`first` is the recogniser's view, `second` tesseract's (None: there is no second reader).

    `through`: a stroke crosses a rule inside the line; `touching`: one ends in a rule;
    `spills`: print goes on beyond the side of the cell.
    """

    line: Print
    first: Glimpse
    second: Glimpse | None
    through: bool = False
    touching: bool = False
    spills: bool = False


@dataclass(frozen=True, slots=True)
class Belief:
    """The text to pass on, how sure the readers were, and why it must not be relied on, if so."""

    text: str
    confidence: float
    doubt: str | None = None


def differing(sighting: Sighting) -> str:
    """The sentence for two readers that do not agree."""
    second = sighting.second.text if sighting.second else None
    if second is None:
        return f"Only one reader is installed; it sees “{sighting.first.text}”."
    return f"Two readings differ: “{sighting.first.text}” and “{second}”."
