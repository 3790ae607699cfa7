"""Policy numbers: seen alike, every O and 0 decided by the width of its ink, spaces by the gap."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from connector.certificate import values
from connector.extraction.ocr.sighting import Belief, Sighting, differing

_WIDE, _NARROW = 1.25, 1.18
"""Ink width of an O against the number's usual digit: wider is O, narrower is 0, between a doubt."""

_SPACE, _NO_SPACE = 0.6, 0.4
"""Free width against the height of the print: wider is a space, narrower is none."""

_SURE = 0.9
_ALIKE = str.maketrans("Oo", "00")


def believe(sighting: Sighting) -> Belief:
    """The number as printed, or the best reading and why it is not sure."""
    text = _tidied(sighting.first.text)
    seen = Belief(text, sighting.first.confidence)
    if sighting.second is None:
        return replace(seen, doubt=differing(sighting))
    if sighting.spills or sighting.through:
        return replace(seen, doubt="The number runs into a rule or over the side of its box.")
    if values.policy_number(text).doubt:
        return _as_words(seen, sighting)
    if _folded(text) != _folded(_tidied(sighting.second.text)):
        return replace(seen, doubt=differing(sighting))
    decided, why = _round_ones(text, sighting)
    return _spaced(replace(seen, text=decided, doubt=why), sighting)


def _as_words(seen: Belief, sighting: Sighting) -> Belief:
    """"TO BE DETERMINED" and the like: nothing to rely on."""
    return replace(seen, doubt=values.policy_number(seen.text).doubt or differing(sighting))


def _tidied(text: str) -> str:
    return re.sub(r"^[\s|!'.,:;_]+|[\s|!'.,:;_]+$", "", values.tidy(text))


def _folded(text: str) -> str:
    return re.sub(r"\s", "", text).translate(_ALIKE)


def _round_ones(text: str, sighting: Sighting) -> tuple[str, str | None]:
    """The text with every O and 0 decided by its ink, or a sentence why that cannot be."""
    solid = re.sub(r"\s", "", text)
    if "O" not in text.upper() and "0" not in text:
        return text, None
    if not re.search(r"[A-Za-z]", solid.translate(_ALIKE)):
        return text.translate(_ALIKE), None  # all digits: an O among them is a 0
    widths = _glyph_widths(solid, sighting)
    if widths is None:
        sure = sighting.second is not None and _same_rounds(text, sighting.second.text)
        sure = sure and sighting.first.weakest >= _SURE and "O" not in text.upper()
        return text, None if sure else "The letters touch: an O cannot be told from a 0."
    digits = [w for w, c in zip(widths, solid, strict=True) if c in "23456789"]
    zeros = [w for w, c in zip(widths, solid, strict=True) if c in "0Oo"]
    usual = float(np.median(digits if len(digits) >= 2 else [*digits, *zeros]))
    return _decided(text, solid, widths, usual, sighting, len(digits) >= 2)


def _decided(
    text: str,
    solid: str,
    widths: NDArray[np.float64],
    usual: float,
    sighting: Sighting,
    measured: bool,
) -> tuple[str, str | None]:
    letters = list(solid)
    for index, (character, width) in enumerate(zip(solid, widths, strict=True)):
        if character not in "Oo0":
            continue
        share = width / usual
        if not measured or _NARROW < share < _WIDE:
            return text, "An O cannot be told from a 0 in this print."
        letters[index] = "O" if share >= _WIDE else "0"
    remaining = iter(letters)
    return "".join(c if c.isspace() else next(remaining) for c in text), None


def _same_rounds(first: str, second: str) -> bool:
    return re.sub(r"\s", "", first) == re.sub(r"\s", "", second)


def _glyph_widths(solid: str, sighting: Sighting) -> NDArray[np.float64] | None:
    """The ink width of each character, where each is one blot; None where some touch."""
    boxes = sighting.line.blots.boxes
    return (boxes[:, 2] - boxes[:, 0]).astype(float) if len(boxes) == len(solid) else None


def _spaced(seen: Belief, sighting: Sighting) -> Belief:
    """Spaces where both readers put them and the ink has room, and nowhere else."""
    if seen.doubt or sighting.second is None:
        return seen
    first, second = seen.text, _tidied(sighting.second.text)
    gaps = _gaps(first, sighting)
    if gaps is None:
        if _breaks(first) == _breaks(second):
            return seen
        return replace(seen, doubt="It is not clear whether the number has spaces.")
    return _by_gaps(seen, gaps, _breaks(first) | _breaks(second), _breaks(first) & _breaks(second))


def _by_gaps(
    seen: Belief, gaps: NDArray[np.float64], claimed: set[int], agreed: set[int]
) -> Belief:
    """Rebuild the spacing: `gaps[i]` is the room before solid character i + 1, in print heights."""
    spaces = set()
    for index, gap in enumerate(gaps, start=1):
        if index in agreed and gap > _NO_SPACE * 0.5:
            spaces.add(index)
        elif gap >= _SPACE:
            spaces.add(index)
        elif gap > _NO_SPACE or (index in claimed and gap > 0.3):
            return replace(seen, doubt="It is not clear whether the number has spaces.")
    solid = re.sub(r"\s", "", seen.text)
    text = "".join(f" {c}" if i in spaces else c for i, c in enumerate(solid))
    return replace(seen, text=text)


def _breaks(text: str) -> set[int]:
    """Before which solid characters (by index) a space stands."""
    found, index = set(), 0
    for part in text.split():
        found.add(index)
        index += len(part)
    return found - {0}


def _gaps(text: str, sighting: Sighting) -> NDArray[np.float64] | None:
    boxes = sighting.line.blots.boxes
    if len(boxes) != len(re.sub(r"\s", "", text)):
        return None
    room = (boxes[1:, 0] - boxes[:-1, 2]).astype(float) / max(sighting.line.height, 1.0)
    narrow = {i for i, c in enumerate(re.sub(r"\s", "", text)) if c in "1-.,/'Il"}
    # a thin character leaves room on both sides in print of even pitch
    for index in range(len(room)):
        room[index] -= 0.12 * ((index in narrow) + (index + 1 in narrow))
    return room
