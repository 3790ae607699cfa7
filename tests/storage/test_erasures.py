"""A person and an account erased from the database itself, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from connector.checking.packet import Waiver
from connector.errors import InvalidInput
from connector.storage import (
    accounts,
    actor,
    api_keys,
    audit,
    erase_account,
    erase_person,
    events,
    login_links,
    logins,
    mentions,
    sent_links,
    users,
    vendors,
    waivers,
)
from connector.storage.actor import Actor, Through
from connector.storage.events import EventType
from connector.storage.sent_links import LinkKind
from connector.storage.users import Role
from tests.storage.databases import NOW, Database

NAME, EMAIL = "Zelda Quince", "zelda@summit.example"


@pytest.fixture
def zelda(database: Database) -> str:
    """A person who waived, sent a link and logged in; her id."""
    account_id = database.account.id
    with database.sessions() as session, session.begin():
        user = users.add(session, account_id, EMAIL, name=NAME, role=Role.ADMIN, now=NOW)
        user.password = "a digest"
        session.flush()
        with actor.acting(Actor(Through.PAGE, user.id, NAME)):
            vendor = vendors.resolve(
                session, account_id, name="Northfield", normalised_name="northfield",
                external_id=None, now=NOW,
            )  # fmt: skip
            waivers.give(session, account_id, vendor.id, Waiver("r", "small job", NAME, None), NOW)
            lasts = timedelta(days=3)
            link = sent_links.make(
                session, account_id, LinkKind.REVIEW, NOW, lasts, person="Kim Ito"
            )
            logins.begin_review(session, link, NOW)
            logins.begin(session, user, NOW)
            login_links.create(session, user, lasts, NOW)
            api_keys.create(session, account_id, "Zapier", NOW)
            told = {"waived_by": f"Waived by {NAME}: small job", "findings": [{"by": EMAIL}]}
            events.record(session, account_id, EventType.CERTIFICATE_PARSED, "x", told, NOW)
        return user.id


def everything(database: Database) -> str:
    with database.engine.connect() as connection:
        tables = erase_account.tables()
        names = [*(table.name for table in tables), "audit_entries", "login_links", "accounts"]
        return "\n".join(
            f"{name}: {tuple(row)}"
            for name in names
            for row in connection.execute(select(text("*")).select_from(text(f'"{name}"')))
        ).casefold()


def test_a_person_is_gone_and_the_acts_are_not(database: Database, zelda: str) -> None:
    account_id = database.account.id
    with database.sessions() as session:
        before = [(row.number, row.act) for row in audit.search(session, account_id)]
    with database.sessions() as session, session.begin():
        who = erase_person.person(session, account_id, EMAIL.upper())
        erase_person.erase(session, who, NOW)
    with database.sessions() as session:
        assert mentions.count(session, account_id, who.names) == {}
    assert "zelda" not in everything(database)
    assert "waived by (erased): small job" in everything(database)
    with database.sessions() as session:
        found = audit.search(session, account_id)
    kept = {(row.number, row.act) for row in found}
    assert set(before) <= kept
    assert found[0].act == "person.erased"
    assert zelda in {row.through_id for row in found}


def test_an_account_is_gone_and_another_is_not(database: Database, zelda: str) -> None:
    with database.sessions() as session, session.begin():
        other = accounts.create(session, "Other", NOW).id
        api_keys.create(session, other, "Theirs", NOW)
    with database.sessions() as session, session.begin():
        erase_account.erase(session, database.account.id, NOW)
    left = everything(database)
    for word in ("zelda", "kim ito", "northfield", "summit builders", "small job", "zapier"):
        assert word not in left, word
    assert "theirs" in left
    with database.sessions() as session:
        acts = [row.act for row in audit.search(session, database.account.id)]
        assert acts[0] == "account.erased"
        assert len(acts) > 5


@pytest.mark.parametrize("name", ["Jörg Weiß", "Łukasz Żak", "O'Neil %_\\", "李 小龍"])
def test_a_name_in_any_letters_is_found(database: Database, name: str) -> None:
    account_id = database.account.id
    told = {"waived_by": name, "text": f"{name} said so"}
    with database.sessions() as session, session.begin():
        events.record(session, account_id, EventType.CERTIFICATE_PARSED, "x", told, NOW)
    with database.sessions() as session, session.begin():
        who = erase_person.person(session, account_id, name.upper())
        assert erase_person.erase(session, who, NOW).counts == {"events": 1}
    with database.sessions() as session:
        (event,) = events.search(session, account_id)
        assert event.flat == {"waived_by": "(erased)", "text": f"{name} said so"}


def test_the_name_of_a_login_is_no_address(database: Database, zelda: str) -> None:
    with database.sessions() as session, pytest.raises(InvalidInput, match=EMAIL):
        erase_person.person(session, database.account.id, NAME)
