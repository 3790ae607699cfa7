"""What is under way: jobs and hook deliveries, newest first, for whoever asks how things stand."""

from __future__ import annotations

from sqlalchemy.orm import Session

from connector.actions.action import Flat, Given
from connector.actions.inputs import choice, text
from connector.actions.listing import Filters, Listing, Page, before, numbered, page_size
from connector.actions.services import Caller, Services
from connector.certificate.field import Field, Kind, scalar
from connector.errors import InvalidInput
from connector.storage import events, hooks, jobs
from connector.storage.events import StoredEvent
from connector.storage.hooks import Hook
from connector.storage.jobs import DELIVER_HOOK, OWN_ACTIONS, Job, JobStatus

STATUSES = tuple(status.value for status in JobStatus)

JOB_ROW_FIELDS: tuple[Field, ...] = (
    Field("job_id", "Job", Kind.TEXT, "job_8F4T1Z7M"),
    Field("action", "Action", Kind.TEXT, "push_to_procore"),
    Field("job_status", "Job status", Kind.CHOICE, "failed", choices=STATUSES),
    Field("queue", "Queue", Kind.TEXT, "procore", "What it waits behind."),
    Field("attempts", "Attempts", Kind.INT, 14),
    Field("error_code", "Error code", Kind.TEXT, "destination_unavailable", "Of the last attempt."),
    Field("error_message", "Error message", Kind.TEXT, "Given up after 14 tries. The last one: Procore answered 503."),
    Field("created_at", "Created at", Kind.DATETIME, "2026-03-02T15:04:05Z"),
    Field("next_attempt_at", "Next attempt at", Kind.DATETIME, None, "When a waiting job is tried again."),
    Field("finished_at", "Finished at", Kind.DATETIME, "2026-03-02T20:11:09Z"),
)  # fmt: skip

DELIVERY_FIELDS: tuple[Field, ...] = (
    Field("delivery_id", "Delivery", Kind.TEXT, "job_8F4T1Z7M"),
    Field("hook_id", "Hook", Kind.TEXT, "hook_4C7V2X9P"),
    Field("event", "Event", Kind.TEXT, "certificate.non_compliant"),
    Field("event_id", "Event number", Kind.TEXT, "check_3J9X6B1D"),
    Field("target_url", "Target link", Kind.URL, "https://hooks.example.com/***", "Its host; the whole is in the list of hooks, for keys that may act."),
    Field("delivery_status", "Delivery status", Kind.CHOICE, "done", choices=STATUSES),
    Field("attempts", "Attempts", Kind.INT, 1),
    Field("answered", "Answered", Kind.INT, 200, "The receiver's HTTP status, once it took the message."),
    Field("error_message", "Error message", Kind.TEXT, None, "Why the last attempt failed."),
    Field("created_at", "Created at", Kind.DATETIME, "2026-03-02T15:04:05Z"),
    Field("next_attempt_at", "Next attempt at", Kind.DATETIME, None),
    Field("finished_at", "Finished at", Kind.DATETIME, "2026-03-02T15:04:06Z"),
)  # fmt: skip


class JobFilters(Filters):
    status = choice("Status", help="Only jobs of this status.", choices=STATUSES)
    action = text("Action", help="Only jobs of this action, for example push_to_procore.")


class DeliveryFilters(Filters):
    status = choice("Status", help="Only deliveries of this status.", choices=STATUSES)
    hook_id = text("Hook", help="Only what was sent to this hook.")


def job_row(job: Job) -> Flat:
    """A job as a row of the list."""
    error = job.error or {}
    return {
        "job_id": job.id,
        "action": job.action,
        "job_status": job.status,
        "queue": job.queue,
        "attempts": job.attempts,
        "error_code": error.get("code"),
        "error_message": error.get("message"),
        "created_at": scalar(job.created_at),
        "next_attempt_at": scalar(job.next_at),
        "finished_at": scalar(job.finished_at),
    }


def delivery_row(job: Job, hook: Hook | None, event: StoredEvent | None) -> Flat:
    """A hook's delivery as a row of the log. Its event may have been forgotten."""
    return {
        "delivery_id": job.id,
        "hook_id": job.parent_id,
        "event": hook.event if hook else None,
        "event_id": event.subject if event else None,
        "target_url": hook.place if hook else None,
        "delivery_status": job.status,
        "attempts": job.attempts,
        "answered": (job.answer or {}).get("status"),
        "error_message": (job.error or {}).get("message"),
        "created_at": scalar(job.created_at),
        "next_attempt_at": scalar(job.next_at),
        "finished_at": scalar(job.finished_at),
    }


def find_jobs(session: Session, account_id: str, given: Given, limit: int) -> list[Job]:
    """The jobs that the filters ask for. InvalidInput for an unknown status."""
    return list(
        jobs.search(
            session,
            account_id,
            status=_status(given),
            action=given.get("action"),
            before=before(given),
            limit=limit,
        )
    )


def find_deliveries(session: Session, account_id: str, given: Given, limit: int) -> list[Job]:
    """The deliveries that the filters ask for. InvalidInput for an unknown status."""
    return list(
        jobs.search(
            session,
            account_id,
            status=_status(given),
            action=DELIVER_HOOK,
            parent_id=given.get("hook_id"),
            before=before(given),
            limit=limit,
        )
    )


def delivery_rows(session: Session, account_id: str, found: list[Job]) -> list[Flat]:
    """The rows of these deliveries, their hooks and events looked up at once."""
    by_hook = hooks.by_ids(session, account_id, {str(job.parent_id) for job in found})
    by_event = events.by_ids(session, account_id, {job.given["event_id"] for job in found})
    return [
        delivery_row(job, by_hook.get(str(job.parent_id)), by_event.get(job.given["event_id"]))
        for job in found
    ]


def _status(given: Given) -> str | None:
    status = given.get("status")
    if status is not None and status not in STATUSES:
        raise InvalidInput(f"Status: write one of {', '.join(STATUSES)}.", field="status")
    return status


def _require_known(action: str) -> None:
    """An empty list of an action that is misspelt would say that all is done."""
    from connector.actions.registry import ACTIONS  # noqa: PLC0415 - its actions know the lists

    if action not in ACTIONS and action not in OWN_ACTIONS:
        raise InvalidInput(f"Action: write one of {', '.join(ACTIONS)}.", field="action")


def _jobs(given: Given, caller: Caller, services: Services) -> Page:
    limit = page_size(given)
    with services.sessions() as session:
        found = find_jobs(session, caller.account_id, given, limit + 1)
    if not found and given.get("action"):
        _require_known(given["action"])
    return numbered([(job.number, job_row(job)) for job in found], limit)


def _deliveries(given: Given, caller: Caller, services: Services) -> Page:
    limit = page_size(given)
    with services.sessions() as session:
        found = find_deliveries(session, caller.account_id, given, limit + 1)
        rows = delivery_rows(session, caller.account_id, found)
    return numbered([(job.number, row) for job, row in zip(found, rows, strict=True)], limit)


WORK_LISTS = (
    Listing("jobs", "Jobs", "Work that was accepted, newest first: how it stands, and why it failed.", JOB_ROW_FIELDS, _jobs, JobFilters),
    Listing("hook_deliveries", "Hook deliveries", "What was sent to hooks, newest first, and how it was received.", DELIVERY_FIELDS, _deliveries, DeliveryFilters),
)  # fmt: skip
