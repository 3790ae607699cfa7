"""Whether the log can be written: tried, or read off, without changing a cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.certificate.field import Field
from connector.destinations.google_sheets.client import Sheets
from connector.destinations.google_sheets.expiring import place
from connector.destinations.google_sheets.look import header, letters
from connector.destinations.google_sheets.table import Columns
from connector.destinations.google_sheets.tabs import Tab, require_editor, table_called, tabs
from connector.errors import DestinationRefused

_PROTECTED = "protectedRanges(range,warningOnly,requestingUserCanEdit)"
_FIELDS = {"fields": f"sheets(properties.sheetId,{_PROTECTED})"}


def try_out(client: Sheets, fields: tuple[Field, ...], key: tuple[str, ...]) -> str:
    """The spreadsheet's title. NotConnected, DestinationRefused say what is missing."""
    title = require_editor(client)
    chosen = client.preferences
    found = tabs(client)
    log = table_called(chosen.worksheet, found)
    if log is not None:
        present = header(client, log, Columns(fields, key))
        keys = {each.key for each in fields}
        last = max(present.places.values(), default=0)
        _require_open(client, log, last, has_all=keys <= present.places.keys())
    if chosen.keep_expiring:
        _, second = place(client, found, log or Tab.fresh(chosen.worksheet, found))
        if second is not None:
            _require_open(client, second, second.columns, has_all=False)
    return title


def _require_open(client: Sheets, tab: Tab, last: int, *, has_all: bool) -> None:
    """DestinationRefused when a protected range covers cells that a row of ours spans."""
    answer = client.fetch_sheet_metadata(client.preferences.spreadsheet, dict(_FIELDS))
    ranges = [
        part
        for sheet in answer.get("sheets", ())
        if int(sheet.get("properties", {}).get("sheetId", 0)) == tab.sheet_id
        for part in sheet.get("protectedRanges", ())
    ]
    for part in ranges:
        if _is_shut(part, last, has_all=has_all):
            raise DestinationRefused(
                f"The tab “{tab.title}”{_where(part)} is protected against us. In Google Sheets: "
                f"Data, Protect sheets and ranges: let {client.preferences.login} edit it."
            )


def _is_shut(part: Mapping[str, Any], last: int, *, has_all: bool) -> bool:
    """A header that has all our titles may be protected: nobody writes there any more."""
    if part.get("requestingUserCanEdit") or part.get("warningOnly"):
        return False
    where = part.get("range", {})
    return where.get("startColumnIndex", 0) <= last and (
        not has_all or where.get("endRowIndex", 2) > 1
    )


def _where(part: Mapping[str, Any]) -> str:
    where = part.get("range", {})
    if "endColumnIndex" not in where:
        return ""
    first, last = letters(where.get("startColumnIndex", 0)), letters(where["endColumnIndex"] - 1)
    return f", column {first}," if first == last else f", columns {first} to {last},"
