"""Connections: an account's way into another system, its tokens encrypted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from connector.errors import NotConnected, NotFound
from connector.storage.locks import Locks
from connector.storage.schema import Row, new_id
from connector.storage.sealing import reseal, seal, unseal

Secrets: TypeAlias = dict[str, Any]
"""Tokens as the destination's own module names them, for example access_token, refresh_token."""

Exchange: TypeAlias = Callable[[Secrets], Secrets]
"""Asks the other system for new tokens. NotConnected when only a new login can help."""


class StoredConnection(Row):
    """`settings` are plain; `secrets` is Fernet text. `needs_login` says that tokens died."""

    __tablename__ = "connections"
    __table_args__ = (Index("ix_connections_account_id_destination", "account_id", "destination"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    destination: Mapped[str]
    name: Mapped[str]
    settings: Mapped[dict[str, Any]]
    secrets: Mapped[str | None]
    needs_login: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


def create(
    session: Session,
    account_id: str,
    destination: str,
    *,
    name: str,
    settings: Mapping[str, Any],
    secrets: Secrets | None,
    keys: Sequence[str],
    now: datetime,
) -> StoredConnection:
    """A new connection. `keys` are Fernet keys, newest first: the first one encrypts."""
    connection = StoredConnection(
        id=new_id("conn"),
        account_id=account_id,
        destination=destination,
        name=name,
        settings=dict(settings),
        secrets=seal(json.dumps(secrets), keys) if secrets else None,
        needs_login=False,
        created_at=now,
        updated_at=now,
    )
    session.add(connection)
    session.flush()
    return connection


def get(session: Session, account_id: str, connection_id: str) -> StoredConnection:
    """The connection. NotFound when this account has none of this id."""
    found = select(StoredConnection).where(
        StoredConnection.account_id == account_id,
        StoredConnection.id == connection_id,
        StoredConnection.removed_at.is_(None),
    )
    connection = session.scalars(found).one_or_none()
    if connection is None:
        raise NotFound(f"There is no connection {connection_id[:40]} in this account.")
    return connection


def of_destination(session: Session, account_id: str, destination: str) -> StoredConnection | None:
    """The account's newest connection to a destination."""
    found = select(StoredConnection).where(
        StoredConnection.account_id == account_id,
        StoredConnection.destination == destination,
        StoredConnection.removed_at.is_(None),
    )
    newest = found.order_by(StoredConnection.created_at.desc(), StoredConnection.id).limit(1)
    return session.scalars(newest).first()


def of_account(session: Session, account_id: str) -> list[StoredConnection]:
    """The account's connections by destination."""
    found = select(StoredConnection).where(
        StoredConnection.account_id == account_id, StoredConnection.removed_at.is_(None)
    )
    ordered = found.order_by(StoredConnection.destination, StoredConnection.created_at)
    return list(session.scalars(ordered))


def remove(session: Session, account_id: str, connection_id: str, now: datetime) -> None:
    """End a connection and forget its secrets; pushes made by it stay on file."""
    connection = get(session, account_id, connection_id)
    connection.removed_at = connection.updated_at = now
    connection.secrets = None


def with_ended_login(session: Session, account_id: str) -> list[str]:
    """The destinations that no longer accept the account's login."""
    found = select(StoredConnection.destination).where(
        StoredConnection.account_id == account_id,
        StoredConnection.needs_login.is_(True),
        StoredConnection.removed_at.is_(None),
    )
    return sorted(set(session.scalars(found)))


def secrets_of(connection: StoredConnection, keys: Sequence[str]) -> Secrets:
    """The connection's tokens. NotConnected when there are none or no key fits."""
    if connection.secrets is None:
        raise NotConnected(f"{connection.name} is not connected. Connect it in the settings page.")
    opened: Secrets = json.loads(
        unseal(connection.secrets, keys, f"The stored login of {connection.name}")
    )
    return opened


def keep_secrets(
    connection: StoredConnection, secrets: Secrets, keys: Sequence[str], now: datetime
) -> None:
    """Store new tokens; the login is good again."""
    connection.secrets = seal(json.dumps(secrets), keys)
    connection.needs_login = False
    connection.updated_at = now


def renew(
    sessions: sessionmaker[Session],
    locks: Locks,
    account_id: str,
    connection_id: str,
    *,
    keys: Sequence[str],
    rejected: str,
    exchange: Exchange,
    clock: Callable[[], datetime],
) -> Secrets:
    """Tokens whose `access_token` is not `rejected`: another process's fresh ones, or new ones.

    One process at a time exchanges, and what came is committed before anyone uses it: a refresh
    token is good for one exchange only. When the other system refuses (NotConnected), the
    connection is marked so that a person is asked to log in again.
    """
    with locks.hold(f"connection-{connection_id}"):
        with sessions() as session, session.begin():
            connection = get(session, account_id, connection_id)
            known = secrets_of(connection, keys)
        if known.get("access_token") != rejected:
            return known
        try:
            fresh = exchange(known)
        except NotConnected:
            with sessions() as session, session.begin():
                get(session, account_id, connection_id).needs_login = True
            raise
        with sessions() as session, session.begin():
            keep_secrets(get(session, account_id, connection_id), fresh, keys, clock())
        return fresh


def reseal_all(session: Session, keys: Sequence[str]) -> int:
    """Encrypt every stored login with the newest key, so that old keys can go. How many."""
    sealed = select(StoredConnection).where(StoredConnection.secrets.is_not(None))
    rows = session.scalars(sealed.with_for_update()).all()
    for row in rows:
        row.secrets = reseal(row.secrets or "", keys)
    return len(rows)
