from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from connector.errors import Conflict, DestinationUnavailable, NotFound
from connector.jobs import repair, state
from connector.storage import accounts, jobs
from connector.storage.jobs import JobStatus
from tests.jobs.accepting import accepted
from tests.jobs.engine_rows import end_in_engine, engine_rows
from tests.storage.databases import NOW, Database


def test_waiting_ends_with_the_job(database: Database) -> None:
    job = accepted(database).job
    timer = threading.Timer(0.3, _finish, (database, job.id))
    timer.start()
    began = time.monotonic()
    found = state.wait(database.sessions, database.account.id, job.id, seconds=10)
    timer.join()
    assert (found.status, found.answer) == ("done", {"x": 1})
    assert time.monotonic() - began < 5


def test_waiting_ends_in_time_with_the_job_as_it_stands(database: Database) -> None:
    job = accepted(database).job
    assert state.wait(database.sessions, database.account.id, job.id, 0.1).status == "waiting"
    assert state.wait(database.sessions, database.account.id, job.id, 0).status == "waiting"


def test_another_account_cannot_wait_for_it_or_call_it_off(database: Database) -> None:
    job = accepted(database).job
    with database.sessions() as session, session.begin():
        other = accounts.create(session, "Other", NOW)
        for act in (
            lambda: state.state(session, other.id, job.id),
            lambda: state.retry(session, other.id, job.id, NOW),
            lambda: state.cancel(session, other.id, job.id, NOW),
        ):
            with pytest.raises(NotFound):
                act()


def test_a_waiting_job_can_be_called_off(database: Database) -> None:
    job = accepted(database).job
    with database.sessions() as session, session.begin():
        cancelled = state.cancel(session, database.account.id, job.id, NOW)
        assert cancelled.status == "failed"
        assert cancelled.error is not None
        assert cancelled.error["code"] == "cancelled"


@pytest.mark.parametrize("status", [JobStatus.RUNNING, JobStatus.DONE])
def test_what_runs_or_is_done_can_neither_be_called_off_nor_started_again(
    database: Database, status: JobStatus
) -> None:
    job = accepted(database).job
    with database.sessions() as session, session.begin():
        jobs.locked(session, job.id).status = status.value
        with pytest.raises(Conflict):
            state.cancel(session, database.account.id, job.id, NOW)
        with pytest.raises(Conflict):
            state.retry(session, database.account.id, job.id, NOW)


def test_a_job_called_off_before_it_began_can_still_be_started_again(database: Database) -> None:
    job = accepted(database).job
    with database.sessions() as session, session.begin():
        state.cancel(session, database.account.id, job.id, NOW)
    with database.sessions() as session, session.begin():
        state.retry(session, database.account.id, job.id, NOW)
    assert [row["workflow_uuid"] for row in engine_rows(database)] == [job.id, f"{job.id}:2"]


def test_a_job_that_waits_for_its_next_try_can_be_tried_at_once(database: Database) -> None:
    job = accepted(database).job
    with database.sessions() as session, session.begin():
        row = jobs.locked(session, job.id)
        jobs.postpone(row, DestinationUnavailable("Down."), NOW + timedelta(hours=1))
        assert state.retry(session, database.account.id, job.id, NOW).next_at is None
    assert engine_rows(database)[-1]["status"] == "ENQUEUED"


def test_lists_of_jobs_are_newest_first_and_narrow(database: Database) -> None:
    first, second = accepted(database).job, accepted(database, action="log_to_sheet").job
    with database.sessions() as session:
        listed = jobs.search(session, database.account.id)
        assert [job.id for job in listed] == [second.id, first.id]
        narrowed = jobs.search(
            session, database.account.id, action="log_to_sheet", status="waiting"
        )
        assert [job.id for job in narrowed] == [second.id]
        assert [
            job.id for job in jobs.search(session, database.account.id, before=second.number)
        ] == [first.id]


@pytest.mark.parametrize("end", ["ERROR", "SUCCESS", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", None])
def test_a_job_whose_workflow_ended_without_a_word_is_dispatched_again(
    database: Database, end: str | None
) -> None:
    job = accepted(database).job
    end_in_engine(database, end)
    later = NOW + timedelta(minutes=2)
    assert repair.redispatch_stranded(database.sessions, later) == [job.id]
    assert repair.redispatch_stranded(database.sessions, later) == []
    assert engine_rows(database)[-1]["workflow_uuid"] == f"{job.id}:2"


def test_jobs_that_are_alive_ended_or_just_accepted_are_left_alone(database: Database) -> None:
    later = NOW + timedelta(minutes=2)
    done = accepted(database).job
    accepted(database)
    _finish(database, done.id)
    assert repair.redispatch_stranded(database.sessions, later) == []
    end_in_engine(database, "ERROR")
    assert repair.redispatch_stranded(database.sessions, NOW + timedelta(seconds=30)) == []
    assert len(repair.redispatch_stranded(database.sessions, later)) == 1


def _finish(database: Database, job_id: str) -> None:
    with database.sessions() as session, session.begin():
        jobs.finish(jobs.locked(session, job_id), {"x": 1}, NOW)
