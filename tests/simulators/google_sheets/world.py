"""What the simulator holds: spreadsheets, their tabs and cells, who may see them, what goes wrong."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

Cell = str | int | float | bool

ROWS, COLUMNS = 1000, 26
"""The grid of a new spreadsheet."""


class Refusal(Exception):
    """An error body of Google's: HTTP status, its name, and the message."""

    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.status, self.name, self.message = status, name, message


@dataclass(frozen=True)
class Formula:
    """A cell that Google would run."""

    text: str


@dataclass
class Tab:
    """Cells by (row, column), counted from 0; an empty cell is not there."""

    sheet_id: int
    title: str
    rows: int = ROWS
    columns: int = COLUMNS
    cells: dict[tuple[int, int], Cell | Formula] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    is_chart: bool = False
    notes: list[dict[str, Any]] = field(default_factory=list)
    """Developer metadata on columns; `column` of each says where it is by now."""
    protected: list[dict[str, Any]] = field(default_factory=list)
    """ProtectedRanges, which the connector may edit only with requestingUserCanEdit."""

    def insert_column(self, at: int) -> None:
        """As a person does it: everything from there on moves to the right, with its metadata."""
        self.columns += 1
        for kept in (self.cells, self.formats):
            moved = {(r, c + (c >= at)): value for (r, c), value in kept.items()}
            kept.clear()
            kept.update(moved)  # type: ignore[arg-type]  # each with its own kind of value
        for note in self.notes:
            note["column"] += note["column"] >= at

    def put(self, row: int, column: int, value: Cell | Formula | None) -> None:
        if row >= self.rows or column >= self.columns:
            raise Refusal(
                400,
                "INVALID_ARGUMENT",
                f"Range ({self.title}!{row + 1}:{column + 1}) exceeds grid limits. "
                f"Max rows: {self.rows}, max columns: {self.columns}",
            )
        if isinstance(value, str) and len(value) > 50_000:
            raise Refusal(
                400,
                "INVALID_ARGUMENT",
                "Your input contains more than the maximum of 50000 characters in a single cell.",
            )
        if value is None or value == "":
            self.cells.pop((row, column), None)
        else:
            self.cells[row, column] = value

    def require_open(self, top: int, bottom: int, left: int, right: int) -> None:
        """Refused as soon as one of the cells is protected against the connector."""
        for part in self.protected:
            where = part["range"]
            rows = top < where.get("endRowIndex", bottom) and where.get("startRowIndex", 0) < bottom
            columns = left < where.get("endColumnIndex", right) and where.get("startColumnIndex", 0) < right  # fmt: skip
            if rows and columns and not part.get("requestingUserCanEdit"):
                raise Refusal(400, "INVALID_ARGUMENT", "Invalid requests[0]: You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection if you need to edit.")  # fmt: skip

    @property
    def last_row(self) -> int:
        """The index of the last row with data; -1 for an empty tab."""
        return max((row for row, _ in self.cells), default=-1)

    def text(self) -> list[list[Any]]:
        """The filled part as rows, for tests; None for an empty cell."""
        width = max((column for _, column in self.cells), default=-1) + 1
        return [
            [self.cells.get((row, column)) for column in range(width)]
            for row in range(self.last_row + 1)
        ]

    def records(self) -> list[dict[str, Any]]:
        """The rows under the header, by title; empty cells left out."""
        header, *rows = self.text() or [[]]
        return [
            {title: value for title, value in zip(header, row, strict=True) if value is not None}
            for row in rows
        ]


@dataclass
class Spreadsheet:
    id: str
    tabs: list[Tab]
    shared_with: set[str]
    viewers: set[str] = field(default_factory=set)
    """Those of them who may look only."""
    title: str = "Log"

    def tab(self, title: str) -> Tab:
        return next(tab for tab in self.tabs if tab.title == title)

    def by_id(self, sheet_id: int) -> Tab:
        for tab in self.tabs:
            if tab.sheet_id == sheet_id:
                return tab
        raise Refusal(400, "INVALID_ARGUMENT", f"Invalid requests[0]: No grid with id: {sheet_id}")


@dataclass
class Order:
    """The next `times` requests with `part` in their path go wrong.

    `status` is answered instead; with `after` the work is done first. Status 0 hangs up.
    """

    part: str
    status: int
    times: int = 1
    after: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass
class World:
    """`accounts` are addresses by the access tokens that were given out."""

    spreadsheets: dict[str, Spreadsheet] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    public_keys: dict[str, Any] = field(default_factory=dict)
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    api_is_enabled: bool = True
    before_writing: Any = None
    """Called once with the spreadsheet just before the next write is done: another person."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def api_calls(self) -> list[tuple[str, str]]:
        """Method and path of the calls that count against the quota."""
        return [call for call in self.asked if call[1].startswith("/v4/")]
