"""Waivers: a person's word that a vendor need not meet a rule, kept with everything that came of it.

A waiver is never changed: another word about the same rule takes its place and revokes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.checking.packet import Waiver
from connector.errors import NotFound
from connector.storage.schema import Row, new_id
from connector.storage.vendors import StoredVendor


class StoredWaiver(Row):
    """`rule_id` is the id of a rule in any rule set. It counts before its day `expires`.

    `revoked_by` and `revoked_at` are set once it is taken back.
    """

    __tablename__ = "waivers"
    __table_args__ = (
        Index(
            "uq_waivers_standing",
            "account_id",
            "vendor_id",
            "rule_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("ix_waivers_account_id_number", "account_id", "number"),
        Index("ix_waivers_account_id_expires", "account_id", "expires"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    vendor_id: Mapped[str] = mapped_column(ForeignKey("vendors.id"))
    rule_id: Mapped[str]
    reason: Mapped[str]
    person: Mapped[str]
    expires: Mapped[date | None]
    created_at: Mapped[datetime]
    revoked_by: Mapped[str | None]
    revoked_at: Mapped[datetime | None]

    @property
    def waiver(self) -> Waiver:
        """The waiver as a check sees it."""
        return Waiver(self.rule_id, self.reason, self.person, self.expires)


def give(
    session: Session, account_id: str, vendor_id: str, waiver: Waiver, now: datetime
) -> tuple[StoredWaiver, bool]:
    """Keep a waiver; whether it is new. The same word again is the same waiver; another word about
    the same rule revokes the one before, in the name of the person who gives it."""
    session.get(StoredVendor, vendor_id, with_for_update=True)  # of two at once one waits
    standing = _standing(session, account_id, vendor_id, waiver.rule_id)
    if standing is not None and standing.waiver == waiver:
        return standing, False
    if standing is not None:
        revoke(session, standing, by=waiver.person, now=now)
    given = StoredWaiver(
        id=new_id("waiv"),
        account_id=account_id,
        vendor_id=vendor_id,
        rule_id=waiver.rule_id,
        reason=waiver.reason,
        person=waiver.person,
        expires=waiver.expires,
        created_at=now,
    )
    session.add(given)
    session.flush()
    return given, True


def revoke(session: Session, row: StoredWaiver, *, by: str, now: datetime) -> bool:
    """Take a waiver back; whether it had stood until now."""
    if row.revoked_at is not None:
        return False
    row.revoked_by, row.revoked_at = by, now
    session.flush()
    return True


def get(session: Session, account_id: str, waiver_id: str) -> StoredWaiver:
    """The waiver. NotFound when this account has none of this id."""
    found = select(StoredWaiver).where(
        StoredWaiver.account_id == account_id, StoredWaiver.id == waiver_id
    )
    row = session.scalars(found).one_or_none()
    if row is None:
        raise NotFound(f"There is no waiver {waiver_id[:40]} in this account.")
    return row


def of_vendor(session: Session, account_id: str, vendor_id: str) -> Sequence[StoredWaiver]:
    """The vendor's waivers that were not revoked, run out or not."""
    found = select(StoredWaiver).where(
        StoredWaiver.account_id == account_id,
        StoredWaiver.vendor_id == vendor_id,
        StoredWaiver.revoked_at.is_(None),
    )
    return session.scalars(found.order_by(StoredWaiver.number)).all()


def of_account(session: Session, account_id: str) -> Sequence[StoredWaiver]:
    """Every vendor's waivers that were not revoked."""
    found = select(StoredWaiver).where(
        StoredWaiver.account_id == account_id, StoredWaiver.revoked_at.is_(None)
    )
    return session.scalars(found.order_by(StoredWaiver.number)).all()


def run_out(session: Session, account_id: str, after: date, day: date) -> Sequence[StoredWaiver]:
    """Waivers that ran out later than `after` and count no more on `day`."""
    found = select(StoredWaiver).where(
        StoredWaiver.account_id == account_id,
        StoredWaiver.revoked_at.is_(None),
        StoredWaiver.expires > after,
        StoredWaiver.expires <= day,
    )
    return session.scalars(found.order_by(StoredWaiver.number)).all()


def search(
    session: Session,
    account_id: str,
    *,
    vendor_id: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[StoredWaiver]:
    """All waivers, revoked ones too, newest first. The next page is `before` the last number."""
    found = select(StoredWaiver).where(StoredWaiver.account_id == account_id)
    if vendor_id is not None:
        found = found.where(StoredWaiver.vendor_id == vendor_id)
    if before is not None:
        found = found.where(StoredWaiver.number < before)
    return session.scalars(found.order_by(StoredWaiver.number.desc()).limit(limit)).all()


def _standing(
    session: Session, account_id: str, vendor_id: str, rule_id: str
) -> StoredWaiver | None:
    found = select(StoredWaiver).where(
        StoredWaiver.account_id == account_id,
        StoredWaiver.vendor_id == vendor_id,
        StoredWaiver.rule_id == rule_id,
        StoredWaiver.revoked_at.is_(None),
    )
    return session.scalars(found).one_or_none()
