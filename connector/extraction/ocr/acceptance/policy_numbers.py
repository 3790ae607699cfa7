"""Policy numbers: seen alike, every O and 0 decided by the width of its ink, spaces by the gap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from connector.certificate import values
from connector.extraction.ocr.acceptance.names import DUST, GROUNDED, UNREAD
from connector.extraction.ocr.sighting import Belief, Sighting, differing
from connector.extraction.ocr.spacing import breaks, gaps, solid, with_breaks

_WIDE, _NARROW = 1.21, 1.135
"""Ink width of an O against the number's usual digit: wider is O, narrower is 0, between a doubt.

Measured on four families of type as scans, photos and faxes: 0 from 0.89 to 1.13, O from 1.17.
"""

_ZERO = 1.12, 1.17
"""The same against the zeros of the page's amounts: 0 up to 1.13, on faxes rarely to 1.15; O from 1.19."""

_PLAIN_O, _PLAINEST_O = 1.27, 1.33
"""Widths of an O that two readers take for a 0, measured in both ways and in one."""

_ENOUGH, _PLENTY = 2, 4
"""Other digits needed to know how wide a digit of this print is, and to overrule both readers."""

_TOUCHING = "The letters touch: an O cannot be told from a 0."
_UNTOLD = "An O cannot be told from a 0 in this print."

_PLAUSIBLE = 0.8, 1.7
"""Widths outside of this are no O and no 0: the characters were not told apart rightly."""

_SPACE, _NO_SPACE = 0.6, 0.4
"""Free width against the height of the print: wider is a space, narrower is none."""

_THIN, _THIN_ROOM = "1-.,/'Il", 0.12
"""Thin characters, and how much more paper they leave on a side in print of even pitch."""

_USUAL_ROOM = 0.15
"""Free paper between characters of proportional print; typewriter print is airier throughout."""

_SPACES = "It is not clear whether the number has spaces."
_SURE = 0.9
_TWINS, _SURE_OF_TWINS = "2Z5S8B1I", 0.65
"""Letters and digits that look alike, O and 0 aside: those are told apart by their ink."""
_ALIKE = str.maketrans("Oo", "00")
_AS_DIGITS = str.maketrans("OoQDlI|!SBZ", "00001111582")


def believe(sighting: Sighting) -> Belief:
    """The number as printed, or the best reading and why it is not sure."""
    text = _tidied(sighting.first.text)
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
    if sighting.dusty or sighting.grounded:
        return replace(seen, doubt=(DUST if sighting.dusty else GROUNDED).format(text=text))
    if _has_twins(text) and sighting.first.least_sure_of(_TWINS) < _SURE_OF_TWINS:
        return replace(seen, doubt="The print is too poor to tell letters from digits.")
    decided, why = _round_ones(text, sighting)
    return _spaced(replace(seen, text=decided, doubt=why), sighting)


def _has_twins(text: str) -> bool:
    """Whether letters and digits stand together and some of them look alike."""
    plain = text.upper().translate(_ALIKE)
    return bool(re.search(r"[A-Z]", plain) and re.search(f"[{_TWINS}]", plain))


def believe_code(sighting: Sighting) -> Belief:
    """A number of digits only (NAIC): letters that look like digits are digits here."""
    text = _digits(sighting.first.text)
    seen = Belief(text, sighting.first.confidence)
    if sighting.second is None:
        sure = sighting.first.weakest >= _SURE
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


def _tidied(text: str) -> str:
    return re.sub(r"^[\s|!'.,:;_]+|[\s|!'.,:;_]+$", "", values.tidy(text))


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
    theirs = _folded(_cased_like(text, _tidied(sighting.second.text)))
    if mine == theirs:
        return True
    counted = len(sighting.line.columns) == len(mine) and sighting.glyphs(len(mine)) is not None
    return counted and _once(mine) == _once(theirs)


def _once(text: str) -> str:
    return re.sub("0+", "0", text)


def _folded(text: str) -> str:
    return re.sub(r"[~–—]?-+|[~–—]", "-", solid(text).translate(_ALIKE))


def _round_ones(text: str, sighting: Sighting) -> tuple[str, str | None]:
    """The text with every O and 0 decided by its ink, or a sentence why that cannot be."""
    plain = solid(text)
    if "O" not in text.upper() and "0" not in text:
        return text, None
    widths = _glyph_widths(plain, sighting)
    if not re.search(r"[A-Za-z]", plain.translate(_ALIKE)):
        return _without_other_letters(text, widths, sighting)
    if widths is None:
        return text, None if _plainly_zeros(text, sighting) else _TOUCHING
    return _decided(text, widths, sighting)


def _without_other_letters(
    text: str, widths: NDArray[np.float64] | None, sighting: Sighting
) -> tuple[str, str | None]:
    """Digits and signs, in which an O is rare: it takes a reader and the ink to make one of a 0."""
    zeros = text.translate(_ALIKE)
    if any("O" in claim for claim in _claims(text, sighting)):
        return (zeros, _TOUCHING) if widths is None else _decided(text, widths, sighting)
    if widths is None or len(sighting.line.columns) != len(widths):
        return zeros, None
    return zeros, None if _decided(text, widths, sighting)[0] == zeros else _UNTOLD


def _plainly_zeros(text: str, sighting: Sighting) -> bool:
    """Whether both readers see the same and every 0 stands in a part of the number without letters."""
    alike = sighting.second is not None and _same_rounds(text, sighting.second.text)
    parts = re.split(r"[\W_]+", text)
    mixed = [part for part in parts if re.search(r"[A-Za-z]", part) and re.search(r"[0Oo]", part)]
    return alike and not mixed and sighting.first.weakest >= _SURE


def _decided(text: str, widths: NDArray[np.float64], sighting: Sighting) -> tuple[str, str | None]:
    """Each O and 0 by its width against the number's digits, and against the zeros of the page's
    amounts; what neither reader saw needs both, or much."""
    plain = solid(text)
    digits = [w for w, c in zip(widths, plain, strict=True) if c in "23456789"]
    if len(digits) < _ENOUGH and not sighting.zero:
        return text, _UNTOLD
    widths = _evened(widths, plain, sighting.zero or float(np.median(digits)))
    claims = _claims(text, sighting)
    measured = len(sighting.line.columns) == len(plain)
    letters = list(plain)
    for index, width in enumerate(widths):
        if plain[index] not in "Oo0":
            continue
        shares = _Shares(
            width / float(np.median(digits)) if len(digits) >= _ENOUGH else None,
            width / sighting.zero if sighting.zero else None,
            enough=measured and (len(digits) >= _PLENTY or sighting.zero is not None),
        )
        found = shares.letter(claims[index], among_digits=_among_digits(text, index))
        if found is None:
            return text, _UNTOLD
        letters[index] = found
    return with_breaks("".join(letters), breaks(text)), None


def _evened(widths: NDArray[np.float64], text: str, usual: float) -> NDArray[np.float64]:
    """The widths, with two neighbours of which one has lost to the other what it lacks made even: a
    digit whose stroke touches the digit beside it."""
    even = widths.copy()
    for left in range(len(text) - 1):
        pair = even[left : left + 2]
        if any(c not in "023456789Oo" for c in text[left : left + 2]):
            continue
        lost = pair.min() < _PLAUSIBLE[0] * usual and pair.max() > (2 - _PLAUSIBLE[0]) * usual
        if lost and abs(float(pair.sum()) - 2 * usual) <= _EVEN * usual:
            even[left : left + 2] = pair.mean()
    return even


_EVEN = 0.2
"""Usual widths that two digits together may differ from two."""


@dataclass(frozen=True, slots=True)
class _Shares:
    """How wide a round character is, against the number's usual digit and the page's usual zero;
    `enough` digits were measured to speak against both readers."""

    of_digit: float | None
    of_zero: float | None
    enough: bool

    def letter(self, claims: set[str], *, among_digits: bool) -> str | None:
        """O or 0, or None where it cannot be told."""
        known = [share for share in (self.of_digit, self.of_zero) if share is not None]
        if not _PLAUSIBLE[0] < known[-1] < _PLAUSIBLE[1]:
            return "0" if among_digits and claims == {"0"} else None
        votes = {_vote(self.of_digit, _NARROW, _WIDE), _vote(self.of_zero, *_ZERO)} - {None}
        if len(votes) != 1:
            return "0" if among_digits and "O" not in votes and "0" in claims else None
        found = votes.pop()
        return found if found in claims or self._overrule(known, found) else None

    def _overrule(self, known: Sequence[float], found: str | None) -> bool:
        """Whether the ink is plain enough to speak against both readers, who see an O as 0 at times."""
        if found != "O" or not self.enough:
            return False
        return min(known) >= (_PLAIN_O if len(known) == 2 else _PLAINEST_O)


def _vote(share: float | None, narrow: float, wide: float) -> str | None:
    if share is None or narrow < share < wide:
        return None
    return "O" if share >= wide else "0"


def _among_digits(text: str, index: int) -> bool:
    """Whether this character of the solid text stands in a part of the number that is all digits."""
    start = 0
    for part in re.findall(r"[A-Za-z0-9]+|[^A-Za-z0-9\s]+", text):
        if start <= index < start + len(part):
            return bool(part.isdigit())
        start += len(part)
    return False


def _claims(text: str, sighting: Sighting) -> list[set[str]]:
    """What each reader took each character for, in capitals."""
    first = solid(text)
    second = solid(_tidied(sighting.second.text)) if sighting.second else first
    if len(second) != len(first):  # a dash that one of them saw as two
        second = first
    return [{a.upper(), b.upper()} for a, b in zip(first, second, strict=True)]


def _same_rounds(first: str, second: str) -> bool:
    return solid(first) == solid(second)


def _glyph_widths(text: str, sighting: Sighting) -> NDArray[np.float64] | None:
    """The ink width of each character, where they can be told apart."""
    columns = sighting.glyphs(len(text))
    return None if columns is None else (columns[:, 1] - columns[:, 0]).astype(float)


def _spaced(seen: Belief, sighting: Sighting) -> Belief:
    """Spaces where both readers put them and the paper has room, and nowhere else."""
    if seen.doubt or sighting.second is None:
        return seen
    first, second = breaks(seen.text), breaks(_tidied(sighting.second.text))
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
    sure = min((gap for gap, readers in pairs if readers == 2), default=_SPACE)
    others = sorted(gap for gap, readers in pairs if not readers)[:-1]
    widest = max(_NO_SPACE / 2, 0.6 * sure, (others[-1] if others else 0.0) + _WIDER)
    for gap, readers in pairs:
        if gap >= _SPACE:
            yield True
        elif readers == 2:
            yield True if gap > min(0.5 * _NO_SPACE, free + _WIDER) else None
        elif readers == 1:
            yield _claimed_by_one(gap, free, sure)
        else:
            yield False if gap <= min(_NO_SPACE, widest) else None


def _claimed_by_one(gap: float, free: float, sure: float) -> bool | None:
    """The same for a space that one reader sees; `free` is the widest gap that is none, `sure` the
    narrowest space that both see."""
    if gap <= 0.5 * _NO_SPACE or gap <= min(free + 0.8 * _WIDER, _NARROW_GAP):
        return False
    return True if gap >= max(0.75 * sure, free + 1.5 * _WIDER) else None


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
