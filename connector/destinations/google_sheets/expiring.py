"""The second tab: what expires next, earliest first. Its six columns are ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connector.certificate.field import Field, Kind
from connector.destinations.google_sheets import requests
from connector.destinations.google_sheets.client import Sheets
from connector.destinations.google_sheets.look import whole
from connector.destinations.google_sheets.requests import Request
from connector.destinations.google_sheets.table import Columns, Row
from connector.destinations.google_sheets.tabs import Tab, table_called
from connector.errors import DestinationRefused
from connector.log_columns import MARK

TITLE = "Expiring"

EXPIRING_FIELDS: tuple[Field, ...] = (
    Field("expiration_date", "Expires", Kind.DATE, "2027-03-01"),
    Field("insured_name", "Insured", Kind.TEXT, "Northfield Roofing LLC"),
    Field("expiring_lines", "Coverage", Kind.TEXT, "general_liability"),
    Field("producer_name", "Producer", Kind.TEXT, "Lakeshore Insurance Agency"),
    Field("producer_email", "Producer e-mail", Kind.TEXT, "certs@lakeshore.example"),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T"),
)


def expiring_requests(
    client: Sheets, found: Mapping[str, Tab], rows: Sequence[Row], *, beside: Tab
) -> list[Request]:
    """What brings the tab to exactly these rows. `beside` is the log's own tab."""
    width = len(EXPIRING_FIELDS)
    title, known = place(client, found, beside)
    tab = known or Tab.fresh(title, found, taken=beside.sheet_id)
    places = {key: min(at) for key, at in tab.ours.items()} or {
        each.key: number for number, each in enumerate(EXPIRING_FIELDS)
    }
    made: list[Request] = []
    if known is None:
        made.append(requests.new_tab(title, tab.sheet_id, width))
    grid_rows = tab.rows if known else requests.NEW_TAB_ROWS
    if known and known.columns <= max(places.values()):
        made.append(requests.wider(tab.sheet_id, max(places.values()) + 1 - known.columns))
    if len(rows) + 1 > grid_rows:
        made.append(requests.longer(tab.sheet_id, len(rows) + 1 - grid_rows))
    if not tab.ours:
        made += requests.notes(tab.sheet_id, places)
    columns = Columns(EXPIRING_FIELDS, (), client.preferences.real_dates)
    for each in EXPIRING_FIELDS:
        if each.key in places:  # a column that the office removed stays away
            values = [each.label, *(columns.cell(each, row.get(each.key)) for row in rows)]
            made.append(requests.whole_column(tab.sheet_id, places[each.key], values))
    dates = [places[key] for key in columns.dates if key in places]
    return made + requests.date_formats(tab.sheet_id, dates)


def place(client: Sheets, found: Mapping[str, Tab], beside: Tab) -> tuple[str, Tab | None]:
    """The tab and its title. What the office keeps in a tab of this name stays as it is."""
    for title in (TITLE, f"{TITLE} {MARK}"):
        tab = None if title == beside.title else table_called(title, found)
        if title != beside.title and (tab is None or tab.ours or _is_free(client, tab)):
            return title, tab
    raise DestinationRefused(
        f"The tabs “{TITLE}” and “{TITLE} {MARK}” hold something of your own. Rename one of them, "
        "or run `connector sheets set --no-expiring`."
    )


def _is_free(client: Sheets, tab: Tab) -> bool:
    """Whether nothing stands there but what we wrote before columns were remembered."""
    rows = whole(client, tab)
    return not rows or rows[0] == [each.label for each in EXPIRING_FIELDS]
