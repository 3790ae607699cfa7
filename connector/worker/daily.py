"""The daily work of an account: tell of what expires and what has lapsed, remove what is old.

It is a job like any other, one per account and local day, so that several workers, a restart or
a clock that jumps back never do it twice; a day that was missed is caught up by the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, sessionmaker

from connector.actions.polling import expiring_id
from connector.jobs.accept import accept
from connector.jobs.announce import announce
from connector.jobs.queues import HOUSEKEEPING
from connector.storage import accounts, certificates, events, hooks, jobs, standing
from connector.storage.accounts import Account
from connector.storage.certificates import StoredCertificate
from connector.storage.database import readers_of
from connector.storage.events import EventType
from connector.storage.jobs import DAILY

_BEGINS_AT_HOUR = 6
"""Local time: before the office opens, after policies ended at 12:01 a.m."""

_CAUGHT_UP = timedelta(days=31)
"""How far back a lapse is still told after an outage."""

FlatOf = Callable[[Session, StoredCertificate], Mapping[str, Any]]
"""A stored certificate as the list of certificates answers it."""


@dataclass(frozen=True, slots=True)
class News:
    """What to announce of a certificate; `days` is how long before, for an expiring one."""

    event: EventType
    certificate_id: str
    end: date
    days: int | None = None

    @property
    def subject(self) -> str:
        """What makes it be told once."""
        if self.days is None:
            return f"{self.certificate_id}:{self.end}"
        return expiring_id(self.certificate_id, self.end, self.days)

    def is_known(self, session: Session, account_id: str) -> bool:
        """Whether it was told before."""
        return events.was_recorded(session, account_id, self.event, self.subject)


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
                session, account_id, key, DAILY, {"day": day.isoformat()},
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
    with readers_of(sessions)() as session:  # among many certificates this takes its time
        found = [*_lapsed(session, account_id, day), *_expiring(session, account_id, day)]
        news = [item for item in found if not item.is_known(session, account_id)]
    for item in news:
        with sessions() as session, session.begin():
            flat = flat_of(session, certificates.get(session, account_id, item.certificate_id))
            if announce(
                session, account_id, item.event, item.subject, flat, now=now, days=item.days
            ):
                told[item.event] += 1
    return {event.value: count for event, count in told.items()}


def _lapsed(session: Session, account_id: str, day: date) -> list[News]:
    zone = ZoneInfo(accounts.get(session, account_id).time_zone)
    return [
        News(EventType.CERTIFICATE_LAPSED, ending.certificate_id, ending.day)
        for ending in standing.expiring(session, account_id, day - _CAUGHT_UP, day)
        if ending.day > ending.received_at.astimezone(zone).date()
    ]


def _expiring(session: Session, account_id: str, day: date) -> list[News]:
    tomorrow = day + timedelta(days=1)
    asked = {h.days for h in hooks.active(session, account_id, EventType.CERTIFICATE_EXPIRING)}
    return [
        News(EventType.CERTIFICATE_EXPIRING, ending.certificate_id, ending.day, days)
        for days in sorted(asked | {hooks.DEFAULT_DAYS})
        for ending in standing.expiring(session, account_id, tomorrow, day + timedelta(days=days))
    ]


def _day_begun(account: Account, now: datetime) -> date | None:
    local = now.astimezone(ZoneInfo(account.time_zone))
    return local.date() if local.hour >= _BEGINS_AT_HOUR else None
