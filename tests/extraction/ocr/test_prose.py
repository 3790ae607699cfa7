"""Lines of running text: what is in doubt, and which words stand even so."""

from __future__ import annotations

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
