from __future__ import annotations

from datetime import timedelta

from connector.errors import ConnectorError, DestinationRefused
from connector.jobs import state
from connector.storage import jobs
from connector.storage.jobs import Job
from tests.jobs.accepting import accepted
from tests.storage.databases import NOW, Database
from tests.worker.receiver import receiver
from tests.worker.working import attempt, start_again, work_on


def test_the_finished_flat_object_is_posted(database: Database) -> None:
    with receiver() as there:
        work = work_on(database, lambda *_: {"status": "pushed", "records_created": 4})
        job = accepted(database, callback_url=there.url).job
        attempt(work, job.id)
        assert attempt(work, _callback(database, job).id).status == "done"
    assert there.bodies == [
        {
            "job_id": job.id,
            "job_status": "done",
            "error_code": None,
            "error_message": None,
            "status": "pushed",
            "records_created": 4,
        }
    ]
    assert there.headers[0]["webhook-id"] == f"{job.id}:1"


def test_a_failure_is_posted_too(database: Database) -> None:
    with receiver() as there:
        work = work_on(database, _refuse)
        job = accepted(database, callback_url=there.url).job
        attempt(work, job.id)
        attempt(work, _callback(database, job).id)
    assert there.bodies[0]["job_status"] == "failed"
    assert there.bodies[0]["error_message"] == "Procore says no."


def test_the_callback_is_accepted_in_the_transaction_that_ends_the_job(
    database: Database,
) -> None:
    work = work_on(database, lambda *_: {})
    job = accepted(database, callback_url="https://hooks.example/1").job
    attempt(work, job.id)
    callback = _callback(database, job)
    assert (callback.queue, callback.partition, callback.status) == (
        "callbacks", "hooks.example", "waiting",
    )  # fmt: skip


def test_without_an_address_nothing_is_sent(database: Database) -> None:
    work = work_on(database, lambda *_: {})
    job = accepted(database).job
    attempt(work, job.id)
    with database.sessions() as session:
        assert jobs.search(session, database.account.id, parent_id=job.id) == []


def test_a_busy_receiver_is_tried_again_when_it_says(database: Database) -> None:
    with receiver((503, {}), (429, {"Retry-After": "77"})) as there:
        work = work_on(database, lambda *_: {})
        job = accepted(database, callback_url=there.url).job
        attempt(work, job.id)
        callback = _callback(database, job)
        assert attempt(work, callback.id).next_at == NOW + timedelta(seconds=10)
        assert attempt(work, callback.id).next_at == NOW + timedelta(seconds=77)
        assert attempt(work, callback.id).status == "done"
    assert len(there.bodies) == 3
    assert len({headers["webhook-id"] for headers in there.headers}) == 1


def test_an_address_that_is_gone_is_not_asked_again(database: Database) -> None:
    with receiver((410, {})) as there:
        work = work_on(database, lambda *_: {})
        job = accepted(database, callback_url=there.url).job
        attempt(work, job.id)
        failed = attempt(work, _callback(database, job).id)
    assert failed.status == "failed"
    assert failed.error is not None
    assert "410" in failed.error["message"]


def test_a_receiver_that_is_down_is_tried_again(database: Database) -> None:
    with receiver() as there:
        url = there.url
    work = work_on(database, lambda *_: {})
    job = accepted(database, callback_url=url).job
    attempt(work, job.id)
    assert attempt(work, _callback(database, job).id).status == "waiting"


def test_an_address_inside_the_operators_network_is_refused(database: Database) -> None:
    work = work_on(database, lambda *_: {})
    job = accepted(database, callback_url="http://169.254.169.254/latest/meta-data").job
    attempt(work, job.id)
    failed = attempt(work, _callback(database, job).id)
    assert failed.status == "failed"
    assert failed.error is not None
    assert failed.error["code"] == "address_refused"


def test_a_job_started_again_reports_its_new_end_too(database: Database) -> None:
    outcomes = [DestinationRefused("No."), None]

    def act(*_: object) -> dict[str, str]:
        outcome = outcomes.pop(0)
        if outcome:
            raise outcome
        return {"status": "pushed"}

    with receiver() as there:
        work = work_on(database, act)
        job = accepted(database, callback_url=there.url).job
        attempt(work, job.id)
        attempt(work, _callback(database, job).id)
        start_again(work, job.id)
        attempt(work, job.id)
        attempt(work, _callback(database, job).id)
    assert [body["job_status"] for body in there.bodies] == ["failed", "done"]


def test_whoever_waits_for_a_job_that_is_called_off_is_told(database: Database) -> None:
    with receiver() as there:
        work = work_on(database, lambda *_: {})
        job = accepted(database, callback_url=there.url).job
        with database.sessions() as session, session.begin():
            state.cancel(session, database.account.id, job.id, NOW)
        with database.sessions() as session, session.begin():
            state.cancel(session, database.account.id, job.id, NOW)
        assert attempt(work, _callback(database, job).id).status == "done"
    (body,) = there.bodies
    assert (body["job_status"], body["error_code"]) == ("failed", "cancelled")


def test_a_failure_that_could_not_be_told_is_not_told_while_the_job_is_tried_again(
    database: Database,
) -> None:
    # A receiver takes the first object for the end: one of nulls would end its wait.
    outcomes = [DestinationRefused("No."), None]

    def act(*_: object) -> dict[str, str]:
        outcome = outcomes.pop(0)
        if outcome:
            raise outcome
        return {"status": "pushed"}

    with receiver((503, {})) as there:
        work = work_on(database, act)
        job = accepted(database, callback_url=there.url).job
        attempt(work, job.id)
        first = _callback(database, job)
        assert attempt(work, first.id).status == "waiting"
        start_again(work, job.id)
        assert attempt(work, first.id).status == "done"
        assert len(there.bodies) == 1
        attempt(work, job.id)
        attempt(work, _callback(database, job).id)
    assert [body["job_status"] for body in there.bodies] == ["failed", "done"]


def _callback(database: Database, job: Job) -> Job:
    """The newest callback of this job."""
    with database.sessions() as session:
        return jobs.search(session, database.account.id, parent_id=job.id)[0]


def _refuse(*_: object) -> dict[str, str]:
    error: ConnectorError = DestinationRefused("Procore says no.")
    raise error
