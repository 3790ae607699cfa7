"""1 and I in a policy number: a 1 has a flag or a foot, so that its ink is wider than a bar's."""

from __future__ import annotations

import re

from connector.extraction.ocr.sighting import Sighting
from connector.extraction.ocr.spacing import solid

BARE = "A 1 in this number may be the letter I."

_BAR, _SURE_ONE = 0.17, 0.33
"""Ink width in heights of the print: of a bar at most, and of a 1 that is surely none.

Measured on scans, faxes and photos: an I without serifs 0.14 to 0.24, a 1 from 0.18, mostly 0.3 to 0.4.
"""

_AS_WIDE = 0.65
"""Share of the widest 1 of a number that the others have at least."""

_MIXED = re.compile(r"[A-Z]*\d[A-Z\d]*[A-Z][A-Z\d]*")
"""A part of a number in which letters stand behind digits: there a letter is no surprise."""

_BESIDE_A_LETTER = re.compile(r"(?<=[A-Z])1+|1+(?=[A-Z])")


def may_be_a_letter(text: str, sighting: Sighting) -> bool:
    """Whether a 1 that both readers see has no more ink than a bar, or far less than another 1 of the
    number, or too little where letters and digits are mixed so that an I is as likely."""
    plain = solid(text)
    if not re.search("[A-Z]", plain.replace("O", "")):
        return False
    columns = sighting.glyphs(len(plain))
    doubtful = _beside_letters(plain)
    if columns is None:
        return bool(doubtful)
    widths = (columns[:, 1] - columns[:, 0]) / sighting.line.height
    of_ones = {place: widths[place] for place, mark in enumerate(plain) if mark == "1"}
    least = max(_BAR, _AS_WIDE * max(of_ones.values(), default=0.0))
    return any(
        width < (max(_SURE_ONE, least) if place in doubtful else least)
        for place, width in of_ones.items()
    )


def _beside_letters(plain: str) -> set[int]:
    """The places of ones that stand beside a letter in a part of letters and digits mixed."""
    return {
        part.start() + place
        for part in re.finditer(r"[A-Z\d]+", plain)
        if _MIXED.fullmatch(part[0])
        for run in _BESIDE_A_LETTER.finditer(part[0])
        for place in range(*run.span())
    }
