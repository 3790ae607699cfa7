"""Words that both readers misread alike where print is worn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.extraction.ocr.acceptance import english, names, prose
from tests.extraction.ocr.sightings import sighting


@pytest.mark.parametrize(
    "text",
    [
        "Praine State Assurance Corp.",
        "Adas Mutual",
        "Holiow Brook LLC",
        "Hidden Vattey",
        "Cornmercial Drive",
    ],
)
def test_a_word_that_is_none_and_nearly_is_one_is_in_doubt_in_worn_print(text: str) -> None:
    seen = sighting(text, text)
    assert "misread" in (names.believe(replace(seen, is_worn=True)).doubt or "")
    assert "misread" in (prose.believe(replace(seen, is_worn=True)).doubt or "")


def test_clean_print_and_names_that_are_no_words_are_believed() -> None:
    adas = "Adas Supply LLC"
    assert names.believe(sighting(adas, adas)).doubt is None
    for text in ("Northfield Roofing LLC", "Markel Insurance Co", "K & L Builders", "Smyrna, TN"):
        assert names.believe(replace(sighting(text, text), is_worn=True)).doubt is None


@pytest.mark.parametrize(
    "text",
    [
        "Muñoz Miliwork",
        "Great River Firé & Marine Ins Co",
        "Buiiders Inc",
        "Prairie Stafe Insurance",
        "Ilinois Valley Drywall",
        "Errors & Umissions",
    ],
)
def test_an_i_for_an_l_and_an_accent_of_dirt_make_no_english_word_in_clean_print_either(
    text: str,
) -> None:
    seen = sighting(text, text)
    assert names.believe(seen).doubt
    assert prose.believe(seen).doubt


def test_words_of_other_languages_keep_their_accents() -> None:
    for text in ("Peña Construcción LLC", "Lucía Ibáñez", "Muñoz"):
        found = names.believe(sighting(text, text))
        assert (found.text, "misread" in (found.doubt or "")) == (text, False)


@pytest.mark.parametrize(
    ("word", "proved"),
    [("liability", True), ("Waiver", True), ("Seller", False), ("ill", False), ("Okafil", False)],
)
def test_an_i_or_l_of_a_word_that_is_none_with_the_other_is_proved_by_it(
    word: str, proved: bool
) -> None:
    assert english.is_no_other_by_uprights(word) is proved


@pytest.mark.parametrize(
    ("text", "index", "other", "proved"),
    [
        ("Summit Insurance Company", 6, "u", True),
        ("Keystone Ins. Co.", 8, "u", True),
        ("Sitver Insurance", 2, "l", False),
        ("march insurance", 3, "s", False),
        ("Seller Insurance", 2, "i", False),
        ("No 5", 2, "6", False),
        ("Fresno, CA 93721", 7, "G", False),
    ],
)
def test_a_letter_of_a_word_that_is_none_with_another_one_there_is_proved_by_it(
    text: str, index: int, other: str, proved: bool
) -> None:
    assert english.is_none_with(other, text, index) is proved
