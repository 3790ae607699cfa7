"""Jobs: the business truth of work that outlives a request. The engine is given only the id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.errors import ConnectorError, NotFound
from connector.storage.schema import Row

DELIVER_HOOK = "deliver_hook"
"""The action of a job that posts an event to a hook, its parent."""
SEND_CALLBACK = "send_callback"
"""The action of a job that posts another one's answer, its parent's."""
DAILY = "daily"
MAIL_LOGIN_LINK = "mail_login_link"
PROCORE_EVENT, PROCORE_POLL = "procore_event", "procore_poll"
OWN_ACTIONS = (DELIVER_HOOK, SEND_CALLBACK, DAILY, MAIL_LOGIN_LINK, PROCORE_EVENT, PROCORE_POLL)
"""What the service gives itself to do, beside the actions that callers send."""


class JobStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


ENDED = (JobStatus.DONE, JobStatus.FAILED)


class Job(Row):
    """One piece of accepted work.

    `attempts` counts starts; `crashes` counts starts that never came to an end, because the
    process died. `dispatch` numbers the engine's workflows for this job: only the latest may act. `parent_id` is the job that this one reports on (a callback). `next_at` is when
    a waiting job is tried again, None when at once. `error` is code, message, field and halt.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("account_id", "idempotency_key"),
        Index("ix_jobs_account_id_number", "account_id", "number"),
        Index("ix_jobs_account_id_given_digest", "account_id", "given_digest"),
        Index("ix_jobs_account_id_parent_id", "account_id", "parent_id"),
        Index("ix_jobs_status_number", "status", "number"),
        Index("ix_jobs_finished_at", "finished_at"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    action: Mapped[str]
    given: Mapped[dict[str, Any]]
    given_digest: Mapped[str]
    idempotency_key: Mapped[str | None]
    queue: Mapped[str]
    partition: Mapped[str]
    acting: Mapped[dict[str, Any] | None]
    callback_url: Mapped[str | None]
    parent_id: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=JobStatus.WAITING.value)
    answer: Mapped[dict[str, Any] | None]
    error: Mapped[dict[str, Any] | None]
    attempts: Mapped[int] = mapped_column(default=0)
    crashes: Mapped[int] = mapped_column(default=0)
    dispatch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def workflow_id(self) -> str:
        """The engine's name for the latest dispatch."""
        return self.id if self.dispatch == 1 else f"{self.id}:{self.dispatch}"

    @property
    def is_ended(self) -> bool:
        return self.status in ENDED


def get(session: Session, account_id: str, job_id: str) -> Job:
    """The job. NotFound when this account has none of this id."""
    found = select(Job).where(Job.account_id == account_id, Job.id == job_id)
    job = session.scalars(found).one_or_none()
    if job is None:
        raise NotFound(f"There is no job {job_id[:40]} in this account.")
    return job


def locked(session: Session, job_id: str) -> Job:
    """The job for the worker, which serves all accounts; no one else may change it meanwhile."""
    found = select(Job).where(Job.id == job_id).with_for_update()
    job = session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if job is None:
        raise NotFound(f"Job {job_id} is not on file.")
    return job


def search(
    session: Session,
    account_id: str,
    *,
    status: str | None = None,
    action: str | None = None,
    parent_id: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Job]:
    """The account's jobs, newest first. The next page is `before` the last number."""
    found = select(Job).where(Job.account_id == account_id)
    if status is not None:
        found = found.where(Job.status == status)
    if action is not None:
        found = found.where(Job.action == action)
    if parent_id is not None:
        found = found.where(Job.parent_id == parent_id)
    if before is not None:
        found = found.where(Job.number < before)
    return session.scalars(found.order_by(Job.number.desc()).limit(limit)).all()


def by_key(session: Session, account_id: str, idempotency_key: str) -> Job | None:
    """The account's job of this key."""
    found = select(Job).where(Job.account_id == account_id, Job.idempotency_key == idempotency_key)
    return session.scalars(found).one_or_none()


def remove_ended(session: Session, account_id: str, before: datetime) -> int:
    """Remove jobs that ended before this moment, and with them their idempotency keys. How many."""
    old = delete(Job).where(
        Job.account_id == account_id, Job.status.in_(ENDED), Job.finished_at < before
    )
    return len(session.scalars(old.returning(Job.id)).all())


def count_ended(session: Session, account_id: str, given_digest: str) -> int:
    """How often the account's same work has come to an end before."""
    same = select(func.count()).where(
        Job.account_id == account_id,
        Job.given_digest == given_digest,
        Job.status.in_(ENDED),
    )
    return session.scalar(same) or 0


def counts(session: Session) -> list[tuple[str, str, int]]:
    """Queue, status and number of the jobs on file, over all accounts."""
    found = select(Job.queue, Job.status, func.count()).group_by(Job.queue, Job.status)
    return [(queue, status, number) for queue, status, number in session.execute(found)]


def due_since(session: Session, now: datetime) -> datetime | None:
    """Since when the oldest job that could run by now has been waiting; None when none is."""
    due = func.coalesce(Job.next_at, Job.created_at)
    found = select(Job.next_at, Job.created_at).where(
        Job.status == JobStatus.WAITING.value, due <= now
    )
    first = session.execute(found.order_by(due).limit(1)).first()
    return (first.next_at or first.created_at) if first else None


def is_any_moving(session: Session, since: datetime) -> bool:
    """Whether a job is running now or has ended since this moment."""
    found = select(Job.id).where(
        or_(Job.status == JobStatus.RUNNING.value, Job.finished_at >= since)
    )
    return session.scalar(found.limit(1)) is not None


def finish(job: Job, answer: dict[str, Any], now: datetime) -> None:
    """The work is done; its answer is kept."""
    job.status, job.answer, job.error = JobStatus.DONE.value, answer, None
    job.finished_at, job.next_at = now, None


def park(job: Job, error: ConnectorError, now: datetime) -> None:
    """The work failed for good; the sentence says why."""
    job.status, job.error = JobStatus.FAILED.value, error.as_json()["error"]
    job.finished_at, job.next_at = now, None


def postpone(job: Job, error: ConnectorError, next_at: datetime) -> None:
    """The work failed for now and is tried again at `next_at`."""
    job.status, job.error = JobStatus.WAITING.value, error.as_json()["error"]
    job.next_at = next_at
