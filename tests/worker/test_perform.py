from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest

from connector.errors import DestinationRefused, DestinationUnavailable
from connector.jobs import state
from connector.storage import jobs
from connector.storage.jobs import JobStatus
from connector.worker.patience import ANSWERS, OUTSIDE_WRITES, Patience
from connector.worker.perform import interrupt, perform
from tests.jobs.accepting import accepted
from tests.jobs.engine_rows import engine_rows
from tests.storage.databases import NOW, Database
from tests.worker.working import attempt, job_now, start_again, work_on, workflows_of


class Recorder:
    """An action that notes what it was called with and does as told."""

    def __init__(self, *outcomes: dict[str, Any] | Exception) -> None:
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self._outcomes = list(outcomes)

    def __call__(self, action: str, account_id: str, given: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((action, account_id, given))
        outcome = self._outcomes.pop(0) if self._outcomes else {"done": True}
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def test_the_action_is_given_its_input_and_its_answer_is_kept_in_order(
    database: Database,
) -> None:
    recorder = Recorder({"zebra": 1, "apple": None})
    job = accepted(database, {"certificate_id": "cert_9"}).job
    done = attempt(work_on(database, recorder), job.id)
    assert recorder.calls == [
        ("push_to_procore", database.account.id, {"certificate_id": "cert_9"})
    ]
    assert (done.status, done.attempts, done.error) == ("done", 1, None)
    assert list(done.answer or {}) == ["zebra", "apple"]
    assert (done.started_at, done.finished_at) == (NOW, NOW)


def test_a_job_that_is_done_is_not_done_again(database: Database) -> None:
    recorder = Recorder()
    work = work_on(database, recorder)
    job = accepted(database).job
    for _ in range(3):
        attempt(work, job.id)
    assert len(recorder.calls) == 1


def test_an_older_dispatch_finds_itself_replaced(database: Database) -> None:
    recorder = Recorder()
    work = work_on(database, recorder)
    job = accepted(database).job
    start_again(work, job.id)
    perform(job.id, 1, work)
    assert recorder.calls == []
    perform(job.id, 2, work)
    assert len(recorder.calls) == 1


def test_a_job_called_off_is_not_begun(database: Database) -> None:
    recorder = Recorder()
    work = work_on(database, recorder)
    job = accepted(database).job
    with database.sessions() as session, session.begin():
        state.cancel(session, database.account.id, job.id, NOW)
    attempt(work, job.id)
    assert recorder.calls == []


def test_a_job_that_is_no_longer_on_file_is_let_go(database: Database) -> None:
    recorder = Recorder()
    perform("job_UNKNOWN", 1, work_on(database, recorder))
    assert recorder.calls == []


def test_each_attempt_is_a_workflow_of_its_own_with_a_durable_delay(database: Database) -> None:
    # D5: a retry inside the workflow would hold a thread and be forgotten by a kill.
    work = work_on(database, Recorder(DestinationUnavailable("Procore is down.")))
    job = accepted(database).job
    waiting = attempt(work, job.id)
    assert (waiting.status, waiting.next_at) == ("waiting", NOW + timedelta(seconds=10))
    assert waiting.error is not None
    assert waiting.error["message"] == "Procore is down."
    assert workflows_of(database, job.id) == [job.id, f"{job.id}:2"]
    last = engine_rows(database)[-1]
    assert (last["status"], last["queue_name"], last["queue_partition_key"]) == (
        "DELAYED", "procore", "conn_1",
    )  # fmt: skip
    done = attempt(work, job.id)
    assert (done.status, done.attempts, done.error) == ("done", 2, None)


def test_what_the_destination_asks_for_is_waited(database: Database) -> None:
    work = work_on(database, Recorder(DestinationUnavailable("Slow down.", retry_after=333)))
    job = accepted(database).job
    assert attempt(work, job.id).next_at == NOW + timedelta(seconds=333)


def test_a_refusal_is_not_tried_again(database: Database) -> None:
    recorder = Recorder(DestinationRefused("Procore says no.", field="vendor_id"))
    job = accepted(database).job
    failed = attempt(work_on(database, recorder), job.id)
    assert failed.status == "failed"
    assert failed.error == {
        "code": "destination_refused",
        "message": "Procore says no.",
        "field": "vendor_id",
        "halt": False,
    }
    assert len(workflows_of(database, job.id)) == 1


def test_after_the_last_try_a_sentence_says_why_it_was_given_up(database: Database) -> None:
    tries = OUTSIDE_WRITES.attempts
    recorder = Recorder(*[DestinationUnavailable("Procore is down.")] * tries)
    work = work_on(database, recorder)
    job = accepted(database).job
    for _ in range(tries):
        last = attempt(work, job.id)
    assert last.status == "failed"
    assert last.error is not None
    assert last.error["code"] == "destination_unavailable"
    assert last.error["message"] == "Given up after 14 tries. The last one: Procore is down."
    start_again(work, job.id)
    assert attempt(work, job.id).status == "done"


def test_a_mistake_of_ours_is_tried_again_and_says_nothing_of_its_insides(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    work = work_on(database, Recorder(ZeroDivisionError("secret detail")))
    job = accepted(database).job
    waiting = attempt(work, job.id)
    assert waiting.status == "waiting"
    assert waiting.error is not None
    assert waiting.error["code"] == "internal_error"
    assert "secret" not in waiting.error["message"]
    assert "ZeroDivisionError" in caplog.text


def test_an_answer_that_cannot_be_stored_fails_the_attempt_and_strands_nothing(
    database: Database,
) -> None:
    work = work_on(database, Recorder({"day": date(2026, 3, 2)}))
    job = accepted(database).job
    assert attempt(work, job.id).status == "waiting"
    assert attempt(work, job.id).status == "done"


def test_a_job_that_kills_its_worker_every_time_is_parked_not_looped(database: Database) -> None:
    # D2: the engine's own count of recoveries starts anew when another worker takes over.
    recorder = Recorder()
    work = work_on(database, recorder)
    job = accepted(database).job
    for _ in range(3):
        _die_in_the_middle(database, job.id)
    parked = attempt(work, job.id)
    assert recorder.calls == []
    assert (parked.status, parked.crashes) == ("failed", 3)
    assert parked.error is not None
    assert parked.error["code"] == "worker_stopped"
    assert "3 times" in parked.error["message"]


def test_one_crash_is_forgiven_and_the_work_done_again(database: Database) -> None:
    work = work_on(database, Recorder())
    job = accepted(database).job
    _die_in_the_middle(database, job.id)
    done = attempt(work, job.id)
    assert (done.status, done.attempts, done.crashes) == ("done", 2, 1)


def test_being_stopped_on_purpose_is_no_crash(database: Database) -> None:
    job = accepted(database).job
    began, go_on = threading.Event(), threading.Event()

    def wait_inside(*_: object) -> dict[str, Any]:
        began.set()
        go_on.wait(10)
        return {}

    work = work_on(database, wait_inside)
    thread = threading.Thread(target=attempt, args=(work, job.id))
    thread.start()
    began.wait(10)
    interrupt(work)
    assert job_now(work, job.id).status == "waiting"
    go_on.set()
    thread.join()
    assert job_now(work, job.id).crashes == 0


def test_two_workers_that_race_for_a_job_record_it_once(database: Database) -> None:
    gate = threading.Barrier(2)
    answers = [{"by": 1}, {"by": 2}]

    def race(*_: object) -> dict[str, Any]:
        gate.wait(10)
        return answers.pop()

    work = work_on(database, race)
    job = accepted(database).job
    threads = [threading.Thread(target=perform, args=(job.id, 1, work)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = job_now(work, job.id)
    assert done.status == "done"
    assert done.attempts == 2


def test_what_another_worker_recorded_first_stands(database: Database) -> None:
    def be_slow(*_: object) -> dict[str, Any]:
        with database.sessions() as session, session.begin():
            jobs.finish(jobs.locked(session, job.id), {"by": "the other"}, NOW)
        return {"by": "me"}

    job = accepted(database).job
    assert attempt(work_on(database, be_slow), job.id).answer == {"by": "the other"}


@pytest.mark.parametrize(
    ("failures", "asked", "pause"),
    [(1, None, 10), (2, None, 20), (3, None, 40), (9, None, 60), (2, 45, 45), (2, 5, 20),
     (2, 10**9, 86400), (10, None, None), (11, 60, None)],
)  # fmt: skip
def test_pauses_double_up_to_the_longest_and_respect_what_is_asked(
    failures: int, asked: float | None, pause: float | None
) -> None:
    assert Patience(attempts=10, first=10, longest=60).pause(failures, asked) == pause


def test_outages_of_hours_are_outlasted_and_hooks_are_kept_up_for_three_days() -> None:
    assert _span(OUTSIDE_WRITES) > 4 * 3600
    assert 2.8 * 86400 < _span(ANSWERS) < 3.5 * 86400


def _span(patience: Patience) -> float:
    return sum(patience.pause(n, None) or 0 for n in range(1, patience.attempts))


def _die_in_the_middle(database: Database, job_id: str) -> None:
    """What a killed worker leaves behind."""
    with database.sessions() as session, session.begin():
        job = jobs.locked(session, job_id)
        if job.status == JobStatus.RUNNING:
            job.crashes += 1
        job.status = JobStatus.RUNNING.value
        job.attempts += 1
