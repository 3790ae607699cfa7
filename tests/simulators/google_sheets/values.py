"""The values side of the API: ranges in A1 notation, read and written as rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.simulators.google_sheets.world import Formula, Refusal, Spreadsheet, Tab

_PART = re.compile(r"([A-Z]*)(\d*)")


@dataclass(frozen=True)
class Area:
    """A range, ends included; rows and columns are counted from 0."""

    tab: Tab
    top: int
    left: int
    bottom: int
    right: int


def area(spreadsheet: Spreadsheet, text: str) -> Area:
    """ "Log!A2:C", "'My log'!1:1", "Log!B2" or "Log" alone."""
    title, _, cells = text.rpartition("!") if "!" in text else (text, "", "")
    title = title[1:-1].replace("''", "'") if title.startswith("'") else title
    tab = next((tab for tab in spreadsheet.tabs if tab.title == title), None)
    if tab is None:
        raise Refusal(400, "INVALID_ARGUMENT", f"Unable to parse range: {text}")
    first, _, last = cells.partition(":")
    top, left = _place(first, text, 0, 0)
    open_end = not first or bool(last)
    bottom, right = _place(last, text, tab.rows - 1, tab.columns - 1) if open_end else (top, left)
    if top >= tab.rows or left >= tab.columns:
        raise Refusal(400, "INVALID_ARGUMENT", f"Range ({text}) exceeds grid limits.")
    return Area(tab, top, left, min(bottom, tab.rows - 1), min(right, tab.columns - 1))


def _place(text: str, whole: str, row: int, column: int) -> tuple[int, int]:
    found = _PART.fullmatch(text)
    if found is None:
        raise Refusal(400, "INVALID_ARGUMENT", f"Unable to parse range: {whole}")
    letters, digits = found.groups()
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return int(digits) - 1 if digits else row, number - 1 if letters else column


def get(spreadsheet: Spreadsheet, text: str, render: str = "FORMATTED_VALUE") -> dict[str, Any]:
    """A ValueRange: trailing empty cells and rows are left out, as Google does."""
    where = area(spreadsheet, text)
    last = min(where.bottom, where.tab.last_row)
    rows = [
        _trimmed([_shown(where.tab, row, column, render) for column in range(where.left, where.right + 1)])
        for row in range(where.top, last + 1)
    ]  # fmt: skip
    while rows and not rows[-1]:
        rows.pop()
    answer: dict[str, Any] = {"range": text, "majorDimension": "ROWS"}
    return answer | ({"values": rows} if rows else {})


def _shown(tab: Tab, row: int, column: int, render: str) -> Any:
    value = tab.cells.get((row, column), "")
    if isinstance(value, Formula):
        return "#RAN!"
    if render == "UNFORMATTED_VALUE":
        return value
    return {True: "TRUE", False: "FALSE"}[value] if isinstance(value, bool) else str(value)


def _trimmed(row: list[Any]) -> list[Any]:
    while row and row[-1] == "":
        row.pop()
    return row


def put(spreadsheet: Spreadsheet, given: dict[str, Any], option: str) -> int:
    """Write a ValueRange; null leaves a cell as it is. How many cells."""
    if option not in ("RAW", "USER_ENTERED"):
        raise Refusal(400, "INVALID_ARGUMENT", "'valueInputOption' is required but not specified")
    where = area(spreadsheet, given["range"])
    return _write(where.tab, where.top, where.left, given["values"], option)


def append(spreadsheet: Spreadsheet, text: str, rows: list[list[Any]], option: str) -> int:
    """Under the table found in the range, from that table's own first column on."""
    where = area(spreadsheet, text)
    filled = [place for place in where.tab.cells if place[1] >= where.left]
    left = min((column for _, column in filled), default=where.left)
    top = max((row for row, _ in filled), default=where.top - 1) + 1
    where.tab.rows = max(where.tab.rows, top + len(rows))
    return _write(where.tab, top, left, rows, option)


def _write(tab: Tab, top: int, left: int, rows: list[list[Any]], option: str) -> int:
    count = 0
    for row, values in enumerate(rows, top):
        for column, value in enumerate(values, left):
            if value is not None:
                is_run = option == "USER_ENTERED" and str(value).startswith(("=", "+"))
                tab.put(row, column, Formula(value) if is_run else value)
                count += 1
    return count
