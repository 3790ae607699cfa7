"""A plan as the parts of one `spreadsheets.batchUpdate`: done as a whole or not at all.

Cells go out as typed values (ExtendedValue), never as something typed in: like valueInputOption
RAW, text that begins with "=" stays text. See Google's reference, "Other Objects, ExtendedValue".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from connector.certificate.field import Scalar
from connector.destinations.google_sheets.table import Change, Plan
from connector.destinations.google_sheets.tabs import OURS

Request = dict[str, Any]

VALUE_ONLY = "userEnteredValue"
"""The mask of every write of cells: colours, notes and formats of the office stay."""

NEW_TAB_ROWS = 200
"""Rows of a new tab."""


def cell(value: Scalar) -> dict[str, Any]:
    """One CellData; empty for no value."""
    if value is None or value == "":
        return {}
    if isinstance(value, bool):
        return {VALUE_ONLY: {"boolValue": value}}
    if isinstance(value, int | float):
        return {VALUE_ONLY: {"numberValue": value}}
    return {VALUE_ONLY: {"stringValue": value}}


def new_tab(title: str, sheet_id: int, width: int) -> Request:
    """A tab whose first row stays in sight."""
    grid = {"rowCount": NEW_TAB_ROWS, "columnCount": max(width, 1), "frozenRowCount": 1}
    properties = {"sheetId": sheet_id, "title": title, "gridProperties": grid}
    return {"addSheet": {"properties": properties}}


def wider(sheet_id: int, by: int) -> Request:
    return {"appendDimension": {"sheetId": sheet_id, "dimension": "COLUMNS", "length": by}}


def header(sheet_id: int, made: Plan) -> list[Request]:
    """The titles of new columns, to the right of those that are there."""
    if not made.new_columns:
        return []
    first = len(made.header) - len(made.new_columns)
    return [_cells_at(sheet_id, 0, first, made.new_columns)]


def notes(sheet_id: int, places: Mapping[str, int]) -> list[Request]:
    """Let Google remember which columns are ours, wherever the office moves them."""
    return [
        {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataKey": OURS,
                    "metadataValue": note,
                    "location": {"dimensionRange": _column(sheet_id, place)},
                    "visibility": "DOCUMENT",
                }
            }
        }
        for note, place in places.items()
    ]


def changes(sheet_id: int, changed: Iterable[Change]) -> list[Request]:
    """One request per run of neighbouring cells: what stands between them is not touched."""
    return [
        _cells_at(sheet_id, change.row - 1, run[0], [change.cells[index] for index in run])
        for change in changed
        for run in _runs(change.cells)
    ]


def additions(sheet_id: int, rows: Sequence[Mapping[str, Scalar]], made: Plan) -> list[Request]:
    """New rows under the last row with data, wherever that is by the time this arrives."""
    if not rows:
        return []
    return [
        {
            "appendCells": {
                "sheetId": sheet_id,
                "fields": VALUE_ONLY,
                "rows": [{"values": _whole_row(row, made)} for row in rows],
            }
        }
    ]


def date_formats(sheet_id: int, places: Iterable[int]) -> list[Request]:
    """Let the columns with real dates be shown as dates, in the spreadsheet's own way."""
    return [
        {
            "repeatCell": {
                "range": {"sheetId": sheet_id, "startRowIndex": 1, **_columns(place)},
                "cell": {"userEnteredFormat": {"numberFormat": {"type": "DATE"}}},
                "fields": "userEnteredFormat.numberFormat",
            }
        }
        for place in places
    ]


def whole_column(sheet_id: int, place: int, values: Sequence[Scalar]) -> Request:
    """Every value of a column that is ours alone, from its title on; the rest of it is emptied."""
    return {
        "updateCells": {
            "range": {"sheetId": sheet_id, **_columns(place)},
            "fields": VALUE_ONLY,
            "rows": [{"values": [cell(value)]} for value in values],
        }
    }


def longer(sheet_id: int, by: int) -> Request:
    return {"appendDimension": {"sheetId": sheet_id, "dimension": "ROWS", "length": by}}


def _column(sheet_id: int, place: int) -> dict[str, Any]:
    """A DimensionRange of one column."""
    span = {"startIndex": place, "endIndex": place + 1}
    return {"sheetId": sheet_id, "dimension": "COLUMNS", **span}


def _columns(place: int) -> dict[str, int]:
    """A GridRange's sides of one column."""
    return {"startColumnIndex": place, "endColumnIndex": place + 1}


def _cells_at(sheet_id: int, row: int, column: int, values: Sequence[Scalar]) -> Request:
    return {
        "updateCells": {
            "start": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column},
            "fields": VALUE_ONLY,
            "rows": [{"values": [cell(value) for value in values]}],
        }
    }


def _whole_row(row: Mapping[str, Scalar], made: Plan) -> list[dict[str, Any]]:
    by_index = {made.places[name]: value for name, value in row.items()}
    return [cell(by_index.get(index)) for index in range(max(by_index) + 1)]


def _runs(cells: Mapping[int, Scalar]) -> list[list[int]]:
    """Sorted indexes in groups of neighbours: 1 2 3, 7 8."""
    ordered = enumerate(sorted(cells))
    grouped = groupby(ordered, key=lambda pair: pair[1] - pair[0])
    return [[index for _, index in group] for _, group in grouped]
