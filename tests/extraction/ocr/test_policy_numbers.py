"""Policy numbers: O and 0 by their ink, spaces by the paper."""

from dataclasses import replace

import numpy as np
import pytest

from connector.extraction.ocr import digits
from connector.extraction.ocr.acceptance import policy_numbers
from connector.extraction.ocr.glyphs import Blots, Print
from connector.extraction.ocr.sighting import Sighting
from tests.extraction.ocr.sightings import WIDTH, line, sighting

WIDE = round(WIDTH * 1.4)


def printed(text: str, wide_at: int | None = None, wide: int = WIDE) -> list[int]:
    """Widths of the characters, one of them wide."""
    return [wide if index == wide_at else WIDTH for index in range(len(text.replace(" ", "")))]


def believed(first: str, second: str, widths: list[int]) -> tuple[str, bool]:
    seen = sighting(first, second, printed=line(first, widths))
    belief = policy_numbers.believe(seen)
    return belief.text, belief.doubt is None


def test_a_wide_zero_is_the_letter_even_where_both_readers_say_zero() -> None:
    assert believed("GL04481902", "GL04481902", printed("GL04481902", 2)) == ("GLO4481902", True)


def test_a_narrow_o_is_a_zero() -> None:
    assert believed("GLO4481902", "GL04481902", printed("GL04481902")) == ("GL04481902", True)


def test_a_round_letter_alone_before_a_number_is_in_doubt() -> None:
    assert believed("0 578 710 1024", "0 578 710 1024", printed("0 578 710 1024"))[1] is False


def test_a_width_between_is_a_doubt() -> None:
    widths = printed("GL04481902", 2, round(WIDTH * 1.17))
    assert believed("GL04481902", "GL04481902", widths)[1] is False


def test_too_few_other_digits_are_no_measure_against_both_readers() -> None:
    assert believed("BSSC250-00", "BSSC250-00", printed("BSSC250-00", 6))[1] is False


def test_a_number_of_digits_only_has_no_letter_o() -> None:
    assert believed("O018287406", "0018287406", printed("0018287406")) == ("0018287406", True)


@pytest.mark.parametrize(
    ("first", "second", "wide", "expected"),
    [
        ("O/99035240", "0/99035240", WIDE, ("O/99035240", True)),
        ("0/99035240", "0/99035240", WIDE, ("0/99035240", False)),
        ("0/99035240", "0/99035240", WIDTH, ("0/99035240", True)),
        ("0/99035240", "0/99035240", round(WIDTH * 1.17), ("0/99035240", False)),
        ("O/99035240", "O/99035240", round(WIDTH * 1.17), ("O/99035240", False)),
    ],
)
def test_an_o_that_is_the_only_letter_of_a_number_takes_a_reader_and_the_ink(
    first: str, second: str, wide: int, expected: tuple[str, bool]
) -> None:
    assert believed(first, second, printed(first, 0, wide)) == expected


@pytest.mark.parametrize(
    ("text", "sure", "believed"),
    [
        ("0/99035240", 0.95, False),
        ("00.20065.495", 0.95, False),
        ("2006549-00", 0.95, True),
        ("990352400", 0.6, False),
        ("990352400", 0.95, True),
    ],
)
def test_a_zero_that_cannot_be_measured_may_be_an_o(text: str, sure: float, believed: bool) -> None:
    seen = sighting(text, text, sure=sure, printed=line("X", [200]))
    assert (policy_numbers.believe(seen).doubt is None) is believed


def test_an_o_among_digits_that_touch_is_in_doubt() -> None:
    seen = sighting("O990352", "0990352", printed=line("X", [200]))
    assert policy_numbers.believe(seen).doubt


def test_a_dash_that_one_reader_sees_as_two_is_one() -> None:
    assert believed("GL--48190231", "GL-48190231", printed("GL--48190231"))[1]


def test_a_dollar_sign_in_a_number_is_an_s() -> None:
    assert believed("S/81854991", "$/81854991", printed("S/81854991")) == ("S/81854991", True)


def test_touching_letters_leave_zeros_among_letters_in_doubt() -> None:
    one_blot = line("X", [200])
    seen = sighting("GL04481902", "GL04481902", printed=one_blot)
    assert policy_numbers.believe(seen).doubt


@pytest.mark.parametrize(("space", "text"), [(17, "73 TRS 104039"), (3, "73TRS104039")])
def test_the_paper_decides_where_the_spaces_are(space: int, text: str) -> None:
    seen = sighting("73 TRS 104039", "73TRS104039", printed=line("73 TRS 104039", space=space))
    belief = policy_numbers.believe(seen)
    assert (belief.text, belief.doubt) == (text, None)


def test_a_gap_of_half_a_height_is_a_doubt() -> None:
    seen = sighting("73 TRS 104039", "73TRS104039", printed=line("73 TRS 104039", space=10))
    assert policy_numbers.believe(seen).doubt


@pytest.mark.parametrize("second", ["GL-4481903", "GL-448190", ""])
def test_readers_that_differ_are_in_doubt(second: str) -> None:
    assert policy_numbers.believe(sighting("GL-4481902", second)).doubt


def test_a_number_that_runs_into_the_next_column_is_in_doubt() -> None:
    assert policy_numbers.believe(sighting("GL-4481902", "GL-4481902", spills=True)).doubt


def test_capitals_and_small_letters_of_one_shape_are_the_same() -> None:
    assert policy_numbers.believe(sighting("WX-4481", "Wx-4481")).doubt is None


def test_one_reader_alone_never_settles_a_policy_number() -> None:
    assert policy_numbers.believe(sighting("GL-4481902", None)).doubt


def test_a_naic_code_has_digits_where_a_reader_sees_letters() -> None:
    belief = policy_numbers.believe_code(sighting("43B59", "43859"))
    assert (belief.text, belief.doubt) == ("43859", None)


def measured(first: str, second: str, widths: list[int], zero: float) -> tuple[str, bool]:
    """As `believed`, where the page's amounts have zeros of this width."""
    seen = replace(sighting(first, second, printed=line(first, widths)), zero=zero)
    belief = policy_numbers.believe(seen)
    return belief.text, belief.doubt is None


def test_a_zero_as_wide_as_those_of_the_page_is_none_to_make_an_o_of() -> None:
    """Narrow digits around it made an O of the 0 of TZW0291859-32 that both readers saw."""
    text, width = "TZW0291859-32", round(WIDTH * 1.27)
    assert measured(text, text, printed(text, 3, width), width)[1] is False
    assert measured(text, "TZWO291859-32", printed(text), WIDTH) == (text, True)


def test_two_readers_that_see_an_o_are_not_overruled_by_a_narrow_one() -> None:
    assert believed("GLO154418700", "GLO154418700", printed("GLO154418700"))[1] is False


def test_two_readers_that_see_a_zero_are_overruled_by_a_plain_o_only() -> None:
    text = "DKO91100172"
    for share, sure in ((1.18, False), (1.42, True)):
        widths = printed(text, 7, round(WIDTH * share))
        widths[2] = WIDE
        assert measured(text, text, widths, WIDTH)[1] is sure


def test_the_zeros_of_the_page_tell_where_the_number_has_too_few_digits() -> None:
    text = "BBXXBO8-00"
    assert believed(text, text, printed(text, 5))[1] is False
    assert measured(text, text, printed(text, 5), WIDTH) == (text, True)
    assert measured(text, text, printed(text, 5, round(WIDTH * 1.18)), WIDTH)[1] is False


@pytest.mark.parametrize(
    ("widths", "usual"),
    [([12.0] * 6, 12.0), ([12.0] * 5, None), ([11.0, 5.0, 19.0, 25.0, 11.0, 12.0, 6.0, 4.0], None)],
)
def test_the_usual_zero_of_a_page_is_known_where_many_are_alike(
    widths: list[float], usual: float | None
) -> None:
    assert digits.usual_zero(np.array(widths)) == usual


def test_an_o_that_one_reader_sees_as_two_characters_is_one_where_the_ink_is() -> None:
    text = "KRO0560799"
    assert believed(text, "KROO0560799", printed(text, 2)) == (text, True)
    assert believed(text, "KROO05560799", printed(text, 2))[1] is False


def test_a_number_with_dirt_where_a_point_may_be_is_in_doubt() -> None:
    assert policy_numbers.believe(sighting("ZE.19164 795", "ZE.19164 795", dusty=True)).doubt


def spaced_out(text: str, first: str, second: str, *gaps: int) -> tuple[str, bool]:
    """As `believed`, for a print with these gaps in pixels between its characters."""
    printed_line = line(text)
    boxes = printed_line.blots.boxes.copy()
    for index, gap in enumerate(gaps, start=1):
        boxes[index:, [0, 2]] += gap - 3
    found = Print(Blots(boxes, np.full(len(boxes), 100)))
    belief = policy_numbers.believe(sighting(first, second, printed=found))
    return belief.text, belief.doubt is None


def test_a_space_that_one_reader_invents_between_thin_digits_is_none() -> None:
    text = "GLA87002500"
    assert spaced_out(text, text, "GLA8700 2500", 3, 3, 3, 5, 3, 3, 5) == (text, True)


def test_narrow_spaces_that_both_readers_see_are_kept_or_in_doubt_but_never_dropped() -> None:
    text = "H 258 334 9992"
    for gap in (3, 4, 5, 7):
        found, sure = spaced_out(text.replace(" ", ""), text, text, 8, 2, 2, 8, 2, 2, gap)
        assert found == text or not sure


def test_a_narrow_space_that_one_reader_sees_in_a_number_with_spaces_is_never_dropped() -> None:
    text = "A 234 454 5269"
    for gap in (4, 5, 6):
        found, sure = spaced_out("A2344545269", text, "A234 454 5269", gap, 3, 3, 8, 3, 3, 8)
        assert found == text or not sure


def test_a_space_that_one_reader_sees_in_the_widest_gap_is_never_dropped() -> None:
    text = "AWX2274448"
    assert spaced_out(text, text, "AWX 2274448", 5, 1, 6, 5, 4, 4, 4, 5, 4)[1] is False
    assert spaced_out(text, text, "AWX 2274448", 5, 1, 5, 5, 4, 4, 4, 5, 4) == (text, True)


def test_a_small_l_among_capitals_is_an_i_or_a_1() -> None:
    for second in ("B8Z825l-00", "B8Z825I-00", "B8Z8251-00"):
        assert policy_numbers.believe(sighting("B8Z825l-00", second)).doubt
    assert policy_numbers.believe(sighting("Pol 24825", "Pol 24825")).text == "Pol 24825"


def test_a_round_character_that_worn_print_leaves_open_is_in_doubt_by_its_zeros() -> None:
    """By the digits of its number it is a 0, by the zeros of the page it may be an O."""
    text = "GL04481902"
    seen = sighting(text, text, printed=line(text, printed(text, 2, round(WIDTH * 1.06))))
    worn = replace(seen, is_worn=True, zero=WIDTH * 0.946, told={2: ""})
    assert policy_numbers.believe(worn).doubt
    assert policy_numbers.believe(replace(worn, is_worn=False)).doubt is None


def test_a_comma_in_a_number_is_in_doubt() -> None:
    assert policy_numbers.believe(sighting("KL,25194.761", "KL,25194.761")).doubt


def test_a_gap_as_wide_as_the_spaces_that_no_reader_sees_is_a_doubt() -> None:
    text = "L703 298 2262"
    assert spaced_out(text.replace(" ", ""), text, text, 7, 2, 2, 9, 2, 2, 9)[1] is False


def test_digits_of_which_one_lost_a_stroke_to_the_other_are_measured_together() -> None:
    text = "GLO719647600"
    widths = printed(text, 2)
    widths[9], widths[10] = round(WIDTH * 1.55), round(WIDTH * 0.45)
    assert measured(text, text, widths, WIDTH) == (text, True)


def test_a_1_beside_an_o_has_lost_nothing_to_it() -> None:
    text = "GLO114479300"
    widths = [WIDTH, WIDTH, round(WIDTH * 1.3), 7, 7, *[WIDTH] * 7]
    assert measured("GL0114479300", text, widths, WIDTH) == (text, True)


def test_a_narrow_3_beside_an_o_has_lost_nothing_to_it() -> None:
    widths = printed("RSO1990O314", 2)
    widths[7], widths[8] = round(WIDTH * 1.42), round(WIDTH * 0.76)
    assert measured("RSO1990O314", "RSO19900314", widths, WIDTH) == ("RSO1990O314", True)


def test_a_digit_of_a_code_that_one_reader_doubles_is_one_where_the_ink_is() -> None:
    seen = sighting("13271", "132721")
    assert policy_numbers.believe_code(seen).doubt is None
    assert policy_numbers.believe_code(replace(seen, line=line("132771"))).doubt


def test_a_space_that_both_readers_see_where_the_paper_has_no_room_is_a_doubt() -> None:
    text = "GLA870025000"
    assert spaced_out(text, "GLA8700 25000", "GLA8700 25000")[1] is False


def test_a_colon_in_a_number_may_be_a_point_with_dirt_above_it() -> None:
    assert policy_numbers.believe(sighting("SA.41987:559", "SA.41987:559")).doubt


@pytest.mark.parametrize(
    ("text", "widths", "believed"),
    [
        ("B751728-00", [12, 12, 12, 2], False),
        ("B751728-00", [12, 12, 12, 5], True),
        ("B274C11-55", [12, 12, 12, 12, 12, 6, 5], False),
        ("B274C11-55", [12, 12, 12, 12, 12, 8, 8], True),
        ("8112GWHP4567", [12, 4, 4], True),
        ("0061228468", [12, 12, 12, 2], True),
        ("B108710-00", [12, 7, 12, 12, 12, 4], False),  # B108 7I0-00: the other 1 is as wide as two
    ],
)
def test_a_1_with_the_ink_of_a_bar_may_be_an_i(
    text: str, widths: list[int], believed: bool
) -> None:
    seen = sighting(text, text, printed=line(text, widths))
    assert (policy_numbers.believe(seen).doubt is None) is believed


def exactly(first: str, second: str, zero: float, leans: list[float], at: int) -> Sighting:
    """A number whose character `at` is that wide against the page's zeros, with these leans."""
    seen = sighting(first, second)
    widths = np.full(len(first), 12.0)
    widths[at] *= zero
    return replace(
        seen, widths=widths, leans=np.array(leans), exact_zero=12.0, usual_flag=0.2
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "width", "expected"),
    [
        ("GL04481902", 1.14, ("GLO4481902", True)),
        ("GLO4481902", 1.03, ("GL04481902", True)),
        ("GL04481902", 1.09, ("GL04481902", False)),
        ("GL04481902", float("nan"), ("GL04481902", True)),
    ],
)
def test_on_a_clean_scan_an_o_is_told_from_the_page_s_zeros_by_a_tenth_of_its_width(
    first: str, width: float, expected: tuple[str, bool]
) -> None:
    seen = exactly(first, first, width, [0.2] * 10, 2)
    belief = policy_numbers.believe(seen)
    assert (belief.text, belief.doubt is None) == expected


@pytest.mark.parametrize(
    ("first", "second", "lean", "expected"),
    [
        ("B5I8385-22", "B518385-22", 0.01, ("B5I8385-22", True)),
        ("B5I8385-22", "B518385-22", 0.19, ("B518385-22", True)),
        ("B518385-22", "B518385-22", 0.01, ("B518385-22", False)),
        ("B518385-22", "B518385-22", 0.19, ("B518385-22", True)),
        ("B5I8385-22", "B518385-22", 0.09, ("B5I8385-22", False)),
    ],
)
def test_a_one_has_a_flag_and_an_i_has_none(
    first: str, second: str, lean: float, expected: tuple[str, bool]
) -> None:
    leans = [0.0, 0.0, lean, *[0.0] * 7]
    belief = policy_numbers.believe(exactly(first, second, 1.0, leans, 3))
    assert (belief.text, belief.doubt is None) == expected


def test_where_the_page_s_ones_have_no_flags_they_tell_nothing() -> None:
    seen = replace(exactly("B5I8385-22", "B518385-22", 1.0, [0.0] * 10, 3), usual_flag=0.01)
    assert policy_numbers.believe(seen).doubt
    seen = replace(exactly("B518385-22", "B518385-22", 1.0, [0.0] * 10, 3), usual_flag=0.01)
    assert policy_numbers.believe(seen).doubt is None


@pytest.mark.parametrize(
    ("text", "spread", "lost"),
    [
        ("67 ECH 319987", 0.085, True),
        ("67 EEH 319987", 0.085, False),
        ("67 ECH 319987", 0.03, False),
    ],
)
def test_a_letter_may_be_left_of_another_where_print_has_lost_its_thin_strokes(
    text: str, spread: float, lost: bool
) -> None:
    assert policy_numbers.has_lost_strokes(text, spread) is lost


@pytest.mark.parametrize(
    ("text", "believed"),
    [("T.510 975 7774", False), ("KB.51245.693", True), ("T 510 975 7774", True)],
)
def test_a_point_among_spaces_may_be_dirt(text: str, believed: bool) -> None:
    seen = replace(sighting(text, text), dirty=True)
    assert ("dirt" in (policy_numbers.believe(seen).doubt or "")) is not believed
