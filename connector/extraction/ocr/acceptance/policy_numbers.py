"""Policy numbers: seen alike, every O and 0 decided by the width of its ink, spaces by the gap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from connector.certificate import values
from connector.extraction.ocr import small_marks
from connector.extraction.ocr.acceptance import ones
from connector.extraction.ocr.acceptance.alike import COLON, DUST, GROUNDED, TAIL, UNREAD
from connector.extraction.ocr.acceptance.flags import UNTOLD, can_be_told, decided_ones
from connector.extraction.ocr.acceptance.round_letters import ALIKE, SURE, decided_rounds, tidied
from connector.extraction.ocr.acceptance.told import are_all_told, as_told
from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.sighting import Belief, Sighting, differing
from connector.extraction.ocr.spacing import breaks, gaps, solid, with_breaks

_SPACE, _NO_SPACE = 0.6, 0.4
"""Free width against the height of the print: wider is a space, narrower is none."""

_THIN, _THIN_ROOM = "1-.,/'Il", 0.12
"""Thin characters, and how much more paper they leave on a side in print of even pitch."""

_USUAL_ROOM = 0.15
"""Free paper between characters of proportional print; typewriter print is airier throughout."""

_SPACES = "It is not clear whether the number has spaces."
_TWINS, _SURE_OF_TWINS = "2Z5S8B1I", 0.65
"""Letters and digits that look alike, O and 0 aside: those are told apart by their ink."""
_AS_DIGITS = str.maketrans("OoQDlI|!SBZ", "00001111582")


def believe(sighting: Sighting) -> Belief:
    """The number as printed, or the best reading and why it is not sure."""
    is_small = any(each and "l" in each.text for each in (sighting.first, sighting.second))
    sighting = as_told(_in_capitals(sighting))
    text = tidied(sighting.first.text)
    seen = Belief(text, sighting.first.confidence)
    if sighting.second is None:
        return replace(seen, doubt=differing(sighting))
    if sighting.spills or sighting.through:
        return replace(seen, doubt="The number runs into a rule or over the side of its box.")
    if sighting.unread:
        return replace(seen, doubt=UNREAD.format(text=text))
    if values.policy_number(text).doubt:
        return _as_words(seen, sighting)
    if not _alike(text, sighting):
        return replace(seen, doubt=differing(sighting))
    if re.search("[:;]", text):
        return replace(seen, doubt=COLON.format(text=text))
    if "," in text:
        return replace(seen, doubt=TAIL.format(text=text))
    if sighting.dirty and "." in text and (" " in text or _has_cramped_point(sighting)):
        return replace(seen, doubt=DUST.format(text=text))
    if sighting.dusty or sighting.grounded:
        return replace(seen, doubt=(DUST if sighting.dusty else GROUNDED).format(text=text))
    if _has_twins(text) and sighting.first.least_sure_of(_TWINS) < _SURE_OF_TWINS:
        return replace(seen, doubt="The print is too poor to tell letters from digits.")
    if is_small and "I" in text and not can_be_told(text, sighting):
        return replace(seen, doubt=UNTOLD)
    is_told = can_be_told(text, sighting) or are_all_told(text, "1", sighting)
    if not is_told and ones.may_be_a_letter(text, sighting):
        return replace(seen, doubt=ones.BARE)
    decided, why = decided_ones(text, tidied(sighting.second.text), sighting)
    if why is None:
        decided, why = decided_rounds(decided, sighting)
    return _spaced(replace(seen, text=decided, doubt=why), sighting)


def _in_capitals(sighting: Sighting) -> Sighting:
    """The sighting with an I for each small l of a number that has no other small letter."""
    second = sighting.second and _with_capital_i(sighting.second)
    return replace(sighting, first=_with_capital_i(sighting.first), second=second)


def _with_capital_i(seen: Glimpse) -> Glimpse:
    plain = seen.text.replace("l", "I")
    return replace(seen, text=plain) if plain.isupper() else seen


def _has_cramped_point(sighting: Sighting) -> bool:
    return small_marks.has_cramped_point(sighting.line, solid(sighting.first.text), sighting.places)


def _has_twins(text: str) -> bool:
    """Whether letters and digits stand together and some of them look alike."""
    plain = text.upper().translate(ALIKE)
    return bool(re.search(r"[A-Z]", plain) and re.search(f"[{_TWINS}]", plain))


def has_lost_strokes(text: str, spread: float) -> bool:
    """Whether a letter may be what is left of another, as a C of an E without its bar; `spread` is what
    the page's characters differ by from their likes."""
    return spread > _STROKES_LOST and bool(set(text) & _RESTS)


_RESTS = frozenset("CFLP")
_STROKES_LOST = 0.06
"""Measured: faxes of 98 lines an inch 0.036 to 0.088; finer ones, copies and scanning apps 0.016 to 0.03."""


def believe_code(sighting: Sighting) -> Belief:
    """A number of digits only (NAIC): letters that look like digits are digits here."""
    text = _digits(sighting.first.text)
    seen = Belief(text, sighting.first.confidence)
    if sighting.second is None:
        sure = sighting.first.weakest >= SURE
    else:
        sure = text in _readings(_digits(sighting.second.text), sighting)
    return seen if sure else replace(seen, doubt=differing(sighting))


def _readings(text: str, sighting: Sighting) -> set[str]:
    """A reader's digits, and those without one that it sees twice where the ink has one less."""
    fewer = len(sighting.line.columns) == len(text) - 1
    return {text, *(text[:i] + text[i + 1 :] for i in range(len(text)) if fewer)}


def _digits(text: str) -> str:
    return re.sub(r"[\s.,'|]", "", text).translate(_AS_DIGITS)


def _as_words(seen: Belief, sighting: Sighting) -> Belief:
    """ "TO BE DETERMINED" and the like: nothing to rely on."""
    return replace(seen, doubt=values.policy_number(seen.text).doubt or differing(sighting))


def _cased_like(text: str, other: str) -> str:
    """The other text as this one is written: in capitals where this one has no small letters (x and
    X differ in size only), and with S for the $ and 1 for the ! that no policy number has."""
    other = other.replace("!", "1")
    other = other.upper() if text.isupper() else other
    return other if "$" in text else other.replace("$", "S")


def _alike(text: str, sighting: Sighting) -> bool:
    """Whether both readers see the same, O or 0: an O that one of them sees as O0 is one character
    where the ink has as many as the first one read."""
    assert sighting.second is not None  # noqa: S101 - asked by `believe`, which knows
    mine = _folded(text)
    theirs = _folded(_cased_like(text, tidied(sighting.second.text)))
    if can_be_told(text, sighting):
        mine, theirs = mine.replace("I", "1"), theirs.replace("I", "1")
    if mine == theirs:
        return True
    counted = len(sighting.line.columns) == len(mine) and sighting.glyphs(len(mine)) is not None
    return counted and _once(mine) == _once(theirs)


def _once(text: str) -> str:
    return re.sub("0+", "0", text)


def _folded(text: str) -> str:
    return re.sub(r"[~–—]?-+|[~–—]", "-", solid(text).translate(ALIKE))


def _spaced(seen: Belief, sighting: Sighting) -> Belief:
    """Spaces where both readers put them and the paper has room, and nowhere else."""
    if seen.doubt or sighting.second is None:
        return seen
    first, second = breaks(seen.text), breaks(tidied(sighting.second.text))
    room = _room(seen.text, sighting)
    if room is None:
        return seen if first == second else replace(seen, doubt=_SPACES)
    spaces = set()
    for index, is_space in enumerate(_judged(room, first, second), start=1):
        if is_space is None:
            return replace(seen, doubt=_SPACES)
        if is_space:
            spaces.add(index)
    return replace(seen, text=with_breaks(seen.text, spaces))


def _judged(room: NDArray[np.float64], first: set[int], second: set[int]) -> Iterator[bool | None]:
    """Whether each gap is a space, by its width and that of the gaps that no reader takes for one and
    that both do; None where it cannot be told."""
    claimed = [(index in first) + (index in second) for index in range(1, len(room) + 1)]
    pairs = list(zip(room.tolist(), claimed, strict=True))
    free = max((gap for gap, readers in pairs if not readers), default=0.0)
    spaces = [gap for gap, readers in pairs if readers == 2]
    sure = min(spaces, default=_SPACE)
    others = sorted(gap for gap, readers in pairs if not readers)[:-1]
    usual = others[-1] if others else 0.0
    widest = max(_NO_SPACE / 2, 0.6 * sure, usual + _WIDER)
    if sure < _NO_SPACE:  # narrow print, whose spaces are narrow, too
        widest = max(_NARROW_SHARE * sure, usual + 0.5 * _WIDER)
    for gap, readers in pairs:
        if gap >= _SPACE:
            yield True
        elif readers == 2:
            yield True if gap > min(0.5 * _NO_SPACE, free + _WIDER) else None
        elif readers == 1:
            yield _claimed_by_one(gap, free, sure, has_spaces=bool(spaces))
        else:
            yield False if gap <= min(_NO_SPACE, widest) else None


def _claimed_by_one(gap: float, free: float, sure: float, *, has_spaces: bool) -> bool | None:
    """The same for a space that one reader sees; `free` is the widest gap that is none, `sure` the
    narrowest space that both see."""
    slack = 0.5 * _WIDER if has_spaces and sure >= _SPACE else 0.0  # wide ones: this one is none
    if gap <= min(free + slack, _NARROW_GAP) or (gap <= 0.5 * _NO_SPACE and sure >= _SPACE):
        return False
    return True if gap >= max(0.75 * sure, free + 1.5 * _WIDER) else None


_NARROW_SHARE = 0.45
"""Share of the number's narrowest space that a gap without one has at most."""

_WIDER, _NARROW_GAP = 0.1, 0.3
"""Heights of the print that a space is wider than other gaps, and the width of a gap that is none
where others are as wide."""


def _room(text: str, sighting: Sighting) -> NDArray[np.float64] | None:
    """Free paper before each character, less what thin characters leave around themselves."""
    room = gaps(text, sighting.glyphs(len(solid(text))), sighting.line.height)
    if room is None or not len(room):
        return room
    thin = np.array([character in _THIN for character in solid(text)], dtype=float)
    airy = max(0.0, float(np.median(room)) - _USUAL_ROOM)
    return np.asarray(room - airy - _THIN_ROOM * (thin[1:] + thin[:-1]), dtype=np.float64)
