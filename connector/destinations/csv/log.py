"""One row per certificate in a CSV file: written again, never twice, other columns left alone."""

from __future__ import annotations

import csv
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from connector.certificate.field import Scalar
from connector.delivery import PushStatus, Receipt
from connector.spreadsheets import inert, key_of_title

KEY = "certificate_id"


@dataclass(slots=True)
class Table:
    """The file's columns in its own order, and its rows as text."""

    columns: list[str]
    rows: list[dict[str, str]]


def upsert(path: Path, row: Mapping[str, Scalar]) -> Receipt:
    """Write `row` into the log at `path`, in place of the row with the same certificate_id.

    Columns are matched by name in any order; missing ones are appended; columns and cells that
    are not ours stay. One writer at a time, and the file is replaced whole: a kill leaves the
    old file or the new one.
    """
    written = {key: inert(value) for key, value in row.items()}
    with alone(path):
        table = _load(path)
        change, number = _put(table, written)
        if change is not Change.UNCHANGED:
            _save(path, table)
    return receipt(change, number)


class Change(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def _put(table: Table, written: Mapping[str, str]) -> tuple[Change, int]:
    """What was done, and with the row of which number; 1 is the header."""
    titles = {key_of_title(column): column for column in reversed(table.columns)}
    written = {titles.get(key, key): value for key, value in written.items()}
    table.columns += [title for title in written if title not in table.columns]
    certificate = titles.get(KEY, KEY)
    for number, present in enumerate(table.rows, start=2):
        if present.get(certificate) == written[certificate]:
            if all(present.get(key, "") == value for key, value in written.items()):
                return Change.UNCHANGED, number
            present.update(written)
            return Change.UPDATED, number
    table.rows.append(dict(written))
    return Change.CREATED, len(table.rows) + 1


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
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="")
        rows = [{k: v for k, v in row.items() if k is not None} for row in reader]
        return Table(list(reader.fieldnames or []), rows)


def _save(path: Path, table: Table) -> None:
    draft = path.with_suffix(".writing")
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, table.columns, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(table.rows)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
