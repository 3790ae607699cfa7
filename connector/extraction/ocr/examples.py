"""Characters of a page that are certain: digits of amounts and dates, capitals of plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from connector.extraction.ocr import likeness
from connector.extraction.ocr.likeness import UNKNOWN, Gallery, Shown

_PLAIN_WORD = re.compile(r"[A-Z][a-z']{2,}|[A-Z]{3,}")


def certain(shown: Iterable[Shown], text: str, *, is_number: bool) -> Iterator[Shown]:
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


def gallery(found: Sequence[Shown], spread: float) -> Gallery:
    """The certain characters of a page by their kind; `spread` is what pictures of one character differ by."""
    return likeness.gallery(_with_likes(found, spread), _MOST_CERTAIN, _OF_A_LINE)


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
