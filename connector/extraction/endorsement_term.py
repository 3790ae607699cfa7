"""The days that an endorsement page prints as its own or its policy's: from when, until when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from connector.certificate import values

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY = (
    r"(\d{1,2}[/\-.]\d{1,2}[/\-.](?:\d{4}|\d{2})|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}|"
    rf"{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}[\s\-]{_MONTH}\.?[\s\-]\d{{4}})\b"
)
_AT = r"(?:\W|\b(?:12:01|12|01|a\.?m\b\.?|on|at|of|is|date|day|standard|local|time|from|this|the|endorsement|policy)\b){0,12}?"
_BEGINS = re.compile(
    rf"(?i)\b(?:effective|eff|inception)\b\.?(?:\s+date\b)?{_AT}{_DAY}"
    rf"|\b(?:policy|coverage)\s+(?:period|term)\b{_AT}{_DAY}"
)
_ENDS = re.compile(
    rf"(?i)\bexp(?:ir(?:ation|es|y))?\b\.?(?:\s+date\b)?{_AT}{_DAY}"
    rf"|\b(?:policy|coverage)\s+(?:period|term)\b{_AT}{_DAY}{_AT}(?:to|until|through|thru|[-–—])\W{{0,3}}{_AT}{_DAY}"
)


def printed_on(texts: Sequence[str]) -> tuple[date | None, date | None]:
    """The day it takes effect and the day its term ends, by the page's lines; None where none is
    printed. Of several days the last one begins it and the first one ends it: the narrower term."""
    text = "\n".join(texts)
    begins, ends = list(_days(_BEGINS, text)), list(_days(_ENDS, text))
    return max(begins, default=None), min(ends, default=None)


_ANY = re.compile(rf"(?i)(?<![\w/.\-]){_DAY}(?!-\d{{1,3}}(?![\d/]))")
"""Not within a policy number ("GL 12-01-24-77")."""


def days_on(texts: Sequence[str]) -> tuple[date, ...]:
    """Every day that the page prints, whatever for: a table's headings stand apart from its days.

    One that may name the day before the month is among them: its year tells another term, too.
    """
    return tuple(dict.fromkeys(_days(_ANY, "\n".join(texts), doubtful=True)))


def _days(label: re.Pattern[str], text: str, *, doubtful: bool = False) -> Iterator[date]:
    """The last day of each match: that of a period's end is behind the one that it begins on."""
    for found in label.finditer(text):
        printed = [each for each in found.groups() if each][-1]
        parsed = values.day(_plain(" ".join(printed.split())))
        if parsed.value is not None and (doubtful or not parsed.doubt):
            yield parsed.value


def _plain(printed: str) -> str:
    """A day that begins with its year as ISO 8601 writes it: "2024/1/31" is 2024-01-31."""
    year_first = re.fullmatch(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", printed)
    return "-".join(part.zfill(2) for part in year_first.groups()) if year_first else printed
