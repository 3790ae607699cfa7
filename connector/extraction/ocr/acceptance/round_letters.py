"""O and 0 in a policy number: decided by the width of their ink, which two readers share mistakes about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connector.certificate import values
from connector.extraction.ocr.acceptance.told import are_all_told, told_in
from connector.extraction.ocr.sighting import Sighting
from connector.extraction.ocr.spacing import breaks, solid, with_breaks

_WIDE, _NARROW = 1.21, 1.135
"""Ink width of an O against the number's usual digit: wider is O, narrower is 0, between a doubt.

Measured on four families of type as scans, photos and faxes: 0 from 0.89 to 1.13, O from 1.17.
"""

_ZERO = 1.12, 1.17
"""The same against the zeros of the page's amounts: 0 up to 1.13, on faxes rarely to 1.15; O from 1.19."""

_ZERO_ALONE = 1.08, 1.25
"""The same where the number has too few other digits to measure by."""

_PLAIN_O, _PLAINEST_O = 1.22, 1.33
"""Widths of an O that two readers take for a 0, measured in both ways and in one."""

_ENOUGH, _PLENTY = 2, 4
"""Other digits needed to know how wide a digit of this print is, and to overrule both readers."""

_TOUCHING = "The letters touch: an O cannot be told from a 0."
_UNTOLD = "An O cannot be told from a 0 in this print."

_PLAUSIBLE = 0.8, 1.7
"""Widths outside of this are no O and no 0: the characters were not told apart rightly."""

_LONE_FIRST = re.compile(r"[Oo0](?=\s)")
"""One alone before the number: a letter mostly, which readers and their measures take for a digit."""

SURE = 0.9
ALIKE = str.maketrans("Oo", "00")
_LOST = 0.65
"""Usual widths that a digit has at most which lost a stroke to its neighbour; a 3 beside an O has more."""

_EVEN = 0.2
"""Usual widths that two digits together may differ from two."""


def tidied(text: str) -> str:
    return re.sub(r"^[\s|!'.,:;_]+|[\s|!'.,:;_]+$", "", values.tidy(text))


def decided_rounds(text: str, sighting: Sighting) -> tuple[str, str | None]:
    """The text with every O and 0 decided by its ink, or a sentence why that cannot be."""
    plain = solid(text)
    if "O" not in text.upper() and "0" not in text:
        return text, None
    if are_all_told(text, "Oo0", sighting):
        return text, None
    found, why = _by_width(text, plain, sighting)
    return (text, _UNTOLD) if why is None and _is_open(text, found, sighting) else (found, why)


def _is_open(text: str, found: str, sighting: Sighting) -> bool:
    """Whether the page shows another character than was found, or leaves open one that the readers
    differ about."""
    claims, plain = _claims(text, sighting), solid(found)
    return any(
        told != plain[index] if told else {"O", "0"} <= claims[index]
        for index, told in told_in(found, sighting).items()
        if plain[index] in "O0"
    )


def _by_width(text: str, plain: str, sighting: Sighting) -> tuple[str, str | None]:
    if _LONE_FIRST.match(text):
        return text, _UNTOLD
    if (exact := _exactly(plain, sighting)) is not None:
        return (text if exact[1] else with_breaks(exact[0], breaks(text))), exact[1]
    widths = _glyph_widths(plain, sighting)
    if not re.search(r"[A-Za-z]", plain.translate(ALIKE)):
        return _without_other_letters(text, widths, sighting)
    if widths is None:
        return text, None if _plainly_zeros(text, sighting) else _TOUCHING
    return _decided(text, widths, sighting)


def _without_other_letters(
    text: str, widths: NDArray[np.float64] | None, sighting: Sighting
) -> tuple[str, str | None]:
    """Digits and signs, in which an O is rare: it takes a reader and the ink to make one of a 0."""
    zeros = text.translate(ALIKE)
    if any("O" in claim for claim in _claims(text, sighting)):
        return (zeros, _TOUCHING) if widths is None else _decided(text, widths, sighting)
    if widths is None or len(sighting.line.columns) != len(widths):
        return zeros, _TOUCHING if _may_hide_an_o(zeros, sighting) else None
    found, why = _decided(text, widths, sighting)
    is_open = found != zeros or (why is not None and _may_hide_an_o(zeros, sighting))
    return zeros, _UNTOLD if is_open else None


def _may_hide_an_o(zeros: str, sighting: Sighting) -> bool:
    """Whether a 0 whose width does not tell stands alone between signs, or was read with little trust."""
    first, *others = re.split(r"[\W_]+", zeros)
    alone = "0" in others or not first.strip("0")
    return alone or sighting.first.least_sure_of("0O") < _TRUSTED


_TRUSTED = 0.8


def _plainly_zeros(text: str, sighting: Sighting) -> bool:
    """Whether both readers see the same and every 0 stands in a part of the number without letters."""
    alike = sighting.second is not None and _same_rounds(text, sighting.second.text)
    parts = re.split(r"[\W_]+", text)
    mixed = [part for part in parts if re.search(r"[A-Za-z]", part) and re.search(r"[0Oo]", part)]
    return alike and not mixed and sighting.first.weakest >= SURE


def _decided(text: str, widths: NDArray[np.float64], sighting: Sighting) -> tuple[str, str | None]:
    """Each O and 0 by its width against the number's digits, and against the zeros of the page's
    amounts; what neither reader saw needs both, or much."""
    plain = solid(text)
    digits = [w for w, c in zip(widths, plain, strict=True) if c in "23456789"]
    if len(digits) < _ENOUGH and not sighting.zero:
        return text, None if _plainly_zeros(text, sighting) else _UNTOLD
    widths = _evened(widths, plain, sighting.zero or float(np.median(digits)))
    claims = _claims(text, sighting)
    measured = len(sighting.line.columns) == len(plain)
    letters = list(plain)
    told = told_in(text, sighting)
    for index, width in enumerate(widths):
        if plain[index] not in "Oo0":
            continue
        if told.get(index) in ("O", "0"):
            letters[index] = told[index]
            continue
        shares = _Shares(
            width / float(np.median(digits)) if len(digits) >= _ENOUGH else None,
            width / sighting.zero if sighting.zero else None,
            enough=measured and (len(digits) >= _PLENTY or sighting.zero is not None),
        )
        among_digits = _among_digits(text, index)
        is_open = sighting.is_worn and index in told and not among_digits
        found = shares.letter(claims[index], among_digits=among_digits)
        if is_open and shares.between:
            found = None
        if found is None:
            return text, _UNTOLD
        letters[index] = found
    return with_breaks("".join(letters), breaks(text)), None


def _exactly(text: str, sighting: Sighting) -> tuple[str, str | None] | None:
    """The solid text with each O and 0 by its width against the zeros of the page, where the print is so
    clean that these are all alike, and a sentence where one stands between; None where one cannot be
    measured so."""
    if sighting.exact_zero is None or not sighting.measured(len(text)):
        return None
    assert sighting.widths is not None  # noqa: S101 - `measured` says so
    letters = list(text)
    for index, width in enumerate(sighting.widths / sighting.exact_zero):
        if text[index] not in "Oo0":
            continue
        if not _PLAUSIBLE[0] < width < _PLAUSIBLE[1]:
            return None
        found = _vote(float(width), *_EXACT)
        if found is None:
            return text, _UNTOLD
        letters[index] = found
    return "".join(letters), None


_EXACT = 1.06, 1.12
"""Width of an O against such zeros. Measured on eight types as scans: 0 from 0.98 to 1.03, O from 1.17."""


def _evened(widths: NDArray[np.float64], text: str, usual: float) -> NDArray[np.float64]:
    """The widths, with two neighbours of which one has lost to the other what it lacks made even: a
    digit whose stroke touches the digit beside it."""
    even = widths.copy()
    for left in range(len(text) - 1):
        pair = even[left : left + 2]
        if any(c not in "023456789Oo" for c in text[left : left + 2]):
            continue
        lost = pair.min() < _LOST * usual and pair.max() > (2 - _LOST) * usual
        if lost and abs(float(pair.sum()) - 2 * usual) <= _EVEN * usual:
            even[left : left + 2] = pair.mean()
    return even


@dataclass(frozen=True, slots=True)
class _Shares:
    """How wide a round character is, against the number's usual digit and the page's usual zero;
    `enough` digits were measured to speak against both readers."""

    of_digit: float | None
    of_zero: float | None
    enough: bool

    @property
    def between(self) -> bool:
        """Whether the page's zeros leave open what it is."""
        return self.of_zero is not None and _vote(self.of_zero, *_ZERO) is None

    def letter(self, claims: set[str], *, among_digits: bool) -> str | None:
        """O or 0, or None where it cannot be told."""
        known = [share for share in (self.of_digit, self.of_zero) if share is not None]
        if not _PLAUSIBLE[0] < known[-1] < _PLAUSIBLE[1]:
            return "0" if among_digits and claims == {"0"} else None
        alone = self.of_digit is None
        votes = {
            _vote(self.of_digit, _NARROW, _WIDE),
            _vote(self.of_zero, *(_ZERO_ALONE if alone else _ZERO)),
        } - {None}
        if len(votes) != 1:
            return "0" if among_digits and "O" not in votes and "0" in claims else None
        found = votes.pop()
        return found if found in claims or self._overrule(known, found) else None

    def _overrule(self, known: Sequence[float], found: str | None) -> bool:
        """Whether the ink is plain enough to speak against both readers, who see an O as 0 at times."""
        if found != "O" or not self.enough:
            return False
        return min(known) >= (_PLAIN_O if len(known) == 2 else _PLAINEST_O)


def _vote(share: float | None, narrow: float, wide: float) -> str | None:
    if share is None or narrow < share < wide:
        return None
    return "O" if share >= wide else "0"


def _among_digits(text: str, index: int) -> bool:
    """Whether this character of the solid text stands among others in a part of the number that is all
    digits."""
    start = 0
    for part in re.findall(r"[A-Za-z0-9]+|[^A-Za-z0-9\s]+", text):
        if start <= index < start + len(part):
            return len(part) > 1 and part.isdigit()
        start += len(part)
    return False


def _claims(text: str, sighting: Sighting) -> list[set[str]]:
    """What each reader took each character for, in capitals."""
    first = solid(text)
    second = solid(tidied(sighting.second.text)) if sighting.second else first
    if len(second) != len(first):  # a dash that one of them saw as two
        second = first
    return [{a.upper(), b.upper()} for a, b in zip(first, second, strict=True)]


def _same_rounds(first: str, second: str) -> bool:
    return solid(first) == solid(second)


def _glyph_widths(text: str, sighting: Sighting) -> NDArray[np.float64] | None:
    """The ink width of each character, where they can be told apart."""
    columns = sighting.glyphs(len(text))
    return None if columns is None else (columns[:, 1] - columns[:, 0]).astype(float)
