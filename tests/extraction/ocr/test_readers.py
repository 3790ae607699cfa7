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


def test_a_mark_is_looked_at_again_in_other_sizes_where_the_first_reader_is_sure() -> None:
    assert second_view(Scripted("Y"), Scripted("N", "N", "Y"), MARK) == "Y"
    assert second_view(Scripted("Y"), Scripted("N", "N", "N"), MARK) == "N"


@pytest.mark.parametrize(("only", "sure"), [(MARK, 0.9), (INSURER, 0.99)])
def test_an_unsure_mark_and_the_letter_of_an_insurer_are_looked_at_once(
    only: str, sure: float
) -> None:
    assert second_view(Scripted("E", sure=sure), Scripted("F", "E", "E"), only) == "F"
