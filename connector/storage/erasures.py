"""Erasures: the fact that a vendor was erased, without its name.

While one is open, in its own transaction, the database lets what the audit log says of that
vendor be emptied: see migration 0021.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage.schema import Row, new_id


class Erasure(Row):
    """`vendor_id` is our own id, which says nothing once the vendor is gone; `counts` what went."""

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    vendor_id: Mapped[str]
    began_at: Mapped[datetime]
    is_open: Mapped[bool]
    counts: Mapped[dict[str, Any] | None]


def begin(session: Session, account_id: str, vendor_id: str, now: datetime) -> Erasure:
    """An open erasure; whoever opens one closes it before the transaction ends."""
    erasure = Erasure(
        id=new_id("erasure"),
        account_id=account_id,
        vendor_id=vendor_id,
        began_at=now,
        is_open=True,
    )
    session.add(erasure)
    session.flush()
    return erasure
