"""Bring our rows and the engine's together again where a fault has parted them.

Normally nothing is found. A job whose workflow ended without a word (the database went away for
good in the middle of an attempt, a backup was restored) would otherwise wait for ever.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, case, cast, column, select, table
from sqlalchemy.orm import Session, sessionmaker

from connector.jobs import engine
from connector.storage import jobs
from connector.storage.jobs import Job, JobStatus

_ALIVE = ("ENQUEUED", "DELAYED", "PENDING")
_AGE = timedelta(minutes=1)


def redispatch_stranded(sessions: sessionmaker[Session], now: datetime) -> list[str]:
    """Enqueue anew what waits or runs by our rows, but is over or unknown in the engine. Its ids.

    Jobs accepted in the last minute are left alone; each one found is looked at again under its
    lock.
    """
    with sessions() as session:
        stranded = _stranded(session, now)
    return [job_id for job_id in stranded if _redispatch(sessions, job_id, now)]


def _redispatch(sessions: sessionmaker[Session], job_id: str, now: datetime) -> bool:
    with sessions() as session, session.begin():
        job = jobs.locked(session, job_id)
        if job_id not in _stranded(session, now, job_id):
            return False
        if job.status == JobStatus.RUNNING:
            job.crashes += 1
        job.status = JobStatus.WAITING.value
        engine.enqueue(session, job)
        return True


def _stranded(session: Session, now: datetime, job_id: str | None = None) -> list[str]:
    workflows = table(
        "workflow_status",
        column("workflow_uuid", String),
        column("status", String),
        schema="dbos" if session.get_bind().dialect.name == "postgresql" else None,
    )
    name = case((Job.dispatch == 1, Job.id), else_=Job.id + ":" + cast(Job.dispatch, String))
    alive = (
        select(workflows.c.workflow_uuid)
        .where(workflows.c.workflow_uuid == name, workflows.c.status.in_(_ALIVE))
        .exists()
    )
    found = select(Job.id).where(
        Job.status.in_((JobStatus.WAITING.value, JobStatus.RUNNING.value)),
        Job.created_at < now - _AGE,
        ~alive,
    )
    if job_id is not None:
        found = found.where(Job.id == job_id)
    return list(session.scalars(found.order_by(Job.number)))
