"""The tabs of the connected Google spreadsheet, for dropdowns."""

from __future__ import annotations

from connector.actions.action import Given
from connector.actions.inputs import text
from connector.actions.listing import Filters, Listing, Page
from connector.actions.services import Caller, Services
from connector.certificate.field import Field, Kind
from connector.destinations.google_sheets.client import Sheets
from connector.destinations.google_sheets.preferences import DESTINATION
from connector.destinations.google_sheets.tabs import tabs
from connector.errors import NotConnected
from connector.storage import connections


class TabFilters(Filters):
    name = text("Name", help="Part of the tab's name.")


def _find(given: Given, caller: Caller, services: Services) -> Page:
    """All of them on one page: a spreadsheet has few. Charts are no place for a log."""
    with services.readers() as session:
        stored = connections.of_destination(session, caller.account_id, DESTINATION)
    if stored is None:
        raise NotConnected(
            "No Google spreadsheet is connected to this account, so there are no tabs to list; "
            "docs/google-sheets.md says how to connect one."
        )
    found = tabs(Sheets(services.connect(stored), services.outbound)).values()
    part = str(given["name"] or "").casefold()
    titles = [tab.title for tab in found if tab.columns and part in tab.title.casefold()]
    return Page([{"worksheet": title} for title in titles])


WORKSHEETS = Listing(
    "worksheets",
    "Tabs",
    "The tabs of the connected Google spreadsheet, in its order.",
    (Field("worksheet", "Tab", Kind.TEXT, "Certificates"),),
    _find,
    TabFilters,
    shown_as="worksheet",
)
