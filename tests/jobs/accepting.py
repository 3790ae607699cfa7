"""Accepting a job in tests: in a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.jobs.accept import Accepted, accept
from connector.jobs.queues import PROCORE, Queue
from tests.storage.databases import NOW, Database


def accepted(
    database: Database,
    given: Mapping[str, Any] | None = None,
    *,
    key: str | None = None,
    action: str = "push_to_procore",
    queue: Queue = PROCORE,
    partition: str = "conn_1",
    callback_url: str | None = None,
    retry_failed: bool = False,
) -> Accepted:
    """One job, committed."""
    with database.sessions() as session, session.begin():
        return accept(
            session,
            database.account.id,
            key,
            action,
            {"certificate_id": "cert_1"} if given is None else given,
            queue=queue,
            now=NOW,
            partition=partition,
            callback_url=callback_url,
            retry_failed=retry_failed,
        )
