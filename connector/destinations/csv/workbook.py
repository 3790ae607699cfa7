"""Rows in an Excel workbook, one per certificate or per coverage line: the CSV log's rules, with real dates and numbers."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from connector.certificate.field import Field, Kind, Scalar
from connector.delivery import Receipt
from connector.destinations.csv import columns
from connector.destinations.csv.log import alone
from connector.destinations.csv.rows import Change, Logged, Row, RowKey, placed, receipt
from connector.errors import DestinationRefused
from connector.log_columns import CERTIFICATE_ID
from connector.spreadsheets import printable

TAB = "Certificates"


def upsert(path: Path, fields: Sequence[Field], logged: Logged) -> Receipt:
    """Write the rows into the workbook at `path`, in place of those of the same key.

    Our columns are matched by name in row 1, in any order; missing ones are appended; other
    columns, tabs and formats stay. One writer at a time, and the file is replaced whole.
    DestinationRefused when the file is no workbook any more.
    """
    with alone(path):
        book = _load(path)
        sheet = book[TAB] if TAB in book.sheetnames else book.create_sheet(TAB)
        places = _places(path, sheet, fields)
        done = [
            _write(sheet, number, places, fields, row)
            for number, row in placed(
                logged, _present(sheet, [places[name] for name in logged.key])
            )
        ]
        columns.remember(path, {key: sheet.cell(1, at).value for key, at in places.items()})
        if any(change is not Change.UNCHANGED for change, _ in done):
            _save(path, book)
    return receipt(logged, done)


def remove(path: Path, keys: Collection[str]) -> int:
    """Take the rows of these certificates out of the workbook; how many there were."""
    if not path.exists():
        return 0
    with alone(path):
        book = _load(path)
        if TAB not in book.sheetnames:
            return 0
        sheet = book[TAB]
        titles = [sheet.cell(1, at).value for at in range(1, sheet.max_column + 1)]
        at = columns.places(path, titles, (CERTIFICATE_ID,), lambda: _filled(sheet)).get(
            CERTIFICATE_ID
        )
        if at is None:
            return 0
        found = [
            number
            for number in range(2, sheet.max_row + 1)
            if str(sheet.cell(number, at + 1).value) in keys
        ]
        for number in reversed(found):
            sheet.delete_rows(number)
        if found:
            _save(path, book)
    return len(found)


def _load(path: Path) -> Workbook:
    if not path.exists():
        book = Workbook()
        book.active.title = TAB
        book.active.freeze_panes = "A2"
        return book
    try:
        return load_workbook(path)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise DestinationRefused(
            f"The log {path.name} is no Excel workbook any more, or has a password. Put a sound "
            "copy back, or move it away: a new one is begun then."
        ) from error


def _places(path: Path, sheet: Worksheet, fields: Sequence[Field]) -> dict[str, int]:
    """The column of each of our keys; those that are missing are put right of all that is filled."""
    keys = [field.key for field in fields]
    titles = [cell.value for cell in sheet[1]]
    found = columns.places(path, titles, keys, lambda: _filled(sheet))
    new = columns.missing(titles, keys, found)
    filled = _filled(sheet) if new else {}
    named = [index for index, title in enumerate(titles) if title is not None]
    first = max([*named, *filled], default=-1) + 1
    for column, title in enumerate(new, start=first + 1):
        sheet.cell(1, column, title)
    others = (key for key in keys if key not in found)
    found |= {key: first + number for number, key in enumerate(others)}
    return {key: index + 1 for key, index in found.items()}


def _filled(sheet: Worksheet) -> dict[int, list[Any]]:
    """The values under the header of each column that has any."""
    by_column: dict[int, list[Any]] = {}
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if cell.value is not None:
                by_column.setdefault(cell.column - 1, []).append(cell.value)
    return by_column


def _present(sheet: Worksheet, places: Sequence[int]) -> dict[int, RowKey]:
    """The keys of the rows that are there, by number."""
    found = {}
    for number in range(2, sheet.max_row + 1):
        values = [sheet.cell(number, place).value for place in places]
        if values[0] not in (None, ""):
            found[number] = tuple("" if value is None else str(value) for value in values)
    return found


def _write(
    sheet: Worksheet,
    number: int | None,
    places: Mapping[str, int],
    fields: Sequence[Field],
    row: Row,
) -> tuple[Change, int]:
    """What was done, and with the row of which number: a new one is below all that is filled."""
    at = number or _last_filled(sheet) + 1
    changed = [f for f in fields if _put(sheet, at, places[f.key], f, row.get(f.key))]
    change = Change.UNCHANGED if not changed else Change.UPDATED if number else Change.CREATED
    return change, at


def _last_filled(sheet: Worksheet) -> int:
    rows = range(sheet.max_row, 1, -1)
    return next((row for row in rows if any(c.value is not None for c in sheet[row])), 1)


def _put(sheet: Worksheet, number: int, column: int, field: Field, value: Scalar) -> bool:
    """Whether the cell says something else than before."""
    wanted = _typed(field, value)
    cell = sheet.cell(number, column)
    if _plain(cell.value) == wanted and not _runs(cell, wanted):
        return False
    cell.value = wanted
    if isinstance(wanted, str):
        cell.data_type = "s"  # never a formula, whatever it begins with
    if isinstance(wanted, date):
        cell.number_format = "yyyy-mm-dd"
    return True


def _runs(cell: Any, wanted: Any) -> bool:
    """Whether what should be text would be run."""
    return isinstance(wanted, str) and cell.data_type == "f"


def _typed(field: Field, value: Scalar) -> Any:
    if value is None or value == "":
        return None
    if field.kind is Kind.DATE:
        return date.fromisoformat(str(value))
    return printable(value)


def _plain(value: Any) -> Any:
    """A cell's value as it was written: openpyxl reads a day back as midnight."""
    return value.date() if isinstance(value, datetime) else value


def _save(path: Path, book: Workbook) -> None:
    draft = path.with_suffix(".writing")
    book.save(draft)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(path)
