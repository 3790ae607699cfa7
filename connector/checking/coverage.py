"""What coverage a vendor has on file on a day: one row per line, as its checks would see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from connector.certificate.entry import BLANK, Entry
from connector.certificate.field import lower_first
from connector.certificate.fields import BY_PATH
from connector.checking.case import LineAt, current_lines
from connector.checking.codes import Code
from connector.checking.packet import Packet
from connector.checking.rule_tests.dates import standing
from connector.checking.subject import LINE_LABELS
from connector.checking.verdict import Outcome

_LIMITS = ("each_occurrence", "combined_single_limit", "each_accident", "each_claim")
"""The amount a line is known by: the one of these that is on it."""
_AGGREGATES = ("general_aggregate", "aggregate", "disease_policy_limit")


class CoverageStatus(StrEnum):
    """How a line stands on the day. `unclear`: nobody should rely on it before a person looks."""

    IN_FORCE = "in_force"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNCLEAR = "unclear"


_OF_CODE = {
    Code.EXPIRED: CoverageStatus.EXPIRED,
    Code.NOT_YET_IN_FORCE: CoverageStatus.NOT_YET_IN_FORCE,
    Code.CANCELLED: CoverageStatus.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """One line on file. Amounts are whole US dollars.

    A value is None where its box is blank or in doubt; `unclear` then has a sentence for each
    doubt. `limit_text` is what is printed in place of an amount. `why` says how the line stands.
    """

    line: str
    label: str
    at: LineAt
    status: CoverageStatus
    why: str
    limit: int | None
    limit_name: str
    limit_text: str | None
    aggregate: int | None
    effective: date | None
    expiration: date | None
    policy_number: str | None
    insurer: str | None
    unclear: tuple[str, ...]


def coverage(packet: Packet, on: date) -> tuple[Coverage, ...]:
    """The lines on file that count on that day, in the form's order."""
    return tuple(_coverage(line, at, packet, on) for line, at in current_lines(packet, on).items())


def _coverage(line: str, at: LineAt, packet: Packet, on: date) -> Coverage:
    limit, aggregate = _box(at, _LIMITS), _box(at, _AGGREGATES)
    answer = standing(at, packet.cancellations, on)
    names = (limit, aggregate, "effective_date", "expiration_date", "policy_number")
    boxes = {name: at.entry(name) if name else BLANK for name in names}
    status = CoverageStatus.IN_FORCE
    if at.doubt is not None or answer.outcome is Outcome.UNCLEAR:
        status = CoverageStatus.UNCLEAR
    elif answer.outcome is Outcome.NOT_MET:
        status = _OF_CODE.get(answer.code, CoverageStatus.UNCLEAR)
    return Coverage(
        line=line,
        label=LINE_LABELS[line],
        at=at,
        status=status,
        why=at.doubt or answer.found,
        limit=_sure(at, boxes[limit]),
        limit_name=_name(at, limit),
        limit_text=boxes[limit].words if boxes[limit].is_read else None,
        aggregate=_sure(at, boxes[aggregate]),
        effective=_sure(at, boxes["effective_date"]),
        expiration=_sure(at, boxes["expiration_date"]),
        policy_number=_sure(at, boxes["policy_number"]),
        insurer=_sure(at, at.entry("insurer_name")),
        unclear=tuple(_doubts(at, boxes)),
    )


def _box(at: LineAt, names: tuple[str, ...]) -> str:
    """The first of these boxes that the line has; "" for none (auto has no aggregate)."""
    return next((name for name in names if f"{at.row}.{name}" in BY_PATH), "")


def _sure(at: LineAt, entry: Entry[Any]) -> Any:
    return entry.value if entry.is_read and at.doubt is None else None


def _name(at: LineAt, box: str) -> str:
    return lower_first(BY_PATH[f"{at.row}.{box}"].label.split(": ", 1)[1])


def _doubts(at: LineAt, boxes: dict[str, Entry[Any]]) -> Iterator[str]:
    if at.doubt is not None:
        yield at.doubt
    for box, entry in boxes.items():
        if entry.is_unclear:
            yield f"{_name(at, box).capitalize()}: {entry.doubt or 'it could not be read.'}"
