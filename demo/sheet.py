"""What is printed on a certificate, and in which hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Party:
    """A name and a mailing address, as an address block prints them."""

    names: tuple[str, ...]
    streets: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    postal_code: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        last = f"{self.city}, {self.state} {self.postal_code}".strip(" ,")
        return (*self.names, *self.streets, *((last,) if last else ()))

    @property
    def name(self) -> str:
        return " ".join(self.names)

    @property
    def address(self) -> str:
        """One line, its parts joined by commas."""
        return ", ".join(self.lines[len(self.names) :])


TICKED = "X"
"""What a ticked box holds in a sheet; the style says how it is drawn."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The printed text by cell name, and the three address blocks by theirs."""

    cells: Mapping[str, str]
    parties: Mapping[str, Party]

    @property
    def printed(self) -> dict[str, str]:
        """Every cell with its text, address blocks with their lines."""
        blocks = {name: "\n".join(party.lines) for name, party in self.parties.items()}
        return {**blocks, **{name: text for name, text in self.cells.items() if text}}


@dataclass(frozen=True, slots=True)
class Style:
    """How a maker prints: fonts, marks, and where values stand in their cells.

    `narrow`: how wide letters are against the font's own. `mark`: text, small, cross, check, filled or hand. `rows_at`: the height of policy numbers and dates in their
    block (0 = top; None = where the fillable form has them). `shift`: all values moved, in points.
    `placed`: the whole form scaled, then moved right and down, in points.
    `overprint`: long values run over the next rule instead of being printed smaller.
    """

    font: str = "Helvetica"
    size: float = 8.0
    narrow: float = 1.0
    mark: str = "text"
    label_font: str = "Helvetica"
    rows_at: float | None = None
    shift: tuple[float, float] = (0.0, 0.0)
    placed: tuple[float, float, float] = (1.0, 0.0, 0.0)
    overprint: bool = False
    signature: str = "script"
    dollar_column: bool = True
    label_words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    filler: str = "Sample drawn for tests. Every firm, policy and number on it is made up."
