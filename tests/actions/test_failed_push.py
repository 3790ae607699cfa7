"""push.failed: told when nobody goes on with a push, and only then, whatever ended it."""

from __future__ import annotations

from typing import Any

import pytest

from connector.actions.services import Services
from connector.storage import events, jobs, pushes
from connector.storage.events import EventType
from connector.storage.jobs import JobStatus
from connector.worker.patience import CRASHES_ALLOWED, OUTSIDE_WRITES
from tests.actions.office import ask, connect_procore, on_file, work_off
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.web.conftest import Caller

NOWHERE = "http://127.0.0.1:9"


def told(services: Services, account_id: str) -> list[dict[str, Any]]:
    with services.sessions() as session:
        found = events.search(session, account_id, type=EventType.PUSH_FAILED)
        return [row.told for row in found]


def asked(services: Services, account_id: str) -> tuple[str, str]:
    """A certificate on file and the job that pushes it."""
    certificate_id = on_file(services, account_id, 1, insured="Northfield Roofing LLC")
    return certificate_id, ask(services, account_id, "push_to_procore", certificate_id=certificate_id)  # fmt: skip


def test_a_push_that_is_given_up_is_told_at_its_last_try_and_not_before(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    connect_procore(services, caller.account_id, procore, api_url=NOWHERE)
    certificate_id, job_id = asked(services, caller.account_id)
    for _ in range(OUTSIDE_WRITES.attempts - 1):
        assert work_off(services, job_id).status == "waiting"
    assert told(services, caller.account_id) == []
    assert work_off(services, job_id).status == "failed"
    (row,) = told(services, caller.account_id)
    assert (row["certificate_id"], row["status"]) == (certificate_id, "failed")
    assert row["push_id"] and row["next_step"]


@pytest.mark.parametrize("status", [400, 422])
def test_a_push_that_is_refused_is_told_once(
    services: Services, caller: Caller, procore: ProcoreSimulator, status: int
) -> None:
    connect_procore(services, caller.account_id, procore)
    procore.order(
        Fault.STATUS, method="POST|PATCH", path="insurances", status=status, body={"errors": ["no"]}
    )
    _, job_id = asked(services, caller.account_id)
    assert work_off(services, job_id).status == "failed"
    assert [row["status"] for row in told(services, caller.account_id)] == ["failed"]


def test_a_push_under_which_every_worker_died_is_no_longer_queued(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    connect_procore(services, caller.account_id, procore, api_url=NOWHERE)
    _, job_id = asked(services, caller.account_id)
    work_off(services, job_id)
    with services.sessions() as session, session.begin():
        job = jobs.locked(session, job_id)
        job.status, job.crashes = JobStatus.RUNNING.value, CRASHES_ALLOWED - 1
        (row,) = pushes.search(session, caller.account_id)
        row.status, row.error_code, row.error_message = "queued", None, None
    assert work_off(services, job_id).status == "failed"
    (row_told,) = told(services, caller.account_id)
    assert (row_told["push_id"], row_told["status"]) == (row.id, "failed")
    assert "ended the process" in row_told["next_step"]


def test_a_push_that_could_not_begin_is_told_without_its_number(
    services: Services, caller: Caller
) -> None:
    certificate_id, job_id = asked(services, caller.account_id)
    assert work_off(services, job_id).status == "failed"
    (row,) = told(services, caller.account_id)
    assert (row["push_id"], row["certificate_id"]) == (None, certificate_id)
    assert "not connected" in row["next_step"]


def test_what_makes_no_sense_is_answered_and_told_to_nobody(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    connect_procore(services, caller.account_id, procore)
    job_id = ask(services, caller.account_id, "push_to_procore", certificate_id="cert_none")
    assert work_off(services, job_id).status == "failed"
    assert told(services, caller.account_id) == []
