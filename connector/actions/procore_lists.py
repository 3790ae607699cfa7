"""What a person chooses from in the connected Procore: companies, projects, vendors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from connector.actions.action import Flat, Given
from connector.actions.inputs import text
from connector.actions.listing import Filters, Listing, Page, whole_number
from connector.actions.services import Caller, Services
from connector.certificate.field import Field, Kind
from connector.delivery import Connection
from connector.destinations.procore.client import Procore
from connector.destinations.procore.lists import Choices, companies, projects, vendors
from connector.errors import NotConnected
from connector.outbound import Outbound
from connector.storage import connections


class ChoiceFilters(Filters):
    name = text("Name", help="Part of the name.")


def _companies(given: Given, caller: Caller, services: Services) -> Page:
    connection, door = _opened(caller, services)
    return _page("company", companies(connection, door, _number(given)))


def _found(noun: str, find: Callable[[Procore, str, int], Choices]) -> Listing:
    """The list of a noun in the connected company, narrowed by name on Procore's side."""

    def page(given: Given, caller: Caller, services: Services) -> Page:
        client = Procore(*_opened(caller, services))
        return _page(noun, find(client, given["name"] or "", _number(given)))

    return _listing(noun, f"{noun}s", page)


def _opened(caller: Caller, services: Services) -> tuple[Connection, Outbound]:
    """The account's connection to Procore, and the door that trusts its address."""
    with services.readers() as session:
        stored = connections.of_destination(session, caller.account_id, "procore")
    if stored is None:
        raise NotConnected("Procore is not connected to this account, so there is nothing to list.")
    connection = services.connect(stored)
    address = str(stored.settings.get("api_url") or services.settings.procore_api_url)
    connection = replace(connection, settings={**connection.settings, "api_url": address})
    return connection, services.outbound.trusting(address)


def _number(given: Given) -> int:
    """The page to show, from 1: Procore's lists go by numbers, so the cursor is one."""
    return max(whole_number(given, "cursor", "Cursor") or 1, 1)


def _page(noun: str, found: Choices) -> Page:
    rows: list[Flat] = [
        {f"procore_{noun}_id": choice.id, f"procore_{noun}_name": choice.name}
        for choice in found.items
    ]
    return Page(rows, str(found.next_page) if found.next_page else None)


def _listing(noun: str, plural: str, find: Callable[[Given, Caller, Services], Page]) -> Listing:
    return Listing(
        f"procore_{plural}",
        f"Procore {plural}",
        f"The {plural} in the connected Procore, by name.",
        (
            Field(f"procore_{noun}_id", f"Procore {noun}", Kind.TEXT, "7001"),
            Field(f"procore_{noun}_name", f"Procore {noun} name", Kind.TEXT, _SAMPLES[noun]),
        ),
        find,
        ChoiceFilters,
        shown_as=f"procore_{noun}_name",
    )


_SAMPLES = {
    "company": "Summit Builders Inc",
    "project": "Lakeside Medical Center",
    "vendor": "Northfield Roofing LLC",
}

PROCORE_LISTS = (
    _listing("company", "companies", _companies),
    _found("project", projects),
    _found("vendor", vendors),
)
