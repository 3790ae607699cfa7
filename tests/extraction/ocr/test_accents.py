"""Accents, colons and points: print, or specks of dirt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.extraction.ocr.acceptance import names, prose
from tests.extraction.ocr.sightings import sighting


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Sentiņel Bay Holdings", "Sentinel Bay Holdings", None),
        ("Lone Pine Inșurance", "Lone Pine Insurance", "Lone Pine Insurance"),
        ("Kovačić Holdings", "Kovacic Holdings", None),
        ("La Unión Holdings", "La Union Holdings", None),
        ("Ríver Bay Holdings", "River Bay Holdings", None),
        ("Muñoz Holdings", "Munoz Holdings", None),
        ("Ļonkhart Holdings", "Lonkhart Holdings", None),
        ("Lonkhárt Holdings", "Lonkhart Holdings", None),
        ("Tomás Holdings", "Tomas Holdings", None),
    ],
)
def test_an_accent_that_one_reader_sees_on_a_well_known_word_is_dirt_and_on_a_name_a_doubt(
    first: str, second: str, expected: str | None
) -> None:
    belief = names.believe(sighting(first, second))
    assert (belief.text if belief.doubt is None else None) == expected


@pytest.mark.parametrize(
    ("text", "dirty", "sure"),
    [
        ("Garagekéepers Liability", True, False),
        ("Garagekéepers Liability", False, True),
        ("Tomás Holdings", True, True),
    ],
)
def test_an_accent_that_both_see_on_a_page_with_dirt_is_sure_on_a_name_that_has_it(
    text: str, dirty: bool, sure: bool
) -> None:
    seen = replace(sighting(text, text), dirty=dirty)
    assert (names.believe(seen).doubt is None) is sure


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("J: R. Whitman Contracting LP is", False),
        ("J. R: Whitman Contracting LP is", False),
        ("J. R. Whitman Contracting LP is", True),
        ("Insurer A: Northfield Mutual is", True),
        ("Insurer A: U.S. Fire is", True),
        ("insured on and J: R. Whitman is", False),
    ],
)
def test_a_colon_behind_an_initial_is_its_point_and_dirt(text: str, sure: bool) -> None:
    assert (prose.believe(sighting(text, text)).doubt is None) is sure


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("1 st Choice Paving", False),
        ("22 nd Avenue Paving", False),
        ("1st Choice Paving", True),
        ("500 St Paul Place", True),
        ("Suite 200 ND", True),
    ],
)
def test_a_figure_apart_from_its_ending_is_in_doubt(text: str, sure: bool) -> None:
    assert (names.believe(sighting(text, text)).doubt is None) is sure


@pytest.mark.parametrize(("last", "sure"), [("the certificate holder,", False), ("holder.", True)])
def test_a_comma_that_ends_a_text_is_in_doubt(last: str, sure: bool) -> None:
    seen = [sighting(text, text) for text in ("given to,", last)]
    found = prose.with_loose_points([prose.believe(each) for each in seen], seen)
    assert [each.doubt is None for each in found] == [True, sure]


def test_a_label_s_colon_without_its_upper_point_is_in_doubt() -> None:
    for text, sure in (("WC. waiver applies", False), ("WC: waiver applies", True)):
        assert (prose.believe(sighting(text, text)).doubt is None) is sure


@pytest.mark.parametrize("worn", [True, False])
def test_figures_with_a_space_between_them_are_in_doubt_in_worn_print(worn: bool) -> None:
    text = "Job 22-1 18 of the owner"
    seen = replace(sighting(text, text), is_worn=worn)
    assert (prose.believe(seen).doubt is None) is not worn
    form = "Forms CG 20 11 12 19 apply"
    assert prose.believe(replace(sighting(form, form), is_worn=worn)).doubt is None


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("10.days for non-payment", False),
        ("10 days for non-payment", True),
        ("Section 3.8 days for non-payment", True),
    ],
)
def test_a_point_between_a_number_and_its_word_is_dirt_on_a_page_that_has_some(
    text: str, sure: bool
) -> None:
    seen = replace(sighting(text, text), dirty=True)
    assert (prose.believe(seen).doubt is None) is sure
