"""O and 0, 1 and I in a policy number, where the page itself shows which they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from connector.extraction.ocr.sighting import Sighting
from connector.extraction.ocr.spacing import breaks, solid, with_breaks

_ALIKE = (set("Oo0"), set("1I"))


def as_told(sighting: Sighting) -> Sighting:
    """The sighting as if both readers had seen every told character for what it is."""
    if not sighting.told or sighting.second is None:
        return sighting
    first = _with(sighting.first.text, sighting.told)
    second = sighting.second.text
    if len(solid(second)) == len(solid(first)):
        second = _with(second, sighting.told)
    return replace(
        sighting,
        first=replace(sighting.first, text=first),
        second=replace(sighting.second, text=second),
    )


def told_in(text: str, sighting: Sighting) -> dict[int, str]:
    """What is told of the characters of a number, a part of the line: by their index in its solid text."""
    whole, plain = solid(sighting.first.text), solid(text)
    start = whole.upper().translate(_FOLDED).find(plain.upper().translate(_FOLDED))
    if start < 0:
        return {}
    return {
        index - start: character
        for index, character in sighting.told.items()
        if 0 <= index - start < len(plain)
    }


_FOLDED = str.maketrans("OI", "01")


def are_all_told(text: str, marks: str, sighting: Sighting) -> bool:
    """Whether every one of these marks in the text is what the page shows it to be."""
    told = told_in(text, sighting)
    return all(
        told.get(found.start()) == found[0] for found in re.finditer(f"[{marks}]", solid(text))
    )


def _with(text: str, told: Mapping[int, str]) -> str:
    plain = solid(text)
    letters = [_chosen(c, told.get(index) or c) for index, c in enumerate(plain)]
    return with_breaks("".join(letters), breaks(text))


def _chosen(character: str, told: str) -> str:
    return told if any({character, told} <= alike for alike in _ALIKE) else character
