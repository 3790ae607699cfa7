"""A certificate that states every line and meets nothing: what a rule then says it requires are its own
words, taken from the test itself, and can never say something else."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from connector.certificate.entries import build
from connector.certificate.entry import Entry, Evidence, Source, read
from connector.certificate.field import Kind
from connector.certificate.fields import BY_PATH, LINE_OF
from connector.certificate.model import OTHER_LINES, Certificate
from connector.checking.subject import KINDS_OF_OTHER_LINES

_SEEN = Evidence(1, None, "-", Source.TEXT_LAYER)
_LONG_AGO = {"effective_date": date(2000, 1, 1), "expiration_date": date(2001, 1, 1)}


@cache
def meets_nothing(line: str | None) -> Certificate:
    """Every line is on it, long run out and with one dollar of everything; its free row is of this
    line, where it is a kind."""
    kind = line if line in KINDS_OF_OTHER_LINES else KINDS_OF_OTHER_LINES[0]
    found: dict[str, Entry[Any]] = {"insured.name": read("nobody", _SEEN)}
    for path, owner in LINE_OF.items():
        box = path.partition(".")[2]
        if BY_PATH[path].kind is Kind.USD:
            found[path] = read(1, _SEEN)
        elif box in _LONG_AGO:
            found[path] = read(_LONG_AGO[box], _SEEN)
        elif box == "policy_number":
            found[path] = read("-", _SEEN)
        elif box == "kind" and owner == OTHER_LINES[0]:
            found[path] = read(kind, _SEEN)
    return build(found)
