"""What tells that the print of a scan stands beside its boxes, and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from connector.certificate.entry import Source
from connector.extraction import editions
from connector.extraction.editions import CellKind
from connector.extraction.ocr.cells import Page
from connector.extraction.ocr.glyphs import Blots
from connector.extraction.ocr.misplaced import (
    ASTRIDE,
    is_misplaced,
    with_lines_astride,
    with_marks_astray,
)
from connector.extraction.ocr.sheet import SCALE
from connector.extraction.ocr.ticks import ON_SIDE
from connector.extraction.reading import CellReading, Line

EDITION = next(each for each in editions.all() if each.name == "2016/03")


def page(*words: tuple[float, float, int]) -> Page:
    """A page with words of so many letters, seven points high, at these places (points)."""
    boxes = [
        [x + 6 * n, top, x + 6 * n + 4, top + 7] for x, top, count in words for n in range(count)
    ]
    found = np.round(np.array(boxes, dtype=float).reshape(-1, 4) * SCALE).astype(np.int64)
    return cast("Page", SimpleNamespace(blots=Blots(found, np.full(len(found), 200))))


def test_what_an_agent_writes_into_the_spare_lines_of_the_limits_stands_in_no_wrong_box() -> None:
    written = page((431.0, 434.5, 9), (520.0, 482.5, 7))
    assert not is_misplaced(written, EDITION, {})


def test_values_right_of_the_table_stand_beside_their_boxes() -> None:
    assert is_misplaced(page((594.8, 350.0, 3), (594.8, 460.0, 3)), EDITION, {})


def test_the_end_of_a_line_of_limits_that_is_too_long_tells_nothing_of_other_values() -> None:
    ends = page((594.8, 536.0, 3), (594.8, 548.0, 3))
    box = EDITION.cells["other.limits"].box
    lines = [Line("$1,000,000 Ea Claim", (430.0, top, 592.0, top + 8)) for top in (535.5, 547.5)]
    read = CellReading(1, Source.OCR, tuple(lines), box)
    assert is_misplaced(ends, EDITION, {})
    assert not is_misplaced(ends, EDITION, {"other.limits": read})
    elsewhere = page((594.8, 350.0, 3), (594.8, 460.0, 3))
    assert is_misplaced(elsewhere, EDITION, {"other.limits": read})


def limits(names: Sequence[str], above: float) -> dict[str, CellReading]:
    """Amounts that stand so many points above the middle of their boxes."""
    found = {}
    for name in names:
        x0, top, x1, bottom = EDITION.cells[name].box
        middle = (top + bottom) / 2 - above
        line = Line("1,000,000", (x0 + 10, middle - 3, x1 - 4, middle + 3))
        found[name] = CellReading(1, Source.OCR, (line,), (x0, top, x1, bottom))
    return found


@pytest.mark.parametrize(("above", "first", "is_sure"), [
    (2.0, False, True),
    (3.6, False, False),
    (3.6, True, True),
    (5.2, True, False),
])  # fmt: skip
def test_print_that_stands_high_may_be_a_row_too_low_unless_the_first_limit_is_filled_in(
    above: float, first: bool, is_sure: bool
) -> None:
    lower = [f"general_liability.{name}" for name in ("medical_expense", "general_aggregate")]
    names = [*lower, "umbrella_liability.each_occurrence"]
    read = limits(names + ["general_liability.each_occurrence"] * first, above)
    assert is_misplaced(page(), EDITION, read) is not is_sure


@pytest.mark.parametrize(("above", "is_doubtful"), [(0.4, True), (4.0, False)])
def test_a_line_on_the_rule_between_two_boxes_leaves_both_in_doubt(
    above: float, is_doubtful: bool
) -> None:
    """Of two policy numbers in one box the upper one reaches into the box above, which it is read in."""
    auto, umbrella = (f"{line}_liability.policy_number" for line in ("auto", "umbrella"))
    x0, rule = EDITION.cells[umbrella].box[:2]
    printed = (x0 + 4, rule - above - 3, x0 + 44, rule - above + 3)
    lower = (x0 + 4, rule + 6, x0 + 44, rule + 12)
    read = {
        auto: CellReading(1, Source.OCR, (Line("N/54346294", printed),)),
        umbrella: CellReading(1, Source.OCR, (Line("461-BE-678768-88", lower),)),
    }
    found = with_lines_astride(page(), EDITION, read)
    assert (found[umbrella].doubt == ASTRIDE) is is_doubtful
    assert found[auto].doubt is None


@pytest.mark.parametrize(("above", "is_doubtful"), [(4.0, True), (8.0, False)])
def test_a_line_that_is_in_no_box_and_on_the_rule_of_one_leaves_that_in_doubt(
    above: float, is_doubtful: bool
) -> None:
    """The first of two policy numbers stands in the table's heading, cut by the rule below it."""
    number = "general_liability.policy_number"
    x0, rule = EDITION.cells[number].box[:2]
    lower = CellReading(1, Source.OCR, (Line("3529128", (x0 + 4, rule + 6, x0 + 44, rule + 12)),))
    found = with_lines_astride(page((x0 + 4, rule - above, 9)), EDITION, {number: lower})
    assert (found[number].doubt == ASTRIDE) is is_doubtful


TICK = "general_liability.claims_made"


def marks(*below: float) -> Page:
    """Lone marks of five points, so far below the middle of tick boxes of the table."""
    names = (TICK, "general_liability.aggregate_applies_per=location")
    boxes = [EDITION.cells[name].box for name in names[: len(below)]]
    found = [
        [
            (x0 + x1) / 2 - 2.5,
            (top + bottom) / 2 + down - 2.5,
            (x0 + x1) / 2 + 2.5,
            (top + bottom) / 2 + down + 2.5,
        ]
        for (x0, top, x1, bottom), down in zip(boxes, below, strict=True)
    ]
    pixels = np.round(np.array(found, dtype=float) * SCALE).astype(np.int64)
    return cast("Page", SimpleNamespace(blots=Blots(pixels, np.full(len(pixels), 200))))


@pytest.mark.parametrize(("below", "is_sure"), [(3.6, True), (0.0, False)])
def test_marks_that_moved_as_the_amounts_did_tell_nothing_more_and_else_of_another_row(
    below: float, is_sure: bool
) -> None:
    """Of print that is a whole row too low, amounts stand level in the next row; its marks do not."""
    rows = ("each_occurrence", "medical_expense", "general_aggregate")
    amounts = limits([f"general_liability.{row}" for row in rows], above=-below)
    assert is_misplaced(marks(8.0, 8.0), EDITION, {})
    assert is_misplaced(marks(8.0, 8.0), EDITION, amounts) is not is_sure


def test_an_empty_tick_box_beside_a_mark_that_is_in_no_box_is_in_doubt() -> None:
    empty = CellReading(1, Source.OCR, (), EDITION.cells[TICK].box, ticked=False)
    every = {
        name: replace(empty, ticked=name != TICK)
        for name, cell in EDITION.cells.items()
        if cell.kind is CellKind.TICK
    }
    found = with_marks_astray(marks(9.0), EDITION, every)
    assert (found[TICK].ticked, found[TICK].doubt) == (None, ON_SIDE)
    assert found["general_liability.occurrence"].doubt is None
    assert with_marks_astray(page(), EDITION, every) == every


@pytest.mark.parametrize("dated", [True, False])
def test_a_certificate_without_its_date_may_be_printed_a_row_too_high_or_low(dated: bool) -> None:
    rows = ("each_occurrence", "medical_expense", "general_aggregate")
    read = limits([f"general_liability.{row}" for row in rows], above=0.0)
    box = EDITION.cells["certificate_date"].box
    line = Line("06/22/2025", (box[0] + 20, box[1] + 10, box[2] - 20, box[3] - 6))
    read["certificate_date"] = CellReading(1, Source.OCR, (line,) if dated else (), box)
    assert is_misplaced(page(), EDITION, read) is not dated
    blank = CellReading(1, Source.OCR, (), box)
    assert not is_misplaced(page(), EDITION, {"certificate_date": blank})


def dated(level: float, above: float) -> dict[str, CellReading]:
    """Amounts of rows below the first one, so many points above the middle of their boxes, and a date so many
    below that of its own."""
    rows = ("medical_expense", "personal_and_advertising_injury", "general_aggregate")
    read = limits([f"general_liability.{row}" for row in rows], above)
    box = EDITION.cells["certificate_date"].box
    middle = (box[1] + box[3]) / 2 + level
    line = Line("06/22/2025", (box[0] + 20, middle - 3, box[2] - 20, middle + 3))
    read["certificate_date"] = CellReading(1, Source.OCR, (line,), box)
    return read


@pytest.mark.parametrize(
    ("above", "level", "beside"),
    [
        (0.0, 5.5, False),
        (3.4, 2.1, False),  # high, and the date as high
        (3.4, 9.0, True),  # the date is where it was
        (-4.6, 10.1, False),  # low, and the date as low
        (-4.6, 5.5, True),
        (-3.8, -3.0, True),  # a row too high: the date is far above the amounts
        (0.0, -6.0, False),  # a date that another program printed, beside amounts in their row
        (-2.6, 1.0, False),
    ],
)
def test_print_that_is_high_or_low_is_in_its_row_where_the_date_has_moved_as_far(
    above: float, level: float, beside: bool
) -> None:
    assert is_misplaced(page(), EDITION, dated(level, above)) is beside


def test_a_date_on_the_rule_beside_its_box_is_no_date() -> None:
    read = dated(5.5, 0.0)
    gone = replace(read["certificate_date"], lines=(), doubt=ASTRIDE)
    assert is_misplaced(page(), EDITION, read | {"certificate_date": gone})
    covered = replace(gone, doubt="A stamp lies over this box.")
    assert not is_misplaced(page(), EDITION, read | {"certificate_date": covered})
