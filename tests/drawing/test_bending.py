"""Bent paper keeps its lengths, and what wears a page down does what it says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.drawing import bending

PAGE = Image.new("L", (612, 792), 255)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("bend", [bending.rolled, bending.folded])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_paper_bends_without_stretching(
    bend: Callable[[np.random.Generator], bending.Bend], seed: int
) -> None:
    paper = bend(rng(seed))
    points = rng().uniform((0, 0), (612, 792), (200, 2))
    for step in ((0.5, 0.0), (0.0, 0.5)):
        lengths = np.linalg.norm(paper.in_space(points + step) - paper.in_space(points), axis=1)
        assert lengths == pytest.approx(np.full(200, 0.5), rel=0.02)
    assert np.ptp(paper.in_space(points)[:, 2]) > 5


def test_a_photo_from_straight_above_shows_the_page_where_it_lies() -> None:
    page = PAGE.copy()
    page.paste(0, (300, 400, 312, 412))
    photo = bending.photographed_bent(page, rng(), bending.flat(), tilt=(0, 0))
    tones = np.asarray(photo.convert("L").filter(ImageFilter.BoxBlur(2)), float)
    dark = np.argwhere(tones < 20)
    assert np.ptp(dark, axis=0) == pytest.approx((12, 12), abs=5)


def test_a_dog_ear_hides_a_corner_and_nothing_else() -> None:
    black = Image.new("L", PAGE.size, 0)
    tones = np.asarray(bending.dog_eared(black, rng()))
    hidden = float((tones > 0).mean())
    assert 0.002 < hidden < 0.03
    corners = [tones[0, 0], tones[0, -1], tones[-1, 0], tones[-1, -1]]
    assert sum(tone > 0 for tone in corners) == 1


def test_a_side_is_cut_off() -> None:
    cut = bending.cut_off(Image.new("RGB", (600, 800)), rng())
    assert (cut.width < 560) != (cut.height < 740)


def test_a_hand_throws_a_shadow_on_part_of_the_page() -> None:
    tones = np.asarray(bending.shadowed(Image.new("RGB", (600, 800), "white"), rng()).convert("L"))
    assert tones.max() > 250
    assert 0.1 < float((tones < 200).mean()) < 0.6


@pytest.mark.parametrize("wear", [bending.from_a_book, bending.fed_unevenly, bending.slipped])
def test_scanners_keep_the_size_of_a_page(
    wear: Callable[[Image.Image, np.random.Generator], Image.Image],
) -> None:
    page = PAGE.copy()
    page.paste(0, (0, 300, 612, 302))
    worn = wear(page, rng(3))
    assert worn.size == PAGE.size
    assert np.abs(np.asarray(worn, float) - np.asarray(page, float)).mean() > 0.1
