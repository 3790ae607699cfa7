"""I, l, i and 1: characters of one stroke, told apart by the point above them and by their word."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from connector.extraction.ocr import small_marks
from connector.extraction.ocr.acceptance.english import is_no_other_by_uprights
from connector.extraction.ocr.sighting import Sighting
from connector.extraction.ocr.spacing import breaks, solid, with_breaks
from connector.extraction.reading import ALIKE_UPRIGHTS

UPRIGHTS = ALIKE_UPRIGHTS + " in “{text}”."
UPRIGHT, SURE = "IiLl1|!", 0.9
"""Characters that are one stroke each, and how sure the first reader must be to be followed alone."""


def with_its_uprights(text: str, second: str, sighting: Sighting) -> str:
    """The second reader's text with the first one's I, l, i and 1, where these alone differ and the
    first one is sure of its own: the second takes an l for an i, and an I that begins a word for an l.
    """
    mine, theirs = solid(text), solid(second)
    if len(mine) != len(theirs) or sighting.first.least_sure_of(UPRIGHT) < SURE:
        return second
    starts = breaks(text) | {0}
    pairs = list(zip(mine, theirs, strict=True))
    follow = all(
        a == b
        or (
            a in UPRIGHT
            and b in UPRIGHT
            and _is_plain_upright(mine, i, starts)
            and not _is_against_ink(mine, i, sighting)
        )
        for i, (a, b) in enumerate(pairs)
    )
    return with_breaks(mine, breaks(second)) if follow else second


def has_odd_upright(text: str, sighting: Sighting) -> bool:
    """Whether an i has no point where the others of its line have theirs, or an l has one: readers
    share such mistakes. One that looks like the page's others of its kind is none, nor one of a common
    word; of letters that touch, or stand under the hook of an f, the points prove nothing."""
    proved = _proved_by_their_words(text)
    text = solid(text)
    told = sighting.told if len(text) == len(solid(sighting.first.text)) else {}
    mostly = len(told) >= _MOSTLY * sum(text.count(letter) for letter in "il")
    apart = len(sighting.line.columns) == len(text)
    seen, points = [], list(told.values()).count("i")
    for index, (letter, place) in enumerate(zip(text, spots(text, sighting), strict=False)):
        if letter not in "il" or told.get(index) == letter or text[index - 1 : index] == "f":
            continue
        dotted = small_marks.is_dotted(sighting.line, place)
        if index in proved:
            points += letter == "i" and bool(dotted)
            continue
        if told.get(index) and dotted is not (letter == "i") and _is_alone(text, index):
            return True
        if index in told or apart or (not mostly and (not told or _is_alone(text, index))):
            seen.append((letter, dotted))
    points += seen.count(("i", True))
    return ("l", True) in seen or (0 < seen.count(("i", False)) < points)


def _proved_by_their_words(text: str) -> set[int]:
    """The indices, spaces left out, of every i and l of words that are common as they stand and none
    with the other one in its place: no "generai liablity" is printed."""
    proved: set[int] = set()
    for word in re.finditer(r"[^\W\d_]+", text):
        start = len(solid(text[: word.start()]))
        if is_no_other_by_uprights(word[0]):
            proved |= {start + index for index, letter in enumerate(word[0]) if letter in "il"}
    return proved


def _is_alone(text: str, index: int) -> bool:
    """Whether no i and l stand beside: places of narrow letters side by side are half a letter off."""
    beside = text[max(0, index - _BESIDE) : index] + text[index + 1 : index + 1 + _BESIDE]
    return not set("il") & set(beside)


_MOSTLY = 0.5
"""Share of a line's i and l that stand by themselves, for the others to be left out."""

_BESIDE = 2


def _is_against_ink(text: str, index: int, sighting: Sighting) -> bool:
    """Whether the paper shows an l where an i was read, or an i for an l."""
    places = spots(text, sighting)
    if text[index] not in "il" or not places:
        return False
    dotted = small_marks.is_dotted(sighting.line, places[index])
    return dotted is not None and dotted != (text[index] == "i")


def spots(text: str, sighting: Sighting) -> Sequence[float]:
    """Where each character stands: by its ink where all are told apart, for a reader's places of
    narrow letters side by side (the "lli" of Illinois) are half a letter off."""
    columns, places = sighting.line.columns, sighting.places
    if len(columns) == len(places) == len(text):
        middles = columns.mean(axis=1)
        if np.abs(middles - np.array(places)).max() <= _OFF_PLACE * sighting.line.height:
            return [float(middle) for middle in middles]
    return places if len(places) == len(text) else ()


_OFF_PLACE = 0.7
"""Heights of the print that a reader's place may lie beside a character's ink."""


def _is_plain_upright(text: str, index: int, starts: set[int]) -> bool:
    """Whether an upright character is of the case that its word asks for."""
    character, following = text[index], text[index + 1 : index + 2]
    if index in starts:
        return character == "I" and following.islower()
    return character in "il" and text[index - 1].isalpha()
