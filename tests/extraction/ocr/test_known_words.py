"""Words that are nearly a well-known one."""

from __future__ import annotations

import pytest

from connector.extraction.ocr.acceptance import limits, names, prose
from connector.extraction.ocr.acceptance.known_words import misread
from tests.drawing.values import made_up
from tests.extraction.ocr.sightings import sighting


@pytest.mark.parametrize(
    "text",
    [
        "Sentinel Bay Speciatty Insurance Company",
        "Blue Ridge Mutuat Insurance Company",
        "Fjord Millwork Ine.",
        "Evergreen Fire & Marine Ina Co",
        "Prairie State Property & Casualty Ins Cc",
        "Cascade Excess & Surplus Insurance Cd",
        "Acme Roofing lnc.",
        "Hill Masonry LLG",
        "Hill Cértificate Services",
    ],
)
def test_no_firm_is_called_so(text: str) -> None:
    assert misread(text)
    assert names.believe(sighting(text, text)).doubt


@pytest.mark.parametrize(
    "text",
    [
        "Go Green LLC",
        "Pacifica Builders Inc.",
        "Generac Services Co",
        "Marina Properties L.P.",
        "Surely Bonding Inc",
        "Insurance Co of America",
        "Reality Homes, Inc. dba Hill Co",
        "Constructora Hill",
    ],
)
def test_a_name_that_may_be_one_is_believed(text: str) -> None:
    assert misread(text) is None


def test_no_value_of_the_drawn_certificates_is_nearly_another_word() -> None:
    for seed in range(300):
        for value in made_up(seed, "hard").expected.values():
            assert not isinstance(value, str) or misread(value) is None, value


def test_limits_have_few_words_of_which_any_letter_may_be_lost() -> None:
    for text in ("Each Claim $1,000,000 Aggregat", "Each Occurrance $1,000,000"):
        assert misread(text, any_letter=True)
        assert limits.believe(sighting(text, text)).doubt
    assert misread("Each Occurrence 1,000,000 Aggregate 2,000,000", any_letter=True) is None


def test_prose_with_a_word_that_is_nearly_one_is_in_doubt_as_a_whole() -> None:
    text = "Generat liability is primary."
    belief = prose.believe(sighting(text, text))
    assert belief.doubt
    assert not belief.words_stand


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            "Lone Pine Inșurance Company",
            "Lone Pine Insurance Company",
            "Lone Pine Insurance Company",
        ),
        ("EXCLUDÉD", "EXCLUDED", "EXCLUDED"),
        ("José Insurance Co", "Jose Insurance Co", None),
        ("Inșurance Co", "Inçurance Co", None),
    ],
)
def test_an_accent_on_a_well_known_word_is_dirt(
    first: str, second: str, expected: str | None
) -> None:
    belief = names.believe(sighting(first, second))
    assert (belief.text if belief.doubt is None else None) == expected
