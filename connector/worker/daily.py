"""The daily work of an account: tell of what expires and what has lapsed, remove what is old.

It is a job like any other, one per account and local day, so that several workers, a restart or
a clock that jumps back never do it twice; a day that was missed is caught up by the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, sessionmaker

from connector.jobs.accept import accept
from connector.jobs.announce import announce
from connector.jobs.queues import HOUSEKEEPING
from connector.storage import accounts, certificates, hooks, jobs
from connector.storage.accounts import Account
from connector.storage.certificates import StoredCertificate
from connector.storage.database import readers_of
from connector.storage.events import EventType

ACTION = "daily"

_BEGINS_AT_HOUR = 6
"""Local time: before the office opens, after policies ended at 12:01 a.m."""

_CAUGHT_UP = timedelta(days=31)
"""How far back a lapse is still told after an outage."""

FlatOf = Callable[[Session, StoredCertificate], Mapping[str, Any]]
"""A stored certificate as the list of certificates answers it."""

Told = tuple[EventType, str, StoredCertificate, int | None]
"""What to announce: the event, its subject, the certificate, and the days for an expiring one."""


def accept_due(sessions: sessionmaker[Session], now: datetime) -> list[str]:
    """Accept the daily job of each account whose day has begun and that has none yet. Its ids."""
    accepted = []
    with readers_of(sessions)() as reader:
        due = [
            (account.id, key, day)
            for account in accounts.everyone(reader)
            if (day := _day_begun(account, now)) is not None
            and jobs.by_key(reader, account.id, key := f"daily:{day}") is None
        ]
    for account_id, key, day in due:
        with sessions() as session, session.begin():
            answer = accept(
                session, account_id, key, ACTION, {"day": day.isoformat()},
                queue=HOUSEKEEPING, now=now,
            )  # fmt: skip
        if not answer.is_duplicate:
            accepted.append(answer.job.id)
    return accepted


def tell_of_expirations(
    account_id: str, day: date, sessions: sessionmaker[Session], *, flat_of: FlatOf, now: datetime
) -> dict[str, int]:
    """Announce what expires within the days that hooks ask for, and what has lapsed. How many each.

    A policy is in force until the day before its expiration date: on that date it has lapsed.
    What had already lapsed when it was received is no news.
    """
    told = Counter({EventType.CERTIFICATE_EXPIRING: 0, EventType.CERTIFICATE_LAPSED: 0})
    with sessions() as session:
        found = [*_lapsed(session, account_id, day), *_expiring(session, account_id, day)]
    for event, subject, row, days in found:
        with sessions() as session, session.begin():
            flat = flat_of(session, row)
            if announce(session, account_id, event, subject, flat, now=now, days=days):
                told[event] += 1
    return {event.value: count for event, count in told.items()}


def _lapsed(session: Session, account_id: str, day: date) -> list[Told]:
    zone = ZoneInfo(accounts.get(session, account_id).time_zone)
    return [
        (EventType.CERTIFICATE_LAPSED, f"{row.id}:{end}", row, None)
        for row, end in certificates.expiring(session, account_id, day - _CAUGHT_UP, day)
        if end > row.created_at.astimezone(zone).date()
    ]


def _expiring(session: Session, account_id: str, day: date) -> list[Told]:
    tomorrow = day + timedelta(days=1)
    asked = {h.days for h in hooks.active(session, account_id, EventType.CERTIFICATE_EXPIRING)}
    return [
        (EventType.CERTIFICATE_EXPIRING, f"{row.id}:{end}:{days}", row, days)
        for days in sorted(asked | {hooks.DEFAULT_DAYS})
        for row, end in certificates.expiring(
            session, account_id, tomorrow, day + timedelta(days=days)
        )
    ]


def _day_begun(account: Account, now: datetime) -> date | None:
    local = now.astimezone(ZoneInfo(account.time_zone))
    return local.date() if local.hour >= _BEGINS_AT_HOUR else None
