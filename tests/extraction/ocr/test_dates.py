"""Dates by two readers."""

import pytest

from connector.extraction.ocr.acceptance import dates
from tests.extraction.ocr.sightings import sighting


def test_a_date_that_both_readers_see_is_believed() -> None:
    belief = dates.single(sighting("03/01/2026", "03/01/2026"))
    assert (belief.text, belief.doubt) == ("03/01/2026", None)


def test_readers_that_see_different_dates_are_not_believed() -> None:
    belief = dates.single(sighting("03/01/2026", "03/01/2028"))
    assert belief.text == "03/01/2026"
    assert belief.doubt is not None
    assert "03/01/2028" in belief.doubt


def test_a_date_under_a_crossing_stroke_is_not_believed_alone() -> None:
    assert dates.single(sighting("03/01/2020", "03/01/2020", through=True)).doubt


def test_a_term_of_a_year_lifts_the_doubt_of_a_weak_second_reading() -> None:
    beliefs = dates.pair(
        sighting("03/01/2026", "03/01/2026"), sighting("03/01/2027", "O3/O1/2O27?")
    )
    assert [belief.doubt for belief in beliefs] == [None, None]


def test_a_term_of_a_year_does_not_lift_a_second_valid_date() -> None:
    beliefs = dates.pair(sighting("03/01/2026", "03/01/2026"), sighting("03/01/2027", "03/01/2021"))
    assert beliefs[1].doubt


def test_an_expiration_before_its_effective_date_puts_both_in_doubt() -> None:
    beliefs = dates.pair(sighting("03/01/2026", "03/01/2026"), sighting("03/01/2020", "03/01/2020"))
    assert all(belief.doubt for belief in beliefs)


@pytest.mark.parametrize(("sure", "believed"), [(0.99, True), (0.7, False)])
def test_an_odd_term_needs_clear_print(sure: float, believed: bool) -> None:
    beliefs = dates.pair(
        sighting("11/01/2025", "11/01/2025"), sighting("05/04/2027", "05/04/2027", sure=sure)
    )
    assert (beliefs[1].doubt is None) is believed


def test_one_reader_alone_needs_a_pair_or_to_be_very_sure() -> None:
    assert dates.single(sighting("03/01/2026", None, sure=0.97)).doubt
    assert dates.single(sighting("03/01/2026", None, sure=0.99)).doubt is None


def test_strokes_that_came_out_as_points_still_part_a_date() -> None:
    belief = dates.single(sighting("08:01/2025", "08/01·2025"))
    assert (belief.text, belief.doubt) == ("08/01/2025", None)


def test_points_that_both_readers_see_are_kept_for_a_day_that_may_come_first() -> None:
    assert dates.single(sighting("01.02.2027", "01.02.2027")).text == "01.02.2027"
    assert dates.single(sighting("01.02.2027", "01/02/2027")).text == "01/02/2027"


def test_a_point_inside_a_date_that_the_second_reader_does_not_see_is_a_speck() -> None:
    belief = dates.single(sighting("0.8/17/2026", "08/17/2026"))
    assert (belief.text, belief.doubt) == ("08/17/2026", None)
    assert dates.single(sighting("0.8/17/2026", "06/17/2026")).doubt
    assert dates.single(sighting("0.8/17/2026", "0.8/17/2026")).doubt
    early = dates.pair(sighting("08/17/2026", "08/17/2026"), sighting("0.8/16/2026", "08/16/2026"))
    assert all(belief.doubt for belief in early)


@pytest.mark.parametrize(("text", "believed"), [("2/01/2026", False), ("7/01/2026", True)])
def test_a_1_that_may_be_lost_in_the_rule_before_a_date_is_a_doubt(
    text: str, believed: bool
) -> None:
    """12/01 of which the rule has taken the 1; no month of one digit but 1 and 2 can be what is left."""
    for starts in ("12/01/20251", "2/01/2025" if not believed else "7/01/2025"):
        pair = dates.pair(sighting(starts, starts), sighting(text, text, spills=True))
        assert (pair[1].doubt is None) is believed
    free = dates.pair(sighting("2/01/2025", "2/01/2025"), sighting("2/01/2026", "2/01/2026"))
    assert not any(belief.doubt for belief in free)


def test_an_odd_term_whose_print_meets_the_rules_beside_it_is_a_doubt() -> None:
    starts, ends = (sighting(text, text) for text in ("12/01/2025", "10/15/2026"))
    assert dates.pair(starts, ends)[1].doubt is None
    met = sighting("10/15/2026", "10/15/2026", spills=True, touching=True)
    assert dates.pair(starts, met)[1].doubt


def test_a_1_lost_in_the_rule_stays_a_doubt_whatever_else_the_rule_does() -> None:
    """A stroke that crosses the rule is no doubt in a term of a year; a lost 1 is one in both of its dates."""
    starts = sighting("2/25/2024:", "2/25/2024 :", through=True, touching=True)
    ends = sighting("2/25/2025", "2/25/2025", through=True, touching=True)
    assert [each.doubt for each in dates.pair(starts, ends)] == [dates.FIRST_LOST] * 2
    assert dates.single(ends).doubt == dates.FIRST_LOST
