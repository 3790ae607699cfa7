"""A third witness beside the two readers: every character compared with its likes on the page.

Two readers that know letters in general share mistakes: a worn l is a t to both. A page is mostly in
one type, so that a t that looks like the page's l and like none of its t is none. And where the two
differ, the page may show which of them is right: of O and 0 too, for its dates and amounts have
zeros that are no O, and its words an O that is no zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import NamedTuple

import numpy as np

from connector.extraction.editions import Cell
from connector.extraction.ocr import examples, likeness
from connector.extraction.ocr.likeness import UNKNOWN, Distances, Gallery, Shown
from connector.extraction.ocr.looking import NUMBERS
from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.sighting import Sighting
from connector.extraction.ocr.spacing import breaks, solid, with_breaks
from connector.extraction.ocr.telling import FITS, UNSEEN, Telling, nearer

_FAR = 2.0
"""How much farther from its own kind than pictures of one character usually are a stranger is."""

_PIECE = 0.3
"""Farther than this from its own kind is no other letter but a piece of one, or two that touch."""

_CLEAN = 0.015
"""What pictures of one character differ by on a page whose print is clean: 0.004 to 0.012 on scans, 0.02
to 0.07 on faxes."""

_POOR = 0.1
"""The same on print so poor that readers share mistakes in digits: a fax in a hundred."""

_RATHER = 0.2
"""The same for what two readers differ about: how much nearer it is to what the one says than to anything
else."""

_LOOKALIKES = [set(pair) for pair in ("2Z", "5S", "8B", "6G", "7T")]
"""Digits and letters that readers mix up, told by the page even where it has no other such letter."""

_TWINS = (set("Il1|!"), set("Ii"), set("O0oQ"), set("'`‘’"), set("-–—~"))
"""Characters of one form in some type: no likeness of these proves anything by itself."""

_NEIGHBOURS = 2
"""Characters to each side that a reader's place may belong to."""


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
        if sighting.second is None or sighting.is_ruled or self.spread > _CLEAN:
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
        if len(text) != len(first.sure) or sighting.is_ruled or self.spread > _CLEAN:
            return sighting
        sure = tuple(
            1.0 if self._is_rather(character, index, "", sighting) else each
            for index, (character, each) in enumerate(zip(text, first.sure, strict=True))
        )
        return replace(sighting, first=replace(first, sure=sure, weakest=min(sure, default=0.0)))

    def told(self, sighting: Sighting) -> dict[int, str]:
        """What every O, 0, I and 1 of a number that can be shown is, by its index: empty where that is
        not certain."""
        every = [] if sighting.is_ruled else self.shown.get(sighting.line.box, [])
        return Telling(self.certain, self.spread).told(sighting, every)

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
        own = far.get(character, UNSEEN)[0]
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
        return own <= min(FITS * self.spread, _RATHER * others)


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
            certain += examples.certain(whole, sighting.first.text, is_number=cell.kind in NUMBERS)
    gallery = likeness.gallery(known)
    every = [one for line in shown.values() for one in line]
    distances = gallery.distances(every)
    far: dict[tuple[int, int, int, int], dict[int, Distances]] = {box: {} for box in shown}
    for one, each in zip(every, distances, strict=True):
        box, index = one.where
        far[box][index] = each
    spread = likeness.spread(gallery, every, distances)
    return Witness(far, spread, examples.gallery(certain, spread), shown)


def _shown(gray: Gray, sighting: Sighting) -> Iterator[Shown]:
    text = solid(sighting.first.text)
    return likeness.characters(gray, sighting.line, sighting.places, text, sighting.told_apart)


def _is_seen_alike(sighting: Sighting) -> bool:
    """Whether two readers see the line alike and no rule runs through it."""
    if sighting.second is None or sighting.second is sighting.first:
        return False
    alike = solid(sighting.second.text) == solid(sighting.first.text)
    return alike and not sighting.is_ruled


def _is_apart(sighting: Sighting) -> bool:
    """Whether every character of a line stands by itself just where the reader saw it."""
    columns, places = sighting.line.columns, np.array(sighting.places)
    if len(columns) != len(places):
        return False
    off = np.abs(columns.mean(axis=1) - places).max(initial=0.0)
    return bool(off <= _JUST_THERE * sighting.line.height)


_JUST_THERE = 0.3
"""Heights of the print that a reader's place may lie beside its character, where it is no neighbour's."""


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
