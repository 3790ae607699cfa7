"""Jobs and hook deliveries over HTTP: listed, tried again, called off, sent once more."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from connector.actions.lists import LISTS
from connector.actions.services import Services
from connector.errors import DestinationRefused
from connector.jobs.accept import accept
from connector.jobs.announce import announce
from connector.jobs.queues import PROCORE
from connector.storage import hooks, jobs
from connector.storage.events import EventType
from connector.storage.jobs import Job
from connector.web.app import create_app
from connector.web.work import WAITING_AT_ONCE
from tests.actions.office import on_file
from tests.web.conftest import Caller


def waiting(services: Services, caller: Caller, action: str = "push_to_procore") -> Job:
    with services.sessions() as session, session.begin():
        return accept(
            session, caller.account_id, None, action, {"input": {}, "document": None},
            queue=PROCORE, now=services.clock(),
        ).job  # fmt: skip


def failed(services: Services, caller: Caller) -> Job:
    job = waiting(services, caller)
    with services.sessions() as session, session.begin():
        found = jobs.locked(session, job.id)
        jobs.park(found, DestinationRefused("Procore says no."), services.clock())
    return job


def delivery(services: Services, caller: Caller) -> Job:
    """A message to a hook that has arrived."""
    with services.sessions() as session, session.begin():
        hook, _ = hooks.create(
            session, caller.account_id, EventType.PUSH_FAILED, "https://hooks.example/1",
            keys=services.settings.secret_keys, now=services.clock(),
        )  # fmt: skip
        announce(
            session, caller.account_id, EventType.PUSH_FAILED, "push_1", {"push_id": "push_1"},
            now=services.clock(),
        )  # fmt: skip
        (job,) = jobs.search(session, caller.account_id, parent_id=hook.id)
        jobs.finish(jobs.locked(session, job.id), {"status": 200}, services.clock())
    return job


def rows(caller: Caller, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = caller.get(path).get_json()["items"]
    return items


def test_jobs_are_listed_newest_first_with_why_they_failed(
    caller: Caller, services: Services
) -> None:
    first, second = failed(services, caller), waiting(services, caller)
    found = rows(caller, "/v1/jobs")
    assert [row["job_id"] for row in found] == [second.id, first.id]
    assert found[1]["error_message"] == "Procore says no."
    assert list(found[0]) == [field.key for field in LISTS["jobs"].fields]


def test_jobs_are_narrowed_by_status_and_action(caller: Caller, services: Services) -> None:
    first, second = failed(services, caller), waiting(services, caller, "log_to_sheet")
    assert [row["job_id"] for row in rows(caller, "/v1/jobs?status=failed")] == [first.id]
    assert [row["job_id"] for row in rows(caller, "/v1/jobs?action=log_to_sheet")] == [second.id]


def test_an_unknown_status_names_the_known_ones(caller: Caller) -> None:
    answer = caller.get("/v1/jobs?status=eaten")
    assert answer.status_code == 422
    assert "waiting, running, done, failed" in answer.get_json()["error"]["message"]


def test_a_failed_job_is_started_again(caller: Caller, services: Services) -> None:
    job = failed(services, caller)
    answer = caller.post(f"/v1/jobs/{job.id}/retry")
    assert (answer.status_code, answer.get_json()["job_status"]) == (202, "waiting")
    assert caller.get(f"/v1/jobs/{job.id}").get_json()["error_message"] is None


def test_a_waiting_job_is_called_off_once_or_twice(caller: Caller, services: Services) -> None:
    job = waiting(services, caller)
    for _ in range(2):
        answer = caller.post(f"/v1/jobs/{job.id}/cancel")
        assert (answer.status_code, answer.get_json()["error_code"]) == (200, "cancelled")


def test_what_is_done_can_neither_be_called_off_nor_started_again(
    caller: Caller, services: Services
) -> None:
    job = delivery(services, caller)
    for word in ("retry", "cancel"):
        answer = caller.post(f"/v1/jobs/{job.id}/{word}")
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (409, "conflict")


def test_the_log_says_what_was_sent_to_a_hook_and_how_it_was_received(
    caller: Caller, services: Services
) -> None:
    job = delivery(services, caller)
    (row,) = rows(caller, "/v1/hook_deliveries")
    assert list(row) == [field.key for field in LISTS["hook_deliveries"].fields]
    assert (row["delivery_id"], row["event"], row["event_id"]) == (job.id, "push.failed", "push_1")
    assert (row["delivery_status"], row["answered"]) == ("done", 200)
    assert rows(caller, f"/v1/hook_deliveries?hook_id={row['hook_id']}") == [row]
    assert rows(caller, "/v1/hook_deliveries?hook_id=hook_UNKNOWN") == []


def test_a_message_that_arrived_can_be_sent_once_more(caller: Caller, services: Services) -> None:
    job = delivery(services, caller)
    answer = caller.post(f"/v1/hook_deliveries/{job.id}/resend")
    assert answer.status_code == 202
    assert (answer.get_json()["delivery_status"], answer.get_json()["answered"]) == (
        "waiting",
        None,
    )


def test_only_a_delivery_is_sent_once_more(caller: Caller, services: Services) -> None:
    job = failed(services, caller)
    assert caller.post(f"/v1/hook_deliveries/{job.id}/resend").status_code == 404


@pytest.mark.parametrize("word", ["retry", "cancel"])
def test_another_account_can_do_nothing_with_it(
    word: str, caller: Caller, stranger: Caller, services: Services
) -> None:
    job, sent = failed(services, caller), delivery(services, caller)
    assert stranger.post(f"/v1/jobs/{job.id}/{word}").status_code == 404
    assert stranger.post(f"/v1/hook_deliveries/{sent.id}/resend").status_code == 404
    assert rows(stranger, "/v1/jobs") == rows(stranger, "/v1/hook_deliveries") == []


def test_in_a_burst_who_finds_no_place_to_wait_is_told_at_once_that_it_is_accepted(
    caller: Caller, services: Services
) -> None:
    patient = replace(services, settings=replace(services.settings, answer_within=25))
    app = create_app(patient)
    certificate_id = on_file(services, caller.account_id, 1)

    def ask(number: int) -> Any:
        client = app.test_client()
        given = {"certificate_id": certificate_id, "procore_vendor_id": str(number)}
        return client.post("/v1/actions/push_to_procore", json=given, headers=caller.headers)

    with ThreadPoolExecutor(WAITING_AT_ONCE + 2) as pool:
        asked = [pool.submit(ask, number) for number in range(WAITING_AT_ONCE + 2)]
        deadline = time.monotonic() + 20
        while sum(each.done() for each in asked) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        early = [each.result() for each in asked if each.done()]
        for row in rows(caller, "/v1/jobs"):
            _end(services, row["job_id"])
        late = [each.result() for each in asked]
    assert [answer.get_json()["job_status"] for answer in early] == ["waiting"] * 2
    assert sorted(answer.status_code for answer in late) == [200] * WAITING_AT_ONCE + [202] * 2


def _end(services: Services, job_id: str) -> None:
    with services.sessions() as session, session.begin():
        jobs.finish(jobs.locked(session, job_id), {}, services.clock())
