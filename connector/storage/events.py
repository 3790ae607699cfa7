"""Events: what happened, each once, with the flat object that is told of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, cast, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.errors import NotFound
from connector.storage.schema import Row, insert_missing, new_id


class EventType(StrEnum):
    """What a hook can be about."""

    CERTIFICATE_PARSED = "certificate.parsed"
    CERTIFICATE_COMPLIANT = "certificate.compliant"
    CERTIFICATE_NON_COMPLIANT = "certificate.non_compliant"
    CERTIFICATE_NEEDS_REVIEW = "certificate.needs_review"
    CERTIFICATE_EXPIRING = "certificate.expiring"
    CERTIFICATE_LAPSED = "certificate.lapsed"
    COVERAGE_CHANGED = "coverage.changed"
    PUSH_FINISHED = "push.finished"
    PUSH_FAILED = "push.failed"


class StoredEvent(Row):
    """`subject` makes it happen once: the same type and subject again is the same event.

    `flat` has exactly the keys of the list that its rows come from; it is empty once forgotten.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("account_id", "type", "subject"),
        Index("ix_events_account_id_type_number", "account_id", "type", "number"),
        Index("ix_events_created_at", "created_at"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    type: Mapped[str]
    subject: Mapped[str]
    flat: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]

    @property
    def told(self) -> dict[str, Any]:
        """What is posted to hooks and answered to those who poll."""
        return {**self.flat, "event_id": self.subject}


def record(
    session: Session,
    account_id: str,
    type: EventType,
    subject: str,
    flat: Mapping[str, Any],
    now: datetime,
) -> StoredEvent | None:
    """The new event; None when it had been recorded before."""
    new = {
        "id": new_id("evt"),
        "account_id": account_id,
        "type": type.value,
        "subject": subject,
        "flat": dict(flat),
        "created_at": now,
    }
    if not insert_missing(session, StoredEvent, new, ["account_id", "type", "subject"]):
        return None
    return session.scalars(select(StoredEvent).where(StoredEvent.id == new["id"])).one()


def was_recorded(session: Session, account_id: str, type: EventType, subject: str) -> bool:
    """Whether this has happened before."""
    found = select(StoredEvent.id).where(
        StoredEvent.account_id == account_id,
        StoredEvent.type == type.value,
        StoredEvent.subject == subject,
    )
    return session.scalar(found) is not None


def forget(session: Session, account_id: str, before: datetime) -> int:
    """Forget what events before this moment said. How many. That they were told stays known."""
    old = update(StoredEvent).where(
        StoredEvent.account_id == account_id,
        StoredEvent.created_at < before,
        cast(StoredEvent.flat, String) != "{}",
    )
    return len(session.scalars(old.values(flat={}).returning(StoredEvent.id)).all())


def get(session: Session, account_id: str, event_id: str) -> StoredEvent:
    """The event. NotFound when this account has none of this id."""
    found = select(StoredEvent).where(
        StoredEvent.account_id == account_id, StoredEvent.id == event_id
    )
    event = session.scalars(found).one_or_none()
    if event is None:
        raise NotFound(f"There is no event {event_id[:40]} in this account.")
    return event


def by_ids(session: Session, account_id: str, ids: Collection[str]) -> dict[str, StoredEvent]:
    """The account's events of these ids."""
    found = select(StoredEvent).where(StoredEvent.account_id == account_id, StoredEvent.id.in_(ids))
    return {event.id: event for event in session.scalars(found)}


def search(
    session: Session,
    account_id: str,
    *,
    type: EventType | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[StoredEvent]:
    """The account's events that still say something, newest first. The next page is `before` the
    last number."""
    found = select(StoredEvent).where(
        StoredEvent.account_id == account_id, cast(StoredEvent.flat, String) != "{}"
    )
    if type is not None:
        found = found.where(StoredEvent.type == type.value)
    if before is not None:
        found = found.where(StoredEvent.number < before)
    return session.scalars(found.order_by(StoredEvent.number.desc()).limit(limit)).all()
