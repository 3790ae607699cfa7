"""What an account's settings for a prepared destination are kept as: a connection without secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from connector.actions.services import Services
from connector.cli.keys import account_named, sessions_here
from connector.cli.serve import settings_of
from connector.errors import NotConnected
from connector.storage import connections
from connector.wiring import services


@contextmanager
def wired() -> Iterator[Services]:
    """The service's own parts over its own database, brought up to date first."""
    settings = settings_of()
    sessions_here(settings)
    made = services(settings)
    try:
        yield made
    finally:
        made.close()


def remember(
    session: Session,
    account_id: str,
    destination: str,
    name: str,
    said: Mapping[str, Any],
    services: Services,
) -> Mapping[str, Any]:
    """Add what was said to the account's settings for a destination; all of them."""
    stored = connections.of_destination(session, account_id, destination)
    if stored is None:
        stored = connections.create(
            session,
            account_id,
            destination,
            name=name,
            settings={},
            secrets=None,
            keys=services.settings.secret_keys,
            now=services.clock(),
        )
    stored.settings = {**stored.settings, **said}
    stored.updated_at = services.clock()
    return stored.settings


def forget(account: str, destination: str) -> None:
    """End the account's settings for a destination. NotConnected when there are none."""
    with sessions_here(settings_of())() as session, session.begin():
        owner = account_named(session, account)
        stored = connections.of_destination(session, owner.id, destination)
        if stored is None:
            raise NotConnected(f"{account} has no settings for {destination}.")
        connections.remove(session, owner.id, stored.id, datetime.now(UTC))
