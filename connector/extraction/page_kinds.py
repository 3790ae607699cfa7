"""What each page of a document is: a certificate, its continuation, an endorsement, a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from connector.extraction.exemptions import is_exemption


class PageKind(StrEnum):
    CERTIFICATE = "certificate"
    CONTINUATION = "continuation"
    ENDORSEMENT = "endorsement"
    CANCELLATION = "cancellation"
    EXEMPTION = "exemption"
    OTHER_FORM = "other_form"
    LETTER = "letter"
    PICTURE = "picture"
    BLANK = "blank"


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
    r"(?i)\bnotice\s+of\s+(policy\s+)?(cancell?ation|non-?renewal|intent\s+to\s+cancel)|\bcancell?ation\s+notice\b"
)
_CHANGES_POLICY = re.compile(r"(?i)this\s+endorsement\s+(changes|modifies|forms)")
_REMARKS = re.compile(r"(?i)additional\s+remarks\s+schedule")
_TITLE = re.compile(
    r"(?i)^(acord\W*)?(certificate|evidence|memorandum|verification)\s+of\s+(\w+\s+){0,3}?(insurance|coverage)$"
)
HEADING_LINES = 14
"""A title stands among the first lines of its page."""


def is_title(line: str) -> bool:
    """Whether a line is the title of a certificate: that and nothing else."""
    return bool(_TITLE.match(" ".join(line.split())))


def kind_of(lines: Sequence[str]) -> PageKind:
    """What a page is by its words, line by line from the top.

    Whether a certificate is on a known form is not asked here.
    """
    text = "\n".join(lines)
    forms = {printed.form for printed in printed_forms(text)}
    heading = lines[:HEADING_LINES]
    if "ACORD 25" in forms:
        return PageKind.CERTIFICATE
    if "ACORD 101" in forms or any(_REMARKS.fullmatch(line.strip()) for line in heading):
        return PageKind.CONTINUATION
    if _CHANGES_POLICY.search(text):
        return PageKind.ENDORSEMENT
    if forms:
        return PageKind.OTHER_FORM
    if any(_CANCELLATION.search(line) for line in heading):
        return PageKind.CANCELLATION
    if is_exemption(heading):
        return PageKind.EXEMPTION
    if any(is_title(line) for line in heading):
        return PageKind.CERTIFICATE
    return PageKind.LETTER
