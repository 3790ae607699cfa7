"""Drawn certificates of every edition and print: every value right, or said to be unclear."""

from __future__ import annotations

import pytest

from tests.drawing.editions import EDITIONS
from tests.drawing.makes import draw
from tests.drawing.styles import own_style
from tests.drawing.values import made_up
from tests.extraction.documents import flat_of, wrong_in


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("seed", [5001, 5002])
def test_text_pages_of_every_edition_read_without_a_silent_error(edition: str, seed: int) -> None:
    truth = made_up(seed)
    assert wrong_in(flat_of(draw(truth, edition)), truth, edition) == {}


@pytest.mark.parametrize("edition", ["2016/03", "2025/12", "2010/05"])
@pytest.mark.parametrize("seed", [5101, 5102])
def test_a_makers_own_print_reads_without_a_silent_error(edition: str, seed: int) -> None:
    truth = made_up(seed, "hard")
    page = draw(truth, edition, style=own_style(seed, "hard"))
    assert wrong_in(flat_of(page), truth, edition) == {}


@pytest.mark.parametrize("seed", range(5201, 5207))
def test_hard_prints_read_without_a_silent_error(seed: int) -> None:
    truth = made_up(seed, "hard")
    assert wrong_in(flat_of(draw(truth)), truth, "2016/03") == {}


@pytest.mark.parametrize(
    "make", ["form", "form_xfa", "form_locked", "text_turned", "text_sideways", "damaged"]
)
@pytest.mark.parametrize("seed", [5301, 5302])
def test_other_makes_of_page_read_without_a_silent_error(make: str, seed: int) -> None:
    truth = made_up(seed)
    assert wrong_in(flat_of(draw(truth, make=make)), truth, "2016/03") == {}


@pytest.mark.parametrize("seed", [5401, 5402, 5403])
def test_a_clean_certificate_needs_no_review(seed: int) -> None:
    truth = made_up(seed, "clean")
    flat = flat_of(draw(truth))
    assert flat["unclear_fields"] is None
    assert flat["needs_review"] is False
