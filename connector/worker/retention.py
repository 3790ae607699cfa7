"""What is removed after its time: jobs, what events said, logins, documents' bytes, the engine's records.

Certificates, checks and pushes stay: they are what an auditor asks for. An account's settings say
`keep_jobs_days` (90 when they do not) and `keep_documents_days` (for ever when they do not).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from connector.jobs import engine
from connector.storage import (
    accounts,
    documents,
    events,
    jobs,
    login_failures,
    logins,
    request_counts,
)
from connector.storage.document_store import DocumentStore

KEEP_JOBS_DAYS = 90
_KEEP_IN_ENGINE = timedelta(days=7)
_BEING_UPLOADED = timedelta(hours=1)


def remove_old(
    account_id: str, sessions: sessionmaker[Session], store: DocumentStore, now: datetime
) -> dict[str, int]:
    """Remove what this account need not keep any longer. How many of each."""
    with sessions() as session:
        settings = accounts.get(session, account_id).settings
    before = now - timedelta(days=settings.get("keep_jobs_days") or KEEP_JOBS_DAYS)
    with sessions() as session, session.begin():
        removed = {
            "jobs": jobs.remove_ended(session, account_id, before),
            "events": events.forget(session, account_id, before),
            "logins": logins.forget_over(session, account_id, before),
        }
    if days := settings.get("keep_documents_days"):
        old = now - timedelta(days=days)
        removed["documents"] = _remove_documents(account_id, sessions, store, old, now)
    store.tidy(now - _BEING_UPLOADED)
    with sessions() as session, session.begin():
        request_counts.forget_ended(session, now.timestamp())
        login_failures.forget_old(session, now)
    with sessions() as session:
        removed["engine"] = engine.forget_ended(session, now - _KEEP_IN_ENGINE)
    return removed


def _remove_documents(
    account_id: str,
    sessions: sessionmaker[Session],
    store: DocumentStore,
    before: datetime,
    now: datetime,
) -> int:
    """First the rows say that the bytes are gone, then the bytes go, unless another row needs them."""
    count = 0
    while True:
        with sessions() as session, session.begin():
            old = documents.received_before(session, account_id, before)
            for row in old:
                row.bytes_removed_at = now
            session.flush()
            unused = [
                row.sha256 for row in old if not documents.is_kept_by_anyone(session, row.sha256)
            ]
        for sha256 in unused:
            store.remove(sha256, put_before=now - _BEING_UPLOADED)
        count += len(old)
        if not old:
            return count
