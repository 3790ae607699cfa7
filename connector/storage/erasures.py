"""Erasures: the fact that a vendor, a person or the account was erased, without a name.

While one is open, in its own transaction, the database lets what the account's audit log says be
emptied: see migration 0021.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.errors import NotFound
from connector.storage.schema import Row, new_id

_FILES = "files_left"


class Erasure(Row):
    """`vendor_id` is our own id of the vendor, the person or the account, which says nothing once
    they are gone; `counts` what went.

    `files` are the digests of documents whose bytes are still to be removed.
    """

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    vendor_id: Mapped[str]
    began_at: Mapped[datetime]
    is_open: Mapped[bool]
    counts: Mapped[dict[str, Any] | None]

    @property
    def files(self) -> list[str]:
        return list((self.counts or {}).get(_FILES, ()))

    @files.setter
    def files(self, left: list[str]) -> None:
        self.counts = {**(self.counts or {}), _FILES: left}


def begin(session: Session, account_id: str, erased_id: str, now: datetime) -> Erasure:
    """An open erasure; whoever opens one closes it before the transaction ends."""
    erasure = Erasure(
        id=new_id("erasure"),
        account_id=account_id,
        vendor_id=erased_id,
        began_at=now,
        is_open=True,
    )
    session.add(erasure)
    session.flush()
    return erasure


def unfinished(session: Session, account_id: str) -> list[Erasure]:
    """The account's erasures of which files are left."""
    found = select(Erasure).where(Erasure.account_id == account_id)
    return [row for row in session.scalars(found.order_by(Erasure.began_at)) if row.files]


def get(session: Session, account_id: str, erasure_id: str) -> Erasure:
    """The erasure. NotFound when this account has none of this id."""
    found = select(Erasure).where(Erasure.account_id == account_id, Erasure.id == erasure_id)
    row = session.scalars(found).one_or_none()
    if row is None:
        raise NotFound("There is no such erasure in this account.")
    return row
