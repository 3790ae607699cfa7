"""`spreadsheets.batchUpdate`: all requests or none."""

from __future__ import annotations

import copy
from typing import Any

from tests.simulators.google_sheets.world import COLUMNS, ROWS, Formula, Refusal, Spreadsheet, Tab

_MASKS = {"userEnteredValue", "userEnteredFormat.numberFormat"}


def batch_update(spreadsheet: Spreadsheet, requests: list[dict[str, Any]]) -> dict[str, Any]:
    """Apply the requests in order; a refused one leaves everything as it was."""
    if not requests:
        raise Refusal(400, "INVALID_ARGUMENT", "Must specify at least one request.")
    draft = copy.deepcopy(spreadsheet)
    replies = []
    for number, request in enumerate(requests):
        ((name, given),) = request.items()
        if name not in KINDS:
            raise Refusal(400, "INVALID_ARGUMENT", f'Unknown name "{name}" at requests[{number}]')
        replies.append(KINDS[name](draft, given) or {})
    spreadsheet.tabs, spreadsheet.title = draft.tabs, draft.title
    return {"spreadsheetId": spreadsheet.id, "replies": replies}


def _add_sheet(spreadsheet: Spreadsheet, given: dict[str, Any]) -> None:
    about = given["properties"]
    if any(tab.title == about["title"] for tab in spreadsheet.tabs):
        _refuse(f'A sheet with the name "{about["title"]}" already exists.')
    if any(tab.sheet_id == about["sheetId"] for tab in spreadsheet.tabs):
        _refuse(f"A sheet with the id {about['sheetId']} already exists.")
    grid = about.get("gridProperties", {})
    spreadsheet.tabs.append(
        Tab(
            about["sheetId"],
            about["title"],
            grid.get("rowCount", ROWS),
            grid.get("columnCount", COLUMNS),
        )
    )


def _append_dimension(spreadsheet: Spreadsheet, given: dict[str, Any]) -> None:
    tab = spreadsheet.by_id(given["sheetId"])
    if given["dimension"] == "COLUMNS":
        tab.columns += given["length"]
    else:
        tab.rows += given["length"]


def _update_cells(spreadsheet: Spreadsheet, given: dict[str, Any]) -> None:
    _check_mask(given["fields"])
    if "range" in given:
        where = given["range"]
        tab = spreadsheet.by_id(where["sheetId"])
        left, end = where.get("startColumnIndex", 0), where.get("endColumnIndex", tab.columns)
        for place in [place for place in tab.cells if left <= place[1] < end]:
            del tab.cells[place]
        top = 0
    else:
        start = given["start"]
        tab = spreadsheet.by_id(start["sheetId"])
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    _put_rows(tab, top, left, given["rows"])


def _append_cells(spreadsheet: Spreadsheet, given: dict[str, Any]) -> None:
    _check_mask(given["fields"])
    tab = spreadsheet.by_id(given["sheetId"])
    top = tab.last_row + 1
    tab.rows = max(tab.rows, top + len(given["rows"]))
    _put_rows(tab, top, 0, given["rows"])


def _repeat_cell(spreadsheet: Spreadsheet, given: dict[str, Any]) -> None:
    _check_mask(given["fields"])
    where = given["range"]
    tab = spreadsheet.by_id(where["sheetId"])
    kind = given["cell"]["userEnteredFormat"]["numberFormat"]["type"]
    for row in range(where["startRowIndex"], where.get("endRowIndex", tab.rows)):
        for column in range(where["startColumnIndex"], where["endColumnIndex"]):
            tab.formats[row, column] = kind


def _put_rows(tab: Tab, top: int, left: int, rows: list[dict[str, Any]]) -> None:
    width = max((len(row["values"]) for row in rows), default=0)
    tab.require_open(top, top + len(rows), left, left + width)
    for row, each in enumerate(rows, top):
        for column, data in enumerate(each["values"], left):
            tab.put(row, column, _value(data))


def _value(data: dict[str, Any]) -> Any:
    if set(data) - {"userEnteredValue"}:
        _refuse(f"Unknown name {set(data)}")
    given = data.get("userEnteredValue", {})
    if len(given) > 1:
        _refuse("oneof field 'value' is already set.")
    for kind, types in (("stringValue", str), ("boolValue", bool), ("numberValue", (int, float))):
        if kind in given:
            if not isinstance(given[kind], types):
                _refuse(f"Invalid value at '{kind}'")
            return given[kind]
    return Formula(given["formulaValue"]) if "formulaValue" in given else None


def _check_mask(fields: str) -> None:
    if not fields or set(fields.split(",")) - _MASKS:
        _refuse(f"Invalid field mask: {fields}")


def _refuse(message: str) -> None:
    raise Refusal(400, "INVALID_ARGUMENT", f"Invalid requests[0]: {message}")


def _update_properties(spreadsheet: Spreadsheet, given: dict[str, Any]) -> None:
    if given["fields"] != "title":
        _refuse(f"Invalid field mask: {given['fields']}")
    spreadsheet.title = given["properties"]["title"]


def _create_metadata(spreadsheet: Spreadsheet, given: dict[str, Any]) -> None:
    note = given["developerMetadata"]
    where = note["location"]["dimensionRange"]
    tab = spreadsheet.by_id(where["sheetId"])
    if where["dimension"] != "COLUMNS" or where["endIndex"] != where["startIndex"] + 1:
        _refuse("Developer metadata must be on a single row or column.")
    if where["endIndex"] > tab.columns:
        _refuse("Developer metadata location is outside of the grid.")
    if note["visibility"] not in ("DOCUMENT", "PROJECT"):
        _refuse("Developer metadata must specify a visibility.")
    kept = {key: note[key] for key in ("metadataKey", "metadataValue")}
    size = sum(len(n["metadataKey"]) + len(n["metadataValue"]) for n in [*tab.notes, kept])
    if size > 30_000:
        _refuse("Developer metadata storage limit exceeded.")
    tab.notes.append({**kept, "column": where["startIndex"]})


KINDS = {
    "createDeveloperMetadata": _create_metadata,
    "updateSpreadsheetProperties": _update_properties,
    "addSheet": _add_sheet,
    "appendDimension": _append_dimension,
    "updateCells": _update_cells,
    "appendCells": _append_cells,
    "repeatCell": _repeat_cell,
}
