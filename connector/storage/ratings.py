"""An account's own table of insurer ratings, replaced as a whole by each upload."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ForeignKey, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.checking.packet import Rating
from connector.storage.schema import Row


class StoredRating(Row):
    """One insurer: AM Best letter and size class as the user's table has them."""

    __tablename__ = "ratings"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    naic: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    rating: Mapped[str | None]
    size: Mapped[str | None]


def replace(session: Session, account_id: str, ratings: Collection[Rating]) -> None:
    """Let the account's table be exactly these."""
    session.execute(delete(StoredRating).where(StoredRating.account_id == account_id))
    rows = [
        {
            "account_id": account_id,
            "naic": rating.naic,
            "name": rating.name,
            "rating": rating.rating,
            "size": rating.size,
        }
        for rating in ratings
    ]
    if rows:
        session.execute(insert(StoredRating), rows)


def find(
    session: Session, account_id: str, codes: Collection[str] | None = None
) -> Mapping[str, Rating]:
    """The ratings by NAIC code: of these codes, or all."""
    if codes is not None and not codes:
        return {}
    found = select(StoredRating).where(StoredRating.account_id == account_id)
    if codes is not None:
        found = found.where(StoredRating.naic.in_(sorted(codes)))
    return {
        row.naic: Rating(row.naic, row.name, row.rating, row.size)
        for row in session.scalars(found.order_by(StoredRating.naic))
    }


def count(session: Session, account_id: str) -> int:
    """How many insurers the table has."""
    found = select(func.count()).where(StoredRating.account_id == account_id)
    return session.scalar(found) or 0
