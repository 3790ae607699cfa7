from __future__ import annotations

import threading
import time

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.orm import Session

from connector.errors import DestinationUnavailable, NotConnected, NotFound
from connector.storage import accounts, connections
from connector.storage.connections import Secrets, StoredConnection
from connector.storage.locks import Locks
from tests.storage.databases import NOW, Database

KEY = Fernet.generate_key().decode()
NEW_KEY = Fernet.generate_key().decode()
TOKENS = {"access_token": "old-access", "refresh_token": "one-use-only"}


def test_tokens_come_back_and_are_nowhere_in_the_database_in_clear(database: Database) -> None:
    connection_id = _connect(database)
    with database.sessions() as session:
        row = connections.get(session, database.account.id, connection_id)
        assert connections.secrets_of(row, [KEY]) == TOKENS
        stored = session.scalar(text("SELECT secrets FROM connections"))
    assert "one-use-only" not in stored


def test_a_new_key_in_front_of_the_old_one_still_opens_old_tokens(database: Database) -> None:
    connection_id = _connect(database)
    with database.sessions() as session, session.begin():
        assert connections.reseal_all(session, [NEW_KEY, KEY]) == 1
        row = connections.get(session, database.account.id, connection_id)
        assert connections.secrets_of(row, [NEW_KEY]) == TOKENS


def test_a_lost_key_is_said_in_words(database: Database) -> None:
    connection_id = _connect(database)
    with database.sessions() as session:
        row = connections.get(session, database.account.id, connection_id)
        with pytest.raises(NotConnected, match="CONNECTOR_SECRET_KEY"):
            connections.secrets_of(row, [NEW_KEY])


def test_sixteen_renewals_at_once_spend_the_refresh_token_once(database: Database) -> None:
    connection_id = _connect(database)
    exchanges: list[str] = []
    answers: list[str] = []

    def exchange(known: Secrets) -> Secrets:
        exchanges.append(known["refresh_token"])
        time.sleep(0.05)
        return {"access_token": "new-access", "refresh_token": "next"}

    threads = [
        threading.Thread(target=lambda: answers.append(_renew(database, connection_id, exchange)))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert exchanges == ["one-use-only"]
    assert answers == ["new-access"] * 16


def test_new_tokens_are_stored_before_anyone_uses_them(database: Database) -> None:
    connection_id = _connect(database)
    _renew(database, connection_id, lambda _: {"access_token": "new", "refresh_token": "next"})
    with database.sessions() as session:
        row = connections.get(session, database.account.id, connection_id)
        assert connections.secrets_of(row, [KEY])["refresh_token"] == "next"


def test_others_can_write_while_the_other_system_is_asked_for_tokens(database: Database) -> None:
    connection_id = _connect(database)

    def exchange(_: Secrets) -> Secrets:
        with database.sessions() as session, session.begin():
            accounts.create(session, "Meanwhile", NOW)
        return {"access_token": "new", "refresh_token": "next"}

    assert _renew(database, connection_id, exchange) == "new"


def test_a_refused_login_asks_for_a_new_one_and_a_passing_fault_does_not(
    database: Database,
) -> None:
    connection_id = _connect(database)

    def refuse(_: Secrets) -> Secrets:
        raise NotConnected("Procore no longer accepts this login. Connect again.")

    def be_down(_: Secrets) -> Secrets:
        raise DestinationUnavailable("Procore does not answer.")

    with pytest.raises(DestinationUnavailable):
        _renew(database, connection_id, be_down)
    assert not _row(database, connection_id).needs_login
    with pytest.raises(NotConnected):
        _renew(database, connection_id, refuse)
    assert _row(database, connection_id).needs_login


def test_a_removed_connection_is_gone_with_its_secrets(database: Database) -> None:
    connection_id = _connect(database)
    with database.sessions() as session, session.begin():
        connections.remove(session, database.account.id, connection_id, NOW)
    with database.sessions() as session:
        assert session.scalar(text("SELECT secrets FROM connections")) is None
        assert connections.of_destination(session, database.account.id, "procore") is None
        with pytest.raises(NotFound):
            connections.get(session, database.account.id, connection_id)


def test_another_account_cannot_use_the_connection(session: Session, database: Database) -> None:
    session.rollback()
    connection_id = _connect(database)
    other = accounts.create(session, "Other", NOW)
    assert connections.of_account(session, other.id) == []
    with pytest.raises(NotFound):
        connections.get(session, other.id, connection_id)


def test_a_lock_is_held_by_one_and_free_once_released(database: Database) -> None:
    locks = Locks(database.url, database.data_dir)
    first = locks.attempt("worker-1")
    assert first is not None
    assert first.is_held()
    assert locks.attempt("worker-1") is None
    other = locks.attempt("worker-2")
    assert other is not None
    other.release()
    first.release()
    again = locks.attempt("worker-1")
    assert again is not None
    again.release()


def test_waiting_for_a_lock_ends_with_a_sentence(database: Database) -> None:
    locks = Locks(database.url, database.data_dir)
    with (
        locks.hold("connection-1"),
        pytest.raises(DestinationUnavailable, match="still busy"),
        locks.hold("connection-1", patience=0.1),
    ):
        pass


def _connect(database: Database) -> str:
    with database.sessions() as session, session.begin():
        return connections.create(
            session,
            database.account.id,
            "procore",
            name="Procore",
            settings={"company_id": 8},
            secrets=dict(TOKENS),
            keys=[KEY],
            now=NOW,
        ).id


def _renew(database: Database, connection_id: str, exchange: connections.Exchange) -> str:
    fresh = connections.renew(
        database.sessions,
        Locks(database.url, database.data_dir),
        database.account.id,
        connection_id,
        keys=[KEY],
        rejected="old-access",
        exchange=exchange,
        clock=lambda: NOW,
    )
    return str(fresh["access_token"])


def _row(database: Database, connection_id: str) -> StoredConnection:
    with database.sessions() as session:
        return connections.get(session, database.account.id, connection_id)
