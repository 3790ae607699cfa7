"""A vendor's coverage over the years: one row per line, its policies, and the gaps between them.

A policy covers from its effective date up to, but not on, its expiration date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from connector.storage.coverage_lines import CoverageLine
from connector.web.pages.words import LINE_WORDS, day

WIDTH, LABEL, ROW, BAR = 900, 150, 34, 18
"""In units of the drawing: the whole width, room for the names, a row's and a bar's height."""
LONGEST = timedelta(days=365 * 4)
"""Older years are left out: nobody would see a month any more."""
AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Span:
    """A policy or a gap as it is drawn."""

    x: float
    width: float
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One coverage line: what was in force when, and when nothing was."""

    name: str
    y: int
    policies: tuple[Span, ...]
    gaps: tuple[Span, ...]
    is_dated: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing. `months` are the axis: place and words; `today` is a place."""

    lanes: tuple[Lane, ...]
    months: tuple[tuple[float, str], ...]
    today: float
    height: int
    width: int = WIDTH
    bar: int = BAR

    @property
    def sentences(self) -> tuple[str, ...]:
        """The gaps in words, for whoever cannot see the drawing or prints it."""
        return tuple(f"{lane.name}: {gap.words}." for lane in self.lanes for gap in lane.gaps)


Period = tuple[date, date]


def timeline(lines: Sequence[CoverageLine], today: date) -> Timeline | None:
    """The drawing of everything on file; None when no line has both its dates."""
    by_line: dict[str, list[CoverageLine]] = {}
    for line in lines:
        by_line.setdefault(line.line, []).append(line)
    dated = [period for line in lines if (period := _period(line))]
    if not dated:
        return None
    scale = _Scale.over(dated, today)
    lanes = tuple(
        _lane(by_line[name], number, scale, today)
        for number, name in enumerate(name for name in LINE_WORDS if name in by_line)
    )
    return Timeline(lanes, scale.months(), scale.place(today), len(lanes) * ROW)


def gaps(periods: Iterable[Period], today: date) -> list[Period]:
    """The days without cover after the first policy's first and up to today, as from and until."""
    found: list[Period] = []
    covered_until: date | None = None
    for first, end in sorted(periods):
        if covered_until is not None and first > covered_until:
            found.append((covered_until, first))
        covered_until = max(end, covered_until or end)
    if covered_until is not None and covered_until <= today:
        found.append((covered_until, today + timedelta(days=1)))
    return found


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days as places from left to right."""

    first: date
    last: date

    @classmethod
    def over(cls, periods: Sequence[Period], today: date) -> _Scale:
        latest = max(today + AHEAD, *(end for _, end in periods))
        last = min(latest, today + LONGEST)
        first = max(min(today, *(begin for begin, _ in periods)), today - LONGEST)
        return cls(first.replace(day=1), last)

    def place(self, on: date) -> float:
        share = (on - self.first) / (self.last - self.first)
        return round(LABEL + min(max(share, 0.0), 1.0) * (WIDTH - LABEL), 1)

    def months(self) -> tuple[tuple[float, str], ...]:
        """Januaries and Julies; every quarter where there is room."""
        every = 3 if (self.last - self.first).days < 800 else 6
        found, on = [], self.first
        while on <= self.last:
            if (on.month - 1) % every == 0:
                found.append((self.place(on), f"{on:%b %Y}"))
            on = (on + timedelta(days=32)).replace(day=1)
        return tuple(each for each in found if each[0] < WIDTH - 50)

    def span(self, period: Period, words: str) -> Span:
        begin, end = self.place(period[0]), self.place(period[1])
        return Span(begin, round(max(end - begin, 2), 1), words)


def _lane(lines: list[CoverageLine], number: int, scale: _Scale, today: date) -> Lane:
    policies = dict.fromkeys(
        (period, line.policy_number) for line in lines if (period := _period(line))
    )
    open_days = gaps([period for period, _ in policies], today)
    return Lane(
        name=LINE_WORDS[lines[0].line],
        y=number * ROW,
        policies=tuple(scale.span(period, _policy(period, no)) for period, no in policies),
        gaps=tuple(scale.span(period, _gap(period, today)) for period in open_days),
        is_dated=bool(policies),
    )


def _period(line: CoverageLine) -> Period | None:
    begin, end = line.effective_date, line.expiration_date
    return (begin, end) if begin and end and begin < end else None


def _policy(period: Period, number: str | None) -> str:
    return f"{number or 'Policy'}, {day(period[0])} to {day(period[1])}"


def _gap(period: Period, today: date) -> str:
    begin, end = period
    if end > today:
        return f"nothing on file is in force since {day(begin)}"
    return f"no cover on file from {day(begin)} to {day(end)}"
