"""Dates: valid, seen alike by both readers, and in keeping with the other date of their line."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from connector.certificate import values
from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.sighting import Belief, Sighting, differing

_SURE = 0.95
_VERY_SURE = 0.98
_PARTED = re.compile(r"(\d{1,2})[^\w\s-](\d{1,2})[^\w\s-](\d{4}|\d{2})")
_DOTTED = re.compile(r"\d{1,2} ?\. ?\d{1,2} ?\. ?(\d{4}|\d{2})")
_STRAY = re.compile(r"^[\s|!'.,:;()\[\]_-]+|[\s|!'.,:;()\[\]_-]+$")


def day_in(glimpse: Glimpse | None) -> date | None:
    """The date a reader saw, if it is one without a doubt."""
    if glimpse is None:
        return None
    parsed = values.day(_plain(glimpse.text))
    return None if parsed.doubt else parsed.value


def _plain(text: str) -> str:
    """The text with slashes where any other stroke or point parts a day, month and year."""
    plain = _STRAY.sub("", text).replace(" ", "")
    found = _PARTED.fullmatch(plain)
    return "/".join(found.groups()) if found else plain


def _as_printed(sighting: Sighting) -> str:
    """The first reader's text; with its points where both readers see points between the numbers,
    as those who put the day before the month print it."""
    texts = [
        _STRAY.sub("", glimpse.text) for glimpse in (sighting.first, sighting.second) if glimpse
    ]
    if len(texts) > 1 and all(_DOTTED.fullmatch(text) for text in texts):
        return texts[0].replace(" ", "")
    return _plain(sighting.first.text)


def single(sighting: Sighting) -> Belief:
    """A date that stands alone: the certificate's own, or one whose partner was not found."""
    sighting = _without_specks(sighting)
    return _with_first_digits(_alone(sighting), sighting)


def _alone(sighting: Sighting) -> Belief:
    first, second = day_in(sighting.first), day_in(sighting.second)
    seen = Belief(_as_printed(sighting), sighting.first.confidence)
    if first is None:
        return _from_second(sighting, second)
    if sighting.through:
        return replace(seen, doubt="A stroke crosses the rule behind this date.")
    if first == second or (sighting.second is None and sighting.first.weakest >= _VERY_SURE):
        return seen
    return replace(seen, doubt=differing(sighting))


def _without_specks(sighting: Sighting) -> Sighting:
    """The sighting without points that the first reader saw inside a number, where the second reader saw
    the same date without them."""
    first, second = sighting.first, sighting.second
    if second is None or day_in(first) is not None or day_in(second) is None:
        return sighting
    plain = re.sub(r"[.,:·'`’\s]", "", first.text)
    if "/" not in plain or plain != _plain(second.text):
        return sighting
    return replace(sighting, first=replace(first, text=plain))


def _from_second(sighting: Sighting, second: date | None) -> Belief:
    best = sighting.second if second and sighting.second else sighting.first
    return Belief(_plain(best.text), best.confidence, differing(sighting))


def pair(effective: Sighting, expiration: Sighting) -> tuple[Belief, Belief]:
    """The two dates of a policy: a term of a year proves what a weak reading cannot."""
    effective, expiration = _without_specks(effective), _without_specks(expiration)
    beliefs = single(effective), single(expiration)
    starts, ends = day_in(effective.first), day_in(expiration.first)
    if starts is None or ends is None:
        return beliefs
    if ends <= starts:
        why = "The expiration date is not after the effective date."
        return _doubted(beliefs[0], why), _doubted(beliefs[1], why)
    sightings = effective, expiration
    if _is_year(starts, ends):
        return _proved(beliefs[0], effective), _proved(beliefs[1], expiration)
    if all(_is_plain(sighting) for sighting in sightings):
        return beliefs
    why = "The two dates are not a year apart and the print is not clear enough to be sure."
    return _doubted(beliefs[0], why), _doubted(beliefs[1], why)


def _with_first_digits(belief: Belief, sighting: Sighting) -> Belief:
    """The same, in doubt where a 1 may be lost in the rule on its left: 12/01 that is left as 2/01."""
    met = sighting.spills or sighting.through or sighting.touching
    lost = met and _MAY_BE_CUT.match(belief.text)
    return replace(belief, doubt=FIRST_LOST) if lost else belief  # whatever else: no year lifts it


FIRST_LOST = "The first digit of this date may be lost in the rule beside it."
_MAY_BE_CUT = re.compile(r"[012]\D")


def _proved(belief: Belief, sighting: Sighting) -> Belief:
    """A doubt lifted by the other date, where the first reader was sure of this one."""
    lost = belief.doubt == FIRST_LOST  # 1/15 to 1/15 of the next year: what is left of two 11/15
    if (
        belief.doubt
        and not lost
        and sighting.first.weakest >= _SURE
        and not _contradicted(sighting)
    ):
        return replace(belief, doubt=None)
    return belief


def _contradicted(sighting: Sighting) -> bool:
    """Whether the second reader saw another valid date."""
    second = day_in(sighting.second)
    return second is not None and second != day_in(sighting.first)


def _is_plain(sighting: Sighting) -> bool:
    alike = sighting.second is None or day_in(sighting.second) == day_in(sighting.first)
    cut = sighting.through or (sighting.spills and sighting.touching)
    return alike and sighting.first.weakest >= _SURE and not cut


def _is_year(starts: date, ends: date) -> bool:
    try:
        later = starts.replace(year=starts.year + 1)
    except ValueError:  # 29 February
        later = starts.replace(year=starts.year + 1, day=28)
    return abs(ends - later) <= timedelta(days=1)


def _doubted(belief: Belief, why: str) -> Belief:
    return replace(belief, doubt=belief.doubt or why)
