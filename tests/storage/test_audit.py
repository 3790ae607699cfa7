"""The audit log: the database itself keeps it, and an act has its entry in its own transaction."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from connector.checking.packet import Waiver
from connector.storage import (
    accounts,
    actor,
    api_keys,
    audit,
    connections,
    erasures,
    hooks,
    logins,
    payment_holds,
    users,
    vendor_matches,
    vendors,
    waivers,
)
from connector.storage.actor import SERVICE, Actor, Through, acting
from connector.storage.audit import Act, AuditEntry
from connector.storage.events import EventType
from connector.storage.users import Role
from tests.storage.databases import NOW, Database

SECRET = "0" * 43 + "="


@pytest.fixture
def kept(database: Database) -> str:
    """An entry that was committed; its id."""
    with database.sessions() as session, session.begin():
        audit.record(session, database.account.id, Act.KEY_MADE, NOW, details={"name": "Zapier"})
    with database.sessions() as session:
        return audit.search(session, database.account.id)[0].id


def vendor(session: Session, account_id: str) -> str:
    made = vendors.resolve(
        session,
        account_id,
        name="Northfield Roofing",
        normalised_name="northfield roofing",
        external_id=None,
        now=NOW,
    )
    return made.id


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entries SET who = 'somebody else'",
        "UPDATE audit_entries SET details = NULL",
        "UPDATE audit_entries SET act = 'key.ended'",
        "DELETE FROM audit_entries",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(
    database: Database, kept: str, change: str
) -> None:
    with database.engine.connect() as connection, pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text(change))
    with database.sessions() as session:
        [row] = audit.search(session, database.account.id)
        assert (row.id, row.act, row.details) == (kept, "key.made", {"name": "Zapier"})


def test_sqlite_lets_no_entry_be_replaced(sqlite_database: Database) -> None:
    with sqlite_database.sessions() as session, session.begin():
        audit.record(session, sqlite_database.account.id, Act.KEY_MADE, NOW)
    replace = text("INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries")
    refused = pytest.raises(DBAPIError, match="never changed")
    with sqlite_database.engine.connect() as connection, refused:
        connection.execute(replace)


@pytest.mark.slow
def test_postgresql_lets_the_log_not_be_truncated(postgresql_database: Database) -> None:
    refused = pytest.raises(DBAPIError, match="never changed")
    with postgresql_database.engine.connect() as connection, refused:
        connection.execute(text("TRUNCATE audit_entries"))


def test_an_open_erasure_lets_entries_be_emptied_and_nothing_else(
    database: Database, kept: str
) -> None:
    with database.sessions() as session, session.begin():
        erasure = erasures.begin(session, database.account.id, "vend_1", NOW)
        session.execute(update(AuditEntry).values(details=None, who=None))
        for change in ({"act": "key.ended"}, {"who": "somebody"}, {"details": {"name": "x"}}):
            with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
                session.execute(update(AuditEntry).values(**change))
        with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
            session.execute(delete(AuditEntry))
        erasure.is_open = False
    with database.engine.connect() as connection, pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text("UPDATE audit_entries SET through_name = 'x'"))


def test_an_erasure_of_another_account_opens_nothing_here(database: Database, kept: str) -> None:
    with database.sessions() as session, session.begin():
        other = accounts.create(session, "Another office", NOW)
        erasures.begin(session, other.id, "vend_1", NOW).is_open = True
        here = update(AuditEntry).where(AuditEntry.account_id == database.account.id)
        with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
            session.execute(here.values(details=None))


def test_no_function_of_storage_changes_an_entry_except_the_erasures() -> None:
    room = Path(audit.__file__).parent
    for path in room.rglob("*.py"):
        if path.name.startswith("erase_") or "migrations" in path.parts:
            continue
        written = re.findall(r"(?:update|delete)\(\s*AuditEntry", path.read_text())
        assert not written, path.name


def test_an_act_that_is_taken_back_leaves_no_entry(database: Database) -> None:
    with database.sessions() as session:
        api_keys.create(session, database.account.id, "Zapier", NOW)
        assert [row.act for row in audit.search(session, database.account.id)] == ["key.made"]
        session.rollback()
        assert audit.search(session, database.account.id) == []


def test_every_act_on_keys_waivers_connections_hooks_and_people_has_its_entry(
    database: Database,
) -> None:
    account_id, keys = database.account.id, [SECRET.replace("0", "A")]
    dana = Actor(Through.PAGE, "user_1", "Dana")
    with database.sessions() as session, session.begin(), actor.acting(dana):
        key, _ = api_keys.create(session, account_id, "Zapier", NOW)
        api_keys.revoke(session, account_id, key.id, NOW)
        vendor_id = vendor(session, account_id)
        given = Waiver("gl-each-occurrence", "the owner agreed", "Robin", None)
        row, _ = waivers.give(session, account_id, vendor_id, given, NOW)
        waivers.revoke(session, row, by="Kim", now=NOW)
        user = users.add(
            session, account_id, "lee@summit.example", name="Lee", role=Role.ADMIN, now=NOW
        )
        logins.begin(session, user, NOW)
        user.ended_at = NOW
        session.flush()
        made = connections.create(
            session, account_id, "procore", name="Procore", settings={"company_id": 1},
            secrets={"access_token": "hush"}, keys=keys, now=NOW,
        )  # fmt: skip
        made.settings = {"company_id": 2}
        session.flush()
        connections.keep_secrets(made, {"access_token": "hush again"}, keys, NOW)
        session.flush()
        connections.remove(session, account_id, made.id, NOW)
        session.flush()
        hook, _ = hooks.create(
            session, account_id, EventType.PUSH_FAILED, "https://hooks.example/secret/path",
            keys=keys, now=NOW,
        )  # fmt: skip
        hooks.remove(session, account_id, hook.id, NOW)
        accounts.get(session, account_id).settings = {"rule_set": "strict"}
        session.flush()
    with database.sessions() as session:
        found = audit.search(session, account_id)[::-1]
    assert [(row.act, row.who) for row in found] == [
        ("key.made", "Dana"), ("key.ended", "Dana"),
        ("waiver.given", "Robin"), ("waiver.revoked", "Kim"),
        ("person.added", "Dana"), ("login.begun", "Lee"), ("person.ended", "Dana"),
        ("connection.made", "Dana"), ("connection.changed", "Dana"), ("connection.removed", "Dana"),
        ("hook.made", "Dana"), ("hook.removed", "Dana"), ("account.changed", "Dana"),
    ]  # fmt: skip
    assert {row.through_id for row in found} == {"user_1"}
    given_entry = found[2]
    assert given_entry.vendor_id == vendor_id
    assert given_entry.details == {"rule": "gl-each-occurrence", "reason": "the owner agreed"}
    told = " ".join(str(row.details) for row in found)
    assert "hush" not in told
    assert "secret/path" not in told
    assert "company_id" in told


def test_a_hold_is_told_when_it_is_placed_and_when_it_is_released(
    session: Session, database: Database
) -> None:
    account_id = database.account.id
    for _ in range(2):
        payment_holds.begin(session, account_id, "project 7", "invoice 1", "vendor 2", NOW)
    for _ in range(2):
        payment_holds.end(session, account_id, "project 7", "invoice 1", NOW)
    payment_holds.begin(session, account_id, "project 7", "invoice 1", "vendor 2", NOW)
    session.flush()
    found = audit.search(session, account_id)[::-1]
    assert [row.act for row in found] == ["hold.placed", "hold.released", "hold.placed"]
    assert {row.subject for row in found} == {"invoice 1"}


def test_a_choice_of_a_vendor_elsewhere_is_told_and_a_find_is_not(
    session: Session, database: Database
) -> None:
    account_id, vendor_id = database.account.id, vendor(session, database.account.id)
    for number, is_chosen in (("1", False), ("2", True), ("2", True), ("3", True)):
        vendor_matches.remember(
            session, account_id, vendor_id, "company 7", external_id=number, is_chosen=is_chosen,
            now=NOW,
        )  # fmt: skip
        session.flush()
    found = audit.search(session, account_id, act="vendor")[::-1]
    assert [(row.subject, (row.details or {})["before"]) for row in found] == [
        ("2", "1"),
        ("3", "2"),
    ]


def test_a_moment_is_kept_even_for_an_act_of_the_service_itself(database: Database) -> None:
    with acting(SERVICE), database.sessions() as session, session.begin():
        api_keys.create(session, database.account.id, "Zapier", NOW)
    with database.sessions() as session:
        [row] = audit.search(session, database.account.id)
        assert (row.at, row.through, row.who) == (NOW, "service", None)


def test_the_list_is_narrowed_by_kind_vendor_and_account(database: Database) -> None:
    with database.sessions() as session, session.begin():
        other = accounts.create(session, "Another office", NOW)
        for account_id in (database.account.id, other.id):
            api_keys.create(session, account_id, "Zapier", NOW)
            vendor_id = vendor(session, account_id)
            waivers.give(session, account_id, vendor_id, Waiver("r", "why", "Robin", None), NOW)
    with database.sessions() as session:
        ours = database.account.id
        assert len(audit.search(session, ours)) == 2
        assert [row.act for row in audit.search(session, ours, act="waiver")] == ["waiver.given"]
        assert audit.search(session, ours, act="waive") == []
        assert audit.search(session, ours, vendor_id=vendor_id) == []
