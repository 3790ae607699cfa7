"""Policy numbers: seen alike, every O and 0 decided by the width of its ink, spaces by the gap."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from connector.certificate import values
from connector.extraction.ocr.sighting import Belief, Sighting, differing
from connector.extraction.ocr.spacing import breaks, gaps, solid, with_breaks

_WIDE, _NARROW = 1.25, 1.18
"""Ink width of an O against the number's usual digit: wider is O, narrower is 0, between a doubt."""

_SPACE, _NO_SPACE = 0.6, 0.4
"""Free width against the height of the print: wider is a space, narrower is none."""

_THIN, _THIN_ROOM = "1-.,/'Il", 0.12
"""Thin characters, and how much more paper they leave on a side in print of even pitch."""

_SPACES = "It is not clear whether the number has spaces."
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
    if _folded(text) != _folded(_cased_like(text, _tidied(sighting.second.text))):
        return replace(seen, doubt=differing(sighting))
    decided, why = _round_ones(text, sighting)
    return _spaced(replace(seen, text=decided, doubt=why), sighting)


def _as_words(seen: Belief, sighting: Sighting) -> Belief:
    """"TO BE DETERMINED" and the like: nothing to rely on."""
    return replace(seen, doubt=values.policy_number(seen.text).doubt or differing(sighting))


def _tidied(text: str) -> str:
    return re.sub(r"^[\s|!'.,:;_]+|[\s|!'.,:;_]+$", "", values.tidy(text))


def _cased_like(text: str, other: str) -> str:
    """The other text in capitals where this one has no small letters: x and X differ in size only."""
    return other.upper() if text.isupper() else other


def _folded(text: str) -> str:
    return solid(text).translate(_ALIKE)


def _round_ones(text: str, sighting: Sighting) -> tuple[str, str | None]:
    """The text with every O and 0 decided by its ink, or a sentence why that cannot be."""
    plain = solid(text)
    if "O" not in text.upper() and "0" not in text:
        return text, None
    if not re.search(r"[A-Za-z]", plain.translate(_ALIKE)):
        return text.translate(_ALIKE), None  # all digits: an O among them is a 0
    widths = _glyph_widths(plain, sighting)
    if widths is None:
        sure = sighting.second is not None and _same_rounds(text, sighting.second.text)
        sure = sure and sighting.first.weakest >= _SURE and "O" not in text.upper()
        return text, None if sure else "The letters touch: an O cannot be told from a 0."
    digits = [w for w, c in zip(widths, plain, strict=True) if c in "23456789"]
    zeros = [w for w, c in zip(widths, plain, strict=True) if c in "0Oo"]
    usual = float(np.median(digits if len(digits) >= 2 else [*digits, *zeros]))
    return _decided(text, widths, usual, sighting, len(digits) >= 2)


def _decided(
    text: str,
    widths: NDArray[np.float64],
    usual: float,
    sighting: Sighting,
    measured: bool,
) -> tuple[str, str | None]:
    letters = list(solid(text))
    for index, (character, width) in enumerate(zip(solid(text), widths, strict=True)):
        if character not in "Oo0":
            continue
        share = width / usual
        if not measured or _NARROW < share < _WIDE:
            return text, "An O cannot be told from a 0 in this print."
        letters[index] = "O" if share >= _WIDE else "0"
    return with_breaks("".join(letters), breaks(text)), None


def _same_rounds(first: str, second: str) -> bool:
    return solid(first) == solid(second)


def _glyph_widths(text: str, sighting: Sighting) -> NDArray[np.float64] | None:
    """The ink width of each character, where each is one blot; None where some touch."""
    columns = sighting.line.columns
    return (columns[:, 1] - columns[:, 0]).astype(float) if len(columns) == len(text) else None


def _spaced(seen: Belief, sighting: Sighting) -> Belief:
    """Spaces where both readers put them and the paper has room, and nowhere else."""
    if seen.doubt or sighting.second is None:
        return seen
    first, second = breaks(seen.text), breaks(_tidied(sighting.second.text))
    room = _room(seen.text, sighting)
    if room is None:
        return seen if first == second else replace(seen, doubt=_SPACES)
    spaces = set()
    for index, gap in enumerate(room, start=1):
        if gap >= _SPACE or (index in first & second and gap > 0.5 * _NO_SPACE):
            spaces.add(index)
        elif gap > _NO_SPACE or (index in first | second and gap > 0.75 * _NO_SPACE):
            return replace(seen, doubt=_SPACES)
    return replace(seen, text=with_breaks(seen.text, spaces))


def _room(text: str, sighting: Sighting) -> NDArray[np.float64] | None:
    """Free paper before each character, less what thin characters leave around themselves."""
    room = gaps(text, sighting.line)
    if room is None:
        return None
    thin = np.array([character in _THIN for character in solid(text)], dtype=float)
    return room - _THIN_ROOM * (thin[1:] + thin[:-1])
