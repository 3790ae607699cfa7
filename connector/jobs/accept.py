"""Accept a job: our row and the engine's in one transaction, once per idempotency key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from connector.errors import Conflict
from connector.jobs import engine
from connector.jobs.queues import Queue
from connector.storage import actor
from connector.storage.jobs import Job, JobStatus
from connector.storage.schema import insert_missing, new_id

_LONGEST_KEY = 200
_HASHED = "sha256:"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The job, and whether it had been accepted before."""

    job: Job
    is_duplicate: bool


def accept(
    session: Session,
    account_id: str,
    key: str | None,
    action: str,
    given: Mapping[str, Any],
    *,
    queue: Queue,
    now: datetime,
    partition: str = "",
    callback_url: str | None = None,
    parent_id: str | None = None,
    retry_failed: bool = False,
) -> Accepted:
    """Accept work; it is safe once the session's transaction is committed.

    The same `key` with the same input answers the job that is there; with other input it is a
    Conflict. Without a key every call is a job of its own. `retry_failed` is for natural keys: a
    job that failed starts anew, because a failure is no answer to repeat. `given` is JSON.
    """
    digest, said = digest_of(action, given), key
    key = kept_as(key)
    new = {
        "id": new_id("job"),
        "account_id": account_id,
        "action": action,
        "given": dict(given),
        "given_digest": digest,
        "idempotency_key": key,
        "queue": queue.name,
        "partition": partition or account_id,
        "acting": actor.present().as_json(),
        "callback_url": callback_url,
        "parent_id": parent_id,
        "status": JobStatus.WAITING.value,
        "attempts": 0,
        "crashes": 0,
        "dispatch": 0,
        "created_at": now,
    }
    if insert_missing(session, Job, new, ["account_id", "idempotency_key"]):
        job = session.scalars(select(Job).where(Job.id == new["id"])).one()
        engine.enqueue(session, job)
        return Accepted(job, is_duplicate=False)
    job = _of_key(session, account_id, str(key))
    return _known(session, job, str(said), digest, callback_url, retry_failed=retry_failed)


def kept_as(key: str | None) -> str | None:
    """A key of any length as the database keeps it: PostgreSQL has no index over long texts."""
    if key is None or len(key) <= _LONGEST_KEY:
        return key
    return f"{_HASHED}{hashlib.sha256(key.encode()).hexdigest()}"


def digest_of(action: str, given: Mapping[str, Any]) -> str:
    """What makes two inputs the same: the action and the values, in whatever order."""
    text = json.dumps([action, given], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _of_key(session: Session, account_id: str, key: str) -> Job:
    found = select(Job).where(Job.account_id == account_id, Job.idempotency_key == key)
    return session.scalars(found.with_for_update()).one()


def _known(
    session: Session,
    job: Job,
    key: str,
    digest: str,
    callback_url: str | None,
    *,
    retry_failed: bool,
) -> Accepted:
    if job.given_digest != digest:
        raise Conflict(
            f"The key “{key[:60]}” was used before with other input. "
            "Use a new key for new work, or send the same input again."
        )
    if retry_failed and job.status == JobStatus.FAILED:
        restart(session, job)
    if callback_url and not job.is_ended:
        job.callback_url = callback_url
    return Accepted(job, is_duplicate=True)


def restart(session: Session, job: Job) -> None:
    """Let a job start anew, as patiently as the first time."""
    job.status, job.error, job.answer = JobStatus.WAITING.value, None, None
    job.next_at = job.finished_at = None
    job.attempts = job.crashes = 0
    engine.enqueue(session, job)
