"""Ending a connection to Procore: our hooks there are removed, the tokens are forgotten and revoked."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from connector.actions.procore_connection import DESTINATION, opened
from connector.actions.procore_login import UNFINISHED, is_same_company, unfinished
from connector.actions.services import Services
from connector.destinations.procore import oauth, webhooks
from connector.errors import ConnectorError, NotConnected
from connector.storage import connections
from connector.storage.connections import StoredConnection
from connector.wiring.procore import app, environment

HOOKS_LEFT = (
    "Its webhooks could not be removed in Procore; they lead nowhere now. {why} An administrator "
    "may delete them there."
)
NOT_REVOKED = (
    "Procore could not be told that the login has ended. {why} It ends by itself within 90 minutes; "
    "to be sure, remove the app in Procore under App Management."
)


def disconnect(account_id: str, services: Services) -> tuple[str, ...]:
    """Whatever Procore answers, the connection is gone afterwards. Sentences on what was left undone."""
    with services.readers() as session:
        found = list(_of(session, account_id))
        known = [_secrets(each, services) for each in found]
    troubles = [_unhook(each, services) for each in found]
    with services.sessions() as session, session.begin():
        for each in found:
            connections.remove(session, account_id, each.id, services.clock())
    troubles += [_revoke(*each, services) for each in zip(found, known, strict=True)]
    return tuple(filter(None, troubles))


def leave_other_company(account_id: str, company_id: int, services: Services) -> tuple[str, ...]:
    """Before another company is connected: our hooks in the one so far are removed, while its login
    is still known. Sentences on what was left undone."""
    with services.readers() as session:
        so_far = connections.of_destination(session, account_id, DESTINATION)
        about = {**unfinished(session, account_id).settings, "company_id": company_id}
    if so_far is None or is_same_company(so_far.settings, about):
        return ()
    return tuple(filter(None, (_unhook(so_far, services),)))


def _of(session: Session, account_id: str) -> Iterator[StoredConnection]:
    """The connection, and a login whose company was never chosen."""
    for destination in (DESTINATION, UNFINISHED):
        if found := connections.of_destination(session, account_id, destination):
            yield found


def _secrets(stored: StoredConnection, services: Services) -> connections.Secrets:
    """Its tokens; none where they can no longer be read, which must not keep it from ending."""
    try:
        return connections.secrets_of(stored, services.settings.secret_keys)
    except NotConnected:
        return {}


def _unhook(stored: StoredConnection, services: Services) -> str | None:
    if not stored.settings.get("watch"):
        return None
    address = services.page_url(f"/v1/procore/events/{stored.id}")
    try:
        webhooks.unwatch(opened(stored, services).client, address)
    except ConnectorError as error:
        return HOOKS_LEFT.format(why=error.message)
    return None


def _revoke(stored: StoredConnection, known: connections.Secrets, services: Services) -> str | None:
    """A dead token needs no revoking: Procore has ended that login itself."""
    if stored.needs_login or not known.get("access_token"):
        return None
    installation = environment(stored.settings, services.settings)
    door = services.outbound.trusting(installation.login_url)
    try:
        oauth.revoke(installation, app(services.settings), known, door)
    except ConnectorError as error:
        return NOT_REVOKED.format(why=error.message)
    return None
