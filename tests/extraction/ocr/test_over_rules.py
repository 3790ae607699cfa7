"""Print that stands on a rule of the form: what the views with and without the rule prove."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from connector.extraction.ocr import looking, over_rules
from connector.extraction.ocr.acceptance import dates, limits, names
from connector.extraction.ocr.cells import Page
from connector.extraction.ocr.erasing import erase
from connector.extraction.ocr.glyphs import Blots, Print, blots, lines
from connector.extraction.ocr.over_rules import Crossing, View
from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.sheet import SCALE
from tests.extraction.ocr.sightings import line, sighting


def seen(first: str, second: str) -> View:
    return Glimpse(first, 0.99, 0.99), Glimpse(second, 0.95, 0.95)


def read(erased: View, *more: View, crossed: str = "0") -> tuple[str, bool]:
    """The text to go by, and whether it is believed as limits."""
    first, second = over_rules.settled(erased, Crossing(crossed), lambda: iter(more))
    belief = limits.believe(sighting(first.text, second.text if second else None))
    return belief.text, belief.doubt is None


def test_a_digit_that_both_views_show_is_believed() -> None:
    text = "Each Claim $2,000,000"
    assert read(seen(text, text), seen(text, "Each Claim $2,000,00p")) == (text, True)


def test_a_digit_that_only_one_view_shows_is_in_doubt_though_both_readers_agree() -> None:
    five, six = "Each Claim $5,000,000", "Each Claim $6,000,000"
    assert read(seen(five, five), seen(six, six), seen(six, six), crossed="5")[1] is False
    assert read(seen(five, five), seen(five, six), seen(six, five), crossed="5")[1] is False


def test_a_letter_that_erasing_broke_is_read_from_the_views_with_the_rule() -> None:
    whole = seen("Each Claim $2,000,000", "Each Claim $2,000,000")
    broken = seen("Each Claim $2,000,00)", "Each Claim $2,000,00:)")
    assert read(broken, whole, whole, crossed=")") == ("Each Claim $2,000,000", True)


def test_one_view_alone_proves_nothing() -> None:
    whole = seen("Each Claim $2,000,000", "Each Claim $2,000,000")
    broken = seen("Each Claim $2,000,00)", "Each Claim $2,000,00:)")
    assert read(broken, whole, broken, crossed=")")[1] is False


@pytest.mark.parametrize(
    ("without", "ruled", "believed"),
    [
        ("Each Claim Agg $1,000,000", "Each Claim Agg| $1,000,000", True),
        ("Each Claim Agg $1,000,000", "Each Claim Aggl $1,000,000", True),
        ("Each Claim $1,000,000", "Each Claim $11,000,000", False),
    ],
)
def test_a_bar_is_the_rule_unless_it_may_be_a_digit(
    without: str, ruled: str, believed: bool
) -> None:
    assert read(seen(without, without), seen(ruled, ruled), seen(ruled, ruled))[1] is believed


def test_a_letter_that_both_readers_see_needs_no_other_view() -> None:
    def never() -> Iterator[View]:
        raise AssertionError

    text = seen("Each Claim", "Each Claim")
    assert over_rules.settled(text, Crossing("C"), never) == text


def test_a_space_that_the_rule_makes_in_an_amount_is_none() -> None:
    text = "Each Claim $2,0 00,000"
    assert read(seen(text, text), seen(text, text))[0] == "Each Claim $2,000,000"


RULE = 40.0
"""Points from the left."""


def crossed_sheet(left: int) -> tuple[np.ndarray, Print]:
    """A sheet with an upright rule and six blocks of print, the first at `left` pixels."""
    sheet = np.full((300, 400), 255, np.uint8)
    at = round(RULE * SCALE)
    for index in range(6):
        x = left + 16 * index
        sheet[100:124, x : x + 12] = 0
    line = lines(blots(sheet < 128))[0]
    sheet[50:250, at : at + 3] = 0
    return sheet, line


def test_a_rule_between_two_letters_crosses_nothing() -> None:
    at = round(RULE * SCALE)
    sheet, line = crossed_sheet(at - 16 * 3 + 7)
    assert over_rules.crossed_at(erase(sheet, [(RULE, 12.0, RULE, 60.0)]), line) is not None
    apart, line = crossed_sheet(at + 20)
    assert over_rules.crossed_at(erase(apart, [(RULE, 12.0, RULE, 60.0)]), line) is None


def test_the_rule_comes_back_within_the_height_of_the_print_only() -> None:
    at = round(RULE * SCALE)
    sheet, line = crossed_sheet(at - 16 * 3 + 7)
    erased = erase(sheet, [(RULE, 12.0, RULE, 60.0)])
    full, grey = over_rules.with_rule(erased, sheet, line)
    assert full[110, at + 1] == 0
    assert 100 < grey[110, at + 1] < 160
    assert full[90, at + 1] == full[135, at + 1] == 255


@pytest.mark.parametrize(("below", "stands"), [(2, True), (10, False)])
def test_a_rule_that_letters_stand_on_is_told_from_one_that_lies_lower(
    below: int, stands: bool
) -> None:
    sheet = np.full((300, 400), 255, np.uint8)
    for index in range(6):
        sheet[100:124, 100 + 16 * index : 112 + 16 * index] = 0
    sheet[124:136, 116:120] = 0  # a tail
    line = lines(blots(sheet < 128))[0]
    at = 122 + below
    sheet[at : at + 3, 20:380] = 0
    rule = (6.0, (at + 1) / SCALE, 90.0, (at + 1) / SCALE)
    assert over_rules.stands_on_rule(erase(sheet, [rule]), line) is stands


def test_what_stands_on_a_rule_may_have_lost_a_point() -> None:
    assert names.believe(replace(sighting("Acme Co", "Acme Co"), grounded=True)).doubt


def test_a_reading_whose_amount_is_not_grouped_contradicts_nothing() -> None:
    text, odd = "Each Claim $500,000", "Each Claim $500,0010"
    assert read(seen(text, text), seen(text, odd), seen(odd, odd)) == (text, True)
    other = "Each Claim $600,000"
    assert read(seen(text, text), seen(text, other))[1] is False


def test_a_letter_on_the_rule_is_that_of_the_one_word_that_limits_have() -> None:
    erased = seen("Each Claim Agg$500,000", "Each Claim Age $500,000")
    ruled = seen("Each Claim Agg$500,000", "Each Claim Agd $500,000")

    def limits_of(*views: View) -> tuple[str, str]:
        plain = lambda text: limits.unknown_short_word(text) is None  # noqa: E731
        first, second = over_rules.settled(erased, Crossing("g"), lambda: iter(views), plain)
        assert second is not None
        return first.text, second.text

    assert limits_of(ruled) == ("Each Claim Agg$500,000", "Each Claim Agg $500,000")
    odd = seen("Each Claim Agg$600,000", "Each Claim Agd $600,000")
    assert limits_of(odd) == ("Each Claim Agg$500,000", "Each Claim Agg$600,000")


@pytest.mark.parametrize(
    ("text", "believed"),
    [("Claim $500,000 Agg $ 900,000", "Claim $500,000 Agg $900,000"), ("Agg $ 900,000", None)],
)
def test_the_room_of_an_erased_rule_behind_a_dollar_sign_is_no_space(
    text: str, believed: str | None
) -> None:
    shown = sighting(text, text)
    at = sum(shown.places[-8:-6]) / 2
    belief = limits.believe(replace(shown, crossed=at))
    assert (belief.text if belief.doubt is None else None) == believed


def settled(first: str, second: str, place: int, *, has_room: bool = True) -> bool:
    """Whether a text whose character at `place` a rule runs through is believed of readers that differ."""
    at = Crossing(first.replace(" ", "")[place], place, has_room)
    one, two = over_rules.settled(seen(first, second), at, lambda: iter(()))
    return two is not None and one.text == two.text == first


def test_a_zero_at_the_end_of_a_usual_limit_can_be_no_other_digit() -> None:
    text = "Each Claim $3,000,000 Agg"
    assert settled(text, "Each Claim $3,000,090 Agg", 17)
    assert settled(text, "Each Claim $3,000,0100 Agg", 17)
    assert not settled(text, "Each Claim $3,000,090 Acc", 17)
    assert not settled(text, "Each Claim $9,000,090 Agg", 17)
    assert not settled(text, "Each Claim $3,900,000 Agg", 13)
    assert not settled("Each Claim $3,170,000", "Each Claim $3,170,090", 17)


@pytest.mark.parametrize(
    ("erased", "ruled", "text"),
    [
        (("5,000", "4,000"), ("5,000", "5,000"), "5,000"),
        (("05/31/26", "0A/31/28"), ("05/31/26", "05/31/26"), "05/31/26"),
        (("1,000.0)0", "100"), ("1,000,000", "1,000,000"), "1,000,000"),
    ],
)
def test_a_number_on_a_rule_is_what_both_readers_see_with_the_rule(
    erased: tuple[str, str], ruled: tuple[str, str], text: str
) -> None:
    first, second = over_rules.with_feet(seen(*erased), seen(*ruled))
    assert second is not None
    assert first.text == second.text == text


@pytest.mark.parametrize(
    ("erased", "ruled"),
    [
        (("6,000", "B,000"), ("5,000", "5,000")),
        (("5,000", "4,000"), ("5,000", "9,000")),
        (("5,000", "4,000"), ("_,000", "_,000")),
    ],
)
def test_a_number_on_a_rule_that_is_seen_otherwise_without_it_is_in_doubt(
    erased: tuple[str, str], ruled: tuple[str, str]
) -> None:
    assert over_rules.with_feet(seen(*erased), seen(*ruled)) == seen(*erased)


def test_a_1_that_one_reader_makes_of_the_rule_is_none_where_it_has_no_room() -> None:
    text, more = "Claim / $2,000,000 Aggregate", "Claim / $12,000,000 Aggregate"
    assert settled(text, more, 6, has_room=False)
    assert not settled(text, more, 6, has_room=True)
    assert not settled(text, more, 12, has_room=False)
    assert not settled(text, "Claim / $32,000,000 Aggregate", 6, has_room=False)


def test_a_0_that_a_rule_has_parted_is_no_bar_though_nothing_is_free_there() -> None:
    """Erased, one reader sees nothing of it and the other a bar; both see it with the rule."""
    erased = seen("Claim / $50,000 Aggregate", "Claim / $510,000 Aggregate")
    ruled = seen("Claim / $500,000 Aggregate", "Claim / $500,000 Aggregate")
    at = Crossing("5", 7, has_room=False)
    found = over_rules.settled(erased, at, lambda: iter([ruled, ruled]))
    assert found[1] is not None
    assert found[0].text != found[1].text


def test_of_readings_that_differ_the_one_with_other_digits_is_shown_beside_the_first() -> None:
    """An amount is sure where readers differ in words only: no such reading may hide another amount."""
    erased = seen("Claim / $50,000 Aggregate", "Claim / $50,000 Aggregatel")
    ruled = seen("Claim / $500,000 Aggregate", "Claim / $500,000 Aggregate")
    first, second = over_rules.settled(erased, Crossing("5", 7), lambda: iter([ruled]))
    assert (first.text, second and second.text) == (erased[0].text, ruled[0].text)


def test_a_1_has_room_where_paper_is_free_at_the_rule() -> None:
    close, free = line("$2,000,000"), line("$ 2,000,000")
    for printed, has_room in ((close, False), (free, True)):
        glimpse = Glimpse("$2,000,000", 0.99, 0.99)
        places = [float(middle) for middle in printed.columns.mean(axis=1)]
        rule = float(printed.columns[0, 1] + printed.columns[1, 0]) / 2
        at = over_rules.stands_at(rule, glimpse, places, printed)
        assert at.has_room is has_room


@pytest.mark.parametrize("without", ["$:3,000,000", "$23,000,000", "$9,000,000"])
def test_an_8_that_is_a_3_and_the_rule_is_in_doubt(without: str) -> None:
    """Both readers see an 8 in both views with the rule; without it another digit, or one more."""
    eight = seen("Claim / $8,000,000", "Claim / $8,000,000")
    assert read(seen(f"Claim / {without}", f"Claim / {without}"), eight, eight)[1] is False


def test_a_bar_for_a_1_hides_no_other_digit_that_differs() -> None:
    text, other = "Ded 15,000 Agg 8,000,000", "Ded I5,000 Agg 3,000,000"
    assert read(seen(other, other), seen(text, text), seen(text, text))[1] is False


@pytest.mark.parametrize("has_room", [False, True])
def test_a_1_that_is_seen_with_the_rule_only_is_the_rule_where_it_has_no_room(
    has_room: bool,
) -> None:
    text, more = "Claim / $3,000,000 Aggregate", "Claim / $13,000,000 Aggregate"
    views = seen(more, "Claim / 43,000,000 Aggregate"), seen(text, text)
    first, second = over_rules.settled(
        seen(text, text), Crossing("$", 6, has_room), lambda: iter(views)
    )
    assert second is not None
    assert (first.text == second.text == text) is not has_room


@pytest.mark.parametrize(
    ("name", "believed"),
    [
        ("Granite Casualty Company", True),
        ("North Star Insurance Co of America", False),
        ("Harbor Surplus Lines Ins. Co.", True),
        ("J B Granite Company", False),
    ],
)
def test_a_name_on_a_rule_that_reads_the_same_with_it_has_lost_nothing_but_maybe_a_point(
    name: str, believed: bool
) -> None:
    seen = replace(sighting(name, name), grounded=True)
    assert names.believe(seen).doubt
    whole = replace(seen, whole_with_rule=True)
    assert (names.believe(whole).doubt is None) is believed


def test_a_rule_runs_through_a_line_where_it_goes_on_above_and_below() -> None:
    page = np.full((120, 400), 255, np.uint8)
    for x in range(60, 340, 20):
        page[50:70, x : x + 8] = 0
    print_of = lines(blots(page < 128))[0]
    assert over_rules.rule_through(page, print_of) is None
    page[:, 191:194] = 0
    assert over_rules.rule_through(page, print_of) == (191, 193)
    page[:, 251:254] = 0
    assert over_rules.rule_through(page, print_of) is None


def test_a_number_seen_alike_without_its_rule_that_is_another_with_it_is_in_doubt() -> None:
    """A 9 whose foot went with the rule is a 2 to both readers."""
    erased = seen("42288", "42288")
    first, second = over_rules.unless_denied(erased, seen("42988", "4Z988"))
    assert second is not None
    assert {first.text, second.text} == {"42288", "42988"}
    for ruled in (seen("42288", "42288"), seen("4_988", "")):
        assert over_rules.unless_denied(erased, ruled) == erased


@pytest.mark.parametrize(
    ("with_the_rule", "is_believed"),
    [("|6/1/2025", False), ("61/2025", False), ("15/1/2025", True), ("5/1/2025", True)],
)
def test_a_first_digit_that_a_rule_may_have_cut_is_asked_with_the_rule(
    with_the_rule: str, is_believed: bool
) -> None:
    """A 6 that lost its left side with the column's rule is a 5 to both readers."""
    cut = seen("5/1/2025", "5/1/2025")
    assert over_rules.may_have_lost_its_side(cut)
    first, second = over_rules.unless_closed(cut, seen(with_the_rule, with_the_rule))
    assert second is not None
    belief = dates.single(sighting(first.text, second.text))
    assert (belief.text, belief.doubt is None) == ("5/1/2025", is_believed)


@pytest.mark.parametrize("digit", "0124679")
def test_other_first_digits_are_not_read_again(digit: str) -> None:
    assert not over_rules.may_have_lost_its_side(seen(f"{digit}/1/2025", f"{digit}/1/2025"))


@pytest.mark.parametrize(("gap", "meets"), [(0, True), (14, False)])
def test_a_number_begins_on_a_rule_where_its_first_digit_touches_one(gap: int, meets: bool) -> None:
    gray = np.full((120, 400), 255, dtype=np.uint8)
    gray[0:120, 100:103] = 0
    gray[40:70, 103 + gap : 118 + gap] = 0
    gray[40:70, 140:155] = 0
    erased = erase(gray, [(101 / SCALE, 0.0, 101 / SCALE, 120 / SCALE)], [], [])
    found = next(each for each in lines(blots(erased.ink)) if each.box[0] > 80)
    assert over_rules.begins_on_rule(erased, found) is meets


@pytest.mark.parametrize("at_rule", [True, False])
def test_what_erasing_a_rule_left_of_a_digit_is_no_dust(at_rule: bool) -> None:
    """A 3 on the column's rule is left as two points, which are no points of the line."""
    printed = line("$3,000,000 Ea Claim")
    right = printed.box[2]
    beside = np.zeros((200, 600), dtype=np.bool_)
    beside[55:65, right - 8 if at_rule else right - 100] = True
    speck = Blots(np.array([[right + 3, 66, right + 7, 70]]), np.array([16]))
    page = SimpleNamespace(dirt=speck, erased=SimpleNamespace(beside=beside), dirty=None)
    glimpse = Glimpse("$3,000,000 Ea Claim.", 0.99)
    found = looking.is_dusty(cast("Page", page), printed, glimpse, [], is_words=True)
    assert found is not at_rule
