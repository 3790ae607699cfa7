"""Names, running text and limits in words."""

from dataclasses import replace

import numpy as np
import pytest

from connector.extraction.ocr.acceptance import limits, names, prose
from connector.extraction.ocr.glyphs import Blots, Print
from connector.extraction.ocr.spacing import solid
from tests.extraction.ocr.sightings import HEIGHT, line, sighting


def doubt(first: str, second: str) -> str | None:
    return names.believe(sighting(first, second)).doubt


def test_a_name_that_both_readers_see_is_believed() -> None:
    assert doubt("Northfield Roofing LLC", "Northfield Roofing LLC") is None


@pytest.mark.parametrize(
    "text", ["Nat ona Insurance Company", "Property and Casua ty Insurance Co", "F re Insurance"]
)
def test_a_name_with_letters_missing_is_in_doubt(text: str) -> None:
    assert "missing" in (doubt(text, text) or "")


@pytest.mark.parametrize(
    "text", ["Bank of the West", "Ortiz y Hijos de Texas", "Kay d/b/a Acme", "attn: Kay Acme"]
)
def test_small_words_of_a_name_are_nothing_missing(text: str) -> None:
    assert doubt(text, text) is None


def test_a_gap_wider_than_the_other_spaces_is_a_doubt() -> None:
    text = "ACME FIRE AND MARINE CO"
    wide = line("ACME FIRE   AND MARINE CO")
    assert names.believe(sighting(text, text, printed=wide)).doubt
    assert names.believe(sighting(text, text, printed=line(text))).doubt is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("lron Gate Paving Inc", "Iron Gate Paving Inc"),
        ("Iron Gate Paving Inc", "1ron Gate Paving 1nc LL"),
        ("Santoro.& Sons", "Santoro & Sons"),
        ("Lonkóu Constructors Inc", "Lonkou Constructors Inc"),
        ("K & L Painting LLc", "K & L Painting LLC"),
        ("d'ba K & L Painting LP", "d'ba K & L Painting LP"),
        ("Insurance . Company", "Insurance . Company"),
        ("Old' Mill Development LP", "Old' Mill Development LP"),
        ("Old Mil'ler LP", "Old Mil'ler LP"),
        ("Old 'Mill LP", "Old 'Mill LP"),
        ("Evergreen Insurance Co'of America", "Evergreen Insurance Co'of America"),
        ("Evergreen Insurance Co..", "Evergreen Insurance Co.."),
        ("Beacon Assurance Corp...", "Beacon Assurance Corp..."),
        ("tron Gate Properties Corp", "tron Gate Properties Corp"),
        ("Lakeshore Paving Co., Inc:", "Lakeshore Paving Co., Inc:"),
        ("Lakeshore Paving: Inc", "Lakeshore Paving Inc"),
        ("Everqreen Mutual", "Everqreen Mutual"),
        ("O Malley Properties LP", "O Malley Properties LP"),
        ("OMalley Properties LP", "OMalley Properties LP"),
        ("NORTHFIELd", "NORTHFIELd"),
        ("Evergreen Casualty-Company", "Evergreen Casualty-Company"),
        ("Each_Occurrence", "Each Occurrence"),
        ("Summit Dev elopment Company", "Summit Dev elopment Company"),
        ("Atlas Assurance Cop.", "Atlas Assurance Cop."),
        ("Great River insurance Co of America", "Great River insurance Co of America"),
        ("Stone Contractors, inc.", "Stone Contractors, inc."),
    ],
)
def test_a_name_that_is_not_plain_is_in_doubt(first: str, second: str) -> None:
    assert doubt(first, second)


@pytest.mark.parametrize("second", ["lron Gate Surplus Inc", "Iron Gate Surpius Inc"])
def test_a_second_reader_that_takes_one_upright_for_another_is_overruled(second: str) -> None:
    belief = names.believe(sighting("Iron Gate Surplus Inc", second))
    assert (belief.text, belief.doubt) == ("Iron Gate Surplus Inc", None)


@pytest.mark.parametrize(
    "text", ["O'Brien Roofing", "Int'l Steel", "Owner's Rep", "Builders' Guild", "D'Angelo & Sons"]
)
def test_an_apostrophe_where_words_have_one_is_believed(text: str) -> None:
    assert doubt(text, text) is None


def test_a_lost_space_comes_back_where_the_paper_has_room() -> None:
    seen = sighting("YukiWhitfield", "Yuki Whitfield", printed=line("Yuki Whitfield"))
    belief = names.believe(seen)
    assert (belief.text, belief.doubt) == ("Yuki Whitfield", None)


def test_a_comma_that_a_reader_places_in_the_space_behind_it_keeps_that_space() -> None:
    """The paper is measured between the marks themselves where each of them stands apart."""
    text = "Painting Co., Inc."
    seen = sighting(text, text)
    comma = solid(text).index(",")
    aside = [x + 0.7 * HEIGHT if i == comma else x for i, x in enumerate(seen.places)]
    assert names.believe(replace(seen, places=tuple(aside))).doubt is None


def test_an_amount_and_a_word_have_the_space_that_one_reader_sees() -> None:
    glued, apart = "Each Claim $3,000,000Agg $3,000,000", "Each Claim $3,000,000 Agg $3,000,000"
    for first, second in ((glued, apart), (apart, glued)):
        found = limits.believe(sighting(first, second, printed=line(glued)))
        assert (found.text, found.doubt) == (apart, None)
    assert limits.believe(sighting(glued, glued)).doubt


@pytest.mark.parametrize(
    ("read", "as_printed"),
    [("Fox &Lee Roofing", "Fox & Lee Roofing"), ("FoxLee", "Fox   Lee")],
    ids=["as wide as its spaces", "wide in any print"],
)
def test_a_gap_as_wide_as_a_space_that_no_reader_calls_one_is_a_doubt(
    read: str, as_printed: str
) -> None:
    seen = sighting(read, read, printed=line(as_printed))
    assert "where the words" in (names.believe(seen).doubt or "")


def test_a_slash_with_a_space_on_one_side_puts_limits_in_doubt() -> None:
    assert limits.believe(sighting("$1 Ea Claim /$2", "$1 Ea Claim /$2")).doubt
    text = "$1,000,000 Ea Claim / $2,000,000 Agg"
    assert limits.believe(sighting(text, text)).doubt is None


@pytest.mark.parametrize(
    ("text", "believed"),
    [
        ("on- a primary basis", False),
        ("on a non-contributory basis", True),
        ("with 30- day notice", False),
    ],
)
def test_a_dash_with_a_space_on_one_side_is_in_doubt(text: str, believed: bool) -> None:
    assert (prose.believe(sighting(text, text)).doubt is None) is believed


def test_no_name_has_a_semicolon() -> None:
    assert doubt("Ridge Contractors; Inc.", "Ridge Contractors; Inc.")


@pytest.mark.parametrize(
    ("text", "believed"),
    [
        ("Illinois Valley Constructors Co.; Inc. and Kay LLC", False),
        ("Illinois Valley Constructors Co., Inc. and Kay LLC", True),
        ("Project No.: 4417; Phase 2", True),
    ],
)
def test_a_semicolon_behind_a_point_is_in_doubt_in_running_text(text: str, believed: bool) -> None:
    assert (prose.believe(sighting(text, text)).doubt is None) is believed


def test_a_point_before_a_word_is_dirt_or_print() -> None:
    assert doubt("J. .R. Whitman", "J. .R. Whitman")


def test_a_space_behind_a_colon_needs_one_reader_only() -> None:
    seen = sighting("Re:Job 4417", "Re: Job 4417", printed=line("Re:Job 4417"))
    assert prose.believe(seen).text == "Re: Job 4417"


def test_the_free_paper_beside_a_figure_one_is_no_space() -> None:
    wide = line("Job 22118", space=10)
    boxes = wide.blots.boxes.copy()
    boxes[6:, [0, 2]] += 4  # as in type whose figures are all as wide as each other
    seen = sighting("Job 221 18", "Job 22118", printed=Print(Blots(boxes, wide.blots.areas)))
    assert prose.believe(seen).text == "Job 22118"


def test_an_invented_space_goes_where_the_paper_has_none() -> None:
    seen = sighting("Yuki Whitfield", "Yuki Whit field", printed=line("Yuki Whitfield"))
    assert names.believe(seen).text == "Yuki Whitfield"


def test_dirt_near_a_name_is_a_doubt() -> None:
    assert names.believe(sighting("Acme Inc", "Acme Inc", dusty=True)).doubt


def test_a_point_that_may_be_a_comma_is_a_doubt() -> None:
    assert "comma" in (names.believe(sighting("Acme. Inc", "Acme. Inc", tailed=True)).doubt or "")


@pytest.mark.parametrize(
    ("text", "believed"),
    [
        ("$1,000,000 Occurrence / $2,000,000 Aggregate", True),
        ("Each Claim 1000000 Aggregate 2000000", True),
        ("$1,000 000 Ea Claim", False),
        ("Each Claim $1,000,000 Ag $2,000,000", False),
        ("$5,000 Ded Per Clm / $2,000 Ttl Agg", True),
        ("$1 000 000 Occurrence / $ 000 000 Aggregate", False),
        ("$2,000,000 Ea Claim /2,000,000 Aggregate", False),
        ("Each Claim $1,000,00 Agg $2,000,000", False),
        ("Each Claim $2,000,000 Aggl$2,000,000", False),
        ("Aggregate .1,000,000", False),
        ("Bach Claim $2,000,000 Agg $4,000,000", False),
        ("Aggregate. 6,000,000", False),
        ("Each Claim $2,000,000 Agg. $4,000,000", True),
        ("$2,000,000.Ea Claim / $4,000,000 Aggregate", False),
        ("Each Claim $2,000,000l Agg $2,000,000", False),
        ("Each Claim $2,000,000 Algg $2,000,000", False),
    ],
)
def test_limits_in_words_need_amounts_of_one_kind(text: str, believed: bool) -> None:
    assert (limits.believe(sighting(text, text)).doubt is None) is believed


@pytest.mark.parametrize(
    ("first", "second", "stand"),
    [
        ("Each Claim $1,000,000 Agg $2,000,000", "Each Cloim $1,000,000 Acig $2,000,000", True),
        ("Each Claim $1,000,000 Agg $2,000,000", "Each Claim $1,000,000 Agg $3,000,000", False),
        ("Each Claim $1,000,000 Ag9$2,000,000", "Each Claim $1,000,000 Agg $2,000,000", False),
        ("Each Claim $1,000,00O Agg $2,000,000", "Each Claim $1,000,00O Agg $2,000,000", False),
        ("Each Claim ,000,000 Agg $2,000,000", "Each Claim ,000,000 Agg $2,000,000", False),
        (
            "$3,000,000 Ea Claim / 53,000,000 Aggregate",
            "$3,000,000 Ea Claim / 53,000,000 Aggregate",
            False,
        ),
        ("5 $3,000,000 Ea Claim", "5 $3,000,000 Ea Cloim", False),
    ],
)
def test_amounts_stand_where_readers_differ_in_words_only(
    first: str, second: str, stand: bool
) -> None:
    found = limits.believe(sighting(first, second))
    assert found.doubt
    assert found.words_stand is stand
    for why in ("dusty", "grounded", "tailed", "unread", "spills"):
        assert not limits.believe(replace(sighting(first, second), **{why: True})).words_stand, why


@pytest.mark.parametrize(
    ("second", "believed"),
    [
        ("Each Claim $1,000,C00 Agg $1,000,000", True),
        ("Each Claim $1,000,800 Agg $1,000,000", False),
        ("Each Cloim $1,000,000 Agg $1,000,000", False),
    ],
)
def test_a_round_letter_in_a_usual_amount_is_a_zero(second: str, believed: bool) -> None:
    first = "Each Claim $1,000,000 Agg $1,000,000"
    assert (limits.believe(sighting(first, second)).doubt is None) is believed


@pytest.mark.parametrize(
    "first",
    ["$:500,000 Ea Claim", "$500,000 Ea Claim", "£500,000 Ea Claim", "S500,000 Ea Claim"],
)
def test_a_dollar_sign_is_one_however_a_reader_writes_it(first: str) -> None:
    belief = limits.believe(sighting(first, "$500,000 Ea Claim"))
    assert (belief.text, belief.doubt) == ("$500,000 Ea Claim", None)


@pytest.mark.parametrize(
    ("text", "believed"),
    [
        ("Cert f cate ho der named as add t ona nsured", False),
        ("Owner is a named insured, e.g. on form A-2", True),
        ("Constructora Ramos y Hijos, w/ waiver, c/o the owner's agent", True),
        ("Waiver af subrogation applies where permitted by law.", False),
        ("Owner is included as additional inaured with respect to general liability.", False),
        ("Insurers and contractors are included as additional insureds.", True),
    ],
)
def test_running_text_that_lost_letters_is_in_doubt(text: str, believed: bool) -> None:
    assert (prose.believe(sighting(text, text)).doubt is None) is believed


@pytest.mark.parametrize(
    ("text", "believed"),
    [("1st Choice Builders Co., Inc,", False), ("Kestrel Roofing,", True), ("Acme Co.,", True)],
)
def test_a_comma_behind_an_abbreviation_that_ends_a_name_may_be_a_point(
    text: str, believed: bool
) -> None:
    assert (doubt(text, text) is None) is believed


def test_signs_alone_that_the_readers_see_otherwise_are_in_doubt() -> None:
    assert doubt("?", "2")
    assert doubt("?", "")


@pytest.mark.parametrize(
    ("text", "believed"),
    [("ben @harbor.example", True), ("Ben@yourcompany com", False), ("harbor.example", False)],
)
def test_an_address_of_mail_is_complete_or_in_doubt(text: str, believed: bool) -> None:
    belief = names.believe_email(sighting(text, text))
    assert " " not in belief.text
    assert (belief.doubt is None) is believed


def test_two_limits_with_a_wide_gap_between_them_are_in_doubt() -> None:
    text = "$500 Ea Claim $500 Aggregate"
    wide = line("$500 Ea Claim     $500 Aggregate")
    assert limits.believe(sighting(text, text, printed=wide)).doubt
    assert limits.believe(sighting(text, text)).doubt is None


def test_a_space_behind_a_dollar_sign_stays_as_printed() -> None:
    printed = line("Each Claim $ 500,000")
    belief = limits.believe(
        sighting("Each Claim $ 500,000", "Each Claim $ 500,000", printed=printed)
    )
    assert (belief.text, belief.doubt) == ("Each Claim $ 500,000", None)


@pytest.mark.parametrize(("sure", "believed"), [(0.4, False), (0.6, True)])
def test_an_l_that_the_first_reader_is_not_sure_of_is_in_doubt_though_both_agree(
    sure: float, believed: bool
) -> None:
    seen = sighting("Vistaiia", "Vistaiia")
    first = replace(seen.first, sure=tuple(sure if c == "i" else 0.99 for c in "Vistaiia"))
    assert (names.believe(replace(seen, first=first)).doubt is None) is believed


@pytest.mark.parametrize(
    ("second", "believed"), [("Mufioz", True), ("Mufoz", True), ("Mutoz", False)]
)
@pytest.mark.parametrize("wide", [4, 9], ids=["speck", "tilde"])
def test_a_tilde_is_believed_where_the_paper_has_one(
    second: str, believed: bool, wide: int
) -> None:
    boxes = line("Munoz").blots.boxes.copy()
    boxes[1:, 1] += 6  # small letters
    left = int(boxes[2, 0])
    boxes = np.vstack([boxes[:3], [(left + 1, 50, left + 1 + wide, 53)], boxes[3:]])
    printed = Print(Blots(boxes, np.full(len(boxes), 100)))
    seen = sighting("Muñoz", second, printed=printed)
    assert (names.believe(seen).doubt is None) is (believed and wide > 4)


@pytest.mark.parametrize(("room", "believed"), [(3, True), (8, False)])
def test_room_behind_a_dollar_sign_that_no_reader_calls_a_space_is_a_doubt(
    room: int, believed: bool
) -> None:
    boxes = line("$2,000,000").blots.boxes.copy()
    boxes[1:, [0, 2]] += room - 3
    seen = sighting("$2,000,000", "$2,000,000", printed=Print(Blots(boxes, np.full(10, 100))))
    assert (limits.believe(seen).doubt is None) is believed


def test_room_that_an_erased_rule_left_is_no_space() -> None:
    boxes = line("$2,000,000").blots.boxes.copy()
    boxes[1:, [0, 2]] += 5
    seen = sighting("$2,000,000", "$2,000,000", printed=Print(Blots(boxes, np.full(10, 100))))
    at = float(boxes[0, 2] + 4)
    assert limits.believe(replace(seen, crossed=at)).doubt is None


@pytest.mark.parametrize("text", ["Each Claim $2,000,000)", "Each Claim ($2,000,000"])
def test_half_a_pair_of_brackets_in_limits_is_a_broken_digit(text: str) -> None:
    assert limits.believe(sighting(text, text)).doubt


def test_first_in_figures_is_no_letter() -> None:
    assert names.believe(sighting("1st Choice Co", "Ist Choice Co")).doubt is None


@pytest.mark.parametrize("text", ["as required by", "Iraq Mutual", "Unique Equipment"])
def test_a_q_with_its_u_is_no_broken_g(text: str) -> None:
    seen = prose.believe(sighting(text, text))
    assert (seen.doubt is None) is (text != "Iraq Mutual")


@pytest.mark.parametrize(("room", "expected"), [(3, "primary/non"), (14, "primary /non")])
def test_a_space_of_one_reader_is_looked_for_in_the_paper_where_letters_touch(
    room: int, expected: str
) -> None:
    boxes = line("primary/non").blots.boxes.copy()
    boxes[7:, [0, 2]] += room - 3
    middles = tuple(float(middle) for middle in boxes[:, [0, 2]].mean(axis=1))
    boxes[1, 2] = boxes[2, 2]  # the r and the i touch
    touching = np.delete(boxes, 2, axis=0)
    printed = Print(Blots(touching, np.full(len(touching), 100)))
    seen = replace(sighting("primary/non", "primary /non", printed=printed), places=middles)
    assert prose.believe(seen).text == expected


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("Tri-County. Insulation Inc.", True),
        ("Blue Ridge Surplus Lines Ins. Co.", False),
        ("J. R. Whitman Paving", False),
        ("Acme L.L.C. Holdings", False),
    ],
)
def test_on_a_dirty_page_a_point_behind_a_whole_word_of_a_name_may_be_dirt(
    text: str, odd: bool
) -> None:
    seen = sighting(text, text)
    assert (names.believe(replace(seen, dirty=True)).doubt is not None) is odd
    assert names.believe(seen).doubt is None


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("Sixty (60) day. notice of cancellation", True),
        ("Acme Inc. is included", False),
        ("Project.4417, Lakeside", True),
        ("mail to office@acme.com today", False),
        ("by contract. Waiver applies", False),
    ],
)
def test_on_a_dirty_page_a_point_before_a_small_letter_may_be_dirt(text: str, odd: bool) -> None:
    seen = replace(sighting(text, text), dirty=True)
    assert (prose.believe(seen).doubt is not None) is odd


@pytest.mark.parametrize(("gap", "sure"), [(3, True), (5, False), (9, True)])
def test_a_narrow_gap_that_one_reader_calls_a_space_is_a_doubt(gap: int, sure: bool) -> None:
    boxes = line("atExample").blots.boxes.copy()
    boxes[2:, [0, 2]] += gap - 3
    printed = Print(Blots(boxes, np.full(len(boxes), 100)))
    belief = names.believe(sighting("atExample", "at Example", printed=printed))
    assert (belief.doubt is None) is sure


@pytest.mark.parametrize(
    ("text", "believed"),
    [("primary /non-contributory", False), ("and / or", True), ("primary/non", True)],
)
def test_a_space_on_one_side_of_a_slash_is_in_doubt(text: str, believed: bool) -> None:
    assert (prose.believe(sighting(text, text)).doubt is None) is believed


@pytest.mark.parametrize(
    ("text", "believed"),
    [
        ('Garagekeepers Liability"', False),
        ('Kestrel "Hill" Roofing', True),
        ("Harbor Excess & Surplus, Insurance Co", False),
        ("Blue Heron Electric Company.", False),
        ("CardinalInsurance Co of America", False),
        ("McKenna & DeWalt Roofing", True),
        ("Prairie State Assurance Corp.", True),
        ("Kestrel, Hill & Sons Co., Inc.", True),
    ],
)
def test_signs_where_names_have_none_are_dirt_or_print(text: str, believed: bool) -> None:
    assert (doubt(text, text) is None) is believed


@pytest.mark.parametrize(("sure", "believed"), [(0.85, False), (0.995, False), (0.999, True)])
def test_a_point_at_the_end_without_ink_of_its_own_needs_a_sure_reader(
    sure: float, believed: bool
) -> None:
    text = "Sentinel Bay Ins Co."
    seen = sighting(text, text, printed=line(text[:-1]))
    certainty = (*[0.99] * (len(text.replace(" ", "")) - 1), sure)
    seen = replace(seen, first=replace(seen.first, sure=certainty))
    assert (names.believe(seen).doubt is None) is believed


@pytest.mark.parametrize(
    ("first", "second", "believed"),
    [
        ("Re: Job 22", "‘Re: Job 22", True),
        ("Re: Job '22", "‘Re: Job '22", False),
        ("Re: Job 22", "Re: ‘Job 22", False),
        ("'Re: Job 22", "Re: Job 22", False),
    ],
)
def test_half_a_pair_of_quotes_that_one_reader_sees_before_a_text_is_a_speck(
    first: str, second: str, believed: bool
) -> None:
    assert (prose.believe(sighting(first, second)).doubt is None) is believed


@pytest.mark.parametrize(("room", "believed"), [(4, False), (20, True)])
def test_a_point_that_one_reader_sees_far_behind_the_last_letter_is_a_speck(
    room: int, believed: bool
) -> None:
    name = line("Kestrel Paving LP").blots.boxes
    left = int(name[-1, 2]) + room
    boxes = np.vstack([name, [(left, 66, left + 4, 70)]])
    printed = Print(Blots(boxes, np.full(len(boxes), 100)))
    seen = sighting("Kestrel Paving LP", "Kestrel Paving LP .", printed=printed)
    assert (names.believe(seen).doubt is None) is believed


def test_two_points_one_behind_the_other_are_believed_where_both_are_print() -> None:
    seen = sighting("Iron Gate L.L.C..", "Iron Gate L.L.C..")
    assert prose.believe(seen).doubt
    assert prose.believe(replace(seen, twin_points=True)).doubt is None
