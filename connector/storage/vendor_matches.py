"""Which vendor of another system a vendor of ours is: found once or chosen by a person, then kept.

`place` is the other system's directory (an installation and a company), so that what was learned
survives a new login and is never taken from a sandbox into production.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage import audit
from connector.storage.audit import Act
from connector.storage.schema import Row, insert_missing


class VendorMatch(Row):
    """`external_id` is the other system's number; `is_chosen` by a person."""

    __tablename__ = "vendor_matches"
    __table_args__ = (
        UniqueConstraint("account_id", "vendor_id", "place"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    vendor_id: Mapped[str] = mapped_column(ForeignKey("vendors.id"))
    place: Mapped[str]
    external_id: Mapped[str]
    is_chosen: Mapped[bool]
    updated_at: Mapped[datetime]


def known(session: Session, account_id: str, vendor_id: str, place: str) -> VendorMatch | None:
    """What is remembered of our vendor there."""
    found = select(VendorMatch).where(
        VendorMatch.account_id == account_id,
        VendorMatch.vendor_id == vendor_id,
        VendorMatch.place == place,
    )
    return session.scalars(found).one_or_none()


def remember(
    session: Session,
    account_id: str,
    vendor_id: str,
    place: str,
    *,
    external_id: str,
    is_chosen: bool,
    now: datetime,
) -> None:
    """From now on our vendor is this one there."""
    said = {"external_id": external_id, "is_chosen": is_chosen, "updated_at": now}
    new = {"account_id": account_id, "vendor_id": vendor_id, "place": place, **said}
    before = known(session, account_id, vendor_id, place)
    if is_chosen and (
        before is None or (before.external_id, before.is_chosen) != (external_id, True)
    ):
        audit.record(
            session,
            account_id,
            Act.VENDOR_CHOSEN,
            now,
            subject=external_id,
            vendor_id=vendor_id,
            details={"place": place, "before": before.external_id if before else None},
        )
    if insert_missing(session, VendorMatch, new, ["account_id", "vendor_id", "place"]):
        return
    match = known(session, account_id, vendor_id, place)
    for name, value in said.items():
        setattr(match, name, value)
