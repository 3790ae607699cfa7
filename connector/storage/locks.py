"""Locks that end with their holder: a file lock beside SQLite, an advisory lock in PostgreSQL.

Both are freed by the system the moment the holding process dies, even by kill -9, so a free lock
proves that nobody works under its name. They are held outside any transaction: a call to another
system may take seconds, and SQLite has one write lock for everybody.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from connector.errors import DestinationUnavailable
from connector.storage.database import is_sqlite, postgresql_url

FIRST_WORKER = "worker-1"
"""The name of the first worker's lock; on SQLite there is no other."""

_POLL_SECONDS = 0.05


class Lock(Protocol):
    """A lock that this process holds."""

    def is_held(self) -> bool:
        """Whether it is still ours: a database that restarted has forgotten its locks."""
        ...

    def release(self) -> None: ...


class Locks:
    """Named locks of one installation: one database, one data folder."""

    def __init__(self, database_url: str, data_dir: Path) -> None:
        self._database_url = database_url
        self._folder = data_dir / "locks"

    def attempt(self, name: str) -> Lock | None:
        """The lock, or None while another process or thread holds it."""
        if is_sqlite(self._database_url):
            return _attempt_file(self._folder / f"{name}.lock")
        return _attempt_advisory(self._database_url, name)

    @contextmanager
    def hold(self, name: str, patience: float = 30.0) -> Iterator[None]:
        """Hold the lock; wait for it up to `patience` seconds, then DestinationUnavailable."""
        deadline = time.monotonic() + patience
        while (lock := self.attempt(name)) is None:
            if time.monotonic() >= deadline:
                raise DestinationUnavailable(
                    "Another request is still busy with this connection. Try again in a minute."
                )
            time.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            lock.release()


class _FileLock:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def is_held(self) -> bool:
        return True

    def release(self) -> None:
        os.close(self._descriptor)


def alone(session: Session, name: str) -> None:
    """Until the session's transaction ends, nobody else comes past here under this name.

    On SQLite a transaction that may write is alone from its beginning.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
        session.execute(lock, {"name": f"coi-connector:{name}"})


def _attempt_file(path: Path) -> Lock | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return _FileLock(descriptor)


class _AdvisoryLock:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_held(self) -> bool:
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True

    def release(self) -> None:
        self._connection.close()


def _attempt_advisory(database_url: str, name: str) -> Lock | None:
    """Session level: it lives as long as the connection. PgBouncer's transaction mode breaks it."""
    engine = create_engine(
        postgresql_url(database_url),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"application_name": f"coi-connector {name}"[:63], "connect_timeout": 10},
    )
    connection = engine.connect()
    try:
        for parameter, value in (("idle", 10), ("interval", 5), ("count", 3)):
            # so that the server notices within half a minute when a whole machine is gone
            connection.execute(text(f"SET tcp_keepalives_{parameter} = {value}"))
        taken = connection.scalar(
            text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))"),
            {"name": f"coi-connector:{name}"},
        )
    except BaseException:
        connection.close()
        raise
    if not taken:
        connection.close()
        return None
    return _AdvisoryLock(connection)
