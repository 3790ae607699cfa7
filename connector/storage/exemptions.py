"""States' certificates of exemption from workers' compensation: one row per document and page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.certificate.notices import ExemptionNotice
from connector.storage.documents import StoredDocument
from connector.storage.schema import Row, insert_missing, new_id


class StoredExemption(Row):
    """`vendor_id` is whose it is; it counts for nobody while that is not known."""

    __tablename__ = "exemptions"
    __table_args__ = (
        UniqueConstraint("account_id", "document_id", "page"),
        Index("ix_exemptions_account_id_vendor_id", "account_id", "vendor_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    vendor_id: Mapped[str | None] = mapped_column(ForeignKey("vendors.id"))
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    page: Mapped[int]
    state: Mapped[str | None]
    name: Mapped[str | None]
    exemption_number: Mapped[str | None]
    expires: Mapped[date | None]
    doubt: Mapped[str | None]
    created_at: Mapped[datetime]

    @property
    def notice(self) -> ExemptionNotice:
        """What the page says."""
        return ExemptionNotice(
            page=self.page,
            state=self.state,
            name=self.name,
            number=self.exemption_number,
            expires=self.expires,
            doubt=self.doubt,
        )


def save(
    session: Session,
    account_id: str,
    document: StoredDocument,
    notice: ExemptionNotice,
    *,
    vendor_id: str | None,
    now: datetime,
) -> tuple[StoredExemption, bool]:
    """Keep an exemption, once per document and page; whether it is new."""
    new = {
        "id": new_id("exem"),
        "account_id": account_id,
        "document_id": document.id,
        "page": notice.page,
        "state": notice.state,
        "name": notice.name,
        "exemption_number": notice.number,
        "expires": notice.expires,
        "doubt": notice.doubt,
        "created_at": now,
    }
    is_new = insert_missing(session, StoredExemption, new, ["account_id", "document_id", "page"])
    row = session.scalars(
        select(StoredExemption).where(
            StoredExemption.account_id == account_id,
            StoredExemption.document_id == document.id,
            StoredExemption.page == notice.page,
        )
    ).one()
    row.vendor_id = vendor_id or row.vendor_id
    session.flush()
    return row, is_new


def of_document(session: Session, account_id: str, document_id: str) -> Sequence[StoredExemption]:
    """Those of a document, in order."""
    found = select(StoredExemption).where(
        StoredExemption.account_id == account_id, StoredExemption.document_id == document_id
    )
    return session.scalars(found.order_by(StoredExemption.page)).all()


def of_account(session: Session, account_id: str) -> Sequence[StoredExemption]:
    """Every exemption whose vendor is known, the first one first."""
    found = select(StoredExemption).where(
        StoredExemption.account_id == account_id, StoredExemption.vendor_id.is_not(None)
    )
    return session.scalars(found.order_by(StoredExemption.created_at, StoredExemption.id)).all()


def of_vendor(session: Session, account_id: str, vendor_id: str) -> Sequence[StoredExemption]:
    """The vendor's exemptions, the first one first."""
    found = select(StoredExemption).where(
        StoredExemption.account_id == account_id, StoredExemption.vendor_id == vendor_id
    )
    return session.scalars(found.order_by(StoredExemption.created_at, StoredExemption.id)).all()


def run_out(session: Session, account_id: str, after: date, day: date) -> Sequence[StoredExemption]:
    """Vendors' exemptions that ran out later than `after` and count no more on `day`."""
    found = select(StoredExemption).where(
        StoredExemption.account_id == account_id,
        StoredExemption.vendor_id.is_not(None),
        StoredExemption.expires > after,
        StoredExemption.expires <= day,
    )
    return session.scalars(found.order_by(StoredExemption.created_at, StoredExemption.id)).all()
