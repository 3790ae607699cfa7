"""Payment holds that we placed: on which invoice, for which vendor, and whether they are on.

The row is there before the hold is, so that a hold whose process was killed is released, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage import audit
from connector.storage.audit import Act
from connector.storage.schema import Row, insert_missing


class PaymentHold(Row):
    """`place` is the project in the other system; vendor and invoice are its numbers."""

    __tablename__ = "payment_holds"
    __table_args__ = (
        UniqueConstraint("account_id", "place", "invoice_id"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    place: Mapped[str]
    invoice_id: Mapped[str]
    external_vendor_id: Mapped[str]
    placed_at: Mapped[datetime]
    released_at: Mapped[datetime | None]


def begin(
    session: Session,
    account_id: str,
    place: str,
    invoice_id: str,
    external_vendor_id: str,
    now: datetime,
) -> None:
    """The invoice is about to be held for this vendor."""
    new = {
        "account_id": account_id,
        "place": place,
        "invoice_id": invoice_id,
        "external_vendor_id": external_vendor_id,
        "placed_at": now,
    }
    if insert_missing(session, PaymentHold, new, ["account_id", "place", "invoice_id"]):
        _note(session, account_id, Act.HOLD_PLACED, place, invoice_id, now)
        return
    found = _at(account_id, place).where(PaymentHold.invoice_id == invoice_id)
    hold = session.scalars(found.with_for_update()).one()
    hold.external_vendor_id = external_vendor_id
    if hold.released_at is not None:
        hold.placed_at, hold.released_at = now, None
        _note(session, account_id, Act.HOLD_PLACED, place, invoice_id, now)


def of_vendor(
    session: Session, account_id: str, place: str, external_vendor_id: str
) -> Sequence[str]:
    """The invoices that are held for this vendor, the oldest hold first."""
    found = _at(account_id, place).where(
        PaymentHold.external_vendor_id == external_vendor_id, PaymentHold.released_at.is_(None)
    )
    return [hold.invoice_id for hold in session.scalars(found.order_by(PaymentHold.number))]


def end(session: Session, account_id: str, place: str, invoice_id: str, now: datetime) -> None:
    """The invoice is held by us no longer."""
    found = _at(account_id, place).where(PaymentHold.invoice_id == invoice_id)
    hold = session.scalars(found.with_for_update()).one_or_none()
    if hold is not None:
        if hold.released_at is None:
            _note(session, account_id, Act.HOLD_RELEASED, place, invoice_id, now)
        hold.released_at = now


def _note(
    session: Session, account_id: str, act: Act, place: str, invoice_id: str, now: datetime
) -> None:
    """In the audit log, by the other system's numbers; whose invoice it is, only that system says."""
    audit.record(session, account_id, act, now, subject=invoice_id, details={"project": place})


def _at(account_id: str, place: str) -> Select[PaymentHold]:
    return select(PaymentHold).where(
        PaymentHold.account_id == account_id, PaymentHold.place == place
    )
