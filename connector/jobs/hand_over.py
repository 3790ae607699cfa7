"""Actions as jobs: what a job's row holds of an input, and the input made of it again.

The row keeps the input as it was sent (JSON) and a document by its fingerprint; the worker loads
both anew, with the same schema that the request was loaded with.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from connector.actions import inputs
from connector.actions.action import Action, Flat
from connector.actions.registry import ACTIONS
from connector.actions.services import Caller, Services
from connector.documents.document import Document
from connector.errors import NotFound
from connector.extraction.whole import Opened
from connector.jobs import queues
from connector.jobs.accept import Accepted, accept, digest_of
from connector.jobs.queues import Queue
from connector.storage import connections, documents, jobs

NOT_KEPT = {"file", "file_base64", "file_url", "callback_url", "deduplication_key"}
"""Of an input: the document is kept by its fingerprint, the others are the job's own columns."""


def hand_over(
    session: Session,
    action: Action,
    caller: Caller,
    sent: Mapping[str, Any],
    document: Document | None,
    now: datetime,
    *,
    key: str | None = None,
    callback_url: str | None = None,
) -> Accepted:
    """Accept an action as a job; it is safe once the session's transaction is committed.

    `sent` is the input as JSON; the document's row and bytes must be kept in the same breath.
    """
    kept = {
        "input": {name: value for name, value in sent.items() if name not in NOT_KEPT},
        "document": document.sha256 if document else None,
    }
    queue, partition = _queue(session, action, caller)
    return accept(
        session,
        caller.account_id,
        key or _natural_key(session, action, kept, caller),
        action.name,
        kept,
        queue=queue,
        partition=partition,
        now=now,
        callback_url=callback_url,
    )


def run(name: str, account_id: str, kept: Mapping[str, Any], services: Services) -> Flat:
    """Do a job's action: what the worker calls."""
    action, caller = ACTIONS[name], Caller(account_id)
    given = inputs.load(action.input, kept["input"])
    if kept["document"]:
        given["document"] = _document(caller, kept["document"], services)
    return action.run(given, caller, services)


def _document(caller: Caller, sha256: str, services: Services) -> Opened:
    with services.readers() as session:
        row = documents.by_sha256(session, caller.account_id, sha256)
    if row is None:
        raise NotFound("The document was removed before it was read. Send the certificate again.")
    return services.reader.open(services.documents.get(sha256), row.name)


def _natural_key(session: Session, action: Action, kept: Mapping[str, Any], caller: Caller) -> str:
    """The same for the same work until it has ended: sent sixteen times at once it is one job.

    Sent again later it is a new one, because the answer is the state of things then; actions look
    for what they did before, so nothing is done twice.
    """
    digest = digest_of(action.name, kept)
    return f"natural:{digest}:{jobs.count_ended(session, caller.account_id, digest)}"


def _queue(session: Session, action: Action, caller: Caller) -> tuple[Queue, str]:
    """Where the work waits for its turn: behind what goes to the same place.

    What reads a document and then has nowhere to send it need not keep another system's pace.
    """
    if action.destination is None:
        return queues.DOCUMENTS, ""
    connection = connections.of_destination(session, caller.account_id, action.destination)
    if connection is None and action.takes_document:
        return queues.DOCUMENTS, ""
    if connection is None:
        instead = action.else_destination or action.destination
        return queues.for_destination(instead), caller.account_id
    return queues.for_destination(action.destination), connection.id
