"""A third witness beside the two readers: every character compared with its likes on the page.

Two readers that know letters in general share mistakes: a worn l is a t to both. A page is mostly in
one type, so that a t that looks like the page's l and like none of its t is none. And where the two
differ, the page may show which of them is right: of O and 0 too, for its dates and amounts have
zeros that are no O, and its words an O that is no zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import NamedTuple

import numpy as np

from connector.extraction.editions import Cell
from connector.extraction.ocr import likeness
from connector.extraction.ocr.likeness import UNKNOWN, Distances, Gallery, Shown
from connector.extraction.ocr.looking import NUMBERS
from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.sighting import ANOTHER, Sighting
from connector.extraction.ocr.spacing import breaks, solid, with_breaks

_UNSEEN = (UNKNOWN, UNKNOWN)

_FAR = 2.0
"""How much farther from its own kind than pictures of one character usually are a stranger is."""

_PIECE = 0.3
"""Farther than this from its own kind is no other letter but a piece of one, or two that touch."""

_CLEAN = 0.015
"""What pictures of one character differ by on a page whose print is clean: 0.004 to 0.012 on scans, 0.02
to 0.07 on faxes."""

_POOR = 0.1
"""The same on print so poor that readers share mistakes in digits: a fax in a hundred."""

_RATHER, _FITS = 0.2, 3.0
"""The same for what two readers differ about: how much nearer it is to what the one says than to
anything else, and how much farther from it than usual it may be."""

_LOOKALIKES = [set(pair) for pair in ("2Z", "5S", "8B", "6G", "7T")]
"""Digits and letters that readers mix up, told by the page even where it has no other such letter."""

_TWINS = (set("Il1|!"), set("Ii"), set("O0oQ"), set("'`‘’"), set("-–—~"))
"""Characters of one form in some type: no likeness of these proves anything by itself."""

_NEIGHBOURS = 2
"""Characters to each side that a reader's place may belong to."""

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

_ENOUGH = 2
"""Digits of a number that tell how far they usually are."""

_PLAIN_WORD = re.compile(r"[A-Z][a-z']{2,}|[A-Z]{3,}")


class Stranger(NamedTuple):
    """A character, by its place in its line (spaces left out), and the one of the page that it looks like."""

    at: int
    character: str
    other: str


@dataclass(frozen=True, slots=True)
class Witness:
    """What a page shows of its characters: how far those of each line (by its box) are from each known
    character, and from the digits and letters among them that are certain."""

    far: Mapping[tuple[int, int, int, int], Mapping[int, Distances]]
    spread: float
    certain: Gallery
    shown: Mapping[tuple[int, int, int, int], list[Shown]]

    @property
    def is_poor(self) -> bool:
        """Whether the page's characters differ so much from their likes that a 0 may be read as a 3."""
        return self.spread > _POOR

    def settled(self, sighting: Sighting) -> Sighting:
        """The sighting; where the page proves one of the two readers right in everything in which they
        differ, as if both had seen that. What a rule of the form has cut proves nothing (what is left of a
        6 is a 5), nor does poor print, in which readers share mistakes beside those that they differ about."""
        if sighting.second is None or _is_ruled(sighting) or self.spread > _CLEAN:
            return sighting
        mine, theirs = solid(sighting.first.text), solid(sighting.second.text)
        text = self._proven(mine, theirs, sighting)
        if text is None or mine == theirs:
            return sighting
        first, second = (
            replace(seen, text=with_breaks(text, breaks(seen.text)))
            for seen in (sighting.first, sighting.second)
        )
        return replace(sighting, first=first, second=second)

    def assured(self, sighting: Sighting) -> Sighting:
        """The sighting, the first reader sure of every character too that looks like its likes on the page
        and like nothing else, where the print is clean and no rule of the form meets it."""
        first = sighting.first
        text = solid(first.text)
        if len(text) != len(first.sure) or _is_ruled(sighting) or self.spread > _CLEAN:
            return sighting
        sure = tuple(
            1.0 if self._is_rather(character, index, "", sighting) else each
            for index, (character, each) in enumerate(zip(text, first.sure, strict=True))
        )
        return replace(sighting, first=replace(first, sure=sure, weakest=min(sure, default=0.0)))

    def told(self, sighting: Sighting) -> dict[int, str]:
        """What every O, 0, I and 1 of a number that can be shown is, by its index: empty where that is
        not certain."""
        every = [] if _is_ruled(sighting) else self.shown.get(sighting.line.box, [])
        shown = [one for one in every if one.character in "0O1I" + _OTHER_DIGITS]
        rows = list(zip(shown, self.certain.distances(shown), strict=True))
        usual, is_alike = _usual(rows), self._is_as_wide(rows)
        return {
            one.where[1]: self._told(one, far, usual, sighting, is_alike=is_alike) or ""
            for one, far in rows
            if one.character in "0O1I"
        }

    def told_uprights(self, sighting: Sighting) -> dict[int, str]:
        """What every i and l of a line of words is that can be shown, by its index: empty where that is
        not certain. Of poor print nothing is told."""
        if self.spread > _CLEAN:
            return {}
        rows = self.far.get(sighting.line.box, {})
        text = solid(sighting.first.text)
        return {
            index: nearer("il", far, 1, self.spread) or ""
            for index, far in rows.items()
            if text[index] in "il"
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
        nearest = min(far.get(each, _UNSEEN)[0] for each in pair)
        if not one.is_whole and nearest > self.spread:
            others = min((far[each][0] for each in far if each not in pair), default=UNKNOWN)
            is_wrong = UNKNOWN > nearest > max(_NO_PIECE, 2 * others)
            return ANOTHER if is_wrong and _is_among_letters(sighting, one.where[1]) else None
        found = nearer(pair, far, 0, self.spread)
        if pair == "1I":
            claims = _claims(sighting, one.where[1])
            if found is None and claims == {"1"} and far.get("1", _UNSEEN)[0] <= _CERTAINLY_1:
                return "1"
            one_far, i_far = (far.get(each, _UNSEEN)[0] for each in "1I")
            if found is None and claims == {"1"} and i_far < one_far < UNKNOWN:
                return ANOTHER
            return found if found is None or found in claims else ANOTHER
        zero = far.get("0", _UNSEEN)[0]
        if usual is not None and UNKNOWN > zero > max(_NO_ZERO, _NO_LIKENESS * usual):
            claims = _claims(sighting, one.where[1])
            if found == "O" or (is_alike and ("O" in claims or self._has_form_of_o(one))):
                return "O"
            return None if "O" in claims else ANOTHER
        return "0" if found is None and zero <= _CERTAINLY else found

    def _is_as_wide(self, number: Iterable[tuple[Shown, Distances]]) -> bool:
        """Whether the digits of a number are as wide as the narrowest of their kind in the page's amounts
        and dates: dates may be squeezed to fit their boxes, and beside their zeros each other 0 is wide."""
        shares = []
        for one, far in number:
            is_zero = one.character == "0" and far.get("0", _UNSEEN)[0] <= _CERTAINLY
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

    def strangers(self, sighting: Sighting, text: str) -> Iterator[Stranger]:
        """The characters of a line's `text` that look like another one of the page: at least two of it
        are as near as pictures of one character are, and none of its own."""
        seen = solid(sighting.first.text)
        whole = solid(text) if len(solid(text)) == len(seen) else seen
        wholes = self._wholes(sighting)
        is_apart = _is_apart(sighting)
        for index, far in self.far.get(sighting.line.box, {}).items():
            if index not in wholes:
                continue
            beside = (
                "" if is_apart else whole[max(0, index - _NEIGHBOURS) : index + _NEIGHBOURS + 1]
            )
            other = self._other(whole[index], beside, far)
            if other is not None:
                yield Stranger(index, whole[index], other)

    def _wholes(self, sighting: Sighting) -> set[int]:
        """The indices of a line's characters that stand by themselves."""
        return {one.where[1] for one in self.shown.get(sighting.line.box, []) if one.is_whole}

    def _other(self, character: str, beside: str, far: Distances) -> str | None:
        own = far.get(character, _UNSEEN)[0]
        if own <= _FAR * self.spread or _PIECE < own < UNKNOWN:
            return None
        is_known = own != UNKNOWN
        near = (
            (second, other)
            for other, (_, second) in far.items()
            if second <= self.spread
            and other not in beside
            and (is_known or {character, other} in _LOOKALIKES)
            and not _are_twins(character, other)
            and not _is_piece(other, character)
        )
        return min(near, default=(UNKNOWN, None))[1]

    def _proven(self, mine: str, theirs: str, sighting: Sighting) -> str | None:
        """The text of a line, each character in which the readers differ as the page shows it; None
        where it shows neither, or one of them saw more characters."""
        letters = list(mine)
        steps = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
        for what, start, end, from_theirs, to_theirs in steps:
            if what == "equal":
                continue
            if end - start != to_theirs - from_theirs:
                return None
            for index, other in enumerate(theirs[from_theirs:to_theirs], start):
                found = self._rather(index, mine[index], other, sighting)
                if found is None:
                    return None
                letters[index] = found
        return "".join(letters)

    def _rather(self, index: int, mine: str, theirs: str, sighting: Sighting) -> str | None:
        if self._is_rather(mine, index, theirs, sighting):
            return mine
        return theirs if self._is_rather(theirs, index, mine, sighting) else None

    def _is_rather(self, mine: str, index: int, other: str, sighting: Sighting) -> bool:
        """Whether a character looks like its likes and unlike everything else, and is no twin of what
        the other reader took it for. One that was cut from its neighbours proves nothing."""
        far = self.far.get(sighting.line.box, {}).get(index)
        if (
            far is None
            or index not in self._wholes(sighting)
            or _are_twins(mine, other)
            or far.get(mine, (0.0, UNKNOWN))[1] == UNKNOWN
        ):
            return False
        own = far[mine][0]
        others = min(first for character, (first, _) in far.items() if character != mine)
        return own <= min(_FITS * self.spread, _RATHER * others)


def gather(gray: Gray, sightings: Iterable[tuple[Cell, Sighting]]) -> Witness:
    """The witness of a page: `gray` is its sheet without the rules of the form."""
    shown: dict[tuple[int, int, int, int], list[Shown]] = {}
    known: list[Shown] = []
    certain: list[Shown] = []
    for cell, sighting in sightings:
        found = list(_shown(gray, sighting))
        shown[sighting.line.box] = found
        if _is_seen_alike(sighting):
            whole = [one for one in found if one.is_whole]
            known += whole
            certain += _certain(whole, sighting.first.text, is_number=cell.kind in NUMBERS)
    gallery = likeness.gallery(known)
    every = [one for line in shown.values() for one in line]
    distances = gallery.distances(every)
    far: dict[tuple[int, int, int, int], dict[int, Distances]] = {box: {} for box in shown}
    for one, each in zip(every, distances, strict=True):
        box, index = one.where
        far[box][index] = each
    spread = likeness.spread(gallery, every, distances)
    examples = likeness.gallery(_with_likes(certain, spread), _MOST_CERTAIN, _OF_A_LINE)
    return Witness(far, spread, examples, shown)


_LIKE = 0.03
"""So near is a picture of the same character, half a pixel on or on a speck."""

_MOST_CERTAIN, _OF_A_LINE = 36, 3
"""Certain pictures of a character that are kept, and of them those of one line: the same digit is another
picture where it stands half a pixel on."""


def _with_likes(certain: Sequence[Shown], spread: float) -> Iterator[Shown]:
    """The certain ones; of the digits those that look like one of another line: an O that somebody typed
    into an amount is read as a 0 there, and is no example of one."""
    near = max(_LIKE, spread)
    for digit in "01":
        own = [one for one in certain if one.character == digit]
        far = likeness.differences(own, own) if own else np.zeros((0, 0))
        lines = [one.where[0] for one in own]
        for one, row in zip(own, far, strict=True):
            others = (each for each, box in zip(row, lines, strict=True) if box != one.where[0])
            if min(others, default=UNKNOWN) <= near:
                yield one
    yield from (one for one in certain if one.character not in "01")


def _shown(gray: Gray, sighting: Sighting) -> Iterator[Shown]:
    text = solid(sighting.first.text)
    return likeness.characters(gray, sighting.line, sighting.places, text, sighting.told_apart)


def _is_seen_alike(sighting: Sighting) -> bool:
    """Whether two readers see the line alike and no rule runs through it."""
    if sighting.second is None or sighting.second is sighting.first:
        return False
    alike = solid(sighting.second.text) == solid(sighting.first.text)
    return alike and not _is_ruled(sighting)


def _is_apart(sighting: Sighting) -> bool:
    """Whether every character of a line stands by itself just where the reader saw it."""
    columns, places = sighting.line.columns, np.array(sighting.places)
    if len(columns) != len(places):
        return False
    off = np.abs(columns.mean(axis=1) - places).max(initial=0.0)
    return bool(off <= _JUST_THERE * sighting.line.height)


_JUST_THERE = 0.3
"""Heights of the print that a reader's place may lie beside its character, where it is no neighbour's."""


def _is_ruled(sighting: Sighting) -> bool:
    """Whether a rule of the form meets the print of a line."""
    return sighting.through or sighting.touching or sighting.crossed is not None


def _certain(shown: Iterable[Shown], text: str, *, is_number: bool) -> Iterator[Shown]:
    """The digits of an amount or a date, the O and I of plain words: what else could they be."""
    plain = set() if is_number else _in_plain_words(text)
    for one in shown:
        if one.character in "0O" and not likeness.is_closed(one):
            continue
        is_digit = is_number and one.character.isdigit()
        if is_digit or (one.character in "OI" and one.where[1] in plain):
            yield one


def _in_plain_words(text: str) -> set[int]:
    """The indices, spaces left out, of the characters of words that are all letters."""
    found, start = set(), 0
    for word in text.split():
        if _PLAIN_WORD.fullmatch(word.strip(".,:;()")):
            found |= set(range(start, start + len(word)))
        start += len(word)
    return found


def nearer(pair: str, far: Distances, which: int, spread: float) -> str | None:
    """The one of two characters that a picture is clearly nearer to: to its nearest picture (`which`
    is 0) or to its second nearest (1)."""
    one, other = (far.get(each, _UNSEEN)[which] for each in pair)
    if UNKNOWN in (one, other):
        return None
    low, high = _TOLD[pair]
    if UNKNOWN in (far[pair[0]][1], far[pair[1]][1]):
        low, high = _OF_ONE * low, high / _OF_ONE
    is_plain = not _PLAINLY < one / max(other, _LEAST) < 1 / _PLAINLY
    if min(one, other) > max(_FITS * spread, _LOOSELY if is_plain else 0.0):
        return None
    if one <= low * other:
        return pair[0]
    return pair[1] if one >= high * other else None


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


def _is_piece(part: str, whole: str) -> bool:
    """Whether a worn or cut character of the one kind may be left looking like the other."""
    if part in _STROKES:
        return whole not in _STROKES + _SLIM
    return part in _PIECES_OF.get(whole, "")


_STROKES, _SLIM = "ilI1|!", "tfrjJ"
_PIECES_OF = {
    "m": "nr",
    "n": "r",
    "h": "nr",
    "y": "v",
    "w": "v",
    "W": "V",
    "R": "P",
    "B": "P",
    "E": "F",
}


def _are_twins(one: str, other: str) -> bool:
    return any(one in twins and other in twins for twins in _TWINS)
