"""What one test says of one packet, before severity, waivers and place are added to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from connector.certificate.entry import Entry
from connector.checking.codes import Code
from connector.checking.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """`required` and `found` are words for a person; `entry` is where it was seen."""

    outcome: Outcome
    code: Code
    required: str
    found: str
    entry: Entry[Any] | None = None


def met(
    required: str, found: str, entry: Entry[Any] | None = None, code: Code = Code.MET
) -> Answer:
    return Answer(Outcome.MET, code, required, found, entry)


def not_met(code: Code, required: str, found: str, entry: Entry[Any] | None = None) -> Answer:
    return Answer(Outcome.NOT_MET, code, required, found, entry)


def unclear(code: Code, required: str, found: str, entry: Entry[Any] | None = None) -> Answer:
    return Answer(Outcome.UNCLEAR, code, required, found, entry)


def unreadable(required: str, entry: Entry[Any]) -> Answer:
    """The box holds something that nobody should rely on: never a pass, never a failure."""
    reason = entry.doubt or "It could not be read with certainty."
    return unclear(Code.UNREADABLE, required, f"unclear: {reason}", entry)


_ORDER = {Outcome.NOT_MET: 0, Outcome.UNCLEAR: 1, Outcome.MET: 2}


def worst(answers: Iterable[Answer]) -> Answer:
    """The first failure, else the first doubt, else the first pass. At least one is needed."""
    return min(answers, key=lambda answer: _ORDER[answer.outcome])


def best(answers: Iterable[Answer]) -> Answer:
    """The first pass, else the first doubt, else the first failure. At least one is needed."""
    return max(answers, key=lambda answer: _ORDER[answer.outcome])


def dollars(amount: int) -> str:
    """1000000 -> "$1,000,000"."""
    return f"${amount:,}"


def american(day: date) -> str:
    """A date as the form prints it: "03/01/2027"."""
    return f"{day.month:02}/{day.day:02}/{day.year}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """ "a, b and c"."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
