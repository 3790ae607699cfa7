from __future__ import annotations

import pytest
from sqlalchemy import text

from connector.errors import Misconfigured
from connector.storage.locks import Locks
from connector.worker import slots
from tests.storage.databases import Database


def test_on_sqlite_there_is_one_worker_and_a_second_is_told_why(sqlite_database: Database) -> None:
    # D1, D4: two of one name would do each other's jobs twice, two of two names crowd a destination.
    locks = Locks(sqlite_database.url, sqlite_database.data_dir)
    first = slots.take(locks, sqlite_database.url)
    with pytest.raises(Misconfigured, match="takes only one"):
        slots.take(locks, sqlite_database.url)
    first.lock.release()
    again = slots.take(locks, sqlite_database.url)
    assert again.name == first.name
    again.lock.release()


@pytest.mark.slow
def test_on_postgresql_each_worker_has_a_name_of_its_own_and_free_names_come_back(
    postgresql_database: Database,
) -> None:
    locks = Locks(postgresql_database.url, postgresql_database.data_dir)
    taken = [slots.take(locks, postgresql_database.url) for _ in range(3)]
    assert [slot.name for slot in taken] == ["worker-1", "worker-2", "worker-3"]
    taken[1].lock.release()
    replacement = slots.take(locks, postgresql_database.url)
    assert replacement.name == "worker-2"
    for slot in (taken[0], taken[2], replacement):
        slot.lock.release()


@pytest.mark.slow
def test_a_slot_that_the_database_forgot_is_taken_again_or_given_up(
    postgresql_database: Database,
) -> None:
    locks = Locks(postgresql_database.url, postgresql_database.data_dir)
    slot = slots.take(locks, postgresql_database.url)
    assert slots.keep(slot, locks)
    _forget_locks(postgresql_database)
    assert slots.keep(slot, locks)
    _forget_locks(postgresql_database)
    quicker = locks.attempt(slot.name)
    assert quicker is not None
    assert not slots.keep(slot, locks)
    quicker.release()
    slot.lock.release()


def _forget_locks(database: Database) -> None:
    """As a restart of the database does."""
    with database.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
        )
