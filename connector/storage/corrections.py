"""Corrections: who changed which value of a certificate, when, and what stood there before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.certificate.correct import Correction, correct
from connector.certificate.entries import entry_json
from connector.storage import certificates
from connector.storage.certificates import StoredCertificate
from connector.storage.schema import Row


class StoredCorrection(Row):
    """`typed` is the text as the person wrote it; `before` the entry that it replaced."""

    __tablename__ = "corrections"
    __table_args__ = (
        Index("ix_corrections_certificate_id", "certificate_id"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificates.id"))
    path: Mapped[str]
    before: Mapped[dict[str, Any]]
    typed: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


def apply(
    session: Session, row: StoredCertificate, field: str, typed: str, *, by: str, now: datetime
) -> Correction:
    """Correct one value of a stored certificate and keep the record of it.

    InvalidInput when the field is unknown or the text cannot be understood; nothing changes then.
    """
    certificate, correction = correct(row.certificate, field, typed, by, now)
    certificates.fill(session, row, certificate, now)
    session.add(
        StoredCorrection(
            account_id=row.account_id,
            certificate_id=row.id,
            path=correction.path,
            before=entry_json(correction.before),
            typed=typed,
            by=by,
            at=now,
        )
    )
    session.flush()
    return correction


def of_certificate(
    session: Session, account_id: str, certificate_id: str
) -> list[StoredCorrection]:
    """A certificate's corrections, the first one first."""
    found = select(StoredCorrection).where(
        StoredCorrection.account_id == account_id,
        StoredCorrection.certificate_id == certificate_id,
    )
    return list(session.scalars(found.order_by(StoredCorrection.number)))
