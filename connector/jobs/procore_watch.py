"""What a watched Procore gives the worker to do: an event that was delivered, and the poll."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from connector.destinations.procore.incoming import Event
from connector.destinations.procore.preferences import preferences
from connector.errors import InvalidInput
from connector.jobs.accept import Accepted, accept
from connector.jobs.queues import PROCORE
from connector.storage import jobs
from connector.storage.connections import StoredConnection
from connector.storage.database import readers_of
from connector.storage.jobs import PROCORE_EVENT, PROCORE_POLL

POLL_MINUTES = 15
"""Webhooks tell at once where they can; the poll finds what they lost, or does it all."""


def accept_event(
    session: Session, stored: StoredConnection, happened: Event, now: datetime
) -> Accepted:
    """The delivery as a job, once however often it is delivered."""
    key = f"{PROCORE_EVENT}:{stored.id}:{happened.key}"
    given = {"connection_id": stored.id, "event": asdict(happened)}
    return accept(
        session,
        stored.account_id,
        key,
        PROCORE_EVENT,
        given,
        queue=PROCORE,
        partition=stored.id,
        now=now,
    )


def accept_polls(sessions: sessionmaker[Session], now: datetime) -> list[str]:
    """Accept the poll of each watched connection, once in each quarter of an hour. The jobs' ids."""
    quarter = int(now.timestamp()) // (POLL_MINUTES * 60)
    with readers_of(sessions)() as reader:
        due = [
            (stored.account_id, stored.id)
            for stored in _watched(reader)
            if jobs.by_key(reader, stored.account_id, f"{PROCORE_POLL}:{stored.id}:{quarter}")
            is None
        ]
    accepted = []
    for account_id, connection_id in due:
        key, given = f"{PROCORE_POLL}:{connection_id}:{quarter}", {"connection_id": connection_id}
        with sessions() as session, session.begin():
            answer = accept(
                session, account_id, key, PROCORE_POLL, given,
                queue=PROCORE, partition=connection_id, now=now,
            )  # fmt: skip
            accepted.append(answer.job.id)
    return accepted


def is_watched(stored: StoredConnection) -> bool:
    """Whether this connection picks up what people put into Procore."""
    if stored.needs_login or stored.removed_at is not None:
        return False
    try:
        return preferences(stored.settings).watch
    except InvalidInput:
        return False


def _watched(session: Session) -> list[StoredConnection]:
    found = select(StoredConnection).where(
        StoredConnection.destination == "procore", StoredConnection.removed_at.is_(None)
    )
    return [stored for stored in session.scalars(found) if is_watched(stored)]
