"""Corrections: who changed which value of a certificate, when, and what stood there before.

A correction that is taken back stays on record, with who took it back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.certificate.correct import Correction, correct
from connector.certificate.entries import entry_from_json, entry_json, with_entries
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
    undone_by: Mapped[str | None]
    undone_at: Mapped[datetime | None]


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


def undo(
    session: Session, row: StoredCertificate, *, by: str, now: datetime
) -> StoredCorrection | None:
    """Take back the certificate's last correction that stands; None when there is none."""
    standing = select(StoredCorrection).where(
        StoredCorrection.account_id == row.account_id,
        StoredCorrection.certificate_id == row.id,
        StoredCorrection.undone_at.is_(None),
    )
    last = session.scalars(standing.order_by(StoredCorrection.number.desc()).limit(1)).first()
    if last is None:
        return None
    before = {last.path: entry_from_json(last.path, last.before)}
    certificates.fill(session, row, with_entries(row.certificate, before), now)
    last.undone_by, last.undone_at = by, now
    session.flush()
    return last


def of_certificate(
    session: Session, account_id: str, certificate_id: str
) -> list[StoredCorrection]:
    """A certificate's corrections, the first one first."""
    found = select(StoredCorrection).where(
        StoredCorrection.account_id == account_id,
        StoredCorrection.certificate_id == certificate_id,
    )
    return list(session.scalars(found.order_by(StoredCorrection.number)))
