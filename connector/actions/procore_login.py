"""Connecting an account to Procore: a login first, then the company and project that it is for.

The tokens are stored, encrypted, as soon as they came; until the company is chosen they stand in an
unfinished connection of their own, so that the one in use goes on working meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from connector.actions import sending_again
from connector.actions.procore_connection import DESTINATION, OpenProcore, opened
from connector.actions.services import Caller, Services
from connector.destinations.procore import oauth
from connector.destinations.procore.client import Procore
from connector.destinations.procore.lists import Choice, Choices, companies, logged_in_as, projects
from connector.destinations.procore.preferences import Preferences, preferences
from connector.errors import InvalidInput, NotConnected
from connector.storage import connections
from connector.storage.connections import Secrets, StoredConnection

UNFINISHED = "procore_login"
"""The destination of a login whose company is still to be chosen."""

_MOST_PAGES = 20
"""A thousand lines: nobody chooses from a longer list."""


def about_environment(name: str) -> dict[str, Any]:
    """The settings of a connection to one of Procore's installations. InvalidInput for another."""
    named = oauth.ENVIRONMENTS.get(name)
    if named is None:
        raise InvalidInput(
            f"“{name[:40]}” is none of Procore's installations: {', '.join(oauth.ENVIRONMENTS)}.",
            field="environment",
        )
    if name == "production":  # where that is can be changed by PROCORE_API_URL
        return {"environment": name}
    return {"environment": name, "login_url": named.login_url, "api_url": named.api_url}


def keep(
    session: Session,
    account_id: str,
    about: Mapping[str, Any],
    secrets: Secrets,
    keys: Sequence[str],
    now: datetime,
) -> StoredConnection:
    """Store the tokens of a login; one that was begun before and never finished is forgotten."""
    forget_unfinished(session, account_id, now)
    return connections.create(
        session,
        account_id,
        UNFINISHED,
        name="Procore",
        settings=about,
        secrets=secrets,
        keys=keys,
        now=now,
    )


def unfinished(session: Session, account_id: str) -> StoredConnection:
    """The login whose company is to be chosen. NotConnected when there is none."""
    found = connections.of_destination(session, account_id, UNFINISHED)
    if found is None:
        raise NotConnected("There is no login to choose a company for. Log in to Procore first.")
    return found


def settle(
    session: Session, account_id: str, chosen: Mapping[str, Any], now: datetime
) -> StoredConnection:
    """The unfinished login becomes the account's connection, for the chosen company and project.

    A connection to the same company keeps its settings and takes the new tokens, so that nothing
    sent by it is sent anew; one to another company ends.
    """
    login = unfinished(session, account_id)
    about = {**login.settings, **chosen}
    known = _in_use(session, account_id)
    if known is None or not is_same_company(known.settings, about):
        preferences(about)
        for old in _all_in_use(session, account_id):
            connections.remove(session, account_id, old.id, now)
        login.destination, login.settings = DESTINATION, about
        login.updated_at = now
        return login
    if known.settings.get("project_id") != about.get("project_id"):
        about["documents_folder_id"] = None  # it was a folder of the other project
    after = {**known.settings, "login_url": None, "api_url": None, "project_id": None, **about}
    preferences(after)
    known.settings, known.secrets, known.needs_login = after, login.secrets, False
    known.updated_at = now
    forget_unfinished(session, account_id, now)
    return known


def forget_unfinished(session: Session, account_id: str, now: datetime) -> None:
    """No login waits any longer for its company."""
    while (old := connections.of_destination(session, account_id, UNFINISHED)) is not None:
        connections.remove(session, account_id, old.id, now)
        session.flush()


def _in_use(session: Session, account_id: str) -> StoredConnection | None:
    return connections.of_destination(session, account_id, DESTINATION)


def _all_in_use(session: Session, account_id: str) -> Sequence[StoredConnection]:
    found = select(StoredConnection).where(
        StoredConnection.account_id == account_id,
        StoredConnection.destination == DESTINATION,
        StoredConnection.removed_at.is_(None),
    )
    return session.scalars(found).all()


def is_same_company(known: Mapping[str, Any], about: Mapping[str, Any]) -> bool:
    """Whether two connections' settings mean one company of one installation."""

    def place(settings: Mapping[str, Any]) -> tuple[str, str]:
        return str(settings.get("environment") or "production"), str(settings.get("company_id"))

    return place(known) == place(about)


def choosable_companies(caller: Caller, services: Services) -> list[Choice]:
    """The companies that the unfinished login can see."""
    procore = _open_unfinished(caller, services)
    return _all(lambda page: companies(procore.connection, procore.door, page))


def choosable_projects(company_id: int, caller: Caller, services: Services) -> list[Choice]:
    """The active projects of one of them."""
    client = _client(_open_unfinished(caller, services), company_id)
    return _all(lambda page: projects(client, page=page))


def finish(
    company: Choice, project: Choice | None, caller: Caller, services: Services
) -> StoredConnection:
    """Connect to the company: Procore is asked who we are there, so that it surely works.

    What could not be sent while the login had ended goes out by itself.
    """
    opened_login = _open_unfinished(caller, services)
    person = logged_in_as(_client(opened_login, int(company.id)))
    chosen = {
        "company_id": int(company.id),
        "company_name": company.name,
        "project_id": int(project.id) if project else None,
        "project_name": project.name if project else None,
        "user_id": int(person.id),
        "logged_in_as": person.name,
    }
    with services.sessions() as session, session.begin():
        kept = settle(session, caller.account_id, chosen, services.clock())
        level = opened(kept, services).level
        sending_again.send_what_failed(session, caller, kept.id, level, services)
        return kept


def _open_unfinished(caller: Caller, services: Services) -> OpenProcore:
    with services.readers() as session:
        return opened(unfinished(session, caller.account_id), services)


def _client(procore: OpenProcore, company_id: int) -> Procore:
    address = str(procore.connection.settings["api_url"])
    prefs = replace(Preferences(company_id), api_url=address)
    return Procore(procore.connection, procore.door, prefs)


def _all(find: Any) -> list[Choice]:
    found: list[Choice] = []
    page: int | None = 1
    while page is not None and page <= _MOST_PAGES:
        part: Choices = find(page)
        found += part.items
        page = part.next_page
    return found
