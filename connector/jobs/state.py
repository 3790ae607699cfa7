"""How a job stands; waiting for its end; starting it again; calling it off."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from connector.errors import Conflict, ConnectorError, NotFound
from connector.jobs.accept import restart
from connector.jobs.call_back import accept_callback
from connector.storage import audit, jobs
from connector.storage.audit import Act
from connector.storage.database import readers_of
from connector.storage.jobs import DELIVER_HOOK, ENDED, Job, JobStatus

_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 0.25


class Cancelled(ConnectorError):
    """A person called the job off."""

    code = "cancelled"
    status = 409
    halt = True


def state(session: Session, account_id: str, job_id: str) -> Job:
    """The job as it stands now. NotFound when this account has none of this id."""
    return jobs.get(session, account_id, job_id)


def wait(sessions: sessionmaker[Session], account_id: str, job_id: str, seconds: float) -> Job:
    """The job at its end, or as it stands after `seconds`.

    Looks at one indexed value of the row, first often and then four times a second; on SQLite
    such reading never waits for a writer, nor a writer for it.
    """
    readers = readers_of(sessions)
    deadline = time.monotonic() + seconds
    pause = _FIRST_PAUSE
    while (left := deadline - time.monotonic()) > 0:
        with readers() as session:
            status = session.scalar(select(Job.status).where(Job.id == job_id))
        if status is None or status in ENDED:
            break
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)
    with readers() as session:
        return jobs.get(session, account_id, job_id)


def retry(session: Session, account_id: str, job_id: str, now: datetime) -> Job:
    """Start a failed job anew, or one that waits for its next attempt at once.

    Conflict when it is running or done.
    """
    jobs.get(session, account_id, job_id)
    job = jobs.locked(session, job_id)
    if job.status in (JobStatus.RUNNING, JobStatus.DONE):
        raise Conflict(f"Job {job.id} is {job.status}; there is nothing to try again.")
    restart(session, job)
    _note(session, Act.JOB_RETRIED, job, now)
    return job


def resend(session: Session, account_id: str, job_id: str, now: datetime) -> Job:
    """Send an event to its hook once more, also when it had arrived.

    NotFound when the account has no such delivery, Conflict while it is being sent.
    """
    job = jobs.get(session, account_id, job_id)
    if job.action != DELIVER_HOOK:
        raise NotFound(f"There is no delivery {job_id[:40]} in this account.")
    job = jobs.locked(session, job_id)
    if job.status == JobStatus.RUNNING:
        raise Conflict(f"Delivery {job.id} is being sent just now.")
    restart(session, job)
    _note(session, Act.DELIVERY_RESENT, job, now)
    return job


def cancel(session: Session, account_id: str, job_id: str, now: datetime) -> Job:
    """Call off a job that has not begun. Conflict when it is running or done.

    Its workflow stays with the engine and finds nothing to do when its time comes. Who waits for
    the answer is told.
    """
    jobs.get(session, account_id, job_id)
    job = jobs.locked(session, job_id)
    if job.status in (JobStatus.RUNNING, JobStatus.DONE):
        raise Conflict(f"Job {job.id} is {job.status} and cannot be called off any more.")
    if job.status == JobStatus.WAITING:
        jobs.park(job, Cancelled("The job was called off before it was done."), now)
        _note(session, Act.JOB_CANCELLED, job, now)
        accept_callback(session, job, now)
    return job


def _note(session: Session, act: Act, job: Job, now: datetime) -> None:
    """In the audit log: the job's id and action, nothing of what it was given."""
    audit.record(session, job.account_id, act, now, subject=job.id, details={"action": job.action})
