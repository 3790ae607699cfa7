"""Which row of a log file each wanted row goes into, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from connector.certificate.field import Scalar
from connector.delivery import PushStatus, Receipt
from connector.log_columns import CERTIFICATE_ID, NO_LINE

Row: TypeAlias = Mapping[str, Scalar]
RowKey: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Logged:
    """One certificate's rows, and the columns that tell rows apart, the certificate's number first."""

    certificate_id: str
    rows: Sequence[Row]
    key: tuple[str, ...] = (CERTIFICATE_ID,)

    @classmethod
    def single(cls, row: Row) -> Logged:
        return cls(str(row[CERTIFICATE_ID]), [row])


class Change(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def placed(logged: Logged, present: Mapping[int, RowKey]) -> list[tuple[int | None, Row]]:
    """Each wanted row with the number of the row it goes into, None for a new one.

    `present` are the keys of the rows that are there. A row that somebody copied is brought up to
    date too; a line that the certificate no longer states is emptied.
    """
    by_key: dict[RowKey, list[int | None]] = {}
    for number, found in present.items():
        by_key.setdefault(found, []).append(number)
    wanted = {tuple(str(row.get(name) or "") for name in logged.key): row for row in logged.rows}
    for found in by_key:
        if found[0] == logged.certificate_id and found not in wanted:
            wanted[found] = dict(zip(logged.key, found, strict=True))
    return [(number, row) for key, row in wanted.items() for number in by_key.get(key, [None])]


def receipt(logged: Logged, done: Iterable[tuple[Change, int]]) -> Receipt:
    """What was done with the rows of these numbers; 1 is the header."""
    changes = list(done)
    of = {change: sum(each is change for each, _ in changes) for change in Change}
    touched = of[Change.CREATED] + of[Change.UPDATED]
    return Receipt(
        "csv",
        PushStatus.PUSHED if touched else PushStatus.UNCHANGED,
        records_created=of[Change.CREATED],
        records_updated=of[Change.UPDATED],
        records_unchanged=of[Change.UNCHANGED],
        external_ids=tuple(f"row {number}" for _, number in changes),
        next_step=None if logged.rows else NO_LINE,
    )
