"""Characters at a rule of the form: compared with their like in the line, and the commas it takes."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from connector.extraction.ocr import fellows, glyphs, over_rules
from connector.extraction.ocr.acceptance import limits
from connector.extraction.ocr.erasing import erase
from connector.extraction.ocr.glyphs import Print, blots
from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.sheet import SCALE
from connector.extraction.ocr.sighting import Sighting
from connector.extraction.ocr.spacing import solid
from tests.extraction.ocr.sightings import sighting

STEP, FOOT = 20, 60


def drawn(text: str, ruled: int) -> tuple[NDArray[np.uint8], Print, tuple[float, ...]]:
    """A sheet with a text in even pitch and a rule through the character `ruled`, the print that is left
    when the rule is erased, and the characters' places."""
    sheet = np.full((100, 40 + STEP * len(text)), 255, np.uint8)
    for index, character in enumerate(text):
        where = (20 + STEP * index, FOOT)
        cv2.putText(
            sheet, character, where, cv2.FONT_HERSHEY_DUPLEX, 0.8, 0, 2, lineType=cv2.LINE_AA
        )
    at = 20 + STEP * ruled + 8
    sheet[:, at - 1 : at + 2] = 0
    x = at / SCALE
    erased = erase(sheet, [(x, 0.0, x, 100 / SCALE)])
    places = [20 + STEP * i + 8.0 for i, character in enumerate(text) if character != " "]
    return sheet, Print(_from_the_left(erased.ink)), tuple(places)


def _from_the_left(ink: NDArray[np.bool_]) -> glyphs.Blots:
    found = blots(ink)
    order = np.argsort(found.boxes[:, 0])
    return glyphs.Blots(found.boxes[order], found.areas[order])


def is_borne_out(printed: str, read: str, other: str, ruled: int) -> bool:
    before, line, places = drawn(printed, ruled)
    rule = over_rules.rule_through(before, line)
    assert rule is not None
    shown = fellows.Ruled(before, line, rule)
    return fellows.bears_out(shown, solid(read), places, [solid(read), solid(other)])


def test_a_zero_at_the_rule_is_told_by_the_other_zeros_of_its_line() -> None:
    assert is_borne_out("Agg 3000000", "Agg 3000000", "Agg 3000800", 8)


@pytest.mark.parametrize("digit", "2356789")
def test_another_digit_at_the_rule_is_no_zero(digit: str) -> None:
    printed = f"Agg 3000{digit}00"
    assert not is_borne_out(printed, "Agg 3000000", printed, 8)


def test_readings_that_differ_elsewhere_too_are_not_borne_out() -> None:
    assert not is_borne_out("Agg 3000000", "Agg 3000000", "Acc 3000800", 8)


def test_a_character_without_its_like_in_the_line_is_not_borne_out() -> None:
    assert not is_borne_out("Agg 3000700", "Agg 3000700", "Agg 3000200", 8)


def test_what_no_reading_disputes_needs_nothing_to_bear_it_out() -> None:
    assert not is_borne_out("Agg 3000000", "Agg 3000000", "Agg 3000000", 8)


@pytest.mark.parametrize(("printed", "shown"), [("0", True), ("9", False), ("2", False)])
def test_a_zero_that_every_reader_lost_in_the_rule_is_shown_by_its_ink(
    printed: str, shown: bool
) -> None:
    """ "3,00,000": the group that lacks a digit has it where the rule runs, if the ink is that of a 0."""
    before, line, places = drawn(f"Agg 3,0{printed}0,000", 7)
    rule = over_rules.rule_through(before, line)
    assert rule is not None
    seen = Glimpse("Agg 3,00,000", 0.9, 0.9, tuple(np.delete(places, 6)), (0.9,) * 11)
    whole = over_rules.with_zero(seen, sum(rule) / 2)
    assert whole is not None and whole.text == "Agg 3,000,000"
    ruled = fellows.Ruled(before, line, rule)
    only = whole.places.index(sum(rule) / 2)
    assert fellows.bears_out(ruled, solid(whole.text), whole.places, [], only) is shown


@pytest.mark.parametrize("text", ["Agg 3,000,000", "Agg 3,0,000", "Agg 3,00,00"])
def test_only_a_group_that_lacks_one_digit_at_the_rule_is_given_a_zero(text: str) -> None:
    plain = solid(text)
    places = tuple(float(20 * index) for index in range(len(plain)))
    seen = Glimpse(text, 0.9, 0.9, places, (0.9,) * len(plain))
    assert over_rules.with_zero(seen, 90.0) is None


def lost_comma(first: str, second: str, *, room: int = 8, ruled: str = "|") -> Sighting:
    """What is left of a line whose rule (`ruled` in the first text) took what stood there: `room` is the
    free paper on both sides of it."""
    text = first.replace(ruled, "")
    boxes, x = [], 100
    for character in first.replace(" ", ""):
        if character == ruled:
            at, x = x + room // 2, x + room
        else:
            low, wide = character == ",", 4 if character == "," else 12
            boxes.append((x, 66 if low else 50, x + wide, 74 if low else 70))
            x += wide + 2
    printed = Print(glyphs.Blots(np.array(boxes, dtype=np.int64), np.full(len(boxes), 100)))
    seen = sighting(text, second, printed=printed)
    return replace(seen, rule=(at - 1, at + 1))


@pytest.mark.parametrize(
    "second",
    ["$500,000 Ea $1 000,000", "$500,000 Ea $1,000,000", "$500,000 Ea $11000,000"],
)
def test_a_comma_that_the_rule_took_is_put_back_between_groups_of_three(second: str) -> None:
    belief = limits.believe(lost_comma("$500,000 Ea $1|000,000", second))
    assert (belief.text, belief.doubt) == ("$500,000 Ea $1,000,000", None)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("$500,000 Ea $10|00,000", "$500,000 Ea $1000,000"),
        ("$500,000 Ea $1|000,000", "$500,000 Ea $2000,000"),
        ("$500,000 Ea $1|000,000", "$500,000 Ea $1 900,000"),
        ("$500000 Ea $500|000", "$500000 Ea $500 000"),
    ],
)
def test_no_comma_is_put_where_groups_of_three_or_the_other_reader_do_not_ask_for_it(
    first: str, second: str
) -> None:
    belief = limits.believe(lost_comma(first, second))
    assert belief.doubt or "," not in belief.text


def test_no_comma_is_put_where_a_digit_had_room() -> None:
    text = "$500,000 Ea $1 000,000"
    assert limits.believe(lost_comma("$500,000 Ea $1|000,000", text, room=26)).doubt


@pytest.mark.parametrize("first", ["Agg $500| 000", "Agg $500|000", "Agg 1| 000 000"])
def test_an_amount_at_the_rule_without_commas_may_have_lost_them(first: str) -> None:
    text = first.replace("|", "")
    assert limits.believe(lost_comma(first, text)).doubt


def test_digits_grouped_by_spaces_away_from_a_rule_are_as_printed() -> None:
    belief = limits.believe(sighting("Ea Claim 2 000 000", "Ea Claim 2 000 000"))
    assert (belief.text, belief.doubt) == ("Ea Claim 2 000 000", None)
    assert limits.believe(sighting("Ea $500,000 Agg $500 000", "Ea $500,000 Agg $500 000")).doubt


def test_the_space_that_an_erased_rule_leaves_in_a_word_is_none() -> None:
    seen = lost_comma("Claim $500,000 Ag|g $500,000", "Claim $500,000 Ag g $500,000")
    belief = limits.believe(seen)
    assert (belief.text, belief.doubt) == ("Claim $500,000 Agg $500,000", None)


def test_a_space_at_the_rule_that_both_readers_see_stays() -> None:
    text = "Claim $500,000 Ag g $500,000"
    seen = lost_comma("Claim $500,000 Ag| g $500,000", text)
    assert " Ag g " in limits.believe(seen).text
