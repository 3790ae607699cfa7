"""Rows in a CSV file, one per certificate or per coverage line: written again, never twice, other columns left alone."""

from __future__ import annotations

import csv
import fcntl
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from connector.delivery import Receipt
from connector.destinations.csv import columns
from connector.destinations.csv.rows import Change, Logged, Row, placed, receipt
from connector.errors import DestinationRefused
from connector.log_columns import CERTIFICATE_ID
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


def upsert(path: Path, keys: Sequence[str], logged: Logged) -> Receipt:
    """Write the rows into the log at `path`, in place of those of the same key; `keys` its columns.

    Our columns are matched by name in any order; missing ones are appended; columns and cells
    that are not ours stay. One writer at a time, and the file is replaced whole: a kill leaves
    the old file or the new one. DestinationRefused when the file is no such table any more.
    """
    with alone(path):
        table = _load(path)
        places = _places(path, table, keys)
        done = [_put(table, places, number, row) for number, row in _placed(table, places, logged)]
        columns.remember(path, {key: table.titles[place] for key, place in places.items()})
        if any(change is not Change.UNCHANGED for change, _ in done):
            _save(path, table)
    return receipt(logged, done)


def remove(path: Path, keys: Collection[str]) -> int:
    """Take the rows of these certificates out of the log; how many there were."""
    if not path.exists():
        return 0
    with alone(path):
        table = _load(path)
        place = columns.places(path, table.titles, (CERTIFICATE_ID,), table.filled).get(
            CERTIFICATE_ID
        )
        if place is None:
            return 0
        before = len(table.rows)
        table.rows = [row for row in table.rows if _cell(row, place) not in keys]
        if len(table.rows) < before:
            _save(path, table)
    return before - len(table.rows)


def _places(path: Path, table: Table, keys: Sequence[str]) -> dict[str, int]:
    """The column of each key; those that are missing are put behind everything that is there."""
    found = columns.places(path, table.titles, keys, table.filled)
    new = columns.missing(table.titles, keys, found)
    if not new:
        return found
    width = max([len(table.titles), *(index + 1 for index in table.filled())])
    table.titles += [""] * (width - len(table.titles)) + new
    others = (key for key in keys if key not in found)
    return found | {key: width + number for number, key in enumerate(others)}


def _placed(
    table: Table, places: Mapping[str, int], logged: Logged
) -> list[tuple[int | None, Row]]:
    at = [places[name] for name in logged.key]
    present = {
        number: tuple(_cell(row, place) for place in at)
        for number, row in enumerate(table.rows, start=2)
        if _cell(row, at[0])
    }
    return placed(logged, present)


def _put(
    table: Table, places: Mapping[str, int], number: int | None, row: Row
) -> tuple[Change, int]:
    """What was done, and with the row of which number; 1 is the header."""
    written = {place: inert(row.get(key)) for key, place in places.items()}
    if number is None:
        table.rows.append(_write([], written))
        return Change.CREATED, len(table.rows) + 1
    present = table.rows[number - 2]
    if all(_cell(present, place) == value for place, value in written.items()):
        return Change.UNCHANGED, number
    _write(present, written)
    return Change.UPDATED, number


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _write(row: list[str], written: Mapping[int, str]) -> list[str]:
    row += [""] * (max(written) + 1 - len(row))
    for place, value in written.items():
        row[place] = value
    return row


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
