"""Logins that failed, counted by who tried: each one more makes the next try wait longer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage.schema import Row, insert_missing

FORGOTTEN_AFTER = timedelta(hours=6)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Trier:
    """Something that tries are counted by (an address, a login), and how many are free."""

    name: str
    free: int

    @property
    def key(self) -> str:
        """No address of a person is kept."""
        return hashlib.sha256(self.name.encode()).hexdigest()


class LoginFailures(Row):
    """How often a trier failed, and when last."""

    __tablename__ = "login_failures"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


def wait(session: Session, triers: Sequence[Trier], now: datetime) -> timedelta:
    """How long the next try must wait: nothing while tries are free, then 2, 4, 8 … seconds."""
    longest = timedelta()
    for trier in triers:
        known = session.get(LoginFailures, trier.key)
        if known is not None and known.count >= trier.free:
            pause = min(timedelta(seconds=2 ** min(known.count - trier.free + 1, 20)), LONGEST_WAIT)
            longest = max(longest, known.last_at + pause - now)
    return longest


def note(session: Session, triers: Sequence[Trier], now: datetime) -> None:
    """One more failure of each; those of long ago are forgotten."""
    forget_old(session, now)
    for trier in triers:
        new = {"key": trier.key, "count": 0, "last_at": now}
        insert_missing(session, LoginFailures, new, ["key"])
        found = select(LoginFailures).where(LoginFailures.key == trier.key)
        known = session.scalars(
            found.with_for_update().execution_options(populate_existing=True)
        ).one()
        known.count, known.last_at = known.count + 1, now


def forget_old(session: Session, now: datetime) -> None:
    """What failed hours ago no longer counts."""
    session.execute(delete(LoginFailures).where(LoginFailures.last_at < now - FORGOTTEN_AFTER))


def take_back(session: Session, triers: Sequence[Trier]) -> None:
    """The try that was counted beforehand was a good one; what others failed stays counted."""
    keys = [trier.key for trier in triers]
    one_less = update(LoginFailures).where(LoginFailures.key.in_(keys), LoginFailures.count > 0)
    session.execute(one_less.values(count=LoginFailures.count - 1))


def forget(session: Session, triers: Sequence[Trier]) -> None:
    """A good login: what failed before it no longer counts."""
    keys = [trier.key for trier in triers]
    session.execute(delete(LoginFailures).where(LoginFailures.key.in_(keys)))
