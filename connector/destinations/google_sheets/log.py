"""All waiting rows into the log in a handful of requests: look, compare, write once.

Only one writer at a time may be here for a spreadsheet; the caller holds the lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connector.certificate.field import Field, Scalar
from connector.delivery import PushStatus, Receipt
from connector.destinations.google_sheets import requests
from connector.destinations.google_sheets.client import Sheets
from connector.destinations.google_sheets.expiring import expiring_requests
from connector.destinations.google_sheets.look import header_and_keys, look
from connector.destinations.google_sheets.preferences import DESTINATION
from connector.destinations.google_sheets.table import (
    Change,
    Columns,
    Plan,
    Present,
    Row,
    plan,
)
from connector.destinations.google_sheets.tabs import Tab, table_called, tabs
from connector.errors import DestinationRefused
from connector.log_columns import NO_LINE

ROWS_A_REQUEST = 250
"""About two megabytes of JSON, which is what Google advises."""

MOVED = (
    "Somebody sorted or moved rows of the log in the moment it was written, and rows were mixed up. "
    "Undo that in Google Sheets, or log these certificates again: {}."
)


MOVED_COLUMNS = (
    "Somebody moved columns of the log in the moment it was written, so cells may stand in the wrong "
    "one. In Google Sheets: File, Version history, take the version before; then log again."
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
    rows of the second tab, None when it is not kept. At most nine requests for 500 certificates.
    """
    columns = Columns(fields, key, client.preferences.real_dates)
    found = tabs(client)
    tab = table_called(client.preferences.worksheet, found)
    about = {each.certificate_id for each in waiting}
    present = look(client, tab, columns, about) if tab else Present()
    made = plan(_wanted(waiting, columns, present), columns, present)
    target = tab or Tab.fresh(client.preferences.worksheet, found)
    second = []
    if expiring is not None:
        second = expiring_requests(client, found, expiring, beside=target)
    if not made.is_settled:
        _send(client, made, columns, target, is_new=tab is None, second=second)
        _verify(client, target, columns, made, present)
    elif second:
        client.batch_update(client.preferences.spreadsheet, {"requests": second})
    return [_receipt(each, columns, made, client, target) for each in waiting]


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
    first += requests.header(target.sheet_id, made) + requests.notes(target.sheet_id, made.to_note)
    dates = requests.date_formats(target.sheet_id, [made.places[name] for name in columns.dates])
    for changed, added in _parts(made):
        body = [*first, *requests.changes(target.sheet_id, changed)]
        body += requests.additions(target.sheet_id, added, made)
        first = []
        client.batch_update(client.preferences.spreadsheet, {"requests": body + dates})
    if second:
        client.batch_update(client.preferences.spreadsheet, {"requests": [*second]})


def _parts(made: Plan) -> Iterator[tuple[list[Change], list[dict[str, Scalar]]]]:
    """Changes and additions, ROWS_A_REQUEST together; one part at least, for the header."""
    count = len(made.changes)
    for first in range(0, max(count + len(made.additions), 1), ROWS_A_REQUEST):
        end = first + ROWS_A_REQUEST
        yield made.changes[first:end], made.additions[max(first - count, 0) : max(end - count, 0)]


def _verify(client: Sheets, target: Tab, columns: Columns, made: Plan, before: Present) -> None:
    """Cells are written by number. If somebody moved some in that second, others were hit: say so."""
    key_places = made.places if made.changes else {}
    titles, after = header_and_keys(client, target, columns, key_places)
    meant = {place: made.header[place] for place in made.places.values()}
    if any(title != dict(enumerate(titles)).get(place) for place, title in meant.items()):
        raise DestinationRefused(MOVED_COLUMNS)
    if not made.changes:
        return
    changed = {change.row: before.keys[change.row] for change in made.changes}
    moved = {key for row, key in changed.items() if after.get(row) != key}
    hit = {after[row] for row, key in changed.items() if row in after and after[row] != key}
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
        next_step=None if each.rows else NO_LINE,
    )
