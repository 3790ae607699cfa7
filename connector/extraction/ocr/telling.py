"""What the O, 0, 1 and I of a number are, told by the characters of the page that are certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from connector.extraction.ocr import likeness
from connector.extraction.ocr.likeness import UNKNOWN, Distances, Gallery, Shown
from connector.extraction.ocr.sighting import ANOTHER, Sighting
from connector.extraction.ocr.spacing import solid

UNSEEN = (UNKNOWN, UNKNOWN)
"""The distances to what is not on the page."""

FITS = 3.0
"""How many times farther than pictures of one character usually are what is of one kind may be."""

_TOLD = {"0O": (0.6, 2.0), "1I": (0.4, 2.0), "il": (0.5, 2.0)}
"""Twos of alike characters, and the distance to the first as a share of that to the second: less is the
first, more the second. Measured on scans, faxes and photos: 0 up to 0.54, O from 1.03; 1 up to 0.82, I
from 0.57."""

_OF_ONE = 0.75
"""Of these shares where a page has one example only of either: that one may be worn."""

_PLAINLY, _LOOSELY, _LEAST = 0.2, 0.06, 1e-4
"""Where it is so much nearer to the one, it may be so far from it: a piece of its neighbour is on it."""

_CERTAINLY, _CERTAINLY_1 = 0.02, 0.008
"""So near to a page's zeros is no O of any type, and to its ones no I: those are 0.057 and 0.027 away at
least."""

_NO_PIECE = 0.2
"""Farther than this from 0 and O is no such character that was cut from its neighbours."""

_NO_ZERO, _NO_LIKENESS = 0.045, 5.0
"""So far from the page's zeros, and so many times farther than the number's other digits are from theirs,
a round character is none. Measured: an O from 0.057."""

_EVEN, _WIDER = 0.022, 1.1
"""How even an O is, and how much wider than the page's zeros. Measured on scans and photos of eight types:
O up to 0.015 and from 1.15 (Courier's are narrower); 0 up to 1.04; D from 0.037, Q from 0.03, G from
0.059."""

_ZEROS = 3
"""Zeros of a page that tell how wide its zeros are."""

_AS_WIDE = 1.04
"""The other digits of such a number against the narrowest of theirs on the page."""

_WORN = 0.015
"""What pictures of one character differ by in print so worn that a page's likeness overrules no reader by
itself."""

_ENOUGH = 2
"""Digits of a number that tell how far they usually are."""


@dataclass(frozen=True, slots=True)
class Telling:
    """The digits and letters of a page that are certain, and what pictures of one character differ by there."""

    certain: Gallery
    spread: float

    def told(self, sighting: Sighting, every: Sequence[Shown]) -> dict[int, str]:
        """What every O, 0, I and 1 of a number is, by its index: empty where that is not certain. `every`:
        the number's characters that can be shown."""
        shown = [one for one in every if one.character in "0O1I" + _OTHER_DIGITS]
        rows = list(zip(shown, self.certain.distances(shown), strict=True))
        usual, is_alike = _usual(rows), self._is_as_wide(rows)
        return {
            one.where[1]: self._told(one, far, usual, sighting, is_alike=is_alike) or ""
            for one, far in rows
            if one.character in "0O1I"
        }

    def _told(
        self,
        one: Shown,
        far: Distances,
        usual: float | None,
        sighting: Sighting,
        *,
        is_alike: bool,
    ) -> str | None:
        """Digit or letter, where one of these is clearly nearer to the one than to the other. What was
        cut from its neighbours has to fit as well as others of its kind: an O without its sides is a 0.
        What looks like another digit then was cut in the wrong place, and is `ANOTHER` among letters.
        What is far from the page's zeros, in a number whose other digits are near theirs (`usual`), is an
        O if that is near or, where those are just as wide (`is_alike`), a reader saw it or it has the form of
        one; it is `ANOTHER` where both saw a 0."""
        pair = "0O" if one.character in "0O" else "1I"
        nearest = min(far.get(each, UNSEEN)[0] for each in pair)
        if not one.is_whole and nearest > self.spread:
            others = min((far[each][0] for each in far if each not in pair), default=UNKNOWN)
            is_wrong = UNKNOWN > nearest > max(_NO_PIECE, 2 * others)
            return ANOTHER if is_wrong and _is_among_letters(sighting, one.where[1]) else None
        found = nearer(pair, far, 0, self.spread)
        if pair == "1I":
            claims = _claims(sighting, one.where[1])
            if found is None and claims == {"1"} and far.get("1", UNSEEN)[0] <= _CERTAINLY_1:
                return "1"
            one_far, i_far = (far.get(each, UNSEEN)[0] for each in "1I")
            if found is None and claims == {"1"} and i_far < one_far < UNKNOWN:
                return ANOTHER
            return found if found is None or found in claims else ANOTHER
        zero = far.get("0", UNSEEN)[0]
        if usual is not None and UNKNOWN > zero > max(_NO_ZERO, _NO_LIKENESS * usual):
            claims = _claims(sighting, one.where[1])
            if found == "O" or (is_alike and ("O" in claims or self._has_form_of_o(one))):
                return "O"
            return None if "O" in claims else ANOTHER
        if self.spread > _WORN and not _is_backed(found, far, _claims(sighting, one.where[1])):
            return None
        return "0" if found is None and zero <= _CERTAINLY else found

    def _is_as_wide(self, number: Iterable[tuple[Shown, Distances]]) -> bool:
        """Whether the digits of a number are as wide as the narrowest of their kind in the page's amounts
        and dates: dates may be squeezed to fit their boxes, and beside their zeros each other 0 is wide."""
        shares = []
        for one, far in number:
            is_zero = one.character == "0" and far.get("0", UNSEEN)[0] <= _CERTAINLY
            known = self._breadths(one.character)
            if one.is_whole and known and (is_zero or one.character in _OTHER_DIGITS):
                shares.append(likeness.breadth(one) / min(known))
        return len(shares) >= _ENOUGH and float(np.median(shares)) <= _AS_WIDE

    def _has_form_of_o(self, one: Shown) -> bool:
        """Whether a character is as even as an O and wider than every 0 of the page."""
        zeros = self._breadths("0")
        return (
            one.is_whole
            and len(zeros) >= _ZEROS
            and likeness.is_closed(one)
            and likeness.unevenness(one) <= _EVEN
            and likeness.breadth(one) >= _WIDER * max(zeros)
        )

    def _breadths(self, character: str) -> list[float]:
        return [
            likeness.breadth(each) for each in self.certain.known if each.character == character
        ]


def nearer(pair: str, far: Distances, which: int, spread: float) -> str | None:
    """The one of two characters that a picture is clearly nearer to: to its nearest picture (`which`
    is 0) or to its second nearest (1)."""
    one, other = (far.get(each, UNSEEN)[which] for each in pair)
    if UNKNOWN in (one, other):
        return None
    low, high = _TOLD[pair]
    if UNKNOWN in (far[pair[0]][1], far[pair[1]][1]):
        low, high = _OF_ONE * low, high / _OF_ONE
    is_plain = not _PLAINLY < one / max(other, _LEAST) < 1 / _PLAINLY
    if min(one, other) > max(FITS * spread, _LOOSELY if is_plain else 0.0):
        return None
    if one <= low * other:
        return pair[0]
    return pair[1] if one >= high * other else None


def _is_backed(found: str | None, far: Distances, claims: set[str]) -> bool:
    """Whether what worn print shows of an O or 0 is what a reader saw, and both where the page has one example
    only of either."""
    is_single = UNKNOWN in (far.get(each, UNSEEN)[1] for each in "0O")
    return found is None or (found in claims and (len(claims) == 1 or not is_single))


def _is_among_letters(sighting: Sighting, index: int) -> bool:
    """Whether the part of a number in which this character stands has letters."""
    parts = re.finditer(r"[A-Za-z0-9]+", solid(sighting.first.text))
    part = next((each[0] for each in parts if each.start() <= index < each.end()), "")
    return bool(re.search("[A-Za-z]", part))


def _usual(rows: Iterable[tuple[Shown, Distances]]) -> float | None:
    """How far the digits of a number but 0 and 1 are from those of the page's amounts and dates: little in
    print of their size and type. The same of zeros that are certain, where that is less; None where there
    are too few of both."""
    rows = list(rows)
    near = [(one.character, far[one.character][0]) for one, far in rows if one.character in far]
    own = sorted(each for character, each in near if character in _OTHER_DIGITS)
    zeros = sorted(each for character, each in near if character == "0" and each <= _CERTAINLY)
    middles = [each[len(each) // 2] for each in (own, zeros) if len(each) >= _ENOUGH]
    return min(middles, default=None)


_OTHER_DIGITS = "23456789"


def _claims(sighting: Sighting, index: int) -> set[str]:
    """What the readers took a character of a line for, as far as they see as many as each other."""
    texts = [solid(seen.text) for seen in (sighting.first, sighting.second) if seen is not None]
    return {text[index].upper() for text in texts if len(text) == len(texts[0])}
