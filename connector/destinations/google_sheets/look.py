"""What stands in the tab: its header, which columns are ours, the rows that are about to change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from gspread.utils import absolute_range_name, rowcol_to_a1

from connector.certificate.field import Scalar
from connector.destinations.google_sheets.client import Sheets
from connector.destinations.google_sheets.table import Columns, Present, RowKey
from connector.destinations.google_sheets.tabs import Tab
from connector.errors import DestinationUnavailable
from connector.log_columns import (
    CERTIFICATE_ID,
    are_our_numbers,
    key_of_note,
    may_be_ours,
    own_columns,
    require_key,
)

MOST_SPANS = 40
"""Ranges in one read; more make the address too long."""

AS_THEY_ARE = {
    "valueRenderOption": "UNFORMATTED_VALUE",
    "dateTimeRenderOption": "SERIAL_NUMBER",
}

CHANGING = "Somebody is moving columns of the log right now. It is tried again by itself."

Places = Mapping[str, int]
Cells = list[list[Any]]


def look(client: Sheets, tab: Tab, columns: Columns, certificate_ids: Collection[str]) -> Present:
    """Header, keys of all rows, and the cells of the rows that are about to be compared."""
    present = header(client, tab, columns)
    titles, keys = header_and_keys(client, tab, columns, present.places)
    if titles != list(present.header[: len(titles)]) or any(present.header[len(titles) :]):
        raise DestinationUnavailable(CHANGING)
    numbers = sorted(number for number, key in keys.items() if key[0] in certificate_ids)
    cells = _rows(client, tab, numbers, len(present.header))
    return Present(present.header, present.places, present.noted, keys, cells)


def header(client: Sheets, tab: Tab, columns: Columns) -> Present:
    """The titles, as far to the right as anything stands, and which columns are ours."""
    titles = _titles(_ranges(client, [_range(tab, "1:1")])[0])
    keys = [each.key for each in columns.fields]
    ours = _by_key(tab.ours)
    places = own_columns(titles, keys, ours, range(len(titles)), is_log=False)
    missing = [key for key in keys if key not in places]
    if missing:
        filled, width = _filled(client, tab, titles, missing)
        kept = [filled.get(i, ()) for i in ours.get(CERTIFICATE_ID, ())]
        was_kept = bool(places) or any(map(are_our_numbers, kept))
        numbers = [filled.get(i, ()) for i in may_be_ours(titles, CERTIFICATE_ID)]
        is_log = not places and any(map(are_our_numbers, numbers))
        followed = _by_key(_followed(tab.ours, titles, filled))
        places = own_columns(titles, keys, followed, filled.keys(), is_log=is_log)
        require_key(f"The tab “{tab.title}”", places, was_kept=was_kept)
        titles += [""] * (width - len(titles))
    noted = frozenset(key for key, place in places.items() if place in ours.get(key, ()))
    return Present(tuple(titles), places, noted)


def header_and_keys(
    client: Sheets, tab: Tab, columns: Columns, places: Places
) -> tuple[list[str], dict[int, RowKey]]:
    """The titles, and our key of every row that has one."""
    known = [places[name] for name in columns.key if name in places]
    if len(known) < len(columns.key) or tab.rows < 2:
        known = []
    asked = [_range(tab, "1:1"), *(_range(tab, _under(place)) for place in known)]
    titles, *found = _ranges(client, asked)
    longest = max((len(column) for column in found), default=0)
    keys = {
        number + 2: tuple(_only(column, number) for column in found) for number in range(longest)
    }
    return _titles(titles), {number: key for number, key in keys.items() if key[0]}


def whole(client: Sheets, tab: Tab) -> Cells:
    """Everything that stands in a tab."""
    return _ranges(client, [str(absolute_range_name(tab.title))])[0]


def _by_key(ours: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for note, places in ours.items():
        found.setdefault(key_of_note(note), []).extend(places)
    return found


def _followed(
    ours: Mapping[str, Sequence[int]], titles: Sequence[str], filled: Mapping[int, object]
) -> dict[str, Sequence[int]]:
    """Where our columns are by now. Google's note stays behind when a column is cut and pasted: its
    place is empty then, and another column is called exactly so.
    """
    noted = {place for places in ours.values() for place in places}
    empty = {i for i in noted if i not in filled and not any(titles[i : i + 1])}
    found = dict(ours)
    for note, places in ours.items():
        elsewhere = [i for i, title in enumerate(titles) if title == note and i not in noted]
        if elsewhere and empty.issuperset(places):
            found[note] = elsewhere
    return found


def _to_read(tab: Tab, titles: Sequence[str], missing: Iterable[str]) -> list[int]:
    """The columns that may be meant, and those that were: what stands in them decides."""
    ours = _by_key(tab.ours)
    meant = {i for key in missing for i in (*may_be_ours(titles, key), *ours.get(key, ()))}
    return sorted(i for i in meant if i < len(titles))


def _filled(
    client: Sheets, tab: Tab, titles: Sequence[str], missing: Iterable[str]
) -> tuple[dict[int, list[Any]], int]:
    """What stands under the titles that may be meant, and how many columns are in use at all."""
    if tab.rows < 2:
        return {}, len(titles)
    asked = _to_read(tab, titles, missing)
    if len(asked) > MOST_SPANS:
        asked = list(range(len(titles)))
    first, last = (asked[0], asked[-1]) if asked else (0, -1)
    spans = [(first, last)] if len(asked) > MOST_SPANS else [(i, i) for i in asked]
    right = [(len(titles), tab.columns - 1)] if tab.columns > len(titles) else []
    if not spans + right:
        return {}, len(titles)
    found = _ranges(client, [_range(tab, _under(*span)) for span in spans + right])
    filled: dict[int, list[Any]] = {}
    for (start, _), rows in zip(spans + right, found, strict=True):
        for row in rows:
            for offset, value in enumerate(row):
                if value not in (None, ""):
                    filled.setdefault(start + offset, []).append(value)
    return filled, max([len(titles), *(i + 1 for i in filled)])


def _rows(client: Sheets, tab: Tab, numbers: Sequence[int], width: int) -> dict[int, list[Scalar]]:
    """The cells of these rows, read in a few spans."""
    spans = _spans(numbers)
    if not spans:
        return {}
    last = letters(width - 1)
    found = _ranges(client, [_range(tab, f"A{first}:{last}{end}") for first, end in spans])
    by_number: dict[int, list[Scalar]] = {}
    for (first, _), rows in zip(spans, found, strict=True):
        by_number |= {first + offset: row for offset, row in enumerate(rows)}
    return by_number


def _spans(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Row numbers as at most MOST_SPANS spans, the widest gaps left out."""
    if not numbers:
        return []
    gaps = sorted(pairwise(numbers), key=lambda pair: pair[0] - pair[1])[: MOST_SPANS - 1]
    cuts = sorted(pair for pair in gaps if pair[1] - pair[0] > 1)
    starts = [numbers[0], *(after for _, after in cuts)]
    ends = [*(before for before, _ in cuts), numbers[-1]]
    return list(zip(starts, ends, strict=True))


def _ranges(client: Sheets, ranges: list[str]) -> list[Cells]:
    """The values of several ranges in one request."""
    answer = client.values_batch_get(client.preferences.spreadsheet, ranges, dict(AS_THEY_ARE))
    found = [part.get("values", []) for part in answer.get("valueRanges", [])]
    if len(found) != len(ranges):
        raise DestinationUnavailable("Google Sheets answered half. It is tried again by itself.")
    return found


def _range(tab: Tab, cells: str) -> str:
    return str(absolute_range_name(tab.title, cells))


def _under(first: int, last: int | None = None) -> str:
    """All cells below the header of these columns."""
    return f"{letters(first)}2:{letters(first if last is None else last)}"


def letters(place: int) -> str:
    """A column as it is called in a formula: A, B, ... AA."""
    return str(rowcol_to_a1(1, place + 1)).rstrip("1")


def _titles(rows: Cells) -> list[str]:
    return [str(title) for title in (rows[0] if rows else ())]


def _only(column: Sequence[Sequence[Scalar]], number: int) -> str:
    row = column[number] if number < len(column) else ()
    return str(row[0]) if row else ""
