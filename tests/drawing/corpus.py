"""The documents of the reading benchmark: the same certificates in every kind, seeds fixed.

Seeds below FIRST_MEASURED are for tests and for tuning; those from it on are only ever measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connector.certificate.field import Scalar
from demo.sheet import Style
from tests.drawing.editions import EDITIONS, expected_on, unclear_on
from tests.drawing.makes import draw
from tests.drawing.styles import official_style, own_style
from tests.drawing.truth import Truth
from tests.drawing.values import made_up

FIRST_MEASURED = 100_000
IN_TURN = ("clean", "usual", "usual", "hard")
"""Taken in turn: a quarter clean, half usual, a quarter hard."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How the certificates of a kind come. `edition` None: the older editions in turn."""

    make: str
    edition: str | None = "2016/03"
    own_print: bool = False


KINDS = {
    "form": Kind("form"),
    "text": Kind("text"),
    "scan 300": Kind("scan300"),
    "scan 200": Kind("scan200"),
    "fax": Kind("fax"),
    "photo": Kind("photo"),
    "2025/12": Kind("text", "2025/12"),
}
"""The kinds that the published bars speak of."""

MORE_KINDS = {
    "older editions, text": Kind("text", None),
    "older editions, scan 300": Kind("scan300", None),
    "2025/12, scan 300": Kind("scan300", "2025/12"),
    "own print, text": Kind("text", own_print=True),
    "own print, scan 300": Kind("scan300", own_print=True),
    "own print, scan 200": Kind("scan200", own_print=True),
    "own print, fax": Kind("fax", own_print=True),
    "own print, photo": Kind("photo", own_print=True),
    "form, hybrid": Kind("form_xfa"),
    "form, locked": Kind("form_locked"),
    "text, turned": Kind("text_turned"),
    "text, corner elsewhere": Kind("text_off_corner"),
    "text, damaged font": Kind("damaged"),
    "text, lying under a picture": Kind("lying"),
    "scan 150": Kind("scan150"),
    "fax 204 x 98": Kind("fax_low"),
    "copy of a copy": Kind("copy"),
    "faint": Kind("faint"),
    "stamped": Kind("stamp"),
    "skewed": Kind("skewed"),
    "upside down": Kind("rotated180"),
    "sideways": Kind("rotated90"),
    "scanning app": Kind("scan_app"),
    "photo, curled": Kind("photo_curled"),
    "photo, rolled": Kind("photo_rolled"),
    "photo, folded": Kind("photo_folded"),
    "photo, from the side": Kind("photo_side"),
    "photo, dog-eared": Kind("photo_dog_ear"),
    "photo, a hand's shadow": Kind("photo_hand"),
    "photo, cut off": Kind("photo_cut"),
    "scan from a book": Kind("scan_book"),
    "scan, fed unevenly": Kind("scan_wavy"),
    "fax, slipped": Kind("fax_slipped"),
    "text, sideways": Kind("text_sideways"),
    "stamped in blue": Kind("stamp_blue"),
    "scan in strips": Kind("scan_strips"),
    "scan over its own text": Kind("searchable"),
    "scan as TIFF": Kind("scan_tiff"),
}
"""What else is sent; measured beside the bars."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One document of the corpus; `data` draws it anew each time."""

    truth: Truth
    edition: str
    make: str
    style: Style

    @property
    def name(self) -> str:
        return f"{self.truth.seed}-{self.truth.difficulty}-{self.make}-{self.edition}"

    @property
    def data(self) -> bytes:
        return draw(self.truth, self.edition, self.make, self.style)

    @property
    def expected(self) -> dict[str, Scalar]:
        return expected_on(self.truth, self.edition)

    @property
    def unclear(self) -> frozenset[str]:
        return unclear_on(self.truth, self.edition)


def corpus(kind: Kind, count: int = 40, first_seed: int = FIRST_MEASURED) -> Iterator[Drawn]:
    """`count` documents of a kind; every kind shows the same certificates."""
    for seed in range(first_seed, first_seed + count):
        difficulty = IN_TURN[seed % len(IN_TURN)]
        edition = kind.edition or EDITIONS[2 + seed % (len(EDITIONS) - 2)]
        style = own_style if kind.own_print else official_style
        yield Drawn(made_up(seed, difficulty), edition, kind.make, style(seed, difficulty))
