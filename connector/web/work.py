"""Doing an action for a request: at once when it is quick, else as a job that is waited for."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from connector.actions import document_input
from connector.actions.action import Action, Flat, Given
from connector.actions.services import Caller, Services
from connector.certificate.field import nothing
from connector.jobs import state
from connector.jobs.accept import Accepted
from connector.jobs.answer import job_answer
from connector.jobs.hand_over import hand_over
from connector.storage.jobs import Job

WAITING_AT_ONCE = 12
"""Requests of one process that wait for their job. Fewer than it has threads (`server.py`): in a
burst, what finds no place is told at once that it is accepted, and nobody is kept from the door."""

_places = threading.BoundedSemaphore(WAITING_AT_ONCE)


def do(
    action: Action,
    sent: Mapping[str, Any],
    given: Given,
    who: Caller,
    services: Services,
    key: str | None,
) -> Flat:
    """The action's whole answer; its job's keys first.

    `sent` is the input as it came, `given` the same loaded. Work that writes outside, and the
    reading of pictures, becomes a job: accepted in one transaction, waited for `answer_within`
    seconds where there is a place to wait, then answered as not yet done. An explicit `key` always makes a job, so that the
    first answer is kept.
    """
    key = key or given.get("deduplication_key")
    if action.destination is None and key is None and not _is_slow(given):
        return quick(action, action.run(given, who, services))
    accepted = _accept(action, sent, given, who, services, key)
    job = _wait(accepted.job, services)
    return job_answer(job, services, is_duplicate=accepted.is_duplicate)


def _wait(job: Job, services: Services) -> Job:
    """The job at its end, or as it stands when the time is over or too many wait already."""
    if not _places.acquire(blocking=False):
        return job
    try:
        seconds = services.settings.answer_within
        return state.wait(services.sessions, job.account_id, job.id, seconds)
    finally:
        _places.release()


def quick(action: Action, found: Flat) -> Flat:
    """The answer of work that was done within the request."""
    return nothing(action.output_fields) | {"job_status": "done", "is_duplicate": False} | found


def _is_slow(given: Given) -> bool:
    """Whether a page has to be read as a picture."""
    opened = given.get("document")
    return opened is not None and opened.found is None


def _accept(
    action: Action,
    sent: Mapping[str, Any],
    given: Given,
    who: Caller,
    services: Services,
    key: str | None,
) -> Accepted:
    """The job for this work, its document stored in the same transaction."""
    opened = given.get("document")
    document = opened.document if opened else None
    if document is not None:
        services.documents.put(document.sent)
    with services.sessions() as session, session.begin():
        if document is not None:
            document_input.keep(session, who, document, services)
        return hand_over(
            session,
            action,
            who,
            sent,
            document,
            services.clock(),
            key=key,
            callback_url=given.get("callback_url"),
        )
