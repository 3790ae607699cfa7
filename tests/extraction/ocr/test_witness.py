"""Characters compared with their likes on the same page: a third witness beside the two readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from connector.extraction import editions
from connector.extraction.editions import Cell, CellKind
from connector.extraction.ocr import glyphs
from connector.extraction.ocr.acceptance import policy_numbers, uprights
from connector.extraction.ocr.likeness import UNKNOWN, Shown, gallery, is_closed
from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.sighting import ANOTHER, Sighting
from connector.extraction.ocr.spacing import solid
from connector.extraction.ocr.telling import nearer
from connector.extraction.ocr.witness import Stranger, Witness, gather
from tests.extraction.ocr.sightings import sighting

_AIR, _PITCH, _WIDE = 6, 70, 1800
CELLS = next(each for each in editions.all() if each.name == "2016/03").cells
WORDS = CELLS["insured"]
NUMBER = CELLS["general_liability.policy_number"]
AMOUNT = next(cell for cell in CELLS.values() if cell.kind is CellKind.AMOUNT)

Told = tuple[Cell, str, str | None, str]
"""A line of a page: its cell, what both readers saw of it (the second one None: the same), and what is
printed."""


def printed(*lines: Told, stretched: float = 1.0) -> tuple[Witness, list[Sighting]]:
    """A clean page of these lines, and what its readers saw of each; the last two are drawn so much wider."""
    sheet = Image.new("L", (_WIDE, _PITCH * (len(lines) + 1)), 255)
    shares = [1.0] * (len(lines) - 2) + [stretched] * 2
    sightings = [
        _drawn(sheet, row, line, share)
        for row, (line, share) in enumerate(zip(lines, shares, strict=True))
    ]
    cells = [cell for cell, *_ in lines]
    return gather(np.array(sheet), zip(cells, sightings, strict=True)), sightings


def _drawn(sheet: Image.Image, row: int, line: Told, stretched: float) -> Sighting:
    _, first, second, text = line
    type_ = ImageFont.load_default(36)
    left, places = 20.0, []
    for character in text:
        wide = round(stretched * type_.getlength(character))
        if character != " ":
            tile = Image.new("L", (round(type_.getlength(character)), _PITCH), 255)
            ImageDraw.Draw(tile).text((0, 10), character, font=type_, fill=0)
            tile = tile.resize((wide, _PITCH), Image.Resampling.BILINEAR)
            inked = np.flatnonzero(np.array(tile).min(axis=0) < 128)
            sheet.paste(tile, (round(left), _PITCH * row))
            places.append(left + (inked[0] + inked[-1] + 1) / 2)
        left = round(left + wide) + _AIR
    ink = np.array(sheet)[_PITCH * row : _PITCH * (row + 1)] < 128
    found = glyphs.blots(ink)
    found.boxes[:, 1::2] += _PITCH * row
    (only,) = glyphs.lines(found)
    seen = Glimpse(first, 0.99, 0.99, tuple(places))
    return Sighting(only, seen, Glimpse(second or first, 0.95), places=tuple(places))


def same(cell: Cell, text: str) -> Told:
    return cell, text, None, text


PAGE = (
    same(WORDS, "Northfield Little Electrical Company"),
    same(WORDS, "Ozark Oil Insurance Institute Ohio"),
    same(WORDS, "Silver letter total limits"),
    same(AMOUNT, "1,000,000"),
    same(AMOUNT, "2,010,000"),
)


def pairs(found: Iterable[Stranger]) -> list[tuple[str, str]]:
    return [(each.character, each.other) for each in found]


def strangers(read: str, text: str) -> Sequence[tuple[str, str]]:
    witness, sightings = printed(*PAGE, (WORDS, read, None, text))
    return pairs(witness.strangers(sightings[-1], read))


def test_a_letter_that_both_readers_mistake_looks_like_another_one_of_the_page() -> None:
    assert strangers("Sitver Pipe", "Silver Pipe") == [("t", "l")]


@pytest.mark.parametrize("text", ["Silver Pipe", "Total Electrical", "Little Oil"])
def test_letters_that_look_like_their_kind_are_no_strangers(text: str) -> None:
    assert strangers(text, text) == []


def test_a_letter_of_which_the_page_has_no_other_is_no_stranger() -> None:
    assert strangers("Quiver", "Quiver") == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Silver letter", "Sitver letter"),
        ("Sitver letter", "Silver letter"),
        ("Sitver letter", "Silver leller"),
    ],
)
def test_the_page_proves_which_reader_is_right_where_they_differ(first: str, second: str) -> None:
    witness, sightings = printed(*PAGE, (WORDS, first, second, "Silver letter"))
    settled = witness.settled(sightings[-1])
    assert settled.second is not None
    assert (settled.first.text, settled.second.text) == ("Silver letter", "Silver letter")


@pytest.mark.parametrize(
    ("first", "second"), [("Sixver Oil", "Siwver Oil"), ("Silver Oil", "Silver Oil X")]
)
def test_the_page_proves_nothing_where_both_are_wrong_or_one_saw_more(
    first: str, second: str
) -> None:
    witness, sightings = printed(*PAGE, (WORDS, first, second, "Silver Oil"))
    assert witness.settled(sightings[-1]) is sightings[-1]


@pytest.mark.parametrize("rule", [{"touching": True}, {"through": True}, {"crossed": 60.0}])
def test_what_a_rule_may_have_cut_proves_nothing(rule: dict[str, Any]) -> None:
    witness, sightings = printed(*PAGE, (WORDS, "Silver letter", "Sitver letter", "Silver letter"))
    ruled = replace(sightings[-1], **rule)
    assert witness.settled(ruled) is ruled
    number, seen = printed(*PAGE, (NUMBER, "GL04480200", None, "GLO4480200"))
    assert number.told(replace(seen[-1], **rule)) == {}


def test_a_page_of_one_reader_proves_nothing() -> None:
    witness, sightings = printed(*PAGE)
    alone = Sighting(sightings[0].line, sightings[0].first, None)
    assert witness.settled(alone) is alone


@pytest.mark.parametrize("read", ["GLO4480200", "GL04480200", "GLO448O200"])
def test_an_o_and_a_zero_of_a_policy_number_are_what_the_page_shows(read: str) -> None:
    witness, sightings = printed(*PAGE, (NUMBER, read, None, "GLO4480200"))
    told = witness.told(sightings[-1])
    plain = "GLO4480200"
    assert {plain[index] for index in told} >= {"O", "0"}
    assert all(plain[index] == character for index, character in told.items())


def test_a_policy_number_is_read_as_the_page_tells_its_letters() -> None:
    witness, sightings = printed(*PAGE, (NUMBER, "GL04480200", None, "GLO4480200"))
    seen = policy_numbers.believe(_told(witness, sightings[-1]))
    assert (seen.text, seen.doubt) == ("GLO4480200", None)


WITHOUT_AN_O = (
    same(WORDS, "Silver letter"),
    same(AMOUNT, "1,000,000"),
    same(AMOUNT, "2,354,076"),
    same(AMOUNT, "48,000"),
)


def test_an_o_that_both_readers_take_for_a_0_is_told_by_its_form() -> None:
    """Wider than every 0 of the page, and the same upside down and mirrored."""
    witness, sightings = printed(*WITHOUT_AN_O, (NUMBER, "GL04480200", None, "GLO4480200"))
    assert witness.told(sightings[-1])[2] == "O"
    seen = policy_numbers.believe(_told(witness, sightings[-1]))
    assert (seen.text, seen.doubt) == ("GLO4480200", None)


@pytest.mark.parametrize("printed_there", "DQGC")
def test_another_round_letter_that_both_readers_take_for_a_0_is_in_doubt(
    printed_there: str,
) -> None:
    number = NUMBER, "GL04480200", None, f"GL{printed_there}4480200"
    witness, sightings = printed(*WITHOUT_AN_O, number)
    assert witness.told(sightings[-1])[2] == ANOTHER
    assert policy_numbers.believe(_told(witness, sightings[-1])).doubt


@pytest.mark.parametrize("second", ["GL0448020", "GLO448O2O"])
def test_a_zero_of_wider_print_than_the_amounts_is_no_o(second: str) -> None:
    """Amounts squeezed to fit their boxes, but one: both readers see what is there, or one an O."""
    number = NUMBER, "GL0448020", second, "GL0448020"
    witness, sightings = printed(*WITHOUT_AN_O, same(AMOUNT, "8,442"), number, stretched=1.18)
    assert "O" not in witness.told(sightings[-1]).values()


def test_too_few_zeros_do_not_tell_an_o() -> None:
    page = (same(WORDS, "Silver letter"), same(AMOUNT, "2,350"), same(AMOUNT, "4,870"))
    number = NUMBER, "GL044827", None, "GLO44827"
    witness, sightings = printed(*page, number)
    assert witness.told(sightings[-1]).get(2) != "O"


@pytest.mark.parametrize("halves", [False, True])
def test_two_halves_of_zeros_that_touch_are_no_closed_character(halves: bool) -> None:
    sheet = Image.new("L", (100, 100), 255)
    pen = ImageDraw.Draw(sheet)
    pen.ellipse((10, 20, 34, 56), outline=0, width=5)
    sides = np.array(sheet)
    sides[:, 20:25] = 255  # its head and foot are gone
    ring = sides[:, 8:36] if not halves else np.hstack([sides[:, 25:36], sides[:, 8:20]])
    picture = np.zeros((24, 24), dtype=np.float32)
    dark = (255 - (np.array(sheet)[:, 8:36] if not halves else ring)).astype(np.float32) / 255
    small = dark[18:58, : dark.shape[1] // 2 * 2].reshape(20, 2, -1, 2).mean(axis=(1, 3))
    picture[2:22, 4 : 4 + small.shape[1]] = small
    assert is_closed(Shown("0", picture, ((0, 0, 0, 0), 0), is_whole=True)) is not halves


def test_a_zero_of_a_number_without_other_digits_is_no_o() -> None:
    number = NUMBER, "GL0", None, "GLO"
    witness, sightings = printed(*WITHOUT_AN_O, number)
    assert witness.told(sightings[-1]).get(2) != "O"


def test_an_o_that_somebody_typed_into_an_amount_is_no_example_of_a_zero() -> None:
    page = (*WITHOUT_AN_O, (AMOUNT, "1,000,000", None, "1,O00,000"))
    witness, sightings = printed(*page, (NUMBER, "GL04480200", None, "GLO4480200"))
    assert witness.told(sightings[-1])[2] == "O"
    witness, sightings = printed(*page, same(NUMBER, "GL04480200"))
    assert witness.told(sightings[-1])[2] == "0"


@pytest.mark.parametrize(("examples", "told"), [(1, None), (2, "0")])
def test_one_example_of_an_o_tells_less_than_two(examples: int, told: str | None) -> None:
    """A round character that is nearer to the zeros than to the O, yet not much: the O may be a worn one."""
    far = {"0": [0.046, 0.047], "O": [0.079, 0.08 if examples > 1 else UNKNOWN]}
    assert nearer("0O", far, 0, spread=0.08) == told


@pytest.mark.parametrize(
    ("worn", "first", "second", "told"),
    [
        (False, "GLO4480200", None, "0"),
        (True, "GLO4480200", None, ""),  # both saw an O
        (True, "GLO4480200", "GL04480200", ""),  # one did, and the page shows one O only
        (True, "GL04480200", None, "0"),
    ],
)
def test_in_worn_print_the_page_alone_overrules_no_reader_about_an_o(
    worn: bool, first: str, second: str | None, told: str
) -> None:
    page = (*WITHOUT_AN_O, same(WORDS, "Ozark silver"))
    witness, sightings = printed(*page, (NUMBER, first, second, "GL04480200"))
    witness = replace(witness, spread=0.04) if worn else witness
    assert witness.told(sightings[-1])[2] == told


def test_a_1_like_the_pages_ones_is_no_i_though_the_page_shows_none() -> None:
    page = (same(WORDS, "Silver letter"), same(AMOUNT, "1,000,000"), same(AMOUNT, "2,314,076"))
    witness, sightings = printed(*page, (NUMBER, "WT514X", None, "WT514X"))
    assert witness.told(sightings[-1])[3] == "1"
    witness, sightings = printed(*page, (NUMBER, "WT514X", "WT5I4X", "WT514X"))
    assert witness.told(sightings[-1])[3] == ""
    witness, sightings = printed(*page, (NUMBER, "WT514X", None, "WT5I4X"))
    assert witness.told(sightings[-1])[3] == ""


def test_a_1_that_is_nearer_to_the_pages_i_than_to_its_ones_is_in_doubt() -> None:
    words = (same(WORDS, "Island Insurance Institute"), same(WORDS, "Indian Iron Inc"))
    page = (*words, same(AMOUNT, "1,000,000"), same(AMOUNT, "2,314,076"))
    witness, sightings = printed(*page, same(NUMBER, "B8X7815"))
    pictures = {each.character: each.picture for each in witness.certain.known}
    between = 0.4 * pictures["1"] + 0.6 * pictures["I"]
    box = sightings[-1].line.box
    shown = [
        replace(each, picture=between) if each.where[1] == 5 else each
        for each in witness.shown[box]
    ]
    worn = replace(witness, shown={**witness.shown, box: shown}, spread=0.05)
    assert worn.told(sightings[-1])[5] == ANOTHER


def test_zeros_that_are_certain_tell_of_an_o_where_a_number_has_no_other_digits() -> None:
    page = (same(WORDS, "Silver letter"), same(AMOUNT, "1,000,000"), same(AMOUNT, "2,000,000"))
    witness, sightings = printed(*page, (NUMBER, "CNO0080", "CN00080", "CNO0080"))
    assert witness.told(sightings[-1]).get(2) == "O"


def test_what_was_cut_from_its_neighbours_is_no_o_for_being_unlike_the_zeros() -> None:
    page = (same(WORDS, "Silver letter"), same(AMOUNT, "1,000,000"), same(AMOUNT, "2,354,876"))
    witness, sightings = printed(*page, (NUMBER, "GLO4480200", "GL04480200", "GLO4480200"))
    box = sightings[-1].line.box
    cut = [replace(one, is_whole=False) for one in witness.shown[box]]
    parted = replace(witness, shown={**witness.shown, box: cut})
    assert parted.told(sightings[-1])[2] == ""


def test_what_was_cut_in_the_wrong_place_is_no_zero() -> None:
    """A part of a touching O that looks like a 7 is not measured as a 0."""
    page = (
        same(WORDS, "Silver letter"),
        same(AMOUNT, "1,000,000"),
        same(AMOUNT, "2,300,876"),
        same(AMOUNT, "8,300,076"),
    )
    witness, sightings = printed(*page, same(NUMBER, "CRO7230O699"))
    seven = next(one for one in witness.certain.known if one.character == "7")
    box = sightings[-1].line.box
    cut = [
        replace(one, picture=seven.picture, character="0", is_whole=False)
        if one.where[1] == 7
        else one
        for one in witness.shown[box]
    ]
    parted = replace(witness, shown={**witness.shown, box: cut})
    assert parted.told(sightings[-1])[7] == ANOTHER


@pytest.mark.parametrize(("is_whole", "told"), [(True, "0"), (False, "")])
def test_an_o_that_lost_its_sides_to_its_neighbours_is_told_for_no_zero(
    is_whole: bool, told: str
) -> None:
    witness, sightings = printed(*PAGE, same(NUMBER, "GLO4480200"))
    zero = next(one for one in witness.certain.known if one.character == "0")
    nearly = np.clip(zero.picture + 0.22 * np.eye(24, dtype=np.float32)[::-1], 0, 1)
    box = sightings[-1].line.box
    cut = [
        replace(one, picture=nearly, is_whole=is_whole) if one.where[1] == 2 else one
        for one in witness.shown[box]
    ]
    parted = replace(witness, shown={**witness.shown, box: cut})
    assert parted.told(sightings[-1])[2] == told


def test_an_i_read_as_l_is_told_by_the_page() -> None:
    witness, sightings = printed(*PAGE, (WORDS, "Oid Mill", None, "Old Mill"))
    seen = _told(witness, sightings[-1])
    assert seen.told[1] == "l"
    assert uprights.has_odd_upright("OidMill", seen)
    right = printed(*PAGE, same(WORDS, "Old Mill"))
    assert not uprights.has_odd_upright("OldMill", _told(right[0], right[1][-1]))


def measured(text: str, *far: dict[str, float]) -> tuple[Witness, Sighting]:
    """A line whose characters are that far from the known ones, on a page whose own differ by 0.01."""
    seen = sighting(text, text)
    box = seen.line.box
    rows = {index: {c: (one, one) for c, one in row.items()} for index, row in enumerate(far)}
    whole = [Shown(c, _BLANK, (box, index), is_whole=True) for index, c in enumerate(text)]
    return Witness({box: rows}, 0.01, gallery([]), {box: whole}), seen


_BLANK = np.zeros((24, 24), dtype=np.float32)


@pytest.mark.parametrize(("other", "proven"), [(0.2, True), (0.03, False)])
def test_what_is_nearly_as_like_another_character_is_not_proven(other: float, proven: bool) -> None:
    witness, seen = measured("t", {"t": 0.01, "l": other})
    differing = replace(seen, second=Glimpse("l", 0.9))
    assert (witness.settled(differing) is not differing) is proven


@pytest.mark.parametrize(
    ("text", "own", "other", "strange"),
    [
        ("to", 0.15, 0.005, [("t", "l")]),
        ("to", 0.015, 0.005, []),
        ("to", 0.15, 0.015, []),
        ("to", 0.5, 0.005, []),
    ],
    ids=["plain", "near its kind", "not near the other", "a piece"],
)
def test_only_what_is_plainly_another_character_is_a_stranger(
    text: str, own: float, other: float, strange: list[tuple[str, str]]
) -> None:
    witness, seen = measured(text, {"t": own, "l": other}, {text[1]: 0.0})
    assert pairs(witness.strangers(seen, text)) == strange


@pytest.mark.parametrize(("off", "strange"), [(0.0, [("t", "l")]), (8.0, [])])
def test_what_looks_like_its_neighbour_is_strange_only_where_its_place_is_sure(
    off: float, strange: list[tuple[str, str]]
) -> None:
    witness, seen = measured("tl", {"t": 0.15, "l": 0.005}, {"l": 0.0})
    moved = replace(seen, places=tuple(place + off for place in seen.places))
    assert pairs(witness.strangers(moved, "tl")) == strange


@pytest.mark.parametrize(("read", "strange"), [("Z", [("Z", "2")]), ("Q", [])])
def test_only_of_lookalikes_the_page_need_not_know_the_character(
    read: str, strange: list[tuple[str, str]]
) -> None:
    witness, seen = measured(read, {"2": 0.005})
    assert pairs(witness.strangers(seen, read)) == strange


@pytest.mark.parametrize(
    ("first", "second", "is_sure"),
    [("RZ4167161R", None, False), ("RZ4167161R", "RZ416716IR", True), ("389I616", None, True)],
)
def test_a_1_that_looks_like_an_i_of_the_page_is_a_doubt_and_no_i_where_both_readers_see_a_1(
    first: str, second: str | None, is_sure: bool
) -> None:
    """Drawn with an I: what both readers see is not overruled by a likeness that some types hardly have."""
    text = "389I616" if "389" in first else "RZ416716IR"
    numbers = (same(AMOUNT, "1,000,000"), same(AMOUNT, "1,101,000"))
    witness, sightings = printed(*PAGE, *numbers, (NUMBER, first, second, text))
    seen = policy_numbers.believe(_told(witness, sightings[-1]))
    assert (seen.doubt is None) is is_sure
    assert seen.text == (text if is_sure else first)


def _told(witness: Witness, seen: Sighting) -> Sighting:
    is_number = any(map(str.isdigit, solid(seen.first.text)))
    told = witness.told if is_number else witness.told_uprights
    return replace(seen, told=told(seen))


def test_poor_print_settles_nothing() -> None:
    witness, seen = measured("t", {"t": 0.01, "l": 0.2})
    differing = replace(seen, second=Glimpse("l", 0.9))
    poor = replace(witness, spread=0.03)
    assert witness.settled(differing) is not differing
    assert poor.settled(differing) is differing


@pytest.mark.parametrize(("spread", "is_poor"), [(0.07, False), (0.13, True)])
def test_print_that_differs_too_much_from_itself_is_poor(spread: float, is_poor: bool) -> None:
    witness, _ = measured("t", {"t": 0.01})
    assert replace(witness, spread=spread).is_poor is is_poor


def test_a_character_that_was_cut_from_its_neighbours_settles_nothing() -> None:
    witness, seen = measured("t", {"t": 0.01, "l": 0.2})
    differing = replace(seen, second=Glimpse("l", 0.9))
    box = seen.line.box
    cut = [replace(one, is_whole=False) for one in witness.shown[box]]
    assert replace(witness, shown={box: cut}).settled(differing) is differing


def test_a_character_that_looks_like_its_likes_is_as_sure_as_the_page_shows_it() -> None:
    """A 6 that the first reader is not sure of, in a date of a term that is no year."""
    day = CELLS["general_liability.effective_date"]
    page = (same(AMOUNT, "26,000"), same(day, "06/28/2026"), same(day, "02/26/2025"))
    for printed_there, sure in (("08/26/2026", True), ("08/26/2025", False)):
        witness, sightings = printed(*page, (day, "08/26/2026", None, printed_there))
        seen = sightings[-1]
        weak = (*[0.99] * (len("08/26/2026") - 1), 0.6)
        doubtful = replace(seen, first=replace(seen.first, sure=weak, weakest=0.6))
        assert (witness.assured(doubtful).first.weakest == 0.99) is sure
        assert witness.assured(replace(doubtful, touching=True)).first.weakest == 0.6
