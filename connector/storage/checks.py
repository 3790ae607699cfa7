"""Checks: each verdict with what it was given on, kept as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.errors import NotFound
from connector.storage.schema import Row, new_id


class StoredCheck(Row):
    """`on` is the day that was asked about; `flat` the answer as it was given."""

    __tablename__ = "checks"
    __table_args__ = (
        Index("ix_checks_account_id_number", "account_id", "number"),
        Index("ix_checks_account_id_vendor_id_number", "account_id", "vendor_id", "number"),
        Index("ix_checks_certificate_id_number", "certificate_id", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificates.id"))
    vendor_id: Mapped[str | None] = mapped_column(ForeignKey("vendors.id"))
    rule_set: Mapped[str]
    version: Mapped[int]
    digest: Mapped[str]
    status: Mapped[str]
    on: Mapped[date]
    context: Mapped[dict[str, Any]]
    verdict: Mapped[dict[str, Any]]
    flat: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


def save(
    session: Session,
    account_id: str,
    certificate_id: str,
    *,
    vendor_id: str | None,
    rule_set: str,
    version: int,
    digest: str,
    status: str,
    on: date,
    context: dict[str, Any],
    verdict: dict[str, Any],
    flat: dict[str, Any],
    now: datetime,
    check_id: str | None = None,
) -> StoredCheck:
    """Keep a verdict. `check_id` is given when `flat` already names it."""
    check = StoredCheck(
        id=check_id or new_id("check"),
        account_id=account_id,
        certificate_id=certificate_id,
        vendor_id=vendor_id,
        rule_set=rule_set,
        version=version,
        digest=digest,
        status=status,
        on=on,
        context=context,
        verdict=verdict,
        flat=flat,
        created_at=now,
    )
    session.add(check)
    session.flush()
    return check


def get(session: Session, account_id: str, check_id: str) -> StoredCheck:
    """The check. NotFound when this account has none of this id."""
    found = select(StoredCheck).where(
        StoredCheck.account_id == account_id, StoredCheck.id == check_id
    )
    check = session.scalars(found).one_or_none()
    if check is None:
        raise NotFound(f"There is no check {check_id[:40]} in this account.")
    return check


def latest(session: Session, account_id: str, certificate_id: str) -> StoredCheck | None:
    """The certificate's newest check, if it was ever checked."""
    found = select(StoredCheck).where(
        StoredCheck.account_id == account_id, StoredCheck.certificate_id == certificate_id
    )
    return session.scalars(found.order_by(StoredCheck.number.desc()).limit(1)).first()


def search(
    session: Session,
    account_id: str,
    *,
    status: str | None = None,
    vendor_id: str | None = None,
    certificate_id: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[StoredCheck]:
    """The account's checks, newest first. The next page is `before` the last number."""
    found = select(StoredCheck).where(StoredCheck.account_id == account_id)
    if status is not None:
        found = found.where(StoredCheck.status == status)
    if vendor_id is not None:
        found = found.where(StoredCheck.vendor_id == vendor_id)
    if certificate_id is not None:
        found = found.where(StoredCheck.certificate_id == certificate_id)
    if before is not None:
        found = found.where(StoredCheck.number < before)
    return session.scalars(found.order_by(StoredCheck.number.desc()).limit(limit)).all()
