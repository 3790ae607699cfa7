"""Bearer tokens of stored connections: kept encrypted, renewed by one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from connector.settings import Settings
from connector.storage import connections
from connector.storage.connections import Secrets, StoredConnection
from connector.storage.locks import Locks


class StoredTokens:
    """The TokenSource of one connection. `exchange` gets new tokens for old ones."""

    def __init__(
        self,
        connection: StoredConnection,
        settings: Settings,
        sessions: sessionmaker[Session],
        exchange: Callable[[Secrets], Secrets],
        clock: Callable[[], datetime],
    ) -> None:
        self._connection = connection
        self._settings, self._sessions = settings, sessions
        self._exchange, self._clock = exchange, clock

    def token(self) -> str:
        """The stored access token; a new one when none is stored yet."""
        with self._sessions() as session:
            stored = connections.get(session, self._connection.account_id, self._connection.id)
            known = connections.secrets_of(stored, self._settings.secret_keys)
        return str(known.get("access_token") or self.renew(""))

    def renew(self, rejected: str) -> str:
        """A token other than `rejected`; another process may have fetched it meanwhile."""
        fresh = connections.renew(
            self._sessions,
            Locks(self._settings.database_url, self._settings.data_dir),
            self._connection.account_id,
            self._connection.id,
            keys=self._settings.secret_keys,
            rejected=rejected,
            exchange=self._exchange,
            clock=self._clock,
        )
        return str(fresh["access_token"])
