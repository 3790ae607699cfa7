"""What a person chooses from: companies, projects, vendors, insurance types, folders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from connector.delivery import Connection
from connector.destinations.procore.client import Procore
from connector.destinations.procore.folders import read_folder
from connector.destinations.procore.preferences import NO_COMPANY, Preferences
from connector.outbound import Outbound

CHOICES_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a dropdown: what is kept, and what is read."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Choices:
    """One page of a dropdown; `next_page` is the number to ask for next, None at the end."""

    items: tuple[Choice, ...]
    next_page: int | None = None


def companies(connection: Connection, http: Outbound, page: int = 1) -> Choices:
    """The companies that a login can see, before one is chosen.

    A service account must already know a company: its settings' `company_id` is sent then.
    """
    settings = connection.settings
    prefs = Preferences(int(settings.get("company_id") or NO_COMPANY))
    if settings.get("api_url"):
        prefs = replace(prefs, api_url=str(settings["api_url"]))
    return _page(Procore(connection, http, prefs), "/rest/v1.0/companies", {}, page)


def logged_in_as(client: Procore) -> Choice:
    """The person or service account that the login belongs to, by the e-mail address it uses."""
    found = client.get("/rest/v1.0/me")
    return Choice(str(found["id"]), str(found.get("login") or found["id"]))


def projects(client: Procore, search: str = "", page: int = 1) -> Choices:
    """The company's active projects that the login belongs to."""
    params = {"company_id": client.preferences.company_id, "sort": "name"}
    return _page(client, "/rest/v1.1/projects", _found(params, "filters[name]", search), page)


def vendors(client: Procore, search: str = "", page: int = 1) -> Choices:
    """The vendors in the connection's directory, by name."""
    params = _found({"view": "minimal", "sort": "name"}, "filters[search]", search)
    prefs = client.preferences
    if prefs.project_id is None:
        params["company_id"] = prefs.company_id
        return _page(client, "/rest/v1.1/vendors", params, page)
    return _page(client, f"/rest/v1.1/projects/{prefs.project_id}/vendors", params, page)


def insurance_types(client: Procore) -> Choices:
    """The types in use in the directory, then the names that we would use."""
    shown = (r.get("insurance_type") for r in client.pages(f"{client.preferences.directory}/insurances"))  # fmt: skip
    names = dict.fromkeys([*sorted({n for n in shown if n}), *client.preferences.insurance_types.values()])  # fmt: skip
    return Choices(tuple(Choice(name, name) for name in names))


def folders(client: Procore, parent_id: int | None = None) -> Choices:
    """The folders inside one folder of Documents; the topmost ones without `parent_id`."""
    return Choices(_choices(read_folder(client, parent_id).folders))


def _found(params: Mapping[str, Any], name: str, search: str) -> dict[str, Any]:
    return {**params, name: search} if search else dict(params)


def _page(client: Procore, path: str, params: Mapping[str, Any], page: int) -> Choices:
    query = {**params, "page": page, "per_page": CHOICES_PER_PAGE}
    items, more = client.page(path, query)
    return Choices(_choices(items), page + 1 if more else None)


def _choices(items: Iterable[Mapping[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(str(item["id"]), str(item["name"])) for item in items)
