"""The tabs of a spreadsheet, by title."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from connector.destinations.google_sheets.client import Sheets
from connector.errors import DestinationRefused

_PROPERTIES = "properties(sheetId,title,sheetType,gridProperties)"
_METADATA = "data.columnMetadata.developerMetadata(metadataKey,metadataValue,location)"
_FIELDS = {"fields": f"properties.title,sheets({_PROPERTIES},{_METADATA})"}

OURS = "coi"
"""The key of the developer metadata that we leave on a column of ours: what we call the column is its
value. Google moves it with the column. See Google's guide "Read, write, and search metadata"."""


@dataclass(frozen=True, slots=True)
class Tab:
    """`rows` and `columns` are the size of its grid, filled or not; a chart's tab has none.

    `ours` are the indexes of the columns that we made, by what they were noted as.
    """

    title: str
    sheet_id: int
    rows: int
    columns: int
    ours: Mapping[str, Sequence[int]] = field(default_factory=dict)

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
            _ours(each.get("data", ())),
        )
    return found


def _ours(data: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for column in (each for part in data for each in part.get("columnMetadata", ())):
        for note in column.get("developerMetadata", ()):
            if note.get("metadataKey") == OURS:
                place = note["location"]["dimensionRange"].get("startIndex", 0)
                found.setdefault(str(note.get("metadataValue", "")), []).append(int(place))
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
