"""Characters measured finer than to a pixel."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from connector.extraction.ocr import digits, fine
from connector.extraction.ocr.paper import Gray


def strip(*bars: tuple[float, float]) -> Gray:
    """A strip of paper with upright bars from and to these pixels, soft at their edges."""
    large = np.full((20, 1000), 255, dtype=np.uint8)
    for left, right in bars:
        large[:, round(left * 10) : round(right * 10)] = 20
    return np.asarray(cv2.resize(large, (100, 20), interpolation=cv2.INTER_AREA), dtype=np.uint8)


@pytest.mark.parametrize("right", [22.0, 22.3, 22.7])
def test_a_width_is_known_to_a_part_of_a_pixel(right: float) -> None:
    found = fine.widths(strip((10.0, right)), np.array([(10, round(right))]))
    whole = fine.widths(strip((10.0, 22.0)), np.array([(10, 22)]))
    assert found[0] - whole[0] == pytest.approx(right - 22.0, abs=0.12)


def test_the_width_of_a_character_that_touches_another_is_not_known() -> None:
    touching = fine.widths(strip((10, 30)), np.array([(10, 20), (20, 30)]))
    assert np.isnan(touching).all()
    apart = fine.widths(strip((10, 20), (22, 30)), np.array([(10, 20), (22, 30)]))
    assert not np.isnan(apart).any()


def test_a_flag_leans_to_the_left_and_serifs_to_neither_side() -> None:
    gray = strip((50, 54))
    plain = fine.leans(gray, np.array([(50, 54)]))
    gray[0:6, 45:50] = 20
    flag = fine.leans(gray, np.array([(45, 54)]))
    gray[0:6, 54:59] = 20
    serifs = fine.leans(gray, np.array([(45, 59)]))
    assert plain[0] == pytest.approx(0.0, abs=0.01)
    assert flag[0] == pytest.approx(0.25, abs=0.03)
    assert serifs[0] == pytest.approx(0.0, abs=0.01)


def test_zeros_that_are_not_all_alike_measure_nothing() -> None:
    assert digits.exact_zero(np.array([12.0, 12.1, 12.0, 12.1, 12.0, 12.1])) is not None
    assert digits.exact_zero(np.array([12.0, 13.0, 12.0, 11.0, 12.0, 12.1])) is None
    assert digits.exact_zero(np.array([12.0, 12.1, 12.0])) is None


def test_what_has_no_ink_of_its_own_is_not_measured() -> None:
    gray = strip((10, 20))
    for columns in ((40, 45), (8, 10), (0, 2), (98, 100)):
        assert np.isnan(fine.widths(gray, np.array([columns]))[0])
        assert np.isnan(fine.leans(gray, np.array([columns]))[0])
    low = np.full((20, 100), 255, dtype=np.uint8)
    low[9:12, 10:20] = 20
    assert np.isnan(fine.leans(low, np.array([(10, 20)]))[0])
    assert not np.isnan(fine.widths(low, np.array([(10, 20)]))[0])


def test_a_stem_is_as_high_as_its_letter_and_a_round_letter_has_none() -> None:
    letter = np.zeros((20, 14), dtype=np.bool_)
    letter[:, :3] = True
    assert fine.stem(letter) == 1.0
    letter[[0, 1, 2, 17, 18, 19], :3] = False
    assert fine.stem(letter) == 0.7
    letter[:] = False
    letter[:, 10:] = True
    assert fine.stem(letter) == 0.0
