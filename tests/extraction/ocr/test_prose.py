"""Lines of running text: what is in doubt, and which words stand even so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.extraction.ocr.acceptance import prose
from tests.extraction.ocr.sightings import sighting


@pytest.mark.parametrize("amount", ["$1,250.000", "$1.250,000", "12,500.000"])
def test_an_amount_with_points_and_commas_between_its_thousands_is_in_doubt(amount: str) -> None:
    text = f"Contract sum {amount} in all"
    belief = prose.believe(sighting(text, text))
    assert belief.doubt
    assert "point among its commas" in belief.doubt


@pytest.mark.parametrize(
    "amount", ["$1,250,000", "$1,250,000.00", "$1,250.00", "1.250.000", "2.500"]
)
def test_an_amount_in_groups_of_one_kind_is_believed(amount: str) -> None:
    text = f"Contract sum {amount} in all"
    assert prose.believe(sighting(text, text)).doubt is None


@pytest.mark.parametrize(
    ("text", "stand"),
    [
        ("Auto policy includes a blanket waiver of subrogation", False),
        ("Auto policy includes a blanket waiver of subrogation.", True),
    ],
)
def test_words_stand_on_a_dusty_line_only_where_some_point_is_left(text: str, stand: bool) -> None:
    """Without its points two sentences are one: an auto policy's waiver would be everybody's."""
    belief = prose.believe(sighting(text, text, dusty=True))
    assert belief.doubt
    assert belief.words_stand is stand


@pytest.mark.parametrize(
    ("first", "after", "believed"),
    [
        ("Waiver of subrogation applies to.", "general liability.", False),
        ("Waiver of subrogation applies to", "general liability.", True),
        ("in favor of Fjord Development Co.", "and Summit Builders.", True),
        ("GL is primary.", "Auto is not.", True),
    ],
)
def test_a_point_at_the_end_of_a_line_in_the_midst_of_a_sentence_may_be_dirt(
    first: str, after: str, believed: bool
) -> None:
    for dirty in (True, False):
        seen = [replace(sighting(text, text), dirty=dirty) for text in (first, after)]
        found = prose.with_loose_points([prose.believe(each) for each in seen], seen)
        assert [each.doubt is None for each in found] == [believed or not dirty, True]


def test_a_lone_figure_behind_a_dash_may_be_a_letter_in_worn_print() -> None:
    seen = sighting(
        "RE: Contract No. 5501-8 dated 01/15/2025", "RE: Contract No. 5501-8 dated 01/15/2025"
    )
    assert prose.believe(seen).doubt is None
    assert "letter or a figure" in (prose.believe(replace(seen, is_worn=True)).doubt or "")
    plain = sighting("Re: Job #22-118, 5501-7", "Re: Job #22-118, 5501-7")
    assert prose.believe(replace(plain, is_worn=True)).doubt is None


@pytest.mark.parametrize(
    "text",
    [
        "A per.project aggregate applies to general liability.",
        "30 days'.notice of cancellation applies.",
    ],
)
def test_a_point_between_two_words_without_a_space_may_be_dirt(text: str) -> None:
    assert "dirt" in (prose.believe(replace(sighting(text, text), dirty=True)).doubt or "")
