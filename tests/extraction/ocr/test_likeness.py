"""Pictures of single characters: which of a line's columns are one character."""

from __future__ import annotations

import numpy as np
import pytest

from connector.extraction.ocr import likeness
from tests.extraction.ocr.sightings import HEIGHT, line

HALF = round(0.3 * HEIGHT)
SHEET = np.full((200, 800), 255, np.uint8)


def shown(text: str, widths: list[int]) -> set[int]:
    """The indices of the characters that are shown whole, where a reader saw each at its column."""
    print_of = line(text, widths)
    places = [float(middle) for middle in print_of.columns.mean(axis=1)]
    return {one.where[1] for one in likeness.characters(SHEET, print_of, places, text, None)}


def test_every_character_with_a_column_of_its_own_is_shown() -> None:
    assert shown("RX4051", [12] * 6) == set(range(6))


@pytest.mark.parametrize("round_one", ["0", "O", "C"])
def test_a_round_character_of_half_its_width_is_one_side_of_it_and_not_shown(
    round_one: str,
) -> None:
    """A 0 in two pieces and two letters that touch make as many columns as there are characters."""
    assert 2 not in shown(f"RX{round_one}451", [12, 12, HALF, 12, 12, 12])


@pytest.mark.parametrize("slim", ["1", "I", "l", "."])
def test_slim_characters_are_shown(slim: str) -> None:
    assert 2 in shown(f"RX{slim}451", [12, 12, HALF, 12, 12, 12])


def test_of_one_line_only_some_examples_are_kept() -> None:
    """The zeros of one amount all stand alike; those of others stand half a pixel on."""

    def zero(row: int, index: int) -> likeness.Shown:
        blank = np.zeros((24, 24), dtype=np.float32)
        return likeness.Shown("0", blank, ((0, row, 9, row + 9), index), is_whole=True)

    every = [zero(row, index) for row in range(4) for index in range(6)]
    kept = likeness.gallery(every, most=10, of_a_line=3).known
    assert [one.where[0][1] for one in kept] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]
