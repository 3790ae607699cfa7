"""The board's chart: how many vendors' first policy ends in each of the coming weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from connector.storage import board

WEEKS = 16
STEP, BAR, HEIGHT = 40, 30, 60
"""In units of the drawing: from bar to bar, a bar's width, the highest bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One week, from its Monday on, as it is drawn."""

    first: date
    count: int
    x: int
    y: float
    height: float

    @property
    def words(self) -> str:
        whose = "1 vendor" if self.count == 1 else f"{self.count} vendors"
        return f"Week of {self.first:%b} {self.first.day}: {whose}"


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars, and the width of the whole."""

    bars: tuple[Bar, ...]
    width: int = WEEKS * STEP
    bar: int = BAR
    height: int = HEIGHT

    @property
    def is_empty(self) -> bool:
        return not any(bar.count for bar in self.bars)


def chart(session: Session, account_id: str, project: str, today: date) -> Chart:
    """The weeks from this one on."""
    first = monday(today)
    last = first + timedelta(weeks=WEEKS, days=-1)
    return drawn(board.expirations(session, account_id, project, first, last), first)


def drawn(by_day: Mapping[date, int], first: date) -> Chart:
    """The chart of these days, `first` a Monday."""
    weeks = [first + timedelta(weeks=number) for number in range(WEEKS)]
    counts = [sum(by_day.get(week + timedelta(days=n), 0) for n in range(7)) for week in weeks]
    most = max(*counts, 1)
    bars = []
    for number, (week, count) in enumerate(zip(weeks, counts, strict=True)):
        height = max(HEIGHT * count / most, 3 if count else 1)
        bars.append(Bar(week, count, number * STEP, round(HEIGHT - height, 1), round(height, 1)))
    return Chart(tuple(bars))


def monday(on: date) -> date:
    """The first day of the week that `on` is in."""
    return on - timedelta(days=on.weekday())


def week_of(said: str | None) -> date | None:
    """The Monday of the week that an address names by one of its days; None for no day."""
    try:
        on = date.fromisoformat(said or "")
    except ValueError:
        return None
    return monday(on) if date(2000, 1, 1) <= on < date(3000, 1, 1) else None
