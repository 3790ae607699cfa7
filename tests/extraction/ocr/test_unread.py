"""Ink that the readers overlooked, and ink that speaks against what they saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from connector.extraction.ocr import small_marks, unread
from connector.extraction.ocr.acceptance import accents, names, policy_numbers, prose
from connector.extraction.ocr.glyphs import Blots, Print
from tests.extraction.ocr.sightings import HEIGHT, line, sighting

TOP, FOOT = 50, 50 + HEIGHT


def with_marks(printed: Print, *boxes: Sequence[int]) -> Print:
    """A line with more ink on it."""
    every = np.vstack([printed.blots.boxes, np.array(boxes, dtype=np.int64)])
    return Print(Blots(every[np.argsort(every[:, 0])], np.full(len(every), 100)))


def places(printed: Print) -> list[float]:
    return [float(middle) for middle in printed.columns.mean(axis=1)]


def test_a_line_whose_ink_is_all_read_has_nothing_overlooked() -> None:
    printed = line("WX44-81")
    assert unread.overlooked(printed, "WX44-81", places(printed)) is False


def test_a_line_of_ink_in_which_a_reader_sees_nothing_is_overlooked() -> None:
    assert unread.overlooked(line("Roof"), "", ())


def test_a_slash_between_words_that_nobody_read_is_overlooked() -> None:
    printed = line("Claim      $500")
    middle = (int(printed.columns[4, 1]) + int(printed.columns[5, 0])) // 2
    marked = with_marks(printed, (middle - 3, TOP, middle + 3, FOOT))
    assert unread.overlooked(marked, "Claim$500", places(printed)) is True


def test_a_dash_that_nobody_read_is_overlooked() -> None:
    printed = line("WX44 81")
    left = int(printed.columns[3, 1])
    marked = with_marks(printed, (left + 3, TOP + 10, left + 10, TOP + 13))
    assert unread.overlooked(marked, "WX4481", places(printed)) is True


@pytest.mark.parametrize(("width", "dirt"), [(3, True), (7, False)])
def test_a_speck_that_was_read_as_a_dash_is_dirt(width: int, dirt: bool) -> None:
    printed = line("the certificate")
    left = int(printed.columns[2, 1]) + 3
    marked = with_marks(printed, (left, TOP + 9, left + width, TOP + 12))
    spots = [*places(printed)[:3], left + width / 2, *places(printed)[3:]]
    assert unread.overlooked(marked, "the-certificate", spots) is dirt


@pytest.mark.parametrize(("letter", "accent"), [("a", True), ("i", False)])
def test_a_mark_over_a_small_letter_is_an_accent_nobody_read(letter: str, accent: bool) -> None:
    low = Print(Blots(np.array([(100, 50, 112, 70), (115, 57, 127, 70)]), np.full(2, 100)))
    marked = with_marks(low, (119, 50, 123, 54))
    assert unread.overlooked(marked, f"T{letter}", [106.0, 121.0]) is accent


def test_a_mark_over_a_letter_of_an_english_word_is_dirt() -> None:
    low = Print(Blots(np.array([(100, 50, 112, 70), (115, 57, 127, 70)]), np.full(2, 100)))
    marked = with_marks(low, (119, 50, 123, 54))
    assert unread.overlooked(marked, "Ta", [106.0, 121.0], plain={1}) is False
    assert accents.never_on("Union General tomas river") == {*range(5, 12), *range(17, 22)}


@pytest.mark.parametrize(
    ("mark", "overlooked"),
    [
        ((0, 6, 2, 15), False),  # a slice of the side of a g
        ((0, 1, 2, HEIGHT), True),  # as high as an l or a slash
        ((0, HEIGHT - 4, 2, HEIGHT + 4), True),  # a comma
        ((0, 6, 9, 12), True),  # no slice
        ((12, 6, 14, 15), True),  # apart from the rule
    ],
)
def test_what_a_rule_left_of_a_letter_s_side_is_no_mark_that_nobody_read(
    mark: tuple[int, int, int, int], overlooked: bool
) -> None:
    printed = line("CLAIM          AGG $500")
    at = int(printed.columns[4, 1]) + 60
    left, top, right, bottom = mark
    marked = with_marks(printed, (at + left, TOP + top, at + right, TOP + bottom))
    rule = at + 4, at + 6
    found = unread.overlooked(marked, "CLAIMAGG$500", places(printed), rule=rule)
    assert found is overlooked
    assert unread.overlooked(marked, "CLAIMAGG$500", places(printed)) is True


def test_the_worn_lower_point_of_a_colon_is_no_dash_that_nobody_read() -> None:
    printed = line("RE JOB 22")
    left = int(printed.columns[1, 1]) + 3
    points = (left, TOP + 6, left + 5, TOP + 9), (left, TOP + 11, left + 5, TOP + 14)
    marked = with_marks(printed, *points)
    spots = places(printed)
    assert unread.overlooked(marked, "RE:JOB22", [*spots[:2], left + 2.5, *spots[2:]]) is False
    assert unread.overlooked(marked, "REJOB22", spots) is True


def test_the_point_of_an_i_is_no_accent_of_the_letter_that_was_seen_there() -> None:
    stroke, point = (117, 57, 121, 70), (117, 50, 121, 54)
    narrow = Print(Blots(np.array([(100, 50, 112, 70), stroke, point]), np.full(3, 100)))
    assert unread.overlooked(narrow, "Tn", [106.0, 119.0]) is False


@pytest.mark.parametrize(("grey", "mark"), [(255, False), (190, True)])
def test_a_dash_too_pale_for_ink_is_seen_in_the_free_paper(grey: int, mark: bool) -> None:
    printed = line("WX44 81")
    sheet = np.full((120, 400), 255, dtype=np.uint8)
    left = int(printed.columns[3, 1])
    sheet[TOP + 9 : TOP + 12, left + 4 : left + 10] = grey
    assert unread.has_faint_mark(printed, sheet) is mark


def test_a_colon_is_two_points_of_one_size_above_one_another() -> None:
    letter = (100, 50, 112, 70)
    colon = Print(
        Blots(np.array([letter, (116, 56, 119, 59), (116, 67, 119, 70)]), np.array([200, 9, 9]))
    )
    dirt = Print(
        Blots(np.array([letter, (116, 56, 118, 58), (116, 67, 119, 70)]), np.array([200, 4, 9]))
    )
    aside = Print(
        Blots(np.array([letter, (116, 67, 119, 70), (120, 56, 123, 59)]), np.array([200, 9, 9]))
    )
    assert small_marks.is_colon(colon, 117.5) is True
    assert small_marks.is_colon(dirt, 117.5) is False
    assert small_marks.is_colon(aside, 118.0) is False


def test_the_point_of_a_semicolon_is_nearly_as_large_as_its_comma() -> None:
    letter, comma = (100, 50, 112, 70), (115, 66, 120, 75)
    for side, whole in ((4, True), (2, False)):
        point = (115, 56, 115 + side, 56 + side)
        areas = np.array([200, side * side, 35])
        printed = Print(Blots(np.array([letter, point, comma]), areas))
        assert small_marks.is_semicolon(printed, 117.5) is whole
        seen = sighting("7;", "7;", printed=printed)
        assert ("dirt" in (prose.believe(seen).doubt or "")) is not whole


@pytest.mark.parametrize(("size", "believed"), [((3, 4), False), ((3, 7), True), ((5, 4), False)])
def test_an_apostrophe_is_higher_than_a_speck(size: tuple[int, int], believed: bool) -> None:
    printed = line("Lines Mutual")
    right = int(printed.columns[4, 1])
    mark = [right + 2, 50, right + 2 + size[0], 50 + size[1]]
    boxes = np.array(sorted([*printed.blots.boxes.tolist(), mark]))
    marked = Print(Blots(boxes, np.full(len(boxes), 100)))
    found = names.believe(sighting("Lines' Mutual", "Lines' Mutual", printed=marked))
    assert (found.doubt is None) is believed


def test_a_speck_between_two_words_is_no_dash() -> None:
    """Typewriter print: the speck lies in the space, and the readers see one word with a dash."""
    printed = line("and umbrella")
    seen = places(printed)
    gap = int(printed.columns[2, 1])
    for width, overlooked in ((2, True), (8, False)):
        speck = (gap + 3, 60, gap + 3 + width, 62)
        marked = [*seen[:3], gap + 3 + width / 2, *seen[3:]]
        assert unread.overlooked(with_marks(printed, speck), "and-umbrella", marked) is overlooked


def test_a_colon_with_dirt_for_a_point_puts_words_in_doubt() -> None:
    letters = [(100, 50, 112, 70), (115, 50, 127, 70), (138, 50, 150, 70)]
    colon = [(130, 56, 133, 59), (130, 67, 133, 70)]
    boxes = np.array(sorted(letters + colon))
    areas = np.where(boxes[:, 2] - boxes[:, 0] > 4, 200, 9)
    assert prose.believe(sighting("No:5", "No:5", printed=Print(Blots(boxes, areas)))).doubt is None
    areas[boxes[:, 3] == 59] = 4
    assert "dirt" in (
        prose.believe(sighting("No:5", "No:5", printed=Print(Blots(boxes, areas)))).doubt or ""
    )


@pytest.mark.parametrize(("wide", "mark"), [(2, False), (9, True)])
def test_a_dash_as_dark_as_print_that_was_whitened_as_dirt_is_seen(wide: int, mark: bool) -> None:
    printed = line("WX44 81")
    sheet = np.full((120, 400), 255, dtype=np.uint8)
    left = int(printed.columns[3, 1]) + 3
    sheet[TOP + 9 : TOP + 11, left : left + wide] = 60
    assert unread.has_faint_mark(printed, sheet) is mark


def test_an_i_has_a_point_and_an_l_has_none() -> None:
    point, stroke, tall = (100, 50, 104, 54), (100, 57, 104, 70), (120, 50, 124, 70)
    letter = (140, 57, 152, 70)
    printed = Print(Blots(np.array([point, stroke, tall, letter]), np.full(4, 100)))
    assert small_marks.is_dotted(printed, 102.0) is True
    assert small_marks.is_dotted(printed, 122.0) is False
    assert small_marks.is_dotted(printed, 146.0) is None


def test_an_i_without_the_point_that_the_others_have_puts_a_name_in_doubt() -> None:
    stems = [(100, 50, 104, 70), (110, 57, 114, 70), (110, 50, 114, 54), (120, 57, 124, 70), (120, 50, 124, 54)]  # fmt: skip
    printed = Print(Blots(np.array(stems), np.full(5, 100)))
    assert names.believe(sighting("iii", "iii", printed=printed)).doubt
    assert prose.believe(sighting("iii", "iii", printed=printed)).doubt
    dotted = with_marks(Print(Blots(np.array(stems[1:]), np.full(4, 100))), (100, 57, 104, 70), (100, 50, 104, 54))  # fmt: skip
    assert names.believe(sighting("iii", "iii", printed=dotted)).doubt is None


def test_overlooked_ink_puts_names_and_numbers_in_doubt() -> None:
    assert names.believe(sighting("Acme Inc", "Acme Inc", unread=True)).doubt
    assert policy_numbers.believe(sighting("WX-4481", "WX-4481", unread=True)).doubt


@pytest.mark.parametrize(("grey", "mark"), [(255, False), (200, True), (60, False)])
def test_a_point_too_pale_for_ink_is_seen_at_the_foot_of_the_free_paper(
    grey: int, mark: bool
) -> None:
    printed = line("UZ 39")
    sheet = np.full((120, 400), 255, dtype=np.uint8)
    left = int(printed.columns[1, 1])
    sheet[FOOT - 4 : FOOT, left + 5 : left + 8] = grey
    assert unread.has_faint_mark(printed, sheet) is mark


@pytest.mark.parametrize(("read", "lost"), [("MILWork", True), ("MILhork", False)])
def test_a_blot_as_high_as_a_capital_where_only_small_letters_were_read_is_overlooked(
    read: str, lost: bool
) -> None:
    """Its left side is an l whose foot touches the w."""
    printed = line("MILWork", widths=(12, 12, 12, 24))
    boxes = printed.blots.boxes.copy()
    boxes[4:, 1] += 6  # small letters
    printed = Print(Blots(boxes, printed.blots.areas))
    text = read[:3] + read[3].lower() + read[4:]
    assert unread.overlooked(printed, text, places(printed)) is lost


def test_the_upper_piece_of_a_broken_letter_and_a_speck_are_no_accents() -> None:
    printed = line("Rooo")
    left, right = (int(side) for side in printed.columns[2])
    seen = places(printed)
    boxes = printed.blots.boxes.copy()
    boxes[1:, 1] += 6  # small letters
    small = Print(Blots(boxes, printed.blots.areas))
    assert unread.overlooked(with_marks(small, (left + 4, TOP, left + 8, TOP + 4)), "Rooo", seen)
    speck = with_marks(small, (left + 4, TOP + 2, left + 6, TOP + 4))
    assert not unread.overlooked(speck, "Rooo", seen)
    boxes = small.blots.boxes.copy()
    boxes[2, 1] = FOOT - 9
    broken = Print(Blots(boxes, printed.blots.areas))
    piece = with_marks(broken, (left + 1, TOP + 6, right - 1, TOP + 10))
    assert not unread.overlooked(piece, "Rooo", seen)


def test_the_flag_of_an_r_is_no_dash() -> None:
    printed = line("PR CLAIM")
    left = int(printed.columns[1, 1])
    flag = with_marks(printed, (left + 2, TOP + 6, left + 9, TOP + 9))
    dash = with_marks(printed, (left + 2, TOP + 10, left + 9, TOP + 13))
    assert not unread.overlooked(flag, "PRCLAIM", places(printed))
    assert unread.overlooked(dash, "PRCLAIM", places(printed))


@pytest.mark.parametrize(("room", "dirt"), [(4, True), (14, False)])
def test_a_point_that_two_characters_leave_no_room_is_dirt(room: int, dirt: bool) -> None:
    printed = line("547 1EELS", space=room)
    left = int(printed.columns[2, 1])
    marked = with_marks(printed, (left - 1, FOOT - 4, left + 3, FOOT))
    spots = [*places(printed)[:3], left + 1.0, *places(printed)[3:]]
    assert small_marks.has_cramped_point(marked, "547.1EELS", spots) is dirt
    seen = sighting("547.1EELS", "547.1EELS", printed=marked)
    dirty = replace(seen, dirty=True, places=tuple(spots))
    assert (policy_numbers.believe(dirty).doubt is not None) is dirt
