from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

import pytest

from connector.errors import NotFound
from connector.jobs.announce import announce
from connector.storage import accounts, events, hooks, jobs
from connector.storage.events import EventType
from connector.storage.hooks import Hook
from connector.storage.jobs import Job
from tests.storage.databases import NOW, Database
from tests.worker.receiver import receiver
from tests.worker.working import SECRET_KEY, attempt, work_on

FLAT = {"certificate_id": "cert_1", "insured_name": "Müller & Söhne", "vendor_id": "V-1"}


def test_a_hook_gets_the_flat_object_signed_as_standard_webhooks_say(database: Database) -> None:
    with receiver() as there:
        _, secret = _hook(database, there.url)
        _announce(database)
        (delivery,) = _deliveries(database)
        assert attempt(work_on(database, _nothing), delivery.id).answer == {
            "status": 200,
            "ended": False,
        }
    assert there.bodies == [{**FLAT, "event_id": "cert_1"}]
    headers = there.headers[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + there.raw[0]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["content-type"] == "application/json"


def test_the_same_event_is_told_once(database: Database) -> None:
    _hook(database, "https://hooks.example/1")
    assert _announce(database) is not None
    assert _announce(database) is None
    assert len(_deliveries(database)) == 1


def test_an_event_that_is_rolled_back_is_told_to_nobody(database: Database) -> None:
    _hook(database, "https://hooks.example/1")
    with database.sessions() as session:
        announce(
            session, database.account.id, EventType.CERTIFICATE_PARSED, "cert_1", FLAT, now=NOW
        )
        session.rollback()
    assert _deliveries(database) == []


def test_each_hook_that_wants_it_is_told_and_no_other(database: Database) -> None:
    wanted, _ = _hook(database, "https://hooks.example/1")
    matching, _ = _hook(database, "https://hooks.example/2", filters={"vendor_id": "V-1"})
    _hook(database, "https://hooks.example/3", filters={"vendor_id": "V-2"})
    _hook(database, "https://hooks.example/4", event=EventType.PUSH_FAILED)
    removed, _ = _hook(database, "https://hooks.example/5")
    with database.sessions() as session, session.begin():
        hooks.remove(session, database.account.id, removed.id, NOW)
        other = accounts.create(session, "Other", NOW)
        hooks.create(
            session, other.id, EventType.CERTIFICATE_PARSED, "https://hooks.example/6",
            keys=[SECRET_KEY], now=NOW,
        )  # fmt: skip
    _announce(database)
    assert {job.parent_id for job in _deliveries(database)} == {wanted.id, matching.id}


def test_an_expiring_hook_is_told_as_long_before_as_it_asked(database: Database) -> None:
    month, _ = _hook(database, "https://a.example", event=EventType.CERTIFICATE_EXPIRING)
    week, _ = _hook(database, "https://b.example", event=EventType.CERTIFICATE_EXPIRING, days=7)
    with database.sessions() as session, session.begin():
        announce(
            session, database.account.id, EventType.CERTIFICATE_EXPIRING, "s", FLAT, now=NOW, days=7
        )
    assert [job.parent_id for job in _deliveries(database)] == [week.id]
    assert month.days == 30


def test_410_ends_the_subscription_and_later_events_are_not_sent(database: Database) -> None:
    with receiver((410, {})) as there:
        hook, _ = _hook(database, there.url)
        _announce(database, "cert_1")
        _announce(database, "cert_2")
        work = work_on(database, _nothing)
        second, first = _deliveries(database)
        assert attempt(work, first.id).answer == {"status": 410, "ended": True}
        assert attempt(work, second.id).answer == {"status": None, "ended": True}
        assert len(there.bodies) == 1
    _announce(database, "cert_3")
    assert len(_deliveries(database)) == 2
    with database.sessions() as session:
        assert hooks.get(session, database.account.id, hook.id).removed_why == "gone"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_receiver_is_tried_again_for_days(database: Database, status: int) -> None:
    with receiver((status, {}), (status, {})) as there:
        _hook(database, there.url)
        _announce(database)
        (delivery,) = _deliveries(database)
        work = work_on(database, _nothing)
        assert attempt(work, delivery.id).status == "waiting"
        assert attempt(work, delivery.id).status == "waiting"
        assert attempt(work, delivery.id).status == "done"
    ids = {headers["webhook-id"] for headers in there.headers}
    assert len(ids) == 1


def test_removing_a_hook_twice_or_one_that_never_was_is_no_error(database: Database) -> None:
    hook, _ = _hook(database, "https://hooks.example/1")
    with database.sessions() as session, session.begin():
        hooks.remove(session, database.account.id, hook.id, NOW)
        hooks.remove(session, database.account.id, hook.id, NOW + timedelta(days=1))
        hooks.remove(session, database.account.id, "hook_UNKNOWN", NOW)
        assert hooks.get(session, database.account.id, hook.id).removed_at == NOW


def test_another_account_can_neither_see_nor_end_the_hook(database: Database) -> None:
    hook, _ = _hook(database, "https://hooks.example/1")
    with database.sessions() as session, session.begin():
        other = accounts.create(session, "Other", NOW)
        hooks.remove(session, other.id, hook.id, NOW)
        assert hooks.active(session, other.id) == []
        with pytest.raises(NotFound):
            hooks.get(session, other.id, hook.id)
        assert len(hooks.active(session, database.account.id)) == 1


def test_the_signing_secret_is_not_in_the_database_in_clear(database: Database) -> None:
    hook, secret = _hook(database, "https://hooks.example/1")
    assert secret not in hook.secret
    assert hooks.secret_of(hook, [SECRET_KEY]) == secret


def test_events_are_listed_newest_first_and_by_type(database: Database) -> None:
    for subject in ("cert_1", "cert_2"):
        _announce(database, subject)
    with database.sessions() as session:
        found = events.search(session, database.account.id, type=EventType.CERTIFICATE_PARSED)
        assert [event.subject for event in found] == ["cert_2", "cert_1"]
        assert events.search(session, database.account.id, type=EventType.PUSH_FAILED) == []
        older = events.search(session, database.account.id, before=found[0].number)
        assert [event.subject for event in older] == ["cert_1"]


def _hook(
    database: Database,
    url: str,
    *,
    event: EventType = EventType.CERTIFICATE_PARSED,
    filters: dict[str, Any] | None = None,
    days: int = 30,
) -> tuple[Hook, str]:
    with database.sessions() as session, session.begin():
        return hooks.create(
            session, database.account.id, event, url,
            keys=[SECRET_KEY], now=NOW, filters=filters, days=days,
        )  # fmt: skip


def _announce(database: Database, subject: str = "cert_1") -> events.StoredEvent | None:
    with database.sessions() as session, session.begin():
        return announce(
            session, database.account.id, EventType.CERTIFICATE_PARSED, subject, FLAT, now=NOW
        )


def _deliveries(database: Database) -> list[Job]:
    with database.sessions() as session:
        return list(jobs.search(session, database.account.id, action="deliver_hook"))


def _nothing(*_: object) -> dict[str, Any]:
    return {}
