"""How many requests came in a window of time, counted by all web processes together.

Kept in the database because a limit that each process counts for itself grows with the number of
processes and machines. Only PostgreSQL installations count here (see web/rate_limits.py).
"""

from __future__ import annotations

from sqlalchemy import Double, case, delete, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage.schema import Row


class RequestCount(Row):
    """`count` requests of `key` in the window that ends at `until` (Unix seconds)."""

    __tablename__ = "request_counts"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    until: Mapped[float] = mapped_column(Double, index=True)


def add(session: Session, key: str, amount: int, now: float, seconds: int) -> int:
    """Count `amount` more, in a new window when the old one is over; the window's sum.

    One statement, so that of many at once each is counted.
    """
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if (
        is_postgresql
    ):  # a count that a power cut takes back does no harm, waiting for the disk would
        session.execute(text("set local synchronous_commit to off"))
    dialect = postgresql if is_postgresql else sqlite
    new = dialect.insert(RequestCount).values(key=key, count=amount, until=now + seconds)
    is_over = RequestCount.until <= now
    changed = {
        "count": case((is_over, amount), else_=RequestCount.count + amount),
        "until": case((is_over, now + seconds), else_=RequestCount.until),
    }
    counted = new.on_conflict_do_update(index_elements=["key"], set_=changed)
    return int(session.execute(counted.returning(RequestCount.count)).scalar_one())


def find(session: Session, key: str, now: float) -> tuple[int, float]:
    """The window's sum and its end; nothing and now where there is none."""
    columns = select(RequestCount.count, RequestCount.until)
    found = session.execute(columns.where(RequestCount.key == key, RequestCount.until > now))
    row = found.one_or_none()
    return (row[0], row[1]) if row else (0, now)


def forget(session: Session, key: str) -> None:
    """Let the key begin anew."""
    session.execute(delete(RequestCount).where(RequestCount.key == key))


def forget_ended(session: Session, now: float) -> int:
    """Remove the windows that are over. How many."""
    ended = delete(RequestCount).where(RequestCount.until <= now).returning(RequestCount.key)
    return len(session.execute(ended).all())
