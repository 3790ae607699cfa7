"""One box of the form: what stands in it, how sure we are, and where it was seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar

T = TypeVar("T")


class State(StrEnum):
    """`blank` means not stated; `unclear` means we do not know. Never mix the two."""

    READ = "read"
    BLANK = "blank"
    UNCLEAR = "unclear"


class Source(StrEnum):
    """Who saw the value."""

    FORM_FIELD = "form_field"
    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    REVIEWER = "reviewer"


Box: TypeAlias = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the upper left corner of the page."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value was seen: 1-based page, box, the text as printed, and how sure the reader was (0..1)."""

    page: int
    box: Box | None
    text: str
    source: Source
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """A value with its state and evidence.

    `words` holds a limit that is printed but is no amount ("INCLUDED"); `doubt` is the sentence
    why an unclear entry is unclear; `others` are further readings of the same box (a second
    reader, or what stood there before a reviewer corrected it).
    """

    value: T | None = None
    state: State = State.BLANK
    evidence: Evidence | None = None
    words: str | None = None
    doubt: str | None = None
    others: tuple[Evidence, ...] = ()

    @property
    def is_read(self) -> bool:
        return self.state is State.READ

    @property
    def is_blank(self) -> bool:
        return self.state is State.BLANK

    @property
    def is_unclear(self) -> bool:
        return self.state is State.UNCLEAR

    def doubted(self, why: str) -> Entry[T]:
        """The same reading, no longer believed."""
        reasons = why if not self.doubt or why in self.doubt else f"{self.doubt} {why}"
        return replace(self, state=State.UNCLEAR, doubt=reasons)


BLANK: Entry[Any] = Entry()


def read(value: T, evidence: Evidence | None, *, words: str | None = None) -> Entry[T]:
    """An entry that was read and is believed."""
    return Entry(value, State.READ, evidence, words)


def unclear(value: T | None, evidence: Evidence | None, why: str) -> Entry[T]:
    """An entry whose best reading is `value`, and the sentence why nobody should rely on it."""
    return Entry(value, State.UNCLEAR, evidence, doubt=why)
