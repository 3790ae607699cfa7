"""The tabs of a spreadsheet, by title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from connector.destinations.google_sheets.client import Sheets
from connector.errors import DestinationRefused

_FIELDS = {"fields": "properties.title,sheets.properties(sheetId,title,sheetType,gridProperties)"}


@dataclass(frozen=True, slots=True)
class Tab:
    """`rows` and `columns` are the size of its grid, filled or not; a chart's tab has none."""

    title: str
    sheet_id: int
    rows: int
    columns: int

    @classmethod
    def fresh(cls, title: str, known: Mapping[str, Tab], *, taken: int = 0) -> Tab:
        """A tab that is not there yet, with an id that no other has, nor the one `taken`."""
        used = {taken, *(tab.sheet_id for tab in known.values())}
        return cls(title, next(n for n in count(1) if n not in used), 0, 0)


def tabs(client: Sheets) -> dict[str, Tab]:
    """The spreadsheet's tabs. One request."""
    answer = client.fetch_sheet_metadata(client.preferences.spreadsheet, dict(_FIELDS))
    found = {}
    for each in answer.get("sheets", []):
        about = each["properties"]
        grid = about.get("gridProperties", {})
        found[about["title"]] = Tab(
            about["title"],
            int(about.get("sheetId", 0)),
            int(grid.get("rowCount", 0)),
            int(grid.get("columnCount", 0)),
        )
    return found


def require_editor(client: Sheets) -> str:
    """The spreadsheet's title; DestinationRefused when we may read but not write.

    Google has no question for that, so the title is set to what it is.
    """
    asked = {"fields": "properties.title"}
    answer = client.fetch_sheet_metadata(client.preferences.spreadsheet, dict(asked))
    title = str(answer["properties"]["title"])
    same = {"updateSpreadsheetProperties": {"properties": {"title": title}, "fields": "title"}}
    client.batch_update(client.preferences.spreadsheet, {"requests": [same]})
    return title


def table_called(title: str, found: Mapping[str, Tab]) -> Tab | None:
    """The tab of this title, None when it must be made. DestinationRefused when it is a chart."""
    tab = found.get(title)
    if tab is not None and tab.columns == 0:
        raise DestinationRefused(
            f"The tab “{title}” is a chart, not a table. Give another worksheet's name."
        )
    return tab
