"""Bring a database up to date: our tables by Alembic, the job engine's by itself."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from dbos import DBOS
from sqlalchemy import Connection, Engine, make_url

from connector.errors import Misconfigured
from connector.storage import board
from connector.storage.database import connect, is_sqlite, postgresql_url, sessions_of

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Create or upgrade every table. Safe to run again, and by several processes at once."""
    if is_sqlite(url):
        _make_folder(url)
    engine = connect(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7264001)")
            command.upgrade(config_for(connection), "head")
        with sessions_of(engine)() as session, session.begin():
            board.complete(session)
    finally:
        engine.dispose()
    logging.getLogger("dbos").setLevel(logging.WARNING)
    DBOS.migrate(url if is_sqlite(url) else postgresql_url(url))


def require_current(engine: Engine) -> None:
    """Misconfigured when the database is older or newer than this version of the service."""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != newest():
        raise Misconfigured(
            "The database does not fit this version of the connector. "
            "Run `connector db migrate`, then start again."
        )


def revisions() -> list[str]:
    """Every revision, the first one first."""
    return [script.revision for script in ScriptDirectory(str(_SCRIPTS)).walk_revisions()][::-1]


def newest() -> str:
    """The revision that this code expects."""
    found = revisions()
    if not found:
        raise Misconfigured("The connector is not installed completely: migrations are missing.")
    return found[-1]


def config_for(connection: Connection) -> Config:
    """Alembic's settings for our migrations over this connection."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def _make_folder(url: str) -> None:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
