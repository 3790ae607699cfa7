"""One letter in a cell: the insurer's (A to F) or a mark (Y, N, X)."""

from __future__ import annotations

import re
import unicodedata

from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.sighting import Belief, Sighting, differing

INSURER = "ABCDEF"
MARK = "YNX"

_LOOKS_LIKE = {"¥": "Y", "×": "X", "✗": "X", "✘": "X", "☒": "X"}
_ALONE_SURE = 0.97
_PLAIN_SURE = 0.995
_BOTH_YES = {"X", "Y"}
"""A reader that takes one for the other still sees a yes."""

_SURE_OVER_RULE = 0.99
"""How sure of a letter that ends in a rule, which both readers see as a part of it: a D is a B then."""

_NA_SURE = 0.9
_LEAST = 0.5


def letter_in(glimpse: Glimpse | None, allowed: str) -> str | None:
    """The one allowed letter a reader saw; a doubled reading ("Cc", ".Y") counts once."""
    if glimpse is None:
        return None
    text = "".join(_LOOKS_LIKE.get(character, character) for character in glimpse.text)
    plain = unicodedata.normalize(
        "NFKD", text.upper()
    )  # an accent is dirt over a letter that counts
    letters = {character for character in plain if character.isalnum()}
    if allowed == MARK and letters in ({"Y", "E", "S"}, {"N", "O"}):
        return "Y" if "Y" in letters else "N"
    return letters.pop() if len(letters) == 1 and letters <= set(allowed) else None


def _is_not_applicable(glimpse: Glimpse) -> bool:
    return re.sub(r"[\s/.]", "", glimpse.text.upper()) == "NA" and glimpse.weakest >= _NA_SURE


def _is_plain(sighting: Sighting) -> bool:
    """Whether a letter that the second reader does not see at all stands clearly and alone."""
    unseen = sighting.second is not None and not sighting.second.text.strip()
    alone = len(sighting.line.columns) == 1 and not sighting.touching
    return unseen and alone and sighting.first.weakest >= _PLAIN_SURE


def _is_round(sighting: Sighting, allowed: str) -> bool:
    """Whether the ink is that of a C, the only round letter of an insurer: the first reader sees one, the
    second takes it for an e or E, which has a stem."""
    assert sighting.second is not None  # noqa: S101 - asked by `believe`, which knows
    taken = sighting.second.text.strip(" .,:;'").casefold() == "e"
    alone = len(sighting.line.columns) == 1 and not sighting.touching
    return (
        allowed == INSURER
        and letter_in(sighting.first, allowed) == "C"
        and sighting.first.weakest >= _ROUND_SURE
        and taken
        and alone
        and sighting.stem is not None
        and sighting.stem <= _NO_STEM
    )


_ROUND_SURE, _NO_STEM = 0.85, 0.86
"""How sure the first reader must be of a C, and the height of an upright stroke that is no stem. Measured
at 300 dots an inch: of a C 0.45 to 0.83 of its height, of a B, D, E or F from 0.91."""


def _may_be_grown(sighting: Sighting, allowed: str) -> bool:
    """Whether a rule that the letter meets may have made another of it. A level one makes no mark of
    another: N, X and Y differ in their upright strokes."""
    if allowed == MARK and not sighting.beside and sighting.first.weakest >= _MARK_SURE:
        return False
    seen = letter_in(sighting.first, allowed)
    if seen in _OPEN and not sighting.beside and sighting.first.weakest >= _OPEN_SURE:
        return sighting.through
    if seen == "F" and sighting.touching:
        return True  # an E whose foot went with the rule
    grown = sighting.touching and sighting.first.weakest < _SURE_OVER_RULE
    return sighting.through or grown


_MARK_SURE = 0.9

_OPEN, _OPEN_SURE = ("A", "C"), 0.85
"""Insurers' letters that a level rule makes of no other one: of a D it may make a B, of an F or a C an E, and
erasing it takes the middle of a B."""


def _is_wide(sighting: Sighting) -> bool:
    """Whether there is ink for more than the one letter that was read: "A/B", or "N/A"."""
    x0, _, x1, _ = sighting.line.box
    alone = len(re.sub(r"\W", "", sighting.first.text)) == 1
    return alone and x1 - x0 > _WIDEST * sighting.line.height


_WIDEST = 1.6
"""Heights that one letter is wide at most."""


def believe(sighting: Sighting, allowed: str) -> Belief:
    """The letter both readers saw, or a doubt."""
    if allowed == MARK and _is_not_applicable(sighting.first):
        return Belief("N/A", sighting.first.confidence)
    first, second = letter_in(sighting.first, allowed), letter_in(sighting.second, allowed)
    best = first or second or sighting.first.text
    confidence = sighting.first.confidence
    if sighting.second is None:
        sure = first is not None and sighting.first.weakest >= _ALONE_SURE
    else:
        same = first == second or (allowed == MARK and {first, second} == _BOTH_YES)
        sure = first is not None and same and confidence >= _LEAST
        sure = sure or (first is not None and _is_plain(sighting)) or _is_round(sighting, allowed)
    if sure and not _may_be_grown(sighting, allowed) and not _is_wide(sighting):
        return Belief(best, confidence)
    return Belief(best, confidence, differing(sighting))
