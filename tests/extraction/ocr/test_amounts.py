"""Limits by two readers."""

from dataclasses import replace

import numpy as np
import pytest

from connector.extraction.ocr.acceptance import amounts, limits
from connector.extraction.ocr.glyphs import Blots, Print
from tests.extraction.ocr.sightings import line, sighting


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1,000,000", "1,000,000"),
        ("1 000 000", "1 000 000"),
        ("1.000.000", "1,000,000"),
        ("$1,000,000.00", "S1,000,000.00"),
        ("1,000,000", "1000,000!"),
        ("1,000,000.00", "1,000,000,00"),
    ],
)
def test_a_million_however_it_is_grouped(first: str, second: str) -> None:
    belief = amounts.believe(sighting(first, second))
    assert (belief.text, belief.doubt) == ("1,000,000", None)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2,000,000", "2,009,000"),
        ("1,000", "1,000,000"),
        ("$1,00,000.00", "$1,00,000.00"),
        ("1 000 0001", "1 000 0001"),
        ("300,00", "300,00"),
        ("1,000,00", "1,000,00"),
        ("1,000,00", "1,000.00"),
        ("1,000,123", "1,000,123"),
    ],
)
def test_an_amount_that_may_be_another_is_in_doubt(first: str, second: str) -> None:
    assert amounts.believe(sighting(first, second)).doubt


def test_an_amount_that_runs_over_its_box_is_in_doubt() -> None:
    assert amounts.believe(sighting("1,000,000", "1,000,000", spills=True)).doubt


def test_words_that_both_readers_see_are_believed() -> None:
    assert amounts.believe(sighting("INCLUDED", "lNCLUDED")).doubt
    belief = amounts.believe(sighting("INCLUDED", "Included"))
    assert (belief.text, belief.doubt) == ("INCLUDED", None)


def test_one_reader_alone_is_believed_on_usual_sums_only() -> None:
    assert amounts.believe(sighting("1,000,000", None)).doubt is None
    assert amounts.believe(sighting("1,350,000", None)).doubt
    assert amounts.believe(sighting("1,000,000", None, sure=0.9)).doubt


@pytest.mark.parametrize("dotted", [True, False])
def test_a_small_i_at_the_start_has_its_point_or_may_be_a_capital(dotted: bool) -> None:
    boxes = line("included").blots.boxes.copy()
    boxes[0] = (100, 56 if dotted else 50, 104, 70)
    point = [(100, 50, 104, 53)] if dotted else []
    every = np.array([*point, *boxes.tolist()])
    printed = Print(Blots(every, np.full(len(every), 100)))
    seen = amounts.believe(sighting("included", "included", printed=printed))
    assert (seen.doubt is None) is dotted


def test_words_with_a_small_letter_among_capitals_are_in_doubt() -> None:
    assert amounts.believe(sighting("$10,000.00 SiR", "$10,000.00 SIR")).doubt
    assert amounts.believe(sighting("50,000 sIR", "50,000 SIR")).doubt
    assert amounts.believe(sighting("INCLUDEd", "INCLUDEd")).doubt
    assert amounts.believe(sighting("4 UUU UUU", "4 UUU UUU")).doubt
    for text in ("INCLUDED", "1,000,000 PER OCCURRENCE", "10,000 DEDUCTIBLE"):
        assert amounts.believe(sighting(text, text)).doubt is None
    assert amounts.believe(sighting("$10,000.00 SIR", "$10,000.00 SIR")).doubt is None


def test_a_round_letter_alone_where_an_amount_stands_is_nothing() -> None:
    for second in ("0", "O"):
        seen = amounts.believe(sighting("O", second))
        assert (seen.text, seen.doubt) == ("0", None)
    assert amounts.believe(sighting("O", "8")).doubt


@pytest.mark.parametrize(
    ("first", "second", "believed"),
    [
        ("1,000-000", "1.000.000", True),
        ("1,000000", "1,000.000", True),
        ("2000.000", "2 000,000", True),
        ("2000.000", "2.000.00", False),
        ("200.0.00", "200.0.00", False),
        ("2900.000", "2.900.000", False),
        ("2000.000", "2009.000", False),
    ],
)
def test_the_digits_of_a_usual_limit_stand_where_a_rule_has_taken_its_commas(
    first: str, second: str, believed: bool
) -> None:
    assert (amounts.believe(sighting(first, second, touching=True)).doubt is None) is believed
    assert amounts.believe(sighting(first, first)).doubt


def test_an_unusual_amount_is_believed_only_where_it_is_read_plainly() -> None:
    assert not amounts.believe(sighting("190,000", "190,000")).doubt
    assert amounts.believe(sighting("190,000", "190,000", sure=0.5)).doubt
    assert amounts.believe(sighting("190,000", "190,000", touching=True)).doubt
    assert not amounts.believe(sighting("100,000", "100,000", touching=True)).doubt


@pytest.mark.parametrize(
    ("first", "second", "believed"),
    [
        ("$2,000.,000.00", "$2,000,000.00", True),
        ("$ 1,00.0,000", "$ 1,000,000", True),
        ("2,00000.00", "2,000,000.00", False),
        ("1,00.0,000", "1,000.000", True),
        ("1,00.0,00", "1,000,000", False),
        ("1,70.0,000", "1,700,000", False),
    ],
)
def test_a_speck_that_one_reader_sees_among_the_digits_of_a_usual_limit_is_none(
    first: str, second: str, believed: bool
) -> None:
    assert (amounts.believe(sighting(first, second)).doubt is None) is believed


def test_an_accent_of_dirt_on_a_well_known_word_is_none() -> None:
    belief = amounts.believe(sighting("EXCLUDÉD", "EXCLUDED"))
    assert (belief.text, belief.doubt) == ("EXCLUDED", None)


@pytest.mark.parametrize(
    ("printed", "believed"),
    [("54,000,000", False), ("81,000,000", False), ("510,000", False), ("5,000,000", True), ("5,500,000", True)],
)  # fmt: skip
def test_a_first_digit_that_may_be_a_dollar_sign_is_in_doubt(printed: str, believed: bool) -> None:
    assert (amounts.believe(sighting(printed, printed)).doubt is None) is believed


def test_a_point_behind_a_whole_word_may_be_dirt_where_the_page_is_dirty() -> None:
    seen = sighting("INCLUDED.", "INCLUDED.")
    assert amounts.believe(replace(seen, dirty=True)).doubt
    assert amounts.believe(seen).doubt is None


def test_a_point_that_ends_a_line_of_limits_may_be_dirt_where_the_page_is_dirty() -> None:
    text = "Each Claim $1,000,000 Agg $2,000,000."
    seen = sighting(text, text)
    assert limits.believe(replace(seen, dirty=True)).doubt
    assert limits.believe(seen).doubt is None
    glued = "Each Claim $3,000,000.Agg $6,000,000"
    assert limits.believe(sighting(glued, glued)).doubt


def test_a_point_that_stands_apart_behind_words_is_dirt() -> None:
    assert amounts.believe(sighting("Excluded .", "Excluded .")).text == "Excluded"
    assert amounts.believe(sighting("Incl.", "Incl.")).text == "Incl."


def test_a_digit_before_the_words_of_a_line_of_limits_is_a_doubt() -> None:
    text = "7 Each Claim 500,000"
    assert limits.believe(sighting(text, text)).doubt
    assert limits.believe(sighting(text[2:], text[2:])).doubt is None


def test_a_space_behind_a_dollar_sign_that_one_reader_sees_before_words_is_none() -> None:
    seen, printed = ("$ 1,000,000 SIR", "$1,000,000 SIR"), line("$1,000,000 SIR")
    belief = amounts.believe(sighting(*seen, printed=printed))
    assert (belief.text, belief.doubt) == ("$1,000,000 SIR", None)
    assert amounts.believe(sighting(*seen)).doubt  # the paper has room for it


def test_a_lone_0_that_both_readers_see_is_nothing_however_sure_they_are() -> None:
    assert amounts.believe(sighting("0", "0", sure=0.6)).doubt is None
    assert amounts.believe(sighting("0", "0", sure=0.6, touching=True)).doubt
    assert amounts.believe(sighting("0", "0", sure=0.6, printed=line("10"))).doubt


@pytest.mark.parametrize(("room", "text"), [(3, "INCL."), (22, "INCL")])
def test_a_point_far_behind_words_is_what_is_left_of_a_rule(room: int, text: str) -> None:
    boxes = line("INCL").blots.boxes
    left = int(boxes[-1, 2]) + room
    every = np.vstack([boxes, [(left, 66, left + 4, 70)]])
    seen = sighting("INCL.", "INCL .", printed=Print(Blots(every, np.full(5, 100))))
    belief = amounts.believe(seen)
    assert (belief.text, belief.doubt) == (text, None)
    for poor in (replace(seen, dusty=True), replace(seen, dirty=True)):
        assert amounts.believe(poor).doubt or text == "INCL"


def test_limits_that_run_over_the_side_of_their_box_are_in_doubt() -> None:
    assert limits.believe(sighting("Agg $1,000", "Agg $1,000", spills=True)).doubt


def test_two_words_of_a_limit_without_a_space_between_them_are_in_doubt() -> None:
    for text, sure in (
        ("Ea Claim .$3,000,000", False),
        ("PerClaim 1,000,000", False),
        ("CompOp Agg 1,000,000", True),
    ):
        assert (limits.believe(sighting(text, text)).doubt is None) is sure
