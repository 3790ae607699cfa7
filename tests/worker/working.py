"""Work for tests: actions that do as the test says, a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy.orm import Session, sessionmaker

from connector.jobs.accept import restart
from connector.outbound import Outbound
from connector.storage import jobs
from connector.storage.jobs import DELIVER_HOOK, SEND_CALLBACK, Job
from connector.worker import callbacks, hook_delivery
from connector.worker.duties import make_work
from connector.worker.perform import Work, perform
from tests.jobs.engine_rows import engine_rows
from tests.storage.databases import NOW, Database

SECRET_KEY = Fernet.generate_key().decode()


@dataclass
class Clock:
    """The present moment, moved by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Services:
    """What the worker is given."""

    sessions: sessionmaker[Session]
    clock: Clock = field(default_factory=Clock)
    outbound: Outbound = field(
        default_factory=lambda: Outbound(allow_http=True, allow_private=["127.0.0.1"])
    )


def work_on(
    database: Database, act: Callable[[str, str, dict[str, Any]], Mapping[str, Any]]
) -> Work:
    """The worker's work on this database, its actions being `act`."""

    def run_action(action: str, account_id: str, given: dict[str, Any]) -> dict[str, Any]:
        return dict(act(action, account_id, given))

    services = Services(database.sessions)

    def send_callback(account_id: str, given: dict[str, Any]) -> dict[str, Any]:
        return callbacks.send(account_id, given, services, answer_of)

    def deliver_hook(account_id: str, given: dict[str, Any]) -> dict[str, Any]:
        return hook_delivery.deliver(account_id, given, services, [SECRET_KEY])

    return make_work(
        services, run_action, {SEND_CALLBACK: send_callback, DELIVER_HOOK: deliver_hook}
    )


def answer_of(job: Job) -> dict[str, Any]:
    """A small flat object of a job."""
    error = job.error or {"code": None, "message": None}
    return {
        "job_id": job.id,
        "job_status": job.status,
        "error_code": error["code"],
        "error_message": error["message"],
        **(job.answer or {}),
    }


def attempt(work: Work, job_id: str) -> Job:
    """Make the attempt that the engine would make next; the job after it."""
    sessions = work.services.sessions
    with sessions() as session:
        dispatch = jobs.locked(session, job_id).dispatch
        session.rollback()
    perform(job_id, dispatch, work)
    return job_now(work, job_id)


def job_now(work: Work, job_id: str) -> Job:
    with work.services.sessions() as session:
        return jobs.locked(session, job_id)


def start_again(work: Work, job_id: str) -> None:
    with work.services.sessions() as session, session.begin():
        restart(session, jobs.locked(session, job_id))


def workflows_of(database: Database, job_id: str) -> list[str]:
    """The names of the engine's workflows for this job, in order."""
    return [
        row["workflow_uuid"]
        for row in engine_rows(database)
        if row["workflow_uuid"].startswith(job_id)
    ]
