"""An account's Procore, opened: the stored connection, its tokens and the door that trusts it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from connector.actions.action import Given
from connector.actions.services import Caller, Services
from connector.delivery import Connection
from connector.destinations.procore.client import Procore
from connector.errors import InvalidInput, NotConnected
from connector.outbound import Outbound
from connector.storage import connections
from connector.storage.connections import StoredConnection

DESTINATION = "procore"


@dataclass(frozen=True, slots=True)
class OpenProcore:
    """What talking to an account's Procore needs."""

    stored: StoredConnection
    connection: Connection
    door: Outbound

    @property
    def client(self) -> Procore:
        return Procore(self.connection, self.door)

    @property
    def place(self) -> str:
        """The company whose directory it is: what is learned of vendors holds there."""
        about = self.connection.settings
        return f"{about['api_url']}/companies/{about.get('company_id')}"

    @property
    def level(self) -> str:
        """The project or company that records are kept in."""
        about = self.connection.settings
        return str(about.get("project_id") or about.get("company_id"))


LONGEST_NUMBER = 18
"""Digits; a database's numbers end there."""


def procore_number(given: Given, name: str, label: str) -> int | None:
    """One of Procore's numbers, which comes as text and may be longer than ten digits."""
    said = given.get(name)
    if said is None:
        return None
    if not str(said).isdecimal() or len(str(said)) > LONGEST_NUMBER:
        raise InvalidInput(
            f"{label}: “{str(said)[:40]}” is no number of Procore's. It stands in the address of "
            "its page there.",
            field=name,
        )
    return int(said)


def open_procore(session: Session, caller: Caller, services: Services) -> OpenProcore:
    """The account's connection to Procore. NotConnected when it has none."""
    stored = connections.of_destination(session, caller.account_id, DESTINATION)
    if stored is None:
        raise NotConnected(
            "Procore is not connected to this account. An administrator connects it on the page "
            f"{services.page_url('/connect/procore')}."
        )
    return opened(stored, services)


def opened(stored: StoredConnection, services: Services) -> OpenProcore:
    """A stored connection with its tokens and its door; its company may still have to be chosen."""
    connection = services.connect(stored)
    address = str(stored.settings.get("api_url") or services.settings.procore_api_url)
    connection = replace(connection, settings={**connection.settings, "api_url": address})
    return OpenProcore(stored, connection, services.outbound.trusting(address))
