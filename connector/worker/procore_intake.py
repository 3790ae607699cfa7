"""Certificates that people put into Procore, picked up once and processed like any other.

A delivery only says that something changed, so the file is read again by id. What one source
cannot give for now is left for the next poll; a file's version is noted in the same transaction
as the job that processes it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

from connector.actions import document_input
from connector.actions.process_certificate import ACTION as PROCESS
from connector.actions.procore_connection import OpenProcore, opened
from connector.actions.services import Caller, Services
from connector.destinations.procore import incoming
from connector.destinations.procore.incoming import Event, IncomingDocument
from connector.destinations.procore.refusals import NotAllowed, NotVisible
from connector.documents.admit import MEGABYTE
from connector.errors import DocumentRefused, FetchFailed
from connector.jobs.hand_over import hand_over
from connector.jobs.procore_watch import is_watched
from connector.storage import accounts, connections, procore_files
from connector.storage.accounts import Account

log = logging.getLogger(__name__)

BEFORE = "it was there before the watch began"


def on_event(account_id: str, given: dict[str, Any], services: Services) -> dict[str, Any]:
    """Take what a delivery is about. How many files were taken."""
    found = _open(account_id, given, services)
    if found is None:
        return {"taken": 0}
    prefs = found.client.preferences
    try:
        documents = incoming.documents_of(
            found.client, Event(**given["event"]), prefs.watched_folder_id
        )
    except NotVisible:
        return {"taken": 0}  # gone again, or never ours to see
    return _take_all(documents, account_id, found, services)


def on_poll(account_id: str, given: dict[str, Any], services: Services) -> dict[str, Any]:
    """Take whatever is there and was not looked at yet. How many files were taken."""
    found = _open(account_id, given, services)
    if found is None:
        return {"taken": 0}
    return _take_all(list(_everything(found)), account_id, found, services)


def note_existing(account_id: str, found: OpenProcore, services: Services) -> int:
    """What is there already is left alone from now on. How many files that is."""
    documents = list(_everything(found))
    with services.sessions() as session, session.begin():
        for each in documents:
            procore_files.note(
                session, account_id, found.place, each.key, services.clock(),
                name=each.name, why_not=BEFORE,
            )  # fmt: skip
    return len(documents)


def _open(account_id: str, given: dict[str, Any], services: Services) -> OpenProcore | None:
    """The connection, unless it is watched no longer."""
    found = _opened(account_id, given["connection_id"], services)
    return found if is_watched(found.stored) else None


def _opened(account_id: str, connection_id: str, services: Services) -> OpenProcore:
    with services.readers() as session:
        return opened(connections.get(session, account_id, connection_id), services)


def _everything(found: OpenProcore) -> Iterator[IncomingDocument]:
    """The files of every source; one that the app may not read is left out and logged."""
    prefs = found.client.preferences
    sources: list[Callable[[], list[IncomingDocument]]] = [
        lambda: incoming.in_folder(found.client, prefs.watched_folder_id),
        lambda: incoming.on_vendors(found.client),
    ]
    if prefs.project_id is not None and prefs.watch_commitments:
        sources.append(lambda: incoming.on_commitments(found.client))
    for read in sources:
        try:
            yield from read()
        except (NotAllowed, NotVisible) as error:
            log.warning("a watched place in Procore cannot be read: %s", error.message)


def _take_all(
    documents: list[IncomingDocument], account_id: str, found: OpenProcore, services: Services
) -> dict[str, Any]:
    taken = 0
    for document in documents:
        with services.readers() as session:
            if procore_files.is_known(session, account_id, found.place, document.key):
                continue
        try:
            taken += _take(document, account_id, found, services)
        except FetchFailed as error:
            if error.retryable:
                raise
            log.warning("a file in Procore cannot be had, the next poll tries again: %s", error)
    return {"taken": taken}


def _take(
    document: IncomingDocument, account_id: str, found: OpenProcore, services: Services
) -> bool:
    """Fetch it and hand it over to be processed; False for what is no document for us."""
    limit = services.settings.max_upload_mb * MEGABYTE
    try:
        data = incoming.download(found.client, found.door, document.url, limit)
        if _is_ours(data, account_id, found, services):
            _leave(document, account_id, found, services, procore_files.OURS)
            return False
        admitted = services.reader.open(data, document.name).document
    except DocumentRefused as error:
        _leave(document, account_id, found, services, error.message)
        return False
    services.documents.put(admitted.sent)
    caller = Caller(account_id)
    with services.sessions() as session, session.begin():
        sent = _asked(document, accounts.get(session, account_id))
        document_input.keep(session, caller, admitted, services)
        accepted = hand_over(
            session, PROCESS, caller, sent, admitted, services.clock(),
            key=f"procore-file:{found.place}:{document.key}",
        )  # fmt: skip
        procore_files.note(
            session, account_id, found.place, document.key, services.clock(),
            name=document.name, job_id=accepted.job.id,
        )  # fmt: skip
    return True


def _asked(document: IncomingDocument, account: Account) -> dict[str, Any]:
    """How it is processed: for the vendor it is attached to, with a notice if the account has
    those mailed."""
    asked: dict[str, Any] = {"notice": bool(account.settings.get("mail_notices"))}
    if document.vendor_id:
        asked["procore_vendor_id"] = str(document.vendor_id)
    return asked


def _is_ours(data: bytes, account_id: str, found: OpenProcore, services: Services) -> bool:
    """Whether we filed these very bytes. A name proves nothing: people copy and replace files."""
    key = procore_files.content_key(data)
    with services.readers() as session:
        return procore_files.is_known(session, account_id, found.place, key)


def _leave(
    document: IncomingDocument,
    account_id: str,
    found: OpenProcore,
    services: Services,
    why_not: str,
) -> None:
    with services.sessions() as session, session.begin():
        procore_files.note(
            session, account_id, found.place, document.key, services.clock(),
            name=document.name, why_not=why_not,
        )  # fmt: skip
