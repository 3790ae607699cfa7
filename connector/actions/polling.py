"""Events for those who ask instead of being told: GET /v1/events/NAME, the newest first.

The rows are what hooks are sent, with exactly their keys. A certificate that will expire is
answered by the day it came within the asked days, whether or not a hook asked for as many.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from connector.actions.action import Flat, Given
from connector.actions.certificate_answer import flat_certificate
from connector.actions.events import Event
from connector.actions.listing import Page, before, numbered, page_size, whole_number
from connector.actions.services import Caller, Services
from connector.errors import InvalidInput
from connector.storage import accounts, certificates, events, standing
from connector.storage.events import EventType
from connector.storage.hooks import DEFAULT_DAYS
from connector.storage.standing import Ending

LONGEST_NOTICE = 365
"""Days before an expiration; policies last a year."""


def poll(event: Event, given: Given, caller: Caller, services: Services) -> Page:
    """A page of what happened. InvalidInput when the cursor or the days make no sense."""
    if event.name == EventType.CERTIFICATE_EXPIRING:
        return _expiring(given, caller, services)
    limit = page_size(given)
    with services.sessions() as session:
        found = events.search(
            session,
            caller.account_id,
            type=EventType(event.name),
            before=before(given),
            limit=limit + 1,
        )
    return numbered([(row.number, row.told) for row in found], limit)


def notice_days(given: Given) -> int:
    """How many days before an expiration one wants to be told. InvalidInput out of bounds."""
    days = whole_number(given, "expires_within", "Days before expiration")
    days = DEFAULT_DAYS if days is None else days
    if not 1 <= days <= LONGEST_NOTICE:
        raise InvalidInput(
            f"Days before expiration: write a number from 1 to {LONGEST_NOTICE}.",
            field="expires_within",
        )
    return days


def expiring_id(certificate_id: str, day: date, days: int) -> str:
    """What makes one expiration be told once for so many days before it."""
    return f"{certificate_id}:{day}:{days}"


def _expiring(given: Given, caller: Caller, services: Services) -> Page:
    limit, days = page_size(given), notice_days(given)
    with services.sessions() as session:
        today = services.today(accounts.get(session, caller.account_id))
        found = standing.expiring(
            session, caller.account_id, today + timedelta(days=1), today + timedelta(days=days)
        )
        newest_first = sorted(found, key=lambda ending: (ending.day, ending.number), reverse=True)
        left = _after(given.get("cursor"), newest_first)
        rows = [_row(session, caller, ending, days, services) for ending in left[:limit]]
    last = left[limit - 1] if len(left) > limit else None
    return Page(rows, f"{last.day}:{last.number}" if last else None)


def _after(cursor: str | None, endings: list[Ending]) -> list[Ending]:
    if not cursor:
        return endings
    day, _, number = cursor.partition(":")
    try:
        place = (date.fromisoformat(day), int(number))
    except ValueError:
        raise InvalidInput(
            "Cursor: take the `next` of the page before, or leave it empty.", field="cursor"
        ) from None
    return [ending for ending in endings if (ending.day, ending.number) < place]


def _row(session: Session, caller: Caller, ending: Ending, days: int, services: Services) -> Flat:
    row = certificates.get(session, caller.account_id, ending.certificate_id)
    told = expiring_id(ending.certificate_id, ending.day, days)
    return {**flat_certificate(session, row, services), "event_id": told}
