"""Arrivals: what subcontractors send by their upload link, a file or an answer, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage import audit
from connector.storage.audit import Act
from connector.storage.schema import Row, new_id


class StoredArrival(Row):
    """`certificate_id` is set once a file has been read; `job_id` is the job that reads it."""

    __tablename__ = "arrivals"
    __table_args__ = (
        Index("ix_arrivals_account_id_number", "account_id", "number"),
        Index("ix_arrivals_vendor_id_number", "vendor_id", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    vendor_id: Mapped[str] = mapped_column(ForeignKey("vendors.id"))
    file_name: Mapped[str | None]
    certificate_id: Mapped[str | None]
    job_id: Mapped[str | None]
    message: Mapped[str | None]
    created_at: Mapped[datetime]


def note(
    session: Session,
    account_id: str,
    vendor_id: str,
    now: datetime,
    *,
    file_name: str | None = None,
    certificate_id: str | None = None,
    job_id: str | None = None,
    message: str | None = None,
) -> StoredArrival:
    """Something came in."""
    arrival = StoredArrival(
        id=new_id("arrv"),
        account_id=account_id,
        vendor_id=vendor_id,
        file_name=file_name,
        certificate_id=certificate_id,
        job_id=job_id,
        message=message,
        created_at=now,
    )
    session.add(arrival)
    audit.record(
        session,
        account_id,
        Act.UPLOAD_RECEIVED,
        now,
        subject=arrival.id,
        vendor_id=vendor_id,
        certificate_id=certificate_id,
        details={"file_name": file_name, "job_id": job_id, "has_message": message is not None},
    )
    session.flush()
    return arrival


def of_vendor(
    session: Session, account_id: str, vendor_id: str, limit: int = 20
) -> Sequence[StoredArrival]:
    """What a vendor sent last."""
    found = select(StoredArrival).where(
        StoredArrival.account_id == account_id, StoredArrival.vendor_id == vendor_id
    )
    return session.scalars(found.order_by(StoredArrival.number.desc()).limit(limit)).all()


def newest(session: Session, account_id: str, limit: int = 50) -> Sequence[StoredArrival]:
    """What came in last from anybody."""
    found = select(StoredArrival).where(StoredArrival.account_id == account_id)
    return session.scalars(found.order_by(StoredArrival.number.desc()).limit(limit)).all()


def count_since(session: Session, account_id: str, vendor_id: str, since: datetime) -> int:
    """How much a vendor has sent since a moment."""
    found = select(func.count()).where(
        StoredArrival.account_id == account_id,
        StoredArrival.vendor_id == vendor_id,
        StoredArrival.created_at >= since,
    )
    return session.scalar(found) or 0
