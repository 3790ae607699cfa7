"""Where in Procore a push goes: the company, the project and the vendor that the caller names.

Each is named by its number, as a dropdown gives it, or by its name there, as a person or an
assistant writes it. What is not named is the connection's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from connector.actions.action import Given
from connector.actions.inputs import text
from connector.actions.procore_connection import OpenProcore
from connector.certificate.names import normalise
from connector.destinations.procore import lists
from connector.destinations.procore.lists import Choices
from connector.errors import InvalidInput

COMPANY, PROJECT, VENDOR = "procore_company_id", "procore_project_id", "procore_vendor_id"
PLACE = (COMPANY, PROJECT, VENDOR)

Find = Callable[[str], Choices]


def company() -> Any:
    """The input of the company that a push goes to."""
    return text(
        "Procore company",
        help="Choose the company in Procore, or write its name. Leave it empty for the "
        "connection's own.",
        choices_from="procore_companies",
    )


def project() -> Any:
    """The input of the project that a push goes to."""
    return text(
        "Procore project",
        help="Choose the project in Procore whose records are written, or write its name. "
        "Leave it empty for the connection's own.",
        choices_from="procore_projects",
    )


def vendor() -> Any:
    """The input of the vendor that a push goes to."""
    return text(
        "Procore vendor",
        help="Choose the vendor in Procore, or write its name, when it differs from the "
        "insured's. It is remembered for the next certificate.",
        choices_from="procore_vendors",
    )


def in_place(procore: OpenProcore, given: Given) -> OpenProcore:
    """The same login in the company and the project that are named."""
    number = _number(given, COMPANY, "Procore company", _companies(procore))
    if number and number != str(procore.connection.settings.get("company_id")):
        procore = _with(procore, {"company_id": number, "project_id": None})
    client = procore.client
    number = _number(given, PROJECT, "Procore project", lambda name: lists.projects(client, name))
    return _with(procore, {"project_id": number}) if number else procore


def vendor_id(procore: OpenProcore, given: Given) -> str | None:
    """The vendor's number, in the directory that the push goes to."""
    client = procore.client
    return _number(given, VENDOR, "Procore vendor", lambda name: lists.vendors(client, name))


def _companies(procore: OpenProcore) -> Find:
    return lambda _name: lists.companies(procore.connection, procore.door)


def _with(procore: OpenProcore, settings: Mapping[str, Any]) -> OpenProcore:
    connection = procore.connection
    return replace(
        procore, connection=replace(connection, settings={**connection.settings, **settings})
    )


def _number(given: Given, key: str, label: str, find: Find) -> str | None:
    """What is named, as Procore's number. InvalidInput when the name is nobody's, or several's."""
    said = str(given.get(key) or "").strip()
    if not said or said.isdecimal():
        return said or None
    wanted = normalise(said)
    shown = find(said.partition(",")[0])  # Procore looks for the text as it stands
    found = [each.id for each in shown.items if normalise(each.name) == wanted]
    if len(found) == 1:
        return found[0]
    raise InvalidInput(
        f"{label}: “{said[:60]}” is the name of {len(found) or 'none'} in Procore. Choose it from "
        "the list, or give its number, which stands in the address of its page there.",
        field=key,
    )
