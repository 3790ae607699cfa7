"""1 and I in a policy number: told apart by the flag of the 1, where the print is clean enough to see it."""

from __future__ import annotations

from connector.extraction.ocr.acceptance.told import are_all_told, told_in
from connector.extraction.ocr.sighting import ANOTHER, Sighting
from connector.extraction.ocr.spacing import breaks, solid, with_breaks

UNTOLD = "An I cannot be told from a 1 in this print."

_LEAST_FLAG = 0.02
"""Heights that a 1 reaches out farther on the left at its top. Measured: 0.15 to 0.27, in Times 0.02 to
0.05; in some types it is a plain stroke, as the I is in most."""

_ONE, _NO_ONE = 0.6, 0.3
"""Shares of the page's usual flag: more is a 1, less none."""


def can_be_told(text: str, sighting: Sighting) -> bool:
    """Whether the ink of each character is measured, and the page's other ones have flags."""
    flag = sighting.usual_flag
    return flag is not None and flag >= _LEAST_FLAG and sighting.measured(len(solid(text)))


def decided_ones(text: str, second: str, sighting: Sighting) -> tuple[str, str | None]:
    """The text with each 1 and I by its ink where a reader saw it so, and a sentence where none did or
    it cannot be told, or looks like the other one. Digits alone have no I."""
    plain = solid(text)
    if any(_is_another(index, text, sighting) for index, c in enumerate(plain) if c in "1I"):
        return text, UNTOLD
    theirs = solid(second) if len(solid(second)) == len(plain) else plain
    if not any(each.isalpha() for each in plain + theirs) or are_all_told(text, "1I", sighting):
        return text, None
    letters, is_told = list(plain), can_be_told(text, sighting)
    for index, claims in enumerate(zip(plain, theirs, strict=True)):
        if claims[0] not in "1I" or not set(claims) & {"1", "I"}:
            continue
        found = _by_ink(index, sighting) if is_told else None
        if (found is None and len(set(claims)) > 1) or (found is not None and found not in claims):
            return text, UNTOLD
        letters[index] = found or plain[index]
    return with_breaks("".join(letters), breaks(text)), None


def _is_another(index: int, text: str, sighting: Sighting) -> bool:
    """Whether a 1 or an I looks like the other one of the page, and its flag says nothing else."""
    if told_in(text, sighting).get(index) != ANOTHER:
        return False
    return not can_be_told(text, sighting) or _by_ink(index, sighting) != solid(text)[index]


def _by_ink(index: int, sighting: Sighting) -> str | None:
    assert sighting.leans is not None  # noqa: S101 - `can_be_told` says so
    assert sighting.usual_flag is not None  # noqa: S101
    share = float(sighting.leans[index]) / sighting.usual_flag
    if share >= _ONE:
        return "1"
    return "I" if share <= _NO_ONE else None
