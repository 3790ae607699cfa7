"""What each page of a document is: a certificate, its continuation, an endorsement, a letter."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple


class PageKind(StrEnum):
    CERTIFICATE = "certificate"
    CONTINUATION = "continuation"
    ENDORSEMENT = "endorsement"
    CANCELLATION = "cancellation"
    OTHER_FORM = "other_form"
    LETTER = "letter"
    PICTURE = "picture"


class PrintedForm(NamedTuple):
    """The name and edition that a form prints at its foot: "ACORD 25", "2016/03"."""

    form: str
    edition: str | None


_FOOT = re.compile(
    r"ACORD\s*(?:TM|®|™)?\s*(\d{2,3})(?:\s*-?\s*S)?(?:\s+[A-Z]{2})?\s*\(\s*(\d{4}|\d{1,2})\s*[/\-]\s*(\d{2,4})\s*\)"
)


def printed_forms(text: str) -> list[PrintedForm]:
    """Every form name with an edition that the text prints."""
    return [
        PrintedForm(f"ACORD {int(found[1])}", _edition(found[2], found[3]))
        for found in _FOOT.finditer(text.upper())
    ]


def _edition(first: str, second: str) -> str:
    if len(first) == 4:
        return f"{first}/{second[:2]}"
    year = second if len(second) == 4 else f"{'19' if int(second) > 50 else '20'}{second:0>2}"
    return f"{year}/{int(first):02d}"


_CANCELLATION = re.compile(
    r"(?i)\bnotice of (cancellation|cancelation|nonrenewal|non-renewal|intent to cancel)\b"
)
_CHANGES_POLICY = re.compile(r"(?i)this\s+endorsement\s+(changes|modifies)\s+(the|insurance)")
_REMARKS = re.compile(r"(?i)additional\s+remarks\s+schedule")
_TITLE = re.compile(r"(?i)certificate\s+of\s+(liability\s+)?insurance|certificate\s+of\s+coverage")


def kind_of(text: str) -> PageKind:
    """What a page is by its words alone; whether a certificate is a known form is not asked here."""
    forms = {printed.form for printed in printed_forms(text)}
    if "ACORD 25" in forms:
        return PageKind.CERTIFICATE
    if "ACORD 101" in forms or ("ACORD 101" in text.upper() and _is_remarks(text)):
        return PageKind.CONTINUATION
    if _CHANGES_POLICY.search(text):
        return PageKind.ENDORSEMENT
    if forms:
        return PageKind.OTHER_FORM
    if _CANCELLATION.search(text[:1500]):
        return PageKind.CANCELLATION
    if _TITLE.search(text):
        return PageKind.CERTIFICATE
    return PageKind.LETTER


def _is_remarks(text: str) -> bool:
    """The schedule itself; a certificate only mentions it in brackets."""
    return bool(_REMARKS.search(text)) and "AGENCY CUSTOMER ID" in text.upper()
