"""Erasing an account leaves nothing of it in any table, file or the engine, and others untouched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text, update

from connector.actions.services import Caller as Office
from connector.actions.services import Services
from connector.errors import Conflict
from connector.storage import (
    accounts,
    connections,
    hooks,
    jobs,
    logins,
    sent_links,
    users,
)
from connector.storage.accounts import Account
from connector.storage.audit import AuditEntry
from connector.storage.database import readers_of
from connector.storage.events import EventType
from connector.storage.jobs import Job, JobStatus
from connector.storage.sent_links import LinkKind
from connector.storage.tables import METADATA
from connector.storage.users import Role
from connector.storage.vendors import StoredVendor
from connector.wiring import account_erasure
from tests.storage.databases import Database
from tests.web.conftest import Caller
from tests.web.pages.conftest import logged_in, new_person
from tests.web.test_erasure import NAMES, aged, everything, files, vendor  # noqa: F401 - a fixture
from tests.web.test_jobs import delivery

MARKS = (*NAMES, "granite peak", "zelda", "kim", "secret hook", "ourlegalname", "buildertrend-name")


@pytest.fixture
def full(caller: Caller, services: Services, vendor: StoredVendor) -> Caller:  # noqa: F811
    """An account with something of every kind."""
    delivery(services, caller)
    caller.post("/v1/links", json={"vendor_id": "V-9"})
    new_person(services, caller.account_id, "zelda@office.example")
    admin = logged_in(services, caller.account_id, "kim@office.example", Role.ADMIN)
    admin.get("/setup")
    admin.send("/setup/people", email="zelda.two@office.example", called="Zelda Two", role="viewer")
    now, keys = services.clock(), services.settings.secret_keys
    certificate_id = caller.get("/v1/certificates").get_json()["items"][0]["certificate_id"]
    with services.sessions() as session, session.begin():
        accounts.get(session, caller.account_id).legal_names = ["OurLegalName Inc"]
        hooks.create(
            session, caller.account_id, EventType.CERTIFICATE_PARSED,
            "https://hooks.example/secret hook", keys=keys, now=now,
        )  # fmt: skip
        connections.create(
            session, caller.account_id, "buildertrend", name="Buildertrend-name",
            settings={"to": "zelda@office.example"}, secrets={}, keys=keys, now=now,
        )  # fmt: skip
        link = sent_links.search(session, caller.account_id)[0]
        review = sent_links.make(
            session, caller.account_id, LinkKind.REVIEW, now, link.expires_at - now,
            certificate_id=certificate_id, person="Zelda Outside",
        )  # fmt: skip
        logins.begin_review(session, review, now)
    return caller


def test_nothing_of_the_account_is_left_and_the_other_is_as_it_was(
    full: Caller, stranger: Caller, services: Services, certificates: tuple[Path, Path]
) -> None:
    stranger.send("parse_certificate", certificates[0])
    before = everything(services)
    for mark in MARKS:
        assert mark.casefold() in before, mark
    theirs = [stranger.get(f"/v1/{name}").text for name in ("certificates", "vendors", "account")]
    with services.sessions() as session:
        job_ids = [job.id for job in jobs.search(session, full.account_id, limit=500)]
    aged(services)
    assert account_erasure.erase(full.account_id, services) == []
    after = everything(services)
    for mark in MARKS:
        lines = [line for line in after.splitlines() if mark.casefold() in line]
        assert [line for line in lines if "granite peak" not in line] == [], mark
    assert len(job_ids) > 2
    assert [job_id for job_id in job_ids if job_id.casefold() in after] == []
    with services.sessions() as session:
        for table in METADATA.tables.values():
            if "account_id" in table.columns and table.name not in ("audit_entries", "erasures"):
                mine = table.select().where(table.c.account_id == full.account_id)
                assert session.execute(mine).all() == [], table.name
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    for path in services.settings.data_dir.rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            assert not any(name.casefold().encode() in data for name in NAMES), path.name
    assert [path.read_bytes() for path in files(services)] == [certificates[0].read_bytes()]
    assert theirs == [
        stranger.get(f"/v1/{name}").text for name in ("certificates", "vendors", "account")
    ]


def test_its_keys_and_people_are_out_and_the_fact_stays_in_an_emptied_log(
    full: Caller, services: Services
) -> None:
    admin = logged_in(services, full.account_id, "lee@office.example", Role.ADMIN)
    assert admin.get("/setup").status_code == 200
    account_erasure.erase(full.account_id, services)
    assert full.get("/v1/account").status_code == 401
    assert admin.get("/setup").status_code == 303
    with services.sessions() as session:
        entries = list(session.query(AuditEntry).filter_by(account_id=full.account_id))
        row = session.get_one(Account, full.account_id)
        assert users.is_there_anyone(session), "the link for the first person stays closed"
    *emptied, last = sorted(entries, key=lambda entry: entry.number)
    assert len(emptied) > 10
    assert {(each.who, each.through_name, each.details) for each in emptied} == {(None,) * 3}
    assert last.act == "account.erased"
    assert (last.details or {})["vendors"] == 2
    assert (row.name, row.legal_names, row.settings) == (f"erased {row.id}", [], {})


def test_nothing_is_erased_while_a_job_of_it_runs(full: Caller, services: Services) -> None:
    with services.sessions() as session, session.begin():
        job = jobs.search(session, full.account_id)[0]
        session.execute(update(Job).where(Job.id == job.id).values(status=JobStatus.RUNNING.value))
    before = everything(services)
    with pytest.raises(Conflict, match="under way"):
        account_erasure.erase(full.account_id, services)
    assert everything(services) == before


@pytest.mark.slow
def test_on_postgresql_nothing_is_left_in_the_engine_either(
    services: Services, postgresql_database: Database
) -> None:
    sessions, account_id = postgresql_database.sessions, postgresql_database.account.id
    there = replace(services, sessions=sessions, readers=readers_of(sessions))
    with sessions() as session, session.begin():
        job = there.enqueue(session, Office(account_id), "check_certificate", {"by": "Zelda"})
        users.add(
            session, account_id, "zelda@office.example", name="Zelda", role=Role.ADMIN,
            now=there.clock(),
        )  # fmt: skip
    of_job = text("SELECT count(*) FROM dbos.workflow_status WHERE workflow_uuid = :id")
    with sessions() as session:
        assert session.scalar(of_job, {"id": job.id}) == 1
    assert account_erasure.erase(account_id, there) == []
    with sessions() as session:
        assert session.scalar(of_job, {"id": job.id}) == 0
        assert jobs.search(session, account_id) == []
        assert users.of_account(session, account_id) == []


def test_what_waits_is_called_off_and_what_others_hold_is_said(
    full: Caller, services: Services
) -> None:
    with services.sessions() as session, session.begin():
        office = Office(full.account_id)
        services.enqueue(session, office, "check_certificate", {"certificate_id": "cert_X"})
    said = " ".join(account_erasure.plan(full.account_id, services).elsewhere)
    for place in ("Procore", "1 e-mails", "hooks", "Backups"):
        assert place in said
    assert "last hour" in " ".join(account_erasure.erase(full.account_id, services))
    with services.sessions() as session:
        assert jobs.search(session, full.account_id) == []


def test_every_table_is_either_the_account_s_or_named_here() -> None:
    """A new table that hangs on no account must say here why an erasure may leave it alone."""
    shared = {
        "accounts": "emptied",
        "audit_entries": "emptied",
        "erasures": "the fact, without a name",
        "login_links": "go with their person",
        "login_failures": "digests, for six hours",
        "request_counts": "digests, for a minute",
        "request_budgets": "numbers of requests",
        "rule_set_texts": "texts of rules, shared by all accounts",
    }
    for table in METADATA.tables.values():
        assert ("account_id" in table.columns) != (table.name in shared) or table.name in (
            "audit_entries",
            "erasures",
        ), table.name
