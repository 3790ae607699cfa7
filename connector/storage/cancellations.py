"""Carriers' notices of cancellation: one row per document and page, kept until a person dismisses one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.certificate.notices import CancellationNotice
from connector.errors import NotFound
from connector.storage.documents import StoredDocument
from connector.storage.schema import Row, insert_missing, new_id


class StoredCancellation(Row):
    """`vendor_id` is the vendor it came for, where that is known; it counts for every vendor whose
    policy it names. `text` is the page. `dismissed_by` is the person who says that it no longer
    counts (the policy was reinstated), `reason` why.
    """

    __tablename__ = "cancellations"
    __table_args__ = (
        UniqueConstraint("account_id", "document_id", "page"),
        Index("ix_cancellations_account_id_number", "account_id", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    vendor_id: Mapped[str | None] = mapped_column(ForeignKey("vendors.id"))
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    page: Mapped[int]
    text: Mapped[str]
    policy_number: Mapped[str | None]
    is_number_sure: Mapped[bool]
    insured: Mapped[str | None]
    noticed: Mapped[date | None]
    ends: Mapped[date | None]
    doubt: Mapped[str | None]
    created_at: Mapped[datetime]
    dismissed_by: Mapped[str | None]
    dismissed_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    @property
    def notice(self) -> CancellationNotice:
        """What the page says."""
        return CancellationNotice(
            page=self.page,
            text=self.text,
            policy_number=self.policy_number,
            is_number_sure=self.is_number_sure,
            insured=self.insured,
            noticed=self.noticed,
            ends=self.ends,
            doubt=self.doubt,
        )


def save(
    session: Session,
    account_id: str,
    document: StoredDocument,
    notice: CancellationNotice,
    *,
    vendor_id: str | None,
    now: datetime,
) -> tuple[StoredCancellation, bool]:
    """Keep a notice, once per document and page; whether it is new."""
    new = {
        "id": new_id("canc"),
        "account_id": account_id,
        "document_id": document.id,
        "page": notice.page,
        "text": notice.text,
        "policy_number": notice.policy_number,
        "is_number_sure": notice.is_number_sure,
        "insured": notice.insured,
        "noticed": notice.noticed,
        "ends": notice.ends,
        "doubt": notice.doubt,
        "created_at": now,
    }
    is_new = insert_missing(session, StoredCancellation, new, ["account_id", "document_id", "page"])
    row = session.scalars(
        select(StoredCancellation).where(
            StoredCancellation.account_id == account_id,
            StoredCancellation.document_id == document.id,
            StoredCancellation.page == notice.page,
        )
    ).one()
    row.vendor_id = vendor_id or row.vendor_id
    session.flush()
    return row, is_new


def of_document(
    session: Session, account_id: str, document_id: str
) -> Sequence[StoredCancellation]:
    """Those of a document, in order."""
    found = select(StoredCancellation).where(
        StoredCancellation.account_id == account_id, StoredCancellation.document_id == document_id
    )
    return session.scalars(found.order_by(StoredCancellation.page)).all()


def standing(session: Session, account_id: str) -> Sequence[StoredCancellation]:
    """The notices that count, the first one first."""
    found = select(StoredCancellation).where(
        StoredCancellation.account_id == account_id, StoredCancellation.dismissed_at.is_(None)
    )
    return session.scalars(found.order_by(StoredCancellation.number)).all()


def taking_effect(
    session: Session, account_id: str, after: date, day: date
) -> Sequence[StoredCancellation]:
    """Notices that count and whose policy ends later than `after`, on `day` at the latest."""
    found = select(StoredCancellation).where(
        StoredCancellation.account_id == account_id,
        StoredCancellation.dismissed_at.is_(None),
        StoredCancellation.ends > after,
        StoredCancellation.ends <= day,
    )
    return session.scalars(found.order_by(StoredCancellation.number)).all()


def get(session: Session, account_id: str, cancellation_id: str) -> StoredCancellation:
    """The notice. NotFound when this account has none of this id."""
    found = select(StoredCancellation).where(
        StoredCancellation.account_id == account_id, StoredCancellation.id == cancellation_id
    )
    row = session.scalars(found).one_or_none()
    if row is None:
        raise NotFound(f"There is no notice of cancellation {cancellation_id[:40]}.")
    return row


def dismiss(row: StoredCancellation, *, by: str, reason: str, now: datetime) -> bool:
    """Let a notice count no more, by a person's word; whether it had counted until now."""
    if row.dismissed_at is not None:
        return False
    row.dismissed_by, row.reason, row.dismissed_at = by, reason, now
    return True


def search(
    session: Session, account_id: str, *, before: int | None = None, limit: int = 50
) -> Sequence[StoredCancellation]:
    """All notices, newest first. The next page is `before` the last number."""
    found = select(StoredCancellation).where(StoredCancellation.account_id == account_id)
    if before is not None:
        found = found.where(StoredCancellation.number < before)
    return session.scalars(found.order_by(StoredCancellation.number.desc()).limit(limit)).all()
