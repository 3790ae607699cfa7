"""One row per certificate in a CSV file: written again, never twice, other columns left alone."""

from __future__ import annotations

import csv
import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from connector.certificate.field import Scalar
from connector.delivery import PushStatus, Receipt
from connector.destinations.csv import columns
from connector.errors import DestinationRefused
from connector.log_columns import CERTIFICATE_ID as KEY
from connector.spreadsheets import inert


@dataclass(slots=True)
class Table:
    """The file's titles in its own order, and its rows as text, each as wide as it was written."""

    titles: list[str]
    rows: list[list[str]]

    def filled(self) -> dict[int, list[str]]:
        """The values of each column that has any, whether it has a title or not."""
        width = max(map(len, self.rows), default=0)
        columns = {i: [row[i] for row in self.rows if i < len(row)] for i in range(width)}
        return {i: values for i, values in columns.items() if any(values)}


def upsert(path: Path, row: Mapping[str, Scalar]) -> Receipt:
    """Write `row` into the log at `path`, in place of the row with the same certificate_id.

    Our columns are matched by name in any order; missing ones are appended; columns and cells
    that are not ours stay. One writer at a time, and the file is replaced whole: a kill leaves
    the old file or the new one. DestinationRefused when the file is no such table any more.
    """
    written = {key: inert(value) for key, value in row.items()}
    with alone(path):
        table = _load(path)
        places = _places(path, table, tuple(written))
        change, number = _put(table, {places[key]: value for key, value in written.items()}, places)
        columns.remember(path, {key: table.titles[place] for key, place in places.items()})
        if change is not Change.UNCHANGED:
            _save(path, table)
    return receipt(change, number)


class Change(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def _places(path: Path, table: Table, keys: Sequence[str]) -> dict[str, int]:
    """The column of each key; those that are missing are put behind everything that is there."""
    filled = table.filled()
    found = columns.places(path, table.titles, keys, filled)
    width = max(len(table.titles), max(filled, default=-1) + 1)
    new = columns.missing(table.titles, keys, found)
    if new:
        table.titles += [""] * (width - len(table.titles)) + new
    others = (key for key in keys if key not in found)
    return found | {key: width + number for number, key in enumerate(others)}


def _put(table: Table, written: Mapping[int, str], places: Mapping[str, int]) -> tuple[Change, int]:
    """What was done, and with the row of which number; 1 is the header."""
    key = places[KEY]
    for number, present in enumerate(table.rows, start=2):
        if _cell(present, key) == written[key]:
            if all(_cell(present, place) == value for place, value in written.items()):
                return Change.UNCHANGED, number
            _write(present, written)
            return Change.UPDATED, number
    table.rows.append(_write([], written))
    return Change.CREATED, len(table.rows) + 1


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _write(row: list[str], written: Mapping[int, str]) -> list[str]:
    row += [""] * (max(written) + 1 - len(row))
    for place, value in written.items():
        row[place] = value
    return row


def receipt(change: Change, number: int) -> Receipt:
    """What was done with the row of this number; 1 is the header."""
    status = PushStatus.UNCHANGED if change is Change.UNCHANGED else PushStatus.PUSHED
    return Receipt(
        "csv",
        status,
        records_created=int(change is Change.CREATED),
        records_updated=int(change is Change.UPDATED),
        records_unchanged=int(change is Change.UNCHANGED),
        external_ids=(f"row {number}",),
    )


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """The only writer of the file at `path`, among all processes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _load(path: Path) -> Table:
    if not path.exists():
        return Table([], [])
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            titles, *rows = list(csv.reader(file, strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DestinationRefused(
            f"The log {path.name} is no longer a CSV file in UTF-8, so nothing was written. Save it "
            "as “CSV UTF-8”, or move it away: a new one is begun then."
        ) from error
    return Table(titles, rows)


def _save(path: Path, table: Table) -> None:
    draft = path.with_suffix(".writing")
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        width = max(map(len, [table.titles, *table.rows]))
        writer.writerows(row + [""] * (width - len(row)) for row in [table.titles, *table.rows])
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
