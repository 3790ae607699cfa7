"""Strokes of a pen through print."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from connector.extraction.ocr.glyphs import Blots, Print
from connector.extraction.ocr.paper import INK_LEVEL, Gray
from connector.extraction.ocr.strokes import is_heavy, is_struck

TOP, HEIGHT, WIDTH, GAP = 40, 24, 12, 8
LEFT, RIGHT = 60, 60 + 10 * (WIDTH + GAP)


def sheet(*strokes: tuple[int, int, int, int], pale: bool = False) -> Gray:
    """Ten digits, hollow as a 0 is, with strokes through them."""
    gray = np.full((120, 400), 255, np.uint8)
    for x0, top, x1, bottom in strokes:
        cv2.line(gray, (x0, top), (x1, bottom), 170 if pale else 20, 4)
    for x in range(LEFT, RIGHT, WIDTH + GAP):
        cv2.rectangle(gray, (x, TOP), (x + WIDTH, TOP + HEIGHT), 20, 2)
    return gray


def line(gray: Gray) -> Print:
    ink = (gray < INK_LEVEL).astype(np.uint8)
    found = cv2.connectedComponentsWithStats(ink, connectivity=8)[2][1:]
    boxes = found[:, :4].astype(np.int64)
    boxes[:, 2:] += boxes[:, :2]
    order = np.argsort(boxes[:, 0])
    return Print(Blots(boxes[order], found[order, 4].astype(np.int64)))


@pytest.mark.parametrize(
    ("stroke", "struck"),
    [
        ((LEFT, TOP + 12, RIGHT, TOP + 12), True),
        ((RIGHT - 70, TOP + 12, RIGHT, TOP + 13), True),
        ((LEFT, TOP + HEIGHT, RIGHT, TOP), True),
        ((LEFT, TOP + HEIGHT + 8, RIGHT, TOP + HEIGHT + 8), False),
        ((LEFT, TOP + HEIGHT, RIGHT, TOP + HEIGHT), False),
        ((LEFT + 20, TOP + 12, LEFT + 40, TOP + 12), False),
    ],
    ids=["through", "through its end", "rising", "below", "at its foot", "between two digits"],
)
def test_what_a_stroke_runs_through_is_struck_and_what_is_underlined_is_not(
    stroke: tuple[int, int, int, int], struck: bool
) -> None:
    for pale in (False, True):
        gray = sheet(stroke, pale=pale)
        assert is_struck(line(gray), gray, is_words=False) is struck


def test_on_heavy_print_only_what_is_darker_than_joined_characters_is_a_stroke() -> None:
    through = (LEFT, TOP + 12, RIGHT, TOP + 12)
    for pale in (False, True):
        gray = sheet(through, pale=pale)
        assert is_struck(line(gray), gray, is_words=False, dark=True) is not pale
    assert is_heavy([True] * 4 + [False] * 4)
    assert not is_heavy([True] * 3 + [False] * 4)
    assert not is_heavy([True] * 5)


def test_digits_alone_and_letters_that_touch_are_not_struck() -> None:
    assert not is_struck(line(sheet()), sheet(), is_words=False)
    joined = sheet((LEFT, TOP + 12, LEFT + 3 * HEIGHT, TOP + 12))
    assert is_struck(line(joined), joined, is_words=False)
    assert not is_struck(line(joined), joined, is_words=True)
