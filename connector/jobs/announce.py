"""Tell the world: record an event and let every hook that wants it have its delivery."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from connector.jobs.accept import accept
from connector.jobs.queues import CALLBACKS
from connector.storage import events, hooks
from connector.storage.events import EventType, StoredEvent
from connector.storage.jobs import DELIVER_HOOK


def announce(
    session: Session,
    account_id: str,
    type: EventType,
    subject: str,
    flat: Mapping[str, Any],
    *,
    now: datetime,
    days: int | None = None,
) -> StoredEvent | None:
    """Record the event and accept its deliveries in the session's transaction, once per subject.

    `days` is how long before its expiration a certificate is announced: only hooks that asked for
    as many are told. None is answered when it had been announced before.
    """
    event = events.record(session, account_id, type, subject, flat, now)
    if event is None:
        return None
    for hook in hooks.active(session, account_id, type):
        if hook.wants(flat, days):
            accept(
                session,
                account_id,
                f"hook:{hook.id}:{event.id}",
                DELIVER_HOOK,
                {"hook_id": hook.id, "event_id": event.id},
                queue=CALLBACKS,
                partition=host_of(hook.target_url),
                parent_id=hook.id,
                now=now,
            )
    return event


def host_of(url: str) -> str:
    """The host that a message goes to: its queue's partition, and its name in sentences."""
    return (urlsplit(url).hostname or "unknown")[:100]
