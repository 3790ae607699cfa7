"""Which small blots of a sheet are dirt, and which belong to its print."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from connector.extraction.ocr import specks
from connector.extraction.ocr.glyphs import Blots

SHAPE = (200, 400)
LETTER, POINT = (100, 50, 112, 70), (116, 66, 120, 70)


def blots(*boxes: Sequence[int]) -> Blots:
    found = np.array(boxes, dtype=np.int64)
    sizes = found[:, 2:] - found[:, :2]
    return Blots(found, sizes.prod(axis=1))


@pytest.mark.parametrize(("pitch", "is_loose"), [(12, False), (24, False), (40, True)])
def test_the_second_of_two_points_belongs_to_the_first_in_typewriter_print_too(
    pitch: int, is_loose: bool
) -> None:
    second = (POINT[0] + pitch, 66, POINT[2] + pitch, 70)
    assert specks.loose(blots(LETTER, POINT, second), SHAPE).tolist() == [False, False, is_loose]


@pytest.mark.parametrize(
    ("upper", "belongs"),
    [((116, 55, 120, 58), True), ((126, 55, 130, 58), False), ((116, 30, 120, 33), False),
     ((116, 56, 118, 58), False)],
    ids=["over it", "aside", "too high", "a speck"],
)  # fmt: skip
def test_the_upper_point_of_a_colon_is_no_dust_though_a_little_smaller(
    upper: Sequence[int], belongs: bool
) -> None:
    found = specks.over_points(blots(LETTER, upper, POINT), 14, SHAPE)
    assert found.tolist() == [False, belongs, False]
