"""Whoever waits for a job can ask to be called when it is done."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from connector.jobs.accept import accept
from connector.jobs.announce import host_of
from connector.jobs.queues import CALLBACKS, QUEUES
from connector.storage import jobs
from connector.storage.jobs import SEND_CALLBACK, Job


def accept_callback(session: Session, job: Job, now: datetime) -> None:
    """Let the ended job's answer be sent, in the transaction that ends it."""
    if job.callback_url is None:
        return
    accept(
        session,
        job.account_id,
        f"callback:{job.id}:{job.dispatch}",
        SEND_CALLBACK,
        {"job_id": job.id},
        queue=CALLBACKS,
        partition=host_of(job.callback_url),
        parent_id=job.id,
        now=now,
    )


def call_back(session: Session, account_id: str, job_id: str, url: str, now: datetime) -> Job:
    """Have the finished answer posted to `url`; the job that will do it.

    A job posts to one address, at its end. When it has ended, or another caller's address is kept
    already (the same work was asked for twice at once), a job of its own does the same work for
    this address: what is done already is found and answered again. NotFound as in `jobs.get`.
    """
    jobs.get(session, account_id, job_id)
    job = jobs.locked(session, job_id)
    if job.callback_url == url:
        return job
    if job.callback_url is None and not job.is_ended:
        job.callback_url = url
        return job
    return accept(
        session,
        account_id,
        f"follow:{job.id}:{hashlib.sha256(url.encode()).hexdigest()}",
        job.action,
        job.given,
        queue=QUEUES[job.queue],
        partition=job.partition,
        now=now,
        callback_url=url,
    ).job
