"""What differs between a vendor's certificate and the ones before it: lines, limits, dates.

Only what is certain on both sides is compared. A doubtful value is no change: once a person has
confirmed it, the certificates are compared again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from connector.certificate.entries import entry_at, lines_present
from connector.certificate.entry import Entry
from connector.certificate.field import Kind
from connector.certificate.fields import BY_PATH, LINE_OF
from connector.certificate.model import OTHER_LINES, Certificate

DIRECTIONS = ("increased", "decreased", "later", "earlier", "added", "removed", "changed")
"""Of an amount, of a date, of what was not stated on one of the two sides, of anything else."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `key` names the value, or the line as a whole. None is not stated.

    `old` and `new` are as a person writes them: $1,000,000, 2027-03-01, INCLUDED.
    """

    line: str
    key: str
    label: str
    direction: str
    old: str | None
    new: str | None


def changes(after: Certificate, earlier: Sequence[Certificate]) -> list[Change]:
    """What `after` says differently from the newest of the `earlier` that states the same line.

    `earlier` are the same vendor's, newest first. A line that none of them stated was added; one
    that only the certificate just before stated was removed.
    """
    if not earlier:
        return []
    found: list[Change] = []
    for line in lines_present(after):
        stating = ((c, twin) for c in earlier if (twin := _twin(line, after, c)) is not None)
        before, twin = next(stating, (None, line))
        found += _values(before, twin, after, line) if before else [_whole(line, "added")]
    return found + [_whole(line, "removed") for line in _removed(earlier[0], after)]


def _removed(before: Certificate, after: Certificate) -> list[str]:
    """Lines of `before` that its successor does not state.

    A successor states at least one line of the one before; else the two stand side by side, as
    when the workers' compensation comes on a certificate of its own.
    """
    gone = [line for line in lines_present(before) if _twin(line, before, after) is None]
    return gone if len(gone) < len(lines_present(before)) else []


def _twin(line: str, of: Certificate, other: Certificate) -> str | None:
    """The same line on the other certificate. A free row is known by its description."""
    present = lines_present(other)
    if line not in OTHER_LINES:
        return line if line in present else None
    rows = [row for row in present if row in OTHER_LINES]
    return next((row for row in rows if _describes(other, row) == _describes(of, line)), None)


def _describes(certificate: Certificate, row: str) -> str:
    return " ".join((entry_at(certificate, f"{row}.description").value or "").casefold().split())


def _values(before: Certificate, twin: str, after: Certificate, line: str) -> Iterator[Change]:
    for path, owner in LINE_OF.items():
        field = BY_PATH[path]
        if owner != line or field.kind not in (Kind.USD, Kind.DATE):
            continue
        old = entry_at(before, path.replace(line, twin, 1))
        new = entry_at(after, path)
        if old.is_unclear or new.is_unclear or _said(old) == _said(new):
            continue
        yield Change(line, field.key, field.label, _direction(old, new), _said(old), _said(new))


def _whole(line: str, direction: str) -> Change:
    label = next(BY_PATH[path].label for path, owner in LINE_OF.items() if owner == line)
    old, new = ("stated", None) if direction == "removed" else (None, "stated")
    return Change(line, line, label.partition(":")[0], direction, old, new)


def _direction(old: Entry[Any], new: Entry[Any]) -> str:
    if _said(old) is None:
        return "added"
    if _said(new) is None:
        return "removed"
    if old.value is None or new.value is None:
        return "changed"
    if isinstance(new.value, date):
        return "later" if new.value > old.value else "earlier"
    return "increased" if new.value > old.value else "decreased"


def _said(entry: Entry[Any]) -> str | None:
    if entry.value is None:
        return entry.words
    return entry.value.isoformat() if isinstance(entry.value, date) else f"${entry.value:,}"
