from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from connector.certificate.model import Certificate
from connector.errors import Conflict, NotFound
from connector.storage import (
    accounts,
    audit,
    certificates,
    documents,
    events,
    hooks,
    jobs,
    login_failures,
    login_links,
    logins,
    sent_links,
    users,
    vendors,
)
from connector.storage.certificates import StoredCertificate
from connector.storage.document_store import FolderStore
from connector.storage.events import EventType
from connector.storage.login_failures import Trier
from connector.storage.sent_links import LinkKind
from connector.storage.users import Role
from connector.storage.vendors import StoredVendor
from connector.worker import caretaker, daily, retention
from tests.jobs.accepting import accepted
from tests.jobs.engine_rows import end_in_engine, engine_rows
from tests.storage.databases import NOW, Database
from tests.storage.readings import reading
from tests.worker.working import SECRET_KEY, Clock, work_on

ENDS = date(2026, 6, 1)


def test_the_days_work_is_accepted_once_per_account_and_local_day(database: Database) -> None:
    morning = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # 7 a.m. in New York
    assert len(daily.accept_due(database.sessions, morning)) == 1
    assert daily.accept_due(database.sessions, morning) == []
    assert daily.accept_due(database.sessions, morning + timedelta(hours=6)) == []
    assert len(daily.accept_due(database.sessions, morning + timedelta(days=1))) == 1


def test_it_begins_when_the_day_has_begun_where_the_account_is(database: Database) -> None:
    too_early = datetime(2026, 3, 2, 10, 59, tzinfo=UTC)  # 5:59 a.m. in New York
    assert daily.accept_due(database.sessions, too_early) == []
    with database.sessions() as session, session.begin():
        accounts.get(session, database.account.id).time_zone = "Europe/Berlin"
    assert len(daily.accept_due(database.sessions, too_early)) == 1


def test_a_clock_that_jumps_back_repeats_nothing(database: Database) -> None:
    noon = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
    daily.accept_due(database.sessions, noon + timedelta(days=1))
    assert len(daily.accept_due(database.sessions, noon)) == 1
    assert daily.accept_due(database.sessions, noon + timedelta(days=1)) == []


def test_the_caretaker_accepts_the_day_and_rescues_what_is_stranded(database: Database) -> None:
    job = accepted(database).job
    end_in_engine(database, "ERROR")
    work = work_on(database, lambda *_: {})
    clock = work.services.clock
    assert isinstance(clock, Clock)
    clock.forward(minutes=5)
    caretaker.look_once(work)
    names = [row["workflow_uuid"] for row in engine_rows(database)]
    assert f"{job.id}:2" in names
    with database.sessions() as session:
        assert len(jobs.search(session, database.account.id, action="daily")) == 1


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (ENDS - timedelta(days=31), []),
        (ENDS - timedelta(days=30), ["certificate.expiring"]),
        (ENDS - timedelta(days=1), ["certificate.expiring"]),
        (ENDS, ["certificate.lapsed"]),
        (ENDS + timedelta(days=31), ["certificate.lapsed"]),
        (ENDS + timedelta(days=32), []),
    ],
)
def test_a_policy_expires_soon_until_its_last_day_and_has_lapsed_on_the_next(
    database: Database, day: date, told: list[str]
) -> None:
    _save(database, reading(expires=ENDS))
    _tell(database, day)
    assert _told(database) == told


def test_each_is_told_once_however_often_the_day_is_done(database: Database) -> None:
    _save(database, reading(expires=ENDS))
    for day in (ENDS - timedelta(days=20), ENDS - timedelta(days=20), ENDS - timedelta(days=19)):
        _tell(database, day)
    assert _told(database) == ["certificate.expiring"]
    for day in (ENDS, ENDS + timedelta(days=3)):
        _tell(database, day)
    assert _told(database) == ["certificate.lapsed", "certificate.expiring"]


def test_what_had_lapsed_before_it_was_received_is_no_news(database: Database) -> None:
    _save(database, reading(expires=NOW.date()))
    _tell(database, NOW.date() + timedelta(days=1))
    assert _told(database) == []


def test_a_renewed_line_is_not_told_of_any_more(database: Database) -> None:
    with database.sessions() as session, session.begin():
        vendor = vendors.resolve(
            session, database.account.id, name="N", normalised_name="n", external_id=None, now=NOW
        )
    _save(database, reading(expires=ENDS), vendor=vendor, sha256="aa" * 32)
    _save(database, reading(expires=date(2027, 6, 1)), vendor=vendor, sha256="bb" * 32)
    _tell(database, ENDS - timedelta(days=5))
    _tell(database, ENDS)
    assert _told(database) == []


def test_a_doubtful_date_is_not_told_of(database: Database) -> None:
    _save(database, Certificate(certificate_page=1, reader_version=1))
    _tell(database, ENDS)
    assert _told(database) == []


def test_hooks_are_told_as_many_days_before_as_each_asked(database: Database) -> None:
    with database.sessions() as session, session.begin():
        for days in (7, 60):
            hooks.create(
                session, database.account.id, EventType.CERTIFICATE_EXPIRING,
                f"https://{days}.example", keys=[SECRET_KEY], now=NOW, days=days,
            )  # fmt: skip
    _save(database, reading(expires=ENDS))
    partitions = []
    for before in (60, 30, 7):
        _tell(database, ENDS - timedelta(days=before))
        with database.sessions() as session:
            found = jobs.search(session, database.account.id, action="deliver_hook")
            partitions.append([job.partition for job in found])
    assert partitions == [["60.example"], ["60.example"], ["7.example", "60.example"]]


def test_old_ended_jobs_go_and_what_old_events_said_and_open_jobs_stay(
    database: Database, tmp_path: Path
) -> None:
    ended, open_job = accepted(database, key="a").job, accepted(database, key="b").job
    with database.sessions() as session, session.begin():
        jobs.park(jobs.locked(session, ended.id), Conflict("No."), NOW)
        events.record(
            session, database.account.id, EventType.PUSH_FAILED, "x", {"push_id": "p"}, NOW
        )
    store = FolderStore(tmp_path / "documents")
    account_id = database.account.id
    early = retention.remove_old(account_id, database.sessions, store, NOW + timedelta(days=89))
    assert (early["jobs"], early["events"]) == (0, 0)
    late = retention.remove_old(account_id, database.sessions, store, NOW + timedelta(days=91))
    assert (late["jobs"], late["events"]) == (1, 1)
    with database.sessions() as session:
        assert [job.id for job in jobs.search(session, account_id)] == [open_job.id]
        assert events.search(session, account_id) == []
        assert events.was_recorded(session, account_id, EventType.PUSH_FAILED, "x")
    assert not accepted(database, key="a").is_duplicate


def test_logins_and_links_are_forgotten_so_long_after_their_end(
    database: Database, tmp_path: Path
) -> None:
    account_id, store = database.account.id, FolderStore(tmp_path / "documents")
    with database.sessions() as session, session.begin():
        user = users.add(
            session, account_id, "lee@summit.example", name="Lee", role=Role.ADMIN, now=NOW
        )
        accounts.get(session, account_id).settings = {"keep_jobs_days": 30}
        logins.begin(session, user, NOW)
        login_links.create(session, user, timedelta(days=3), NOW)
        lasts = timedelta(days=3)
        link = sent_links.make(session, account_id, LinkKind.REVIEW, NOW, lasts, person="Kim")
        logins.begin_review(session, link, NOW)
        login_failures.note(session, [Trier("lee", free=1)], NOW)
    early = retention.remove_old(account_id, database.sessions, store, NOW + timedelta(days=30))
    assert early["logins"] == 0
    late = retention.remove_old(account_id, database.sessions, store, NOW + timedelta(days=38))
    assert late["logins"] == 4
    with database.sessions() as session:
        assert sent_links.search(session, account_id) == []
        assert session.get(login_failures.LoginFailures, Trier("lee", free=1).key) is None
        assert users.by_email(session, "lee@summit.example") is not None
        assert "login.begun" in {row.act for row in audit.search(session, account_id)}


def test_the_engine_forgets_what_ended_long_ago_and_only_that(
    database: Database, tmp_path: Path
) -> None:
    # D8: the engine keeps every workflow for ever.
    accepted(database)
    end_in_engine(database, "SUCCESS", completed=datetime(2026, 1, 1, tzinfo=UTC))
    accepted(database)
    store = FolderStore(tmp_path / "documents")
    removed = retention.remove_old(database.account.id, database.sessions, store, NOW)
    assert removed["engine"] == 1
    assert [row["status"] for row in engine_rows(database)] == ["ENQUEUED"]


def test_documents_are_kept_for_ever_unless_the_account_says_otherwise(
    database: Database, tmp_path: Path
) -> None:
    store, sha256 = _stored(database, tmp_path)
    much_later = datetime.now(UTC) + timedelta(days=4000)
    retention.remove_old(database.account.id, database.sessions, store, much_later)
    assert store.has(sha256)
    with database.sessions() as session, session.begin():
        accounts.get(session, database.account.id).settings = {"keep_documents_days": 365}
    removed = retention.remove_old(database.account.id, database.sessions, store, much_later)
    assert removed["documents"] == 1
    with pytest.raises(NotFound, match="no longer kept"):
        store.get(sha256)
    again = retention.remove_old(database.account.id, database.sessions, store, much_later)
    assert again["documents"] == 0


def test_bytes_that_another_account_still_keeps_stay(database: Database, tmp_path: Path) -> None:
    store, sha256 = _stored(database, tmp_path)
    with database.sessions() as session, session.begin():
        accounts.get(session, database.account.id).settings = {"keep_documents_days": 365}
        other = accounts.create(session, "Other", NOW)
        documents.save(
            session, other.id, sha256=sha256, name="theirs.pdf", kind="application/pdf",
            size=3, page_count=1, now=NOW,
        )  # fmt: skip
    much_later = datetime.now(UTC) + timedelta(days=4000)
    retention.remove_old(database.account.id, database.sessions, store, much_later)
    assert store.has(sha256)


def _stored(database: Database, tmp_path: Path) -> tuple[FolderStore, str]:
    store = FolderStore(tmp_path / "documents")
    sha256 = store.put(b"pdf")
    with database.sessions() as session, session.begin():
        documents.save(
            session, database.account.id, sha256=sha256, name="coi.pdf", kind="application/pdf",
            size=3, page_count=1, now=NOW,
        )  # fmt: skip
    return store, sha256


def _save(
    database: Database,
    certificate: Certificate,
    *,
    vendor: StoredVendor | None = None,
    sha256: str = "ab" * 32,
) -> None:
    with database.sessions() as session, session.begin():
        document = documents.save(
            session, database.account.id, sha256=sha256, name="coi.pdf", kind="application/pdf",
            size=1, page_count=1, now=NOW,
        )  # fmt: skip
        certificates.save(
            session, database.account.id, document, certificate, now=NOW, vendor=vendor
        )


def _tell(database: Database, day: date) -> None:
    daily.tell_of_expirations(database.account.id, day, database.sessions, flat_of=_flat, now=NOW)


def _flat(_: Session, row: StoredCertificate) -> Mapping[str, Any]:
    return {"certificate_id": row.id}


def _told(database: Database) -> list[str]:
    with database.sessions() as session:
        return [event.type for event in events.search(session, database.account.id)]
