"""One attempt at one job: begin, run, record. The job's row is the truth, whoever else runs it.

An attempt may be made twice (a worker was killed after the work and before the record): the
actions themselves look for what they had done before. A job that has ended is never begun again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session, sessionmaker

from connector.errors import ConnectorError, NotFound, shorten
from connector.jobs import engine
from connector.storage import actor, jobs
from connector.storage.jobs import Job, JobStatus
from connector.worker import patience
from connector.worker.patience import Patience

log = logging.getLogger(__name__)

T = TypeVar("T")

Answer = dict[str, Any]
RunAction = Callable[[str, str, dict[str, Any]], Answer]
"""(action, account_id, given) -> the answer's own keys, or a ConnectorError."""

_LONGEST_DATABASE_PAUSE = 10.0


class Services(Protocol):
    """What the worker needs of `connector.actions.services.Services`."""

    @property
    def sessions(self) -> sessionmaker[Session]: ...

    @property
    def clock(self) -> Callable[[], datetime]: ...


class Unexpected(ConnectorError):
    """A mistake of ours; the log has the details."""

    code = "internal_error"
    retryable = True


class Poisonous(ConnectorError):
    """Work that ended the process it ran in, again and again."""

    code = "worker_stopped"


@dataclass(frozen=True)
class Work:
    """How jobs are performed: `run_action` does one, `on_end` is told in the same transaction.

    `running` holds the ids of the jobs that are under way in this process.
    """

    services: Services
    run_action: RunAction
    on_end: Callable[[Session, Job, datetime], None]
    patience_of: Callable[[str], Patience] = patience.of_action
    stopping: threading.Event = field(default_factory=threading.Event)
    running: set[str] = field(default_factory=set)


def perform(job_id: str, dispatch: int, work: Work) -> None:
    """Make the attempt that the engine's workflow `dispatch` stands for; nothing if it is void."""
    job = _insist(lambda: _begin(job_id, dispatch, work), work)
    if job is None:
        return
    work.running.add(job_id)
    try:
        outcome = _run(job, work)
        try:
            _insist(lambda: _record(job_id, dispatch, outcome, work), work)
        except Exception:
            if work.stopping.is_set():
                raise
            log.exception("what came of job %s (%s) cannot be recorded", job.id, job.action)
            _insist(lambda: _record(job_id, dispatch, _unexpected(job), work), work)
    finally:
        work.running.discard(job_id)


def interrupt(work: Work) -> None:
    """Note that what still runs was stopped by us, on purpose: that is no crash of the job's."""
    with work.services.sessions() as session, session.begin():
        for job_id in sorted(work.running):
            job = jobs.locked(session, job_id)
            if job.status == JobStatus.RUNNING:
                job.status = JobStatus.WAITING.value


def _begin(job_id: str, dispatch: int, work: Work) -> Job | None:
    now = work.services.clock()
    with work.services.sessions() as session, session.begin():
        try:
            job = jobs.locked(session, job_id)
        except NotFound:
            log.warning("job %s is no longer on file", job_id)
            return None
        if job.is_ended or job.dispatch != dispatch:
            return None
        if job.status == JobStatus.RUNNING:
            job.crashes += 1
        if job.crashes >= patience.CRASHES_ALLOWED:
            _park(session, job, _poison(job), work)
            return None
        job.status, job.started_at, job.next_at = JobStatus.RUNNING.value, now, None
        job.attempts += 1
        return job


def _run(job: Job, work: Work) -> Answer | ConnectorError:
    try:
        with actor.acting(actor.from_json(job.acting)):
            return work.run_action(job.action, job.account_id, job.given)
    except ConnectorError as error:
        log.info("job %s (%s): %s", job.id, job.action, error.code)
        return error
    except Exception:
        log.exception("job %s (%s) met an unexpected error", job.id, job.action)
        return _unexpected(job)


def _record(job_id: str, dispatch: int, outcome: Answer | ConnectorError, work: Work) -> None:
    with work.services.sessions() as session, session.begin():
        job = jobs.locked(session, job_id)
        if job.is_ended or job.dispatch != dispatch:
            return
        if isinstance(outcome, ConnectorError):
            _fail(session, job, outcome, work)
        else:
            now = work.services.clock()
            jobs.finish(job, outcome, now)
            work.on_end(session, job, now)


def _fail(session: Session, job: Job, error: ConnectorError, work: Work) -> None:
    if not error.retryable:
        _park(session, job, error, work)
        return
    pause = work.patience_of(job.action).pause(job.attempts, error.retry_after)
    if pause is None:
        _park(session, job, _given_up(job, error), work)
        return
    jobs.postpone(job, error, work.services.clock() + timedelta(seconds=pause))
    engine.enqueue(session, job, delay=pause)


def _park(session: Session, job: Job, error: ConnectorError, work: Work) -> None:
    now = work.services.clock()
    jobs.park(job, error, now)
    work.on_end(session, job, now)


def _given_up(job: Job, error: ConnectorError) -> ConnectorError:
    final = ConnectorError(
        shorten(f"Given up after {job.attempts} tries. The last one: {error.message}")
    )
    final.code, final.halt, final.field = error.code, error.halt, error.field
    return final


def _unexpected(job: Job) -> ConnectorError:
    return Unexpected(
        f"Something went wrong on our side. Nothing was lost; the log names job {job.id} "
        "with the details."
    )


def _poison(job: Job) -> ConnectorError:
    return Poisonous(
        f"The work was stopped {job.crashes} times because it ended the process it ran in. "
        "Look at the document or the input, then start the job again."
    )


def _insist(step: Callable[[], T], work: Work) -> T:
    """The step's result, however long the database is away: what was done must be recorded."""
    pause = 0.2
    while True:
        try:
            return step()
        except (DBAPIError, PoolExhausted) as error:
            if isinstance(error, DBAPIError) and not _is_passing(error):
                raise
            log.warning("the database does not answer; trying again: %s", type(error).__name__)
            if work.stopping.wait(pause):
                raise
            pause = min(pause * 2, _LONGEST_DATABASE_PAUSE)


def _is_passing(error: DBAPIError) -> bool:
    return error.connection_invalidated or type(error).__name__ in (
        "OperationalError",
        "InterfaceError",
        "InternalError",
    )
