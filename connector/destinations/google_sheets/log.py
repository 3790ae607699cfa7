"""All waiting rows into the log in a handful of requests: look, compare, write once.

Only one writer at a time may be here for a spreadsheet; the caller holds the lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gspread.utils import absolute_range_name, rowcol_to_a1

from connector.certificate.field import Field, Scalar
from connector.delivery import PushStatus, Receipt
from connector.destinations.google_sheets import requests
from connector.destinations.google_sheets.client import Sheets
from connector.destinations.google_sheets.expiring import expiring_requests
from connector.destinations.google_sheets.preferences import DESTINATION
from connector.destinations.google_sheets.table import (
    Change,
    Columns,
    Plan,
    Present,
    Row,
    RowKey,
    plan,
)
from connector.destinations.google_sheets.tabs import Tab, table_called, tabs
from connector.errors import DestinationRefused, DestinationUnavailable

ROWS_A_REQUEST = 250
"""About two megabytes of JSON, which is what Google advises."""

MOST_SPANS = 40
"""Ranges in one read; more make the address too long."""

AS_THEY_ARE = {
    "valueRenderOption": "UNFORMATTED_VALUE",
    "dateTimeRenderOption": "SERIAL_NUMBER",
}

MOVED = (
    "Somebody sorted or moved rows of the log in the moment it was written, and rows were mixed up. "
    "Undo that in Google Sheets, or log these certificates again: {}."
)


@dataclass(frozen=True, slots=True)
class Logged:
    """One certificate's rows, in the log's columns: a single one, or one per coverage line."""

    certificate_id: str
    rows: tuple[Row, ...]


def write(
    client: Sheets,
    waiting: Sequence[Logged],
    fields: tuple[Field, ...],
    key: tuple[str, ...],
    expiring: Sequence[Row] | None = None,
) -> list[Receipt]:
    """Bring the sheet to what `waiting` says; a receipt for each, in order.

    `key` are the columns that tell rows apart, the certificate's number first. `expiring` are the
    rows of the second tab, None when it is not kept. At most seven requests for 500 certificates.
    """
    columns = Columns(fields, key, client.preferences.real_dates)
    found = tabs(client)
    tab = table_called(client.preferences.worksheet, found)
    present = _look(client, tab, columns, waiting)
    made = plan(_wanted(waiting, columns, present), columns, present)
    target = tab or Tab.fresh(client.preferences.worksheet, found)
    second = (
        expiring_requests(found, expiring, taken=target.sheet_id) if expiring is not None else []
    )
    if not made.is_settled:
        _send(client, made, columns, target, is_new=tab is None, second=second)
        _verify(client, target, columns, made, present)
    elif second:
        client.batch_update(client.preferences.spreadsheet, {"requests": second})
    return [_receipt(each, columns, made, client, target) for each in waiting]


def _look(client: Sheets, tab: Tab | None, columns: Columns, waiting: Sequence[Logged]) -> Present:
    """Header, keys of all rows, and the cells of the rows that are about to be compared."""
    if tab is None:
        return Present()
    titles = _ranges(client, [_range(tab, "1:1")])[0]
    header = tuple(str(title) for title in (titles[0] if titles else ()))
    bare = Present(header)
    keys = _keys(client, tab, columns, bare)
    about = {each.certificate_id for each in waiting}
    numbers = sorted(number for number, key in keys.items() if key[0] in about)
    return Present(header, keys, _rows(client, tab, numbers, len(header)))


def _keys(client: Sheets, tab: Tab, columns: Columns, bare: Present) -> dict[int, RowKey]:
    places = [bare.column(name) for name in columns.key]
    known = [place for place in places if place is not None]
    if places[0] is None or len(known) < len(places):
        return {}
    letters = [rowcol_to_a1(1, place + 1).rstrip("1") for place in known]
    found = _ranges(client, [_range(tab, f"{letter}2:{letter}") for letter in letters])
    longest = max((len(column) for column in found), default=0)
    keys = {
        number + 2: tuple(_only(column, number) for column in found) for number in range(longest)
    }
    return {number: key for number, key in keys.items() if key[0]}


def _rows(client: Sheets, tab: Tab, numbers: Sequence[int], width: int) -> dict[int, list[Scalar]]:
    """The cells of these rows, read in a few spans."""
    spans = _spans(numbers)
    if not spans:
        return {}
    last = rowcol_to_a1(1, width).rstrip("1")
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


def _wanted(waiting: Sequence[Logged], columns: Columns, present: Present) -> list[Row]:
    """The rows to be; a coverage line that the certificate no longer states is emptied."""
    wanted = {columns.key_of(row): row for each in waiting for row in each.rows}
    about = {each.certificate_id for each in waiting}
    for key in present.keys.values():
        if key[0] in about and key not in wanted:
            wanted[key] = dict(zip(columns.key, key, strict=True))
    return list(wanted.values())


def _send(
    client: Sheets,
    made: Plan,
    columns: Columns,
    target: Tab,
    *,
    is_new: bool,
    second: Sequence[requests.Request],
) -> None:
    """In parts, so that no request grows too large; each part is done as a whole or not at all."""
    first: list[requests.Request] = []
    if is_new:
        first.append(requests.new_tab(target.title, target.sheet_id, len(made.header)))
    elif len(made.header) > target.columns:
        first.append(requests.wider(target.sheet_id, len(made.header) - target.columns))
    first += requests.header(target.sheet_id, made)
    last = requests.date_formats(target.sheet_id, columns, made) if made.additions else []
    for changed, added in _parts(made):
        body = [*first, *requests.changes(target.sheet_id, changed)]
        body += requests.additions(target.sheet_id, added, made)
        first = []
        client.batch_update(client.preferences.spreadsheet, {"requests": body})
    if last or second:
        client.batch_update(client.preferences.spreadsheet, {"requests": [*last, *second]})


def _parts(made: Plan) -> Iterator[tuple[list[Change], list[dict[str, Scalar]]]]:
    """Changes and additions, ROWS_A_REQUEST together; one part at least, for the header."""
    count = len(made.changes)
    for first in range(0, max(count + len(made.additions), 1), ROWS_A_REQUEST):
        end = first + ROWS_A_REQUEST
        yield made.changes[first:end], made.additions[max(first - count, 0) : max(end - count, 0)]


def _verify(client: Sheets, target: Tab, columns: Columns, made: Plan, before: Present) -> None:
    """Rows are changed by number. If somebody sorted in that second, others were hit: name them."""
    if not made.changes:
        return
    after = _keys(client, target, columns, Present(made.header))
    meant = {change.row: before.keys[change.row] for change in made.changes}
    moved = {key for row, key in meant.items() if after.get(row) != key}
    hit = {after[row] for row, key in meant.items() if row in after and after[row] != key}
    lost = set(before.keys.values()) - set(after.values())
    if wrong := sorted({key[0] for key in moved | hit | lost}):
        raise DestinationRefused(MOVED.format(", ".join(wrong)))


def _receipt(each: Logged, columns: Columns, made: Plan, client: Sheets, target: Tab) -> Receipt:
    mine = {columns.key_of(row) for row in each.rows}
    gone = {key for key in made.updated if key[0] == each.certificate_id} - mine
    created, updated = len(mine & made.created), len((mine & made.updated) | gone)
    return Receipt(
        DESTINATION,
        PushStatus.PUSHED if created or updated else PushStatus.UNCHANGED,
        records_created=created,
        records_updated=updated,
        records_unchanged=len(mine) - created - len(mine & made.updated),
        external_url=f"{client.preferences.page_url}#gid={target.sheet_id}",
    )


def _ranges(client: Sheets, ranges: list[str]) -> list[list[list[Any]]]:
    """The values of several ranges in one request."""
    answer = client.values_batch_get(client.preferences.spreadsheet, ranges, dict(AS_THEY_ARE))
    found = [part.get("values", []) for part in answer.get("valueRanges", [])]
    if len(found) != len(ranges):
        raise DestinationUnavailable("Google Sheets answered half. It is tried again by itself.")
    return found


def _range(tab: Tab, cells: str) -> str:
    return str(absolute_range_name(tab.title, cells))


def _only(column: Sequence[Sequence[Scalar]], number: int) -> str:
    row = column[number] if number < len(column) else ()
    return str(row[0]) if row else ""
