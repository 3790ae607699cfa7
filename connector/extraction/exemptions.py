"""A state's certificate that a business needs no workers' compensation policy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from connector.certificate import values
from connector.certificate.entry import Source
from connector.certificate.notices import ExemptionNotice
from connector.certificate.states import STATES

NO_EXPIRY = "The day on which the exemption ends could not be read."
NO_STATE = "It is not sure which state granted the exemption."
NO_NAME = "The name of the exempt business could not be read."
FROM_A_PICTURE = "The exemption was read from a picture."

_DAY = r"(?P<day>\d{1,2}[/\-.]\d{1,2}[/\-.](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|[A-Za-z]{3,9}\.?\s+\d{1,2},?\s+\d{4})"
_EXPIRES = re.compile(
    rf"(?i)(?:expiration\s+date|expires(?:\s+on)?|exp\.?\s+date|valid\s+(?:through|until|to))\s*:?\s*{_DAY}"
)
_NUMBER = re.compile(
    r"(?i)(?:exemption|certificate)(?:\s+certificate)?\s*(?:number|no\.?|#)\s*:?\s*(?P<number>[A-Z0-9][A-Z0-9\-]*\d[A-Z0-9\-]*)"
)
_NAME = re.compile(
    r"(?im)^(?:(?:business|company|legal\s+entity|corporation|employer)(?:'s)?\s+name|name\s+of\s+(?:business|company|employer))"
    r"(?:\s+and\s+address)?\s*:?[ \t]*\n?(?P<name>\S.*)$"
)
_COMPENSATION = r"workers?['’]?s?\s+compensation"
_IS_ONE = re.compile(
    r"(?i)certificate\s+of\s+(?:election\s+to\s+be\s+exempt|(?:attestation\s+of\s+)?exemption)"
    rf"|{_COMPENSATION}\s+(?:insurance\s+)?exemption|exempt(?:ion)?\s+from\s+(?:\w+\s+){{0,4}}{_COMPENSATION}"
)
_ANY_STATE = "|".join(STATES.values())
_OF_STATE = re.compile(
    rf"(?i)\b({_ANY_STATE})\s+(?:state\s+)?{_COMPENSATION}|\bstate\s+of\s+({_ANY_STATE})\b"
)


def is_exemption(heading: Sequence[str]) -> bool:
    """Whether the first lines of a page are those of an exemption certificate."""
    return bool(_IS_ONE.search(" ".join(" ".join(heading).split())))


def exemption_on(page: int, source: Source, texts: Sequence[str]) -> ExemptionNotice:
    """What the exemption certificate on a page says, by its lines from the top."""
    text = "\n".join(texts)
    ends = {day for found in _EXPIRES.finditer(text) if (day := _day(found["day"])) is not None}
    number, name = _NUMBER.search(text), _NAME.search(text)
    state = _state(text)
    doubts = [
        "" if len(ends) == 1 else NO_EXPIRY,
        "" if state else NO_STATE,
        "" if name else NO_NAME,
        FROM_A_PICTURE if source is Source.OCR else "",
    ]
    return ExemptionNotice(
        page=page,
        state=state,
        name=name["name"].strip(" ,") if name else None,
        number=number["number"] if number else None,
        expires=min(ends) if ends else None,
        doubt=" ".join(filter(None, doubts)) or None,
    )


def _day(text: str) -> date | None:
    parsed = values.day(text)
    return parsed.value if not parsed.doubt else None


def _state(text: str) -> str | None:
    """The state that the page names as the one granting it; None unless it is one only."""
    names = {(one or other).casefold() for one, other in _OF_STATE.findall(" ".join(text.split()))}
    codes = [code for code, name in STATES.items() if name.casefold() in names]
    return codes[0] if len(codes) == 1 else None
