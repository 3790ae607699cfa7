"""Ink on a sheet: even paper, rules that are erased, ticks, lines of print."""

import numpy as np
import pytest
from numpy.typing import NDArray

from connector.extraction.ocr import glyphs, specks, ticks
from connector.extraction.ocr.cells import is_dirt
from connector.extraction.ocr.erasing import erase
from connector.extraction.ocr.paper import even, ink_level
from connector.extraction.ocr.sheet import SCALE

Gray = NDArray[np.uint8]


def sheet(height: int = 300, width: int = 600) -> Gray:
    return np.full((height, width), 255, np.uint8)


def pixels(points: float) -> int:
    return round(points * SCALE)


def test_a_shadow_over_the_page_is_divided_out() -> None:
    page = np.tile(np.linspace(90, 240, 800), (1000, 1)).astype(np.uint8)
    page[500:520:2, 100:700] //= 3
    flat = even(page)
    assert flat[100:400].min() > 225
    assert flat[500:520:2, 100:700].max() < 150


def test_faint_print_is_stretched_to_ink() -> None:
    page = np.full((400, 400), 250, np.uint8)
    page[100:300:10, 50:350] = 170
    assert even(page)[100, 50:350].max() < 60


def test_grey_strokes_count_as_ink_where_nothing_is_black() -> None:
    page = sheet()
    page[100:200, 100:200] = 170
    assert ink_level([page]) > 170
    page[100:200, 100:200] = 20
    assert ink_level([page]) < 170


def test_a_rule_goes_and_print_above_it_stays() -> None:
    page = sheet()
    rule_at = pixels(30)
    page[rule_at : rule_at + 3, 50:550] = 0
    page[rule_at - 40 : rule_at - 10, 200:204] = 0
    erased = erase(page, [(12.0, 30.0, 132.0, 30.0)])
    assert not erased.ink[rule_at : rule_at + 3].any()
    assert erased.ink[rule_at - 40 : rule_at - 10, 200:204].all()


def test_a_stroke_through_a_rule_keeps_its_ink_and_is_told() -> None:
    page = sheet()
    rule_at = pixels(30)
    page[rule_at : rule_at + 3, 50:550] = 0
    page[rule_at - 15 : rule_at + 18, 300:305] = 0
    erased = erase(page, [(12.0, 30.0, 132.0, 30.0)])
    assert erased.ink[rule_at - 15 : rule_at + 18, 300:305].all()
    assert erased.through[rule_at, 300:305].all()
    assert not erased.through[:, 320:].any()


def test_a_column_s_rule_beside_a_digit_leaves_no_stroke_behind() -> None:
    page = sheet()
    rule_at = pixels(60)
    page[20:280, rule_at : rule_at + 3] = 0
    page[100:128, rule_at - 4 : rule_at] = 0
    erased = erase(page, [(60.0, 5.0, 60.0, 67.0)])
    assert not erased.ink[:, rule_at : rule_at + 3].any()
    assert erased.ink[100:128, rule_at - 4 : rule_at - 1].all()


def test_a_tall_stroke_along_a_rule_is_not_taken_for_a_part_of_it() -> None:
    page = sheet()
    rule_at = pixels(60)
    page[20:280, rule_at : rule_at + 3] = 0
    page[72:112, rule_at - 6 : rule_at] = 0
    erased = erase(page, [(60.0, 5.0, 60.0, 67.0)])
    assert erased.ink[72:112, rule_at - 6 : rule_at - 2].all()


def test_touching_digits_are_no_rule() -> None:
    page = sheet()
    page[100:128, 100:300] = 0
    erased = erase(page, [(24.0, 20.0, 72.0, 20.0)])
    assert erased.ink[100:128, 100:300].all()


BOX = (20.0, 20.0, 34.0, 32.0)


def drawn(mark: str) -> NDArray[np.bool_]:
    ink = np.zeros((200, 200), np.bool_)
    left, top, _, bottom = (pixels(side) for side in BOX)
    if mark == "cross":
        for step in range(30):
            ink[top + 10 + step, left + 12 + step : left + 15 + step] = True
            ink[top + 10 + step, left + 42 - step : left + 45 - step] = True
    elif mark == "speck":
        ink[top + 20 : top + 23, left + 20 : left + 23] = True
    elif mark == "pen stroke":
        for step in range(180):
            ink[10 + step, 60 + step // 2 : 64 + step // 2] = True
    elif mark == "cross by hand":
        for step in range(-8, 46):
            ink[top + 6 + step, left + 8 + step : left + 12 + step] = True
            ink[top + 6 + step, left + 46 - step : left + 50 - step] = True
    elif mark == "letter of a stamp":
        ink[top - 40 : bottom, left + 28 : left + 38] = True
        ink[bottom - 10 : bottom, left + 28 : left + 100] = True
    elif mark == "rest of a rule":
        ink[top + 8 : bottom - 8, left + 25 : left + 27] = True
    return ink


@pytest.mark.parametrize(
    ("mark", "ticked"), [("cross", True), ("", False), ("speck", False), ("rest of a rule", None)]
)
def test_a_tick_is_told_from_dirt_and_from_rules(mark: str, ticked: bool | None) -> None:
    found, doubt = ticks.judge(drawn(mark), BOX)
    assert found is ticked
    assert (doubt is None) is (ticked is not None)


@pytest.mark.parametrize(
    ("mark", "crossed"),
    [("pen stroke", True), ("letter of a stamp", True), ("cross by hand", False)],
)
def test_a_stroke_through_a_box_is_no_mark(mark: str, crossed: bool) -> None:
    assert ticks.crossed(drawn(mark), [BOX]) == [crossed]


@pytest.mark.parametrize(
    ("mark", "down", "marked"),
    [("cross", 0, True), ("cross", 22, True), ("cross", 60, False), ("speck", 22, False), ("", 0, False)],
)  # fmt: skip
def test_a_mark_that_stands_on_the_side_of_a_box_is_seen(
    mark: str, down: int, marked: bool
) -> None:
    """Print that stands low: only the top of the mark lies well inside its box."""
    ink = np.roll(drawn(mark), down, axis=0)
    assert ticks.on_sides(ink, [BOX]) == [marked]


def test_marks_by_hand_that_touch_from_box_to_box_are_no_stroke() -> None:
    below = (BOX[0], BOX[3], BOX[2], 2 * BOX[3] - BOX[1])
    both = drawn("cross by hand")
    both |= np.roll(both, round((BOX[3] - BOX[1]) * SCALE), axis=0)
    assert ticks.crossed(both, [BOX, below]) == [False, False]
    assert ticks.crossed(both | drawn("pen stroke"), [BOX, below]) == [True, True]


def test_a_stroke_that_erased_rules_have_cut_is_still_one() -> None:
    whole, rule = drawn("pen stroke"), np.zeros((200, 200), np.bool_)
    for side in (BOX[1], BOX[3]):
        rule[pixels(side) - 2 : pixels(side) + 3] = True
    cut = whole & ~rule
    assert ticks.crossed(cut, [BOX]) == [False]
    assert ticks.crossed(ticks.across_rules(cut, whole | rule), [BOX]) == [True]


def test_blots_become_lines_from_the_top_with_their_points() -> None:
    boxes = [(100, 100, 112, 125), (115, 100, 127, 125), (129, 121, 132, 124), (100, 150, 112, 175)]
    found = glyphs.lines(glyphs.Blots(np.array(boxes), np.full(4, 100)))
    assert [len(line.blots) for line in found] == [3, 1]


def test_dirt_alone_is_no_line() -> None:
    boxes = np.array([(100, 100, 103, 103), (200, 180, 204, 183)])
    assert glyphs.lines(glyphs.Blots(boxes, np.array([9, 12]))) == []


def test_a_broken_digit_is_not_cut_where_its_thin_strokes_are_grey() -> None:
    ink = np.zeros((20, 32), np.bool_)
    for left, right in ((0, 4), (8, 12), (20, 32)):
        ink[:, left:right] = True
    gray = np.where(ink, 0, 255).astype(np.uint8)
    gray[:2, 4:8] = 200
    cut = glyphs.cut_apart(gray, ink, [9.0, 24.0])
    assert cut is not None
    assert cut.tolist() == [[0, 12], [20, 32]]


def test_touching_digits_are_cut_in_the_valley() -> None:
    ink = np.ones((20, 25), np.bool_)
    ink[:, 12] = False
    ink[5, 12] = True
    cut = glyphs.cut_apart(np.where(ink, 0, 255).astype(np.uint8), ink, [6.0, 18.0])
    assert cut is not None
    assert cut.tolist() == [[0, 12], [12, 25]]


def test_the_pieces_of_broken_digits_are_put_together_by_where_they_were_read() -> None:
    pieces = np.array([(0, 14), (17, 23), (26, 32), (34, 40), (43, 49)])
    joined = glyphs.joined(pieces, [8.0, 22.0, 42.0], 23.0)
    assert joined is not None
    assert joined.tolist() == [[0, 14], [17, 32], [34, 49]]


def test_pieces_that_stand_apart_are_no_letter() -> None:
    pieces = np.array([(0, 14), (40, 54)])
    assert glyphs.joined(pieces, [27.0], 23.0) is None


def typed(pitch: int) -> glyphs.Print:
    """Six letters of 12 pixels, 20 high, in a fixed pitch."""
    boxes = np.array([(100 + n * pitch, 50, 112 + n * pitch, 70) for n in range(6)])
    return glyphs.Print(glyphs.Blots(boxes, np.full(6, 100)))


@pytest.mark.parametrize(
    ("pitch", "room", "doubtful"),
    [(14, 3, False), (14, 16, True), (19, 16, False), (19, 30, True)],
    ids=["close", "far", "typewriter", "too far for a typewriter"],
)
def test_a_point_stands_close_behind_a_letter(pitch: int, room: int, doubtful: bool) -> None:
    line = typed(pitch)
    left = line.box[2] + room
    assert specks.is_doubtful_point(line, np.array([left, 66, left + 4, 70])) is doubtful


@pytest.mark.parametrize(("grey", "comma"), [(255, False), (225, False), (150, True)])
def test_a_point_with_grey_below_the_foot_of_its_line_may_be_a_comma(
    grey: int, comma: bool
) -> None:
    page = sheet()
    for x in (100, 120, 160):
        page[100:121, x : x + 12] = 0
    page[117:121, 140:144] = 0
    page[121:126, 139:143] = grey
    line = glyphs.lines(glyphs.blots(page < 128))[0]
    assert specks.has_tail(line, page, 142.0) is comma
    assert specks.lacks_tail(line, page, 142.0) is not comma
    assert specks.has_tail(line, page, 105.0) is False


@pytest.mark.parametrize(("top", "speck"), [(119, True), (114, False)])
def test_a_comma_no_higher_than_a_point_may_be_a_speck(top: int, speck: bool) -> None:
    page = sheet()
    for x in (100, 120, 160):
        page[100:121, x : x + 12] = 0
    page[top:123, 140:144] = 0
    line = glyphs.lines(glyphs.blots(page < 128))[0]
    assert specks.lacks_tail(line, page, 142.0) is speck


def test_the_comma_beside_a_point_is_not_the_point_s_tail() -> None:
    page = sheet()
    for x in (100, 120, 160):
        page[100:121, x : x + 12] = 0
    page[117:121, 136:140] = 0
    page[117:126, 143:146] = 0
    line = glyphs.lines(glyphs.blots(page < 128))[0]
    assert specks.has_tail(line, page, 138.0) is False
    assert specks.has_tail(line, page, 144.0) is True


def test_a_second_point_like_the_first_is_no_dirt() -> None:
    line = typed(14)
    right = line.box[2]
    first, second = (right + 3, 66, right + 7, 70), (right + 10, 66, right + 14, 70)
    boxes = np.vstack([line.blots.boxes, [first]])
    pointed = glyphs.Print(glyphs.Blots(boxes, np.full(len(boxes), 16)))
    assert specks.is_doubtful_point(pointed, np.array(second)) is False
    assert specks.is_doubtful_point(line, np.array(second)) is True


def test_a_speck_above_a_narrow_stroke_is_the_point_of_an_i() -> None:
    stroke, wide = (100, 60, 104, 75), (140, 60, 155, 75)
    boxes = np.array([stroke, (101, 55, 103, 57), wide, (146, 55, 148, 57), (120, 55, 122, 57)])
    every = glyphs.Blots(boxes, np.array([60, 4, 200, 4, 4]))
    assert specks.over_strokes(every, (200, 300)).tolist() == [False, True, False, False, False]


@pytest.mark.parametrize("kind", ["dash", "colon", "comma"])
def test_a_dash_a_colon_and_a_comma_are_no_doubtful_points(kind: str) -> None:
    line = typed(14)
    right = line.box[2]
    above = (right + 12, 56, right + 16, 60)
    speck = {
        "dash": (right + 12, 62, right + 20, 65),
        "colon": (right + 12, 66, right + 16, 70),
        "comma": (right + 9, 66, right + 12, 73),
    }[kind]
    extra = [above] if kind == "colon" else []
    boxes = np.vstack([line.blots.boxes, *([extra] if extra else [])])
    marked = glyphs.Print(glyphs.Blots(boxes, np.full(len(boxes), 16)))
    assert specks.is_doubtful_point(marked, np.array(speck)) is False


@pytest.mark.parametrize(
    ("room", "area", "point"),
    [(3, 4, True), (14, 16, True), (14, 4, False), (30, 16, False)],
    ids=["close", "large", "small", "far"],
)
def test_dirt_that_may_have_been_a_point_is_told(room: int, area: int, point: bool) -> None:
    line = typed(14)
    left = line.box[2] + room
    assert specks.may_be_a_point(line, np.array([left, 66, left + 4, 70]), area) is point


@pytest.mark.parametrize(("grey", "faint"), [(235, False), (120, True)])
def test_a_point_too_pale_for_ink_is_seen_behind_the_last_letter(grey: int, faint: bool) -> None:
    page = sheet()
    line = typed(14)
    page[67:70, line.box[2] + 4 : line.box[2] + 7] = grey
    assert specks.has_faint_end(line, page) is faint


def test_the_tail_of_a_letter_that_a_rule_cut_off_is_no_line() -> None:
    letters = [(100 + 16 * n, 100, 112 + 16 * n, 125) for n in range(8)]
    tail, below = (132, 119, 138, 134), (132, 140, 138, 160)
    for extra, count in ((tail, 1), (below, 2)):
        boxes = np.array([*letters, extra])
        assert len(glyphs.lines(glyphs.Blots(boxes, np.full(len(boxes), 90)))) == count


def test_what_counts_as_ink_is_told_by_the_values_and_not_by_the_form() -> None:
    page = sheet()
    page[20:60, 20:580] = 0  # the form's own print
    page[150:160, 100:200] = 170  # a value in thin grey type
    value = (15.0, 30.0, 60.0, 60.0)
    assert not erase(page, []).ink[150:160, 100:200].any()
    assert erase(page, [], [value]).ink[150:160, 100:200].all()
    label = (20.0, 34.0, 55.0, 40.0)
    assert not erase(page, [], [value, (0.0, 0.0, 150.0, 20.0)], [label]).ink[150, 100:200].any()


def test_a_word_of_touching_letters_is_no_dirt_beside_a_taller_line() -> None:
    first = [(175, 2174, 265, 2242), (293, 2196, 395, 2242)]
    word = [(175, 2256, 210, 2285), (210, 2257, 268, 2286)]
    speck = [(480, 2270, 486, 2286)]
    found = [
        glyphs.Print(glyphs.Blots(np.array(boxes), np.full(len(boxes), 300)))
        for boxes in (first, word, speck)
    ]
    assert [is_dirt(line, found) for line in found] == [False, False, True]


def twins(*, lower: int = 0, wider: int = 0, apart: int = 8, dirt: int = 0) -> bool:
    """Whether two points behind a letter are print: the second so much lower, wider or farther."""
    boxes = [(10, 50, 22, 70), (24, 66, 28, 70), (24 + apart, 66, 28 + apart + wider, 70 + lower)]
    areas = [200, 16, 4 * (4 + wider)]
    line = glyphs.Print(glyphs.Blots(np.array(boxes, dtype=np.int64), np.array(areas)))
    specks_of = np.array([(9, 9, 13, 13)] * dirt, dtype=np.int64).reshape(-1, 4)
    return specks.twin_points(line, 26.0, glyphs.Blots(specks_of, np.full(dirt, 16)))


def test_two_points_of_one_size_on_one_level_are_print_on_a_page_with_little_dirt() -> None:
    assert twins()
    assert twins(dirt=3)


def test_a_speck_behind_a_point_is_told_by_its_size_level_and_room_or_by_many_others() -> None:
    assert not twins(lower=3)
    assert not twins(wider=2)
    assert not twins(apart=16)
    assert not twins(dirt=40)
