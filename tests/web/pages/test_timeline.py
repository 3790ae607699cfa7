"""The drawing of a vendor's years: gaps are days without any policy, and today counts."""

from __future__ import annotations

from datetime import date

import pytest

from connector.storage.coverage_lines import CoverageLine
from connector.web.pages.timeline import WIDTH, Period, gaps, timeline
from connector.web.pages.week_chart import WEEKS, drawn, monday, week_of

TODAY = date(2026, 11, 25)


def line(
    begin: date | None, end: date | None, name: str = "general_liability", number: str = "GL-1"
) -> CoverageLine:
    return CoverageLine(line=name, policy_number=number, effective_date=begin, expiration_date=end)


@pytest.mark.parametrize(
    ("periods", "found"),
    [
        ([(date(2025, 3, 1), date(2026, 3, 1)), (date(2026, 3, 1), date(2027, 3, 1))], []),
        ([(date(2025, 3, 1), date(2026, 3, 1)), (date(2026, 3, 4), date(2027, 3, 1))],
         [(date(2026, 3, 1), date(2026, 3, 4))]),
        ([(date(2025, 3, 1), date(2026, 3, 1)), (date(2025, 1, 1), date(2027, 1, 1))], []),
        ([(date(2025, 3, 1), date(2026, 3, 1))], [(date(2026, 3, 1), date(2026, 11, 26))]),
        ([(date(2025, 3, 1), TODAY)], [(TODAY, date(2026, 11, 26))]),
        ([(date(2027, 1, 1), date(2028, 1, 1))], []),
        ([], []),
    ],
)  # fmt: skip
def test_a_gap_is_every_day_between_the_first_policy_and_today_without_one(
    periods: list[Period], found: list[Period]
) -> None:
    assert gaps(periods, TODAY) == found


def test_a_line_with_doubtful_dates_has_a_lane_that_says_so() -> None:
    shown = timeline(
        [line(date(2026, 3, 1), date(2027, 3, 1)), line(None, None, "auto_liability")], TODAY
    )
    assert shown is not None
    assert [(lane.name, lane.is_dated) for lane in shown.lanes] == [
        ("General liability", True),
        ("Auto", False),
    ]
    assert shown.sentences == ()


def test_the_same_policy_on_two_certificates_is_drawn_once_and_nothing_leaves_the_drawing() -> None:
    shown = timeline(
        [line(date(1999, 3, 1), date(2040, 3, 1)), line(date(1999, 3, 1), date(2040, 3, 1))], TODAY
    )
    assert shown is not None
    (policy,) = shown.lanes[0].policies
    assert 0 <= policy.x <= policy.x + policy.width <= WIDTH
    assert 0 < shown.today < WIDTH


@pytest.mark.parametrize(
    "lines", [[], [line(None, None)], [line(date(2027, 1, 1), date(2026, 1, 1))]]
)
def test_without_both_dates_there_is_nothing_to_draw(lines: list[CoverageLine]) -> None:
    assert timeline(lines, TODAY) is None


def test_weeks_begin_on_monday_and_none_is_higher_than_the_chart() -> None:
    first = monday(TODAY)
    assert first == date(2026, 11, 23)
    chart = drawn({date(2026, 11, 23): 2, date(2026, 11, 29): 3, date(2026, 11, 30): 1}, first)
    assert [bar.count for bar in chart.bars[:3]] == [5, 1, 0]
    assert len(chart.bars) == WEEKS
    assert max(bar.height for bar in chart.bars) == chart.height
    assert chart.bars[1].words == "Week of Nov 30: 1 vendor"
    assert drawn({}, first).is_empty


@pytest.mark.parametrize("said", [None, "", "tomorrow", "0001-01-01x"])
def test_a_week_that_is_none_is_none(said: str | None) -> None:
    assert week_of(said) is None
