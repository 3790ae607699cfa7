"""How many requests another system still takes, shared by all processes of one installation.

What the other system announces is kept per key ("procore:8089"). When a window is over, one request
goes ahead as a scout; all others of all processes wait for what is announced to it, so that a
backlog does not run into the wall together.
"""

from __future__ import annotations

from sqlalchemy import Double, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage.schema import Row, insert_missing

RESERVE = 2
"""Requests left unused in each window: others may be on their way when a count is announced."""


SCOUTING = -1
"""`left` while a request is on its way whose answer will tell."""

SCOUT_SECONDS = 5.0
"""How long the others wait for a scout; it may have been killed. A slow answer costs no more than this."""

LOOK_AGAIN = 0.05
"""Seconds after which somebody who waits for a scout looks whether it is back."""

SETTLE_SECONDS = 0.3
"""Before the end of a window in which nothing is sent: it would arrive, and be counted, in the next,
whose scout could not know of it."""

FREE = 1_000_000
"""`left` while nothing is announced: a system without limits is not held up."""

FREE_SECONDS = 1.0


class AnnouncedLimit(Row):
    """`left` requests may still be sent until the window ends at `until` (Unix seconds)."""

    __tablename__ = "request_budgets"

    key: Mapped[str] = mapped_column(primary_key=True)
    left: Mapped[int]
    until: Mapped[float] = mapped_column(Double)


def take(session: Session, key: str, now: float) -> float:
    """Uses up one request. Seconds to wait first, 0.0 when it may be sent now and was counted.

    Whoever finds the window over is the scout of the next one.
    """
    row = _locked(session, key)
    if row.until <= now:
        row.left, row.until = SCOUTING, now + SCOUT_SECONDS
        return 0.0
    if row.left == SCOUTING:
        return min(LOOK_AGAIN, row.until - now)
    ends_soon = row.until - now < SETTLE_SECONDS and row.left < FREE // 2
    if row.left <= 0 or ends_soon:
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
    row = _locked(session, key)
    row.left = min(row.left, left) if row.until == reset_at else left
    row.until = reset_at


def note_nothing(session: Session, key: str, now: float) -> None:
    """An answer that announced nothing, or none at all: the scout is back, nobody waits for it."""
    row = _locked(session, key)
    if row.left == SCOUTING:
        row.left, row.until = FREE, now + FREE_SECONDS


def _locked(session: Session, key: str) -> AnnouncedLimit:
    """The key's row, made when it is new: its window is over then."""
    insert_missing(session, AnnouncedLimit, {"key": key, "left": 0, "until": 0.0}, ["key"])
    found = select(AnnouncedLimit).where(AnnouncedLimit.key == key).with_for_update()
    return session.scalars(found).one()
