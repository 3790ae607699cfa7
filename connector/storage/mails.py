"""Mails: what went to whom, one row for each recipient of each mail.

The row is there before the mail leaves. One that says `sending` while nobody is at it belongs to a
process that was killed: whether that mail went out is not known, and it is never sent by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.delivery import MailStatus
from connector.errors import NotFound
from connector.storage.schema import Row, insert_missing, new_id


class StoredMail(Row):
    """`about` is what makes it the same mail (a check's id), `digest` what it says.

    `role` is whom it is for (subcontractor, producer, gcpay); `why` is the mail server's answer
    where it did not take the mail.
    """

    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("account_id", "about", "recipient"),
        Index("ix_mails_account_id_number", "account_id", "number"),
        Index("ix_mails_certificate_id_number", "certificate_id", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificates.id"))
    check_id: Mapped[str | None] = mapped_column(ForeignKey("checks.id"))
    kind: Mapped[str]
    about: Mapped[str]
    digest: Mapped[str]
    recipient: Mapped[str]
    role: Mapped[str]
    message_id: Mapped[str]
    subject: Mapped[str]
    has_attachment: Mapped[bool]
    status: Mapped[str]
    why: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is known who has got it already."""

    kind: str
    about: str
    digest: str
    certificate_id: str
    check_id: str | None
    message_id: str
    subject: str
    has_attachment: bool


def begin(
    session: Session, account_id: str, letter: Letter, recipient: str, role: str, now: datetime
) -> StoredMail:
    """The mail's row for a recipient, made when it is new.

    Only for the one who holds the mail's lock: `sending` left over by another becomes `unknown`.
    """
    new = {
        "id": new_id("mail"),
        "account_id": account_id,
        "certificate_id": letter.certificate_id,
        "check_id": letter.check_id,
        "kind": letter.kind,
        "about": letter.about,
        "digest": letter.digest,
        "recipient": recipient,
        "role": role,
        "message_id": letter.message_id,
        "subject": letter.subject,
        "has_attachment": letter.has_attachment,
        "status": MailStatus.WAITING.value,
        "created_at": now,
        "updated_at": now,
    }
    insert_missing(session, StoredMail, new, ["account_id", "about", "recipient"])
    row = _row(session, account_id, letter.about, recipient)
    if row.status == MailStatus.SENDING:
        row.status, row.updated_at = MailStatus.UNKNOWN.value, now
        row.why = "The connector was stopped while the mail was on its way."
    return row


def note(
    session: Session,
    account_id: str,
    about: str,
    recipient: str,
    status: MailStatus,
    why: str | None,
    now: datetime,
) -> None:
    """What became of the mail. NoResultFound when it was never begun."""
    row = _row(session, account_id, about, recipient)
    row.status, row.why, row.updated_at = status.value, why, now
    if status is MailStatus.SENT:
        row.sent_at = now


def get(session: Session, account_id: str, mail_id: str) -> StoredMail:
    """The mail's row for one recipient. NotFound when this account has none of this id."""
    row = session.scalars(_of(account_id).where(StoredMail.id == mail_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no mail {mail_id[:40]} in this account.")
    return row


def sent_alike(
    session: Session, account_id: str, letter: Letter, recipient: str
) -> StoredMail | None:
    """A mail that says the same about the same certificate and reached this recipient before."""
    found = _of(account_id).where(
        StoredMail.certificate_id == letter.certificate_id,
        StoredMail.kind == letter.kind,
        StoredMail.digest == letter.digest,
        StoredMail.recipient == recipient,
        StoredMail.about != letter.about,
        StoredMail.status == MailStatus.SENT,
    )
    return session.scalars(found.order_by(StoredMail.number.desc()).limit(1)).first()


def was_sent(session: Session, account_id: str, certificate_id: str, digest: str) -> bool:
    """Whether a notice that says this about the certificate went out to anybody."""
    found = _of(account_id).where(
        StoredMail.certificate_id == certificate_id,
        StoredMail.kind == "notice",
        StoredMail.digest == digest,
        StoredMail.status == MailStatus.SENT,
    )
    return session.scalars(found.limit(1)).first() is not None


def search(
    session: Session,
    account_id: str,
    *,
    status: str | None = None,
    certificate_id: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[StoredMail]:
    """The account's mails, newest first. The next page is `before` the last number."""
    found = _of(account_id)
    if status is not None:
        found = found.where(StoredMail.status == status)
    if certificate_id is not None:
        found = found.where(StoredMail.certificate_id == certificate_id)
    if before is not None:
        found = found.where(StoredMail.number < before)
    return session.scalars(found.order_by(StoredMail.number.desc()).limit(limit)).all()


def _of(account_id: str) -> Select[StoredMail]:
    return select(StoredMail).where(StoredMail.account_id == account_id)


def _row(session: Session, account_id: str, about: str, recipient: str) -> StoredMail:
    found = _of(account_id).where(StoredMail.about == about, StoredMail.recipient == recipient)
    return session.scalars(found.with_for_update()).one()
