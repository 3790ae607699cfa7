"""Lone letters by two readers."""

from dataclasses import replace

import pytest

from connector.extraction.ocr.acceptance import letters
from connector.extraction.ocr.recogniser import Glimpse
from tests.extraction.ocr.sightings import line, sighting


@pytest.mark.parametrize(("first", "second"), [("C", "Cc"), ("c", "C"), (".C", "C")])
def test_a_letter_seen_twice_counts_once(first: str, second: str) -> None:
    belief = letters.believe(sighting(first, second), letters.INSURER)
    assert (belief.text, belief.doubt) == ("C", None)


@pytest.mark.parametrize(("first", "second"), [("C", "E"), ("B", ""), ("8", "B"), ("H", "H")])
def test_a_letter_that_is_not_seen_alike_is_in_doubt(first: str, second: str) -> None:
    assert letters.believe(sighting(first, second), letters.INSURER).doubt


def test_y_and_x_are_both_a_yes() -> None:
    assert letters.believe(sighting("Y", "x"), letters.MARK).doubt is None


@pytest.mark.parametrize(("first", "second"), [("Y", "N"), ("N", "X")])
def test_a_yes_and_a_no_are_in_doubt(first: str, second: str) -> None:
    assert letters.believe(sighting(first, second), letters.MARK).doubt


def test_a_letter_crossed_by_a_rule_is_in_doubt() -> None:
    assert letters.believe(sighting("C", "C", through=True), letters.INSURER).doubt
    upright = replace(sighting("Y", "Y", through=True), beside=True)
    assert letters.believe(upright, letters.MARK).doubt


def test_a_level_rule_makes_no_mark_of_another() -> None:
    seen = sighting("N", "N", through=True, touching=True)
    assert letters.believe(seen, letters.MARK).doubt is None
    assert letters.believe(sighting("N", "N", sure=0.8, through=True), letters.MARK).doubt


def test_the_form_s_own_n_a_says_nothing() -> None:
    belief = letters.believe(sighting("N/A", "N"), letters.MARK)
    assert (belief.text, belief.doubt) == ("N/A", None)


def test_a_plain_letter_that_only_one_reader_sees_is_believed_when_it_is_sure() -> None:
    assert letters.believe(sighting("Y", "", sure=0.999), letters.MARK).doubt is None
    assert letters.believe(sighting("Y", "V", sure=0.999), letters.MARK).doubt


@pytest.mark.parametrize(("sure", "believed"), [(0.97, False), (0.995, True)])
def test_a_letter_that_ends_in_a_rule_may_be_another_with_the_rule(
    sure: float, believed: bool
) -> None:
    seen = replace(sighting("B", "B", sure=sure), touching=True)
    assert (letters.believe(seen, letters.INSURER).doubt is None) is believed


@pytest.mark.parametrize(
    ("letter", "beside", "believed"),
    [("A", False, True), ("C", False, True), ("D", False, False), ("A", True, False)],
)
def test_a_level_rule_makes_no_a_or_c_of_another_letter(
    letter: str, beside: bool, believed: bool
) -> None:
    seen = replace(sighting(letter, letter, sure=0.9, touching=True), beside=beside)
    assert (letters.believe(seen, letters.INSURER).doubt is None) is believed


def test_an_f_on_a_rule_may_be_an_e_however_sure_both_readers_are() -> None:
    seen = sighting("F", "F", sure=1.0)
    assert letters.believe(seen, letters.INSURER).doubt is None
    assert letters.believe(replace(seen, touching=True), letters.INSURER).doubt


@pytest.mark.parametrize(("printed", "believed"), [("N", True), ("N/A", False)])
def test_one_letter_read_of_ink_for_more_is_in_doubt(printed: str, believed: bool) -> None:
    seen = sighting("N", "N", printed=line(printed))
    assert (letters.believe(seen, letters.MARK).doubt is None) is believed


@pytest.mark.parametrize("seen", ["N/Á", "Nß", "N/A"])
def test_a_letter_beside_another_that_no_mark_has_is_no_mark(seen: str) -> None:
    assert letters.letter_in(Glimpse(seen, 0.5), letters.MARK) is None
    assert letters.letter_in(Glimpse("Ñ", 0.5), letters.MARK) == "N"


@pytest.mark.parametrize(
    ("first", "second", "stem", "believed"),
    [
        ("C", "e", 0.7, True),
        ("C", "e:", 0.7, True),
        ("C", "E", 0.8, True),
        ("C", "E", 1.0, False),
        ("C", "e", None, False),
        ("C", "A", 0.7, False),
        ("E", "C", 0.7, False),
        ("B", "E", 0.7, False),
    ],
)
def test_a_c_that_the_second_reader_takes_for_an_e_is_told_by_its_missing_stem(
    first: str, second: str, stem: float | None, believed: bool
) -> None:
    seen = replace(sighting(first, second), stem=stem)
    assert (letters.believe(seen, letters.INSURER).doubt is None) is believed
    assert letters.believe(replace(seen, touching=True), letters.INSURER).doubt
