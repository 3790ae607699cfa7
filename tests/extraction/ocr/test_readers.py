"""The two readers asked together: when the second one looks again."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from connector.extraction.ocr.acceptance.letters import INSURER, MARK
from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.readers import Readers
from connector.extraction.ocr.recogniser import Glimpse, Recogniser
from connector.extraction.ocr.tesseract import Tesseract

CROP: Gray = np.full((24, 24), 255, dtype=np.uint8)


class Scripted:
    """An engine that sees these texts, one after the other."""

    def __init__(self, *texts: str, sure: float = 0.99) -> None:
        self._seen = iter([Glimpse(text, sure, sure) for text in texts])

    def read(self, crops: list[Gray]) -> list[Glimpse]:
        return [next(self._seen) for _ in crops]

    def letter(self, crop: Gray, allowed: str) -> Glimpse:
        return next(self._seen)


def second_view(first: Scripted, second: Scripted, only: str) -> str:
    readers = Readers(cast("Recogniser", first), cast("Tesseract", second))
    other = readers.both(CROP, only)[1]
    assert other is not None
    return other.text


def test_a_mark_is_looked_at_again_in_other_ways_where_the_first_reader_is_sure() -> None:
    assert second_view(Scripted("Y"), Scripted("N", "N", "Y"), MARK) == "Y"
    assert second_view(Scripted("Y"), Scripted(*"NNNNN"), MARK) == "N"


def test_the_letter_of_an_insurer_is_looked_for_again_where_the_second_reader_saw_nothing() -> None:
    assert second_view(Scripted("C"), Scripted("", "", "C"), INSURER) == "C"
    assert second_view(Scripted("C", sure=0.8), Scripted("", "C", "C"), INSURER) == ""


def test_a_line_is_looked_at_harder_where_the_first_reader_is_sure_and_letters_are_no_digits() -> (
    None
):
    looks = ("500.000", "", "", "500,000")
    assert second_view(Scripted("500,000"), Scripted(*looks), "") == "500,000"
    assert second_view(Scripted("500,000", sure=0.8), Scripted(*looks), "") == "500.000"
    assert second_view(Scripted("B5I8"), Scripted("B518", "", "", "B5I8"), "") == "B518"


@pytest.mark.parametrize(("only", "sure"), [(MARK, 0.9), (INSURER, 0.99)])
def test_an_unsure_mark_and_the_letter_of_an_insurer_are_looked_at_once(
    only: str, sure: float
) -> None:
    assert second_view(Scripted("E", sure=sure), Scripted("F", "E", "E"), only) == "F"
