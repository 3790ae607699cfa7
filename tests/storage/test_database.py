from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, column, select, table, text, update

from connector.errors import Misconfigured
from connector.storage import accounts, board
from connector.storage.database import connect, postgresql_url, readers_of, sessions_of
from connector.storage.migrate import config_for, migrate, require_current, revisions
from connector.storage.tables import METADATA
from tests.storage.databases import NOW, Database
from tests.storage.earlier_rows import put_rows, read_rows


def test_the_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda _, name, kind, *__: (
                    kind != "table" or name in METADATA.tables
                )
            },
        )
        assert compare_metadata(context, METADATA) == []


def test_migrating_again_changes_nothing_and_keeps_the_rows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/connector.db"
    migrate(url)
    engine = connect(url)
    with sessions_of(engine)() as session, session.begin():
        accounts.create(session, "Summit Builders", NOW)
    migrate(url)
    with sessions_of(engine)() as session:
        assert [account.name for account in accounts.everyone(session)] == ["Summit Builders"]
    engine.dispose()


def test_a_database_of_another_version_is_refused_with_what_to_do(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(Misconfigured, match="connector db migrate"):
        require_current(engine)
    engine.dispose()


def test_sqlite_writes_ahead_flushes_commits_and_keeps_foreign_keys(
    sqlite_database: Database,
) -> None:
    # D7: the engine's library does not switch the write-ahead log on by itself.
    with sqlite_database.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_eight_writers_that_read_first_all_succeed_and_lose_no_update(
    sqlite_database: Database,
) -> None:
    # D4: a transaction that reads and then writes must hold the write lock from its beginning.
    def add_twenty() -> None:
        for _ in range(20):
            with sqlite_database.sessions() as session, session.begin():
                account = accounts.get(session, sqlite_database.account.id)
                count = account.settings.get("count", 0)
                account.settings = {"count": count + 1}

    threads = [threading.Thread(target=add_twenty) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sqlite_database.sessions() as session:
        assert accounts.get(session, sqlite_database.account.id).settings == {"count": 160}


def test_reading_does_not_wait_for_a_writer(sqlite_database: Database) -> None:
    readers = readers_of(sqlite_database.sessions)
    with sqlite_database.sessions() as writer, writer.begin():
        accounts.create(writer, "Not yet committed", NOW)
        with readers() as reader:
            assert len(accounts.everyone(reader)) == 1


@pytest.mark.parametrize(
    "given",
    ["postgres://u:p@host/db", "postgresql://u:p@host/db", "postgresql+psycopg://u:p@host/db"],
)
def test_the_spellings_of_hosts_for_postgresql_are_understood(given: str) -> None:
    assert postgresql_url(given) == "postgresql+psycopg://u:p@host/db"


@pytest.mark.parametrize("revision", revisions())
def test_each_earlier_schema_is_upgraded_with_every_row_as_it_was(
    empty_database_url: str, revision: str
) -> None:
    engine = connect(empty_database_url)
    with engine.begin() as connection:
        command.upgrade(config_for(connection), revision)
        before = put_rows(connection)
    migrate(empty_database_url)
    require_current(engine)
    with engine.connect() as connection:
        after = read_rows(connection)
    assert len(before) >= 12
    for name, row in before.items():
        assert {column: after[name][column] for column in row} == row
    with sessions_of(engine)() as session:
        account, vendor = before["accounts"]["id"], before["vendors"]["id"]
        assert len(board.of_vendor(session, account, vendor, NOW.date())) == 1
    engine.dispose()


def test_the_checks_of_an_earlier_schema_know_their_project(empty_database_url: str) -> None:
    engine = connect(empty_database_url)
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "0015")
        put_rows(connection)
        checks = table("checks", column("flat", JSON), column("project"))
        connection.execute(update(checks).values(flat={"project_name": "Harbor Tower"}))
    migrate(empty_database_url)
    with engine.connect() as connection:
        assert connection.scalar(select(checks.c.project)) == "Harbor Tower"
    engine.dispose()
