"""The audit log: who did what to which certificate, rule, waiver, key, connection, and when.

Entries are only ever added, in the transaction of the act itself: no act without its entry, no
entry without its act. The database refuses to change or delete one (migration 0021). The single
exception is an erasure, which empties what its entries say and leaves one of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.certificate.field import Scalar
from connector.storage import actor
from connector.storage.pushes import StoredPush
from connector.storage.schema import Row, new_id


class Act(StrEnum):
    """What can be done that somebody may ask about later."""

    CERTIFICATE_READ = "certificate.read"
    CERTIFICATE_ASSIGNED = "certificate.assigned"
    CERTIFICATE_CORRECTED = "certificate.corrected"
    CORRECTION_UNDONE = "correction.undone"
    CERTIFICATE_CHECKED = "certificate.checked"
    RULE_SET_TAKEN = "rule_set.taken"
    RATINGS_REPLACED = "ratings.replaced"
    VENDOR_CHOSEN = "vendor.chosen"
    WAIVER_GIVEN = "waiver.given"
    WAIVER_REVOKED = "waiver.revoked"
    CANCELLATION_DISMISSED = "cancellation.dismissed"
    PUSH_SETTLED = "push.settled"
    PUSH_ACKNOWLEDGED = "push.acknowledged"
    NOTICE_SENT = "notice.sent"
    KEY_MADE = "key.made"
    KEY_REPLACED = "key.replaced"
    KEY_ENDED = "key.ended"
    CONNECTION_MADE = "connection.made"
    CONNECTION_CHANGED = "connection.changed"
    CONNECTION_REMOVED = "connection.removed"
    HOOK_MADE = "hook.made"
    HOOK_REMOVED = "hook.removed"
    PERSON_ADDED = "person.added"
    PERSON_ENDED = "person.ended"
    LOGIN_BEGUN = "login.begun"
    LOGIN_ENDED = "login.ended"
    LOGIN_FAILED = "login.failed"
    LOGIN_LINK_MADE = "login_link.made"
    PASSWORD_CHOSEN = "password.chosen"  # noqa: S105 - the name of an act
    ACCOUNT_CHANGED = "account.changed"
    UPLOAD_LINK_MADE = "upload_link.made"
    UPLOAD_RECEIVED = "upload.received"
    UPLOAD_LINK_ENDED = "upload_link.ended"
    REVIEW_LINK_MADE = "review_link.made"
    REVIEW_LINK_ENDED = "review_link.ended"
    JOB_RETRIED = "job.retried"
    JOB_CANCELLED = "job.cancelled"
    DELIVERY_RESENT = "delivery.resent"
    HOLD_PLACED = "hold.placed"
    HOLD_RELEASED = "hold.released"
    EVIDENCE_MADE = "evidence.made"
    VENDOR_EXPORTED = "vendor.exported"
    VENDOR_ERASED = "vendor.erased"
    PERSON_ERASED = "person.erased"
    ACCOUNT_ERASED = "account.erased"


class AuditEntry(Row):
    """`who` is the person as named for the act, else who came in by the door `through`.

    `subject` is the id of what was acted on, `details` what a person needs to understand it.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_account_id_number", "account_id", "number"),
        Index("ix_audit_entries_account_id_vendor_id_number", "account_id", "vendor_id", "number"),
        Index("ix_audit_entries_certificate_id_number", "certificate_id", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    act: Mapped[str]
    who: Mapped[str | None]
    through: Mapped[str]
    through_id: Mapped[str | None]
    through_name: Mapped[str | None]
    subject: Mapped[str | None]
    vendor_id: Mapped[str | None]
    certificate_id: Mapped[str | None]
    details: Mapped[dict[str, Any] | None]


def record(
    session: Session,
    account_id: str,
    act: Act,
    at: datetime,
    *,
    subject: str | None = None,
    who: str | None = None,
    vendor_id: str | None = None,
    certificate_id: str | None = None,
    details: Mapping[str, Scalar] | None = None,
) -> None:
    """Add an entry in the session's transaction; the door and its key are known by themselves."""
    now_acting = actor.present()
    session.add(
        AuditEntry(
            id=new_id("audit"),
            account_id=account_id,
            at=at,
            act=act.value,
            who=who or now_acting.name,
            through=now_acting.through.value,
            through_id=now_acting.id,
            through_name=now_acting.name,
            subject=subject,
            vendor_id=vendor_id,
            certificate_id=certificate_id,
            details={name: value for name, value in (details or {}).items() if value is not None},
        )
    )


def search(
    session: Session,
    account_id: str,
    *,
    act: str | None = None,
    vendor_id: str | None = None,
    certificate_id: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[AuditEntry]:
    """The account's entries, newest first. The next page is `before` the last number.

    `act` may be a whole act or what stands before its dot ("waiver").
    """
    found = select(AuditEntry).where(AuditEntry.account_id == account_id)
    if act is not None:
        found = found.where(
            or_(AuditEntry.act == act, AuditEntry.act.startswith(f"{act}.", autoescape=True))
        )
    if vendor_id is not None:
        found = found.where(AuditEntry.vendor_id == vendor_id)
    if certificate_id is not None:
        found = found.where(AuditEntry.certificate_id == certificate_id)
    if before is not None:
        found = found.where(AuditEntry.number < before)
    return session.scalars(found.order_by(AuditEntry.number.desc()).limit(limit)).all()


def was_settled_as(session: Session, push: StoredPush, status: str) -> bool:
    """Whether a push ever came to this, whatever it came to since."""
    found = select(AuditEntry).where(
        AuditEntry.account_id == push.account_id,
        AuditEntry.certificate_id == push.certificate_id,
        AuditEntry.act == Act.PUSH_SETTLED.value,
        AuditEntry.subject == push.id,
    )
    return any((entry.details or {}).get("status") == status for entry in session.scalars(found))


def about(
    session: Session,
    account_id: str,
    vendor_id: str,
    *,
    certificate_ids: Sequence[str],
    before: int | None = None,
    limit: int = 50,
) -> Sequence[AuditEntry]:
    """Everything about a vendor and these certificates of its, newest first."""
    found = select(AuditEntry).where(
        AuditEntry.account_id == account_id,
        or_(AuditEntry.vendor_id == vendor_id, AuditEntry.certificate_id.in_(certificate_ids)),
    )
    if before is not None:
        found = found.where(AuditEntry.number < before)
    return session.scalars(found.order_by(AuditEntry.number.desc()).limit(limit)).all()
