"""How many requests another system still takes, shared by all processes of one installation.

What the other system announces is kept per key ("procore:8089"). A window about which nothing
was announced yet is free: every process asks once, hears the count, and keeps to it from then on.
"""

from __future__ import annotations

from sqlalchemy import Double, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage.schema import Row, insert_missing

RESERVE = 2
"""Requests left unused in each window: others may be on their way when a count is announced."""


class AnnouncedLimit(Row):
    """`left` requests may still be sent until the window ends at `until` (Unix seconds)."""

    __tablename__ = "request_budgets"

    key: Mapped[str] = mapped_column(primary_key=True)
    left: Mapped[int]
    until: Mapped[float] = mapped_column(Double)


def take(session: Session, key: str, now: float) -> float:
    """Uses up one request. Seconds to wait first, 0.0 when it may be sent now and was counted."""
    row = session.scalars(
        select(AnnouncedLimit).where(AnnouncedLimit.key == key).with_for_update()
    ).one_or_none()
    if row is None or row.until <= now:
        return 0.0
    if row.left <= 0:
        return row.until - now
    row.left -= 1
    return 0.0


def note(session: Session, key: str, remaining: int, reset_at: float, now: float) -> None:
    """What was announced, unless its window is over.

    In one window the count only falls: answers overtake each other. Another end means a new
    window, or that another limit (the hour's, the ten seconds') has become the nearer one.
    """
    if reset_at <= now:
        return
    left = max(0, remaining - RESERVE)
    insert_missing(session, AnnouncedLimit, {"key": key, "left": left, "until": reset_at}, ["key"])
    row = session.scalars(
        select(AnnouncedLimit).where(AnnouncedLimit.key == key).with_for_update()
    ).one()
    row.left = min(row.left, left) if row.until == reset_at else left
    row.until = reset_at
