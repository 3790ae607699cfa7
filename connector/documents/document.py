"""A document that was let in: its bytes, its name, and what it turned out to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class DocumentKind(StrEnum):
    """What the bytes are, by the bytes themselves."""

    PDF = "pdf"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Document:
    """An admitted document.

    `data` is what readers open. It differs from what was sent only if the file was damaged and
    could be repaired: then `original` holds the bytes as they came, else None. `sha256` (hex) is
    of the bytes as sent; `name` is clean for storage and display; pages count from 1.
    """

    data: bytes = field(repr=False)
    name: str
    sha256: str
    page_count: int
    kind: DocumentKind
    original: bytes | None = field(default=None, repr=False)
    has_layers: bool = True
    """Whether a PDF knows layers (optional content), which may be off; True where not looked at."""

    @property
    def sent(self) -> bytes:
        """The bytes as they were sent: what is stored, hashed and given back."""
        return self.data if self.original is None else self.original
