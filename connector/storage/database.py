"""The way into the database: an engine for SQLite or PostgreSQL, and sessions over it.

SQLite is set up as measured: the write-ahead log lets readers go on while one writes, and every
transaction takes the write lock when it begins. A transaction that first read and then asks for
the lock would be refused at once ("database is locked") instead of waiting its turn.
"""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any
from weakref import WeakSet

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another: longer than any transaction of ours takes."""

CONNECTIONS = 20

_engines: WeakSet[Engine] = WeakSet()


def _leave_connections_to_the_parent() -> None:
    """After a fork (gunicorn --preload) the child must not speak over its parent's connections."""
    for engine in _engines:
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_leave_connections_to_the_parent)


def connect(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…`; the hosts' `postgres://` is understood."""
    engine = _connect_sqlite(url) if is_sqlite(url) else _connect_postgresql(url)
    _engines.add(engine)
    return engine


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def database_files(url: str) -> list[Path]:
    """The files that SQLite keeps a database in; none of another's."""
    path = make_url(url).database if is_sqlite(url) else None
    return [Path(f"{path}{end}") for end in ("", "-wal", "-shm")] if path else []


def _from_json(text: str | bytes) -> Any:
    """A number that orjson does not take must not make a row, and every list with it, unreadable."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def postgresql_url(url: str) -> str:
    """The URL with the driver we install (psycopg 3), its password kept."""
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def sessions_of(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose rows stay readable after the commit, and whose acts are in the audit log."""
    from connector.storage import watch  # noqa: PLC0415 - it knows tables that need this module

    sessions = sessionmaker(engine, expire_on_commit=False)
    event.listen(sessions, "before_flush", watch.note)
    return sessions


def readers_of(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """The same sessions for reading only: on SQLite they never wait for a writer."""
    engine: Engine = sessions.kw["bind"]
    return sessionmaker(engine.execution_options(read_only=True), expire_on_commit=False)


def _connect_postgresql(url: str) -> Engine:
    return create_engine(
        postgresql_url(url),
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"application_name": "coi-connector", "connect_timeout": 10},
        json_deserializer=_from_json,
    )


def _connect_sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        connect_args={"check_same_thread": False},
        json_deserializer=_from_json,  # a stored certificate is 10 KB of it; lists read fifty
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a committed job outlives a power cut
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
