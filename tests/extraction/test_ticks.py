"""A box is ticked, blank, or not sure: text, drawn shapes and ink by one rule."""

from __future__ import annotations

import pytest

from connector.extraction.page_objects import Mark
from connector.extraction.ticks import (
    BLANK_HEIGHT,
    BLANK_SHARE,
    STRAY,
    TICKED_HEIGHT,
    TICKED_SHARE,
    decided,
    is_tick_text,
    mark_in,
)

BOX = (36.0, 300.0, 50.4, 312.0)


@pytest.mark.parametrize("text", ["X", "x", "✓", "☒", "Y", "Yes", "XX", "[X]"])
def test_marks_as_text_tick_a_box(text: str) -> None:
    assert is_tick_text(text)


@pytest.mark.parametrize("text", ["", "N", "No", "OCCUR", "2", "$"])
def test_other_text_does_not(text: str) -> None:
    assert not is_tick_text(text)


def test_a_cross_of_two_strokes_ticks() -> None:
    strokes = [Mark((39, 302, 47, 310), is_stroked=True)] * 2
    assert mark_in(BOX, strokes) == (True, None)


def test_an_empty_box_is_blank() -> None:
    assert mark_in(BOX, []) == (False, None)


def test_the_cross_of_the_next_box_does_not_tick_this_one() -> None:
    assert mark_in(BOX, [Mark((53, 302, 61, 310), is_stroked=True)]) == (False, None)


def test_a_frame_around_many_boxes_is_no_tick() -> None:
    assert mark_in(BOX, [Mark((18, 252, 68, 360), is_stroked=True)]) == (False, None)


def test_a_speck_is_not_sure() -> None:
    ticked, why = mark_in(BOX, [Mark((42, 305, 44, 307), is_stroked=False)])
    assert ticked is None
    assert why


def test_a_large_stroke_that_crosses_the_box_is_not_sure() -> None:
    assert mark_in(BOX, [Mark((40, 304, 70, 330), is_stroked=True)]) == (None, STRAY)


@pytest.mark.parametrize(
    ("share", "height", "width", "expected"),
    [
        (0.30, 0.8, 0.8, True),
        (0.0, 0.0, 0.0, False),
        (0.09, 0.1, 0.1, False),
        ((BLANK_SHARE + TICKED_SHARE) / 2, 0.9, 0.9, None),
        (0.3, (BLANK_HEIGHT + TICKED_HEIGHT) / 2, 0.8, None),
    ],
)
def test_ink_decides_by_share_and_extent(
    share: float, height: float, width: float, expected: bool | None
) -> None:
    ticked, why = decided(share, height, width)
    assert ticked is expected
    assert (why is None) == (expected is not None)
