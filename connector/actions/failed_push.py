"""A push whose job ended without it: kept as failed and told, whatever ended the job.

A push that was refused is told at once (`pushing.settle`). One that was tried again and again, or
whose worker died under it, is failed only when its job gives up: nobody goes on with it then.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from connector.actions.pushing import failure_of, flat_push
from connector.actions.sending_again import SENT_BY
from connector.actions.services import Services
from connector.certificate.field import nothing
from connector.delivery import PUSH_FIELDS, PushStatus
from connector.errors import ConnectorError, InvalidInput, NotFound
from connector.storage import pushes
from connector.storage.events import EventType
from connector.storage.jobs import Job, JobStatus
from connector.storage.pushes import StoredPush

_NO_PUSH = {InvalidInput.code, NotFound.code}
"""What was asked for makes no sense: the caller is told, and there is nothing to send."""


def tell(session: Session, job: Job, services: Services) -> None:
    """Tell of the push of a job that has failed, once; in the transaction that ends the job."""
    if job.status != JobStatus.FAILED or job.error is None or job.action not in SENT_BY.values():
        return
    rows = _last_tried(session, job)
    for row in rows:
        if row.status == PushStatus.QUEUED:
            pushes.fail(row, _error(job.error), services.clock())
            session.flush()
        _announce(session, job, failure_of(row), flat_push(row), services)
    if not rows and job.error["code"] not in _NO_PUSH:
        _announce(session, job, f"{job.id}:{job.dispatch}", _without_row(job), services)


def _last_tried(session: Session, job: Job) -> list[StoredPush]:
    """What the job's last attempt was about, as far as it got."""
    return [
        row
        for row in pushes.newest_of_each_place(session, job.account_id, _asked(job, "certificate_id"))
        if SENT_BY.get(row.destination) == job.action
        and not (row.is_finished or row.is_held)
        and job.started_at is not None
        and row.updated_at >= job.started_at
    ]  # fmt: skip


def _announce(
    session: Session, job: Job, subject: str, flat: dict[str, Any], services: Services
) -> None:
    services.announce(session, job.account_id, EventType.PUSH_FAILED, subject, flat)


def _without_row(job: Job) -> dict[str, Any]:
    """The flat row of a push that never began: the place could not even be opened."""
    return nothing(PUSH_FIELDS) | {
        "certificate_id": _asked(job, "certificate_id") or None,
        "check_id": _asked(job, "check_id") or None,
        "destination": next(name for name, action in SENT_BY.items() if action == job.action),
        "status": PushStatus.FAILED.value,
        "next_step": (job.error or {})["message"],
    }


def _asked(job: Job, name: str) -> str:
    return str(job.given.get("input", {}).get(name) or "")


def _error(said: dict[str, Any]) -> ConnectorError:
    error = ConnectorError(said["message"])
    error.code = said["code"]
    return error
