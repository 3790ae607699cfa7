"""What a person chooses from in the connected Procore: companies, projects, vendors, folders, insurance types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from connector.actions import procore_place
from connector.actions.action import Flat, Given
from connector.actions.inputs import text
from connector.actions.listing import Filters, Listing, Page, whole_number
from connector.actions.procore_connection import OpenProcore, open_procore, procore_number
from connector.actions.services import Caller, Services
from connector.certificate.field import Field, Kind
from connector.destinations.procore.client import Procore
from connector.destinations.procore.lists import (
    Choices,
    companies,
    folders,
    insurance_types,
    projects,
    vendors,
)


class ChoiceFilters(Filters):
    name = text("Name", help="Part of the name.")


class ProjectFilters(ChoiceFilters):
    procore_company_id = procore_place.company()


class VendorFilters(ProjectFilters):
    procore_project_id = procore_place.project()


class FolderFilters(ChoiceFilters):
    parent_folder_id = text(
        "Parent folder", help="The folder whose folders are listed; the topmost when left empty."
    )


def _companies(given: Given, caller: Caller, services: Services) -> Page:
    procore = _opened(caller, services)
    return _page("company", companies(procore.connection, procore.door, _number(given)))


def _found(
    noun: str, find: Callable[[Procore, str, int], Choices], filters: type[Filters]
) -> Listing:
    """The list of a noun in a company or project, narrowed by name on Procore's side."""

    def page(given: Given, caller: Caller, services: Services) -> Page:
        client = procore_place.in_place(_opened(caller, services), given).client
        return _page(noun, find(client, given["name"] or "", _number(given)))

    return replace(_listing(noun, f"{noun}s", page), filters=filters)


def _opened(caller: Caller, services: Services) -> OpenProcore:
    with services.readers() as session:
        return open_procore(session, caller, services)


def _insurance_types(given: Given, caller: Caller, services: Services) -> Page:
    """All of them on one page: a directory has few."""
    part = str(given["name"] or "").casefold()
    found = insurance_types(_opened(caller, services).client).items
    return Page(
        [{"procore_insurance_type": each.name} for each in found if part in each.name.casefold()]
    )


def _folders(given: Given, caller: Caller, services: Services) -> Page:
    parent = procore_number(given, "parent_folder_id", "Parent folder")
    part = str(given["name"] or "").casefold()
    found = folders(_opened(caller, services).client, parent).items
    return _page("folder", Choices(tuple(each for each in found if part in each.name.casefold())))


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
    "folder": "Insurance certificates",
}

PROCORE_LISTS = (
    _listing("company", "companies", _companies),
    _found("project", projects, ProjectFilters),
    _found("vendor", vendors, VendorFilters),
    replace(_listing("folder", "folders", _folders), filters=FolderFilters),
    Listing(
        "procore_insurance_types",
        "Procore insurance types",
        "The names of insurance types in use in the connected Procore, then those we would use.",
        (
            Field(
                "procore_insurance_type", "Procore insurance type", Kind.TEXT, "General Liability"
            ),
        ),
        _insurance_types,
        ChoiceFilters,
        shown_as="procore_insurance_type",
    ),
)
