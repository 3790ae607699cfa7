"""An insurer's notice of cancellation: which policy it ends, when, and when it was sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from connector.certificate import values
from connector.certificate.entry import Source
from connector.certificate.notices import CancellationNotice
from connector.extraction.endorsement_forms import printed_numbers

NO_END = "The day on which the policy ends could not be read."
NOT_BESIDE = "It is not certain which day is the one on which the policy ends."
SEVERAL_ENDS = "The notice names several days on which the policy ends."
FROM_A_PICTURE = "The notice was read from a picture."
NO_NUMBER = "The policy number could not be read."

MOST_TEXT = 8_000
"""Characters of a page that are kept; a notice is one page."""

_DAY = re.compile(
    r"(?i)\b(\d{1,2}[/\-.]\d{1,2}[/\-.](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})\b"
)
_CANCELLED = r"(?:cancell?(?:ation|ed|ing)?|terminat(?:ion|ed|es)|non-?\s?renew(?:al|ed))"
_ENDS = re.compile(
    rf"(?i)effective\s+(?:date|day)(?:\s+and\s+(?:hour|time))?\s+of\s+(?:the\s+)?{_CANCELLED}"
    rf"|{_CANCELLED}\s+(?:is\s+|are\s+|will\s+be\s+|shall\s+be\s+)?(?:effective|date|takes?\s+effect|will\s+take\s+effect)"
    rf"|(?:date|day)\s+of\s+{_CANCELLED}"
    rf"|\b(?:be|is|are|been)\s+(?:hereby\s+)?{_CANCELLED}"
    r"|(?:policy|coverage|insurance)\s+(?:will\s+)?(?:ends?|ceases?|expires?|terminates?)"
)
_NOTICED = re.compile(
    r"(?i)(?:date\s+(?:of\s+(?:this\s+)?(?:notice|mailing)|mailed|issued|prepared)"
    r"|(?:notice|mailing|issue)\s+date|mailed\s+on|(?m:^date\b))"
)
_POLICY = re.compile(
    r"(?i)policy\s*(?:number|no\.?|#)(?:\(s\))?\s*:?\s*(?P<number>[A-Z0-9][\w\-./ ]*\d[\w\-./]*)"
)
_INSURED = re.compile(
    r"(?im)^(?:first\s+)?(?:named\s+)?insured(?:'s\s+name)?\s*:\s*(?P<name>\S.*)$"
)

_BETWEEN = re.compile(
    r"(?i)^(?:\W|\b(?:effective|takes?|effect|date|day|and|hour|time|standard|local|at|on|is|as|of|from|the|12:01|a\.?m\b|12|01)\b)*$"
)
"""What may stand between a label and its day: "at 12:01 a.m. standard time on"."""

_REACH = 100
"""Characters behind a label in which its day stands."""


def notice_on(page: int, source: Source, texts: Sequence[str]) -> CancellationNotice | None:
    """The notice on a page that is headed as one, by its lines from the top.

    None for an endorsement about notice: it ends no policy, and prints its form number at the foot.
    """
    text = "\n".join(texts)
    ends, issued = _days_behind(_ENDS, text), _days_behind(_NOTICED, text)
    if not ends and any(True for line in texts[-3:] for _ in printed_numbers(line)):
        return None
    number, insured = _POLICY.search(text), _INSURED.search(text)
    noticed = issued[0].day if issued and issued[0].is_beside else None
    doubts = [_doubt(ends, noticed), "" if number else NO_NUMBER, _by_picture(source)]
    return CancellationNotice(
        page=page,
        text=text[:MOST_TEXT],
        policy_number=number["number"].strip() if number else None,
        is_number_sure=number is not None and source is not Source.OCR,
        insured=insured["name"].strip() if insured else None,
        noticed=noticed,
        ends=min((place.day for place in ends), default=None),
        doubt=" ".join(filter(None, doubts)) or None,
    )


class _Place(NamedTuple):
    """A day behind a label; `is_beside` unless other words stand between."""

    day: date
    is_beside: bool


def _doubt(ends: Sequence[_Place], noticed: date | None) -> str:
    """Why nobody knows when the policy ends; "" where it is certain."""
    if not ends:
        return NO_END
    if len({place.day for place in ends}) > 1:
        return SEVERAL_ENDS
    is_early = noticed is not None and ends[0].day < noticed
    return NOT_BESIDE if is_early or not ends[0].is_beside else ""


def _by_picture(source: Source) -> str:
    return FROM_A_PICTURE if source is Source.OCR else ""


def _days_behind(label: re.Pattern[str], text: str) -> list[_Place]:
    """The days behind the label's places, each read without doubt; those right beside it, if any."""
    found = []
    for place in label.finditer(text):
        behind = text[place.end() : place.end() + _REACH]
        printed = _DAY.search(behind)
        parsed = values.day(" ".join(printed[0].split())) if printed else None
        if printed and parsed and parsed.value and not parsed.doubt:
            found.append(_Place(parsed.value, bool(_BETWEEN.match(behind[: printed.start()]))))
    return [place for place in found if place.is_beside] or found
