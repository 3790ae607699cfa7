"""A certificate being filled in: every value goes onto the sheet and into the truth at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from connector.certificate.field import Kind, Scalar
from connector.certificate.fields import BY_KEY, MODEL_FIELDS
from demo.sheet import TICKED, Party
from tests.drawing.print_habits import Habits


@dataclass(slots=True)
class Filling:
    """What was printed so far, and what it means."""

    rng: Random
    difficulty: str
    habits: Habits
    cells: dict[str, str] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    expected: dict[str, Scalar] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)
    arguable: set[str] = field(default_factory=set)

    def chance(self, share: float) -> bool:
        """True this often; on a clean certificate never."""
        return self.rng.random() < share and self.difficulty != "clean"

    def hard(self, share: float) -> bool:
        """True this often on a hard certificate only."""
        return self.rng.random() < share and self.difficulty == "hard"

    def says(self, key: str, value: Scalar, printed: str | None = None) -> None:
        """Print a value into the cell of its own key."""
        if key not in BY_KEY:
            raise KeyError(key)
        self.cells[key] = str(value) if printed is None else printed
        self.expected[key] = value

    def means(self, key: str, value: Scalar) -> None:
        """A value that follows from what is printed elsewhere."""
        if key not in BY_KEY:
            raise KeyError(key)
        self.expected[key] = value

    def amount(self, key: str, value: int) -> None:
        self.says(key, value, self.habits.amount(value))
        self.means(f"{key}_text", None)

    def words(self, key: str, printed: str) -> None:
        """A limit that is printed but is no amount."""
        self.says(key, None, printed)
        self.means(f"{key}_text", printed)

    def day(self, key: str, value: date) -> None:
        self.says(key, value.isoformat(), self.habits.day(value))

    def mark(self, key: str, value: bool | None) -> None:
        """A Y/N cell: yes in the office's letter, no as N, or nothing (at times "N/A")."""
        if value is None and self.chance(0.06):
            self.cells[key] = "N/A"
        elif value is not None:
            self.says(key, value, self.habits.yes if value else "N")

    def tick(self, key: str) -> None:
        self.says(key, True, TICKED)

    def present(self, line: str) -> None:
        """The line is there: its boxes that nobody ticks are empty, which means no."""
        for key in keys_of(line):
            if BY_KEY[key].kind is Kind.TICK:
                self.expected.setdefault(key, False)

    def complete(self) -> dict[str, Scalar]:
        """Every key that the face of a certificate answers; what was not printed is null."""
        return {key: self.expected.get(key) for key in FACE_KEYS}


def keys_of(line: str) -> Iterable[str]:
    """The flat keys of one coverage line."""
    return (found.key for found in MODEL_FIELDS if found.path.startswith(f"{line}."))


_NOT_ON_THE_FACE = {
    "certificate_id", "received_at", "document_name", "document_sha256", "page_count",
    "certificate_page", "certificates_in_document", "other_certificate_ids", "read_from",
    "reader_version", "record_number", "form", "form_edition",
}  # fmt: skip
FACE_KEYS = tuple(found.key for found in MODEL_FIELDS if found.key not in _NOT_ON_THE_FACE)
