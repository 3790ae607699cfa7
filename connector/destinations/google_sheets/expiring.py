"""The second tab: what expires next, earliest first. The tab is ours alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connector.certificate.field import Field, Kind
from connector.destinations.google_sheets import requests
from connector.destinations.google_sheets.requests import Request
from connector.destinations.google_sheets.table import Row
from connector.destinations.google_sheets.tabs import Tab, table_called

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
    found: Mapping[str, Tab], rows: Sequence[Row], *, taken: int
) -> list[Request]:
    """What brings the tab to exactly these rows. `taken` is an id that a new tab must not get."""
    known = table_called(TITLE, found)
    width = len(EXPIRING_FIELDS)
    tab = known or Tab.fresh(TITLE, found, taken=taken)
    made: list[Request] = []
    if known is None:
        made.append(requests.new_tab(TITLE, tab.sheet_id, width))
    grid_rows = tab.rows if known else requests.NEW_TAB_ROWS
    if known and known.columns < width:
        made.append(requests.wider(tab.sheet_id, width - known.columns))
    if len(rows) + 1 > grid_rows:
        made.append(requests.longer(tab.sheet_id, len(rows) + 1 - grid_rows))
    titles = [field.label for field in EXPIRING_FIELDS]
    body = [[row.get(field.key) for field in EXPIRING_FIELDS] for row in rows]
    return [*made, requests.whole_tab(tab.sheet_id, [titles, *body])]
