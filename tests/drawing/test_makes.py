"""Each make is what its name says, and the same each time."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from tests.drawing.makes import MAKES, draw, layout_for
from tests.drawing.picture import picture
from tests.drawing.styles import official_style
from tests.drawing.test_drawing import text_in
from tests.drawing.values import made_up
from tests.drawing.wear import stamped_in_blue

QUICK = ("text_turned", "scan150", "damaged")
IMAGE_ONLY = {"scan150": (1275, 1650), "fax_low": (1734, 1078)}


@pytest.mark.parametrize("make", QUICK)
def test_a_make_is_the_same_each_time(make: str) -> None:
    truth = made_up(5, "clean")
    assert draw(truth, make=make) == draw(truth, make=make)


@pytest.mark.slow
@pytest.mark.parametrize("make", MAKES)
@pytest.mark.parametrize("edition", ["2016/03", "2025/12"])
def test_every_make_can_be_drawn_and_opened_and_is_the_same_each_time(
    make: str, edition: str
) -> None:
    data = draw(made_up(8, "hard"), edition, make)
    assert data == draw(made_up(8, "hard"), edition, make)
    if data.startswith(b"%PDF"):
        assert len(pypdfium2.PdfDocument(data)) == 1
    else:
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()


def only_image(pdf: bytes) -> tuple[tuple[int, int], int]:
    """The size in pixels and the bits per sample of the page's only picture."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (found,) = document.pages[0].get_images().values()
        assert isinstance(found, pikepdf.Stream)
        image = pikepdf.PdfImage(found)
        return image.size, image.bits_per_component


@pytest.mark.parametrize(("make", "size"), IMAGE_ONLY.items())
def test_a_scan_is_one_picture_of_a_letter_page_without_text(
    make: str, size: tuple[int, int]
) -> None:
    pdf = draw(made_up(5), make=make)
    assert only_image(pdf)[0] == pytest.approx(size, abs=1)
    page = pypdfium2.PdfDocument(pdf)[0]
    assert page.get_size() == pytest.approx((612, 792), abs=1)
    assert page.get_textpage().get_text_bounded() == ""


def test_a_scan_in_strips_covers_the_page_with_several_pictures() -> None:
    strips = draw(made_up(5), make="scan_strips")
    with pikepdf.open(io.BytesIO(strips)) as document:
        assert len(document.pages[0].get_images()) == 9
    assert near(picture(strips, 40), picture(draw(made_up(5)), 40), 30)


def test_a_blue_stamp_leaves_the_print_black() -> None:
    blank = Image.new("L", (850, 1100), 255)
    rng = np.random.default_rng(1)
    red, _, blue = (np.asarray(band, int) for band in stamped_in_blue(blank, rng).split())
    assert (blue - red).max() > 60
    black = Image.new("L", (850, 1100), 0)
    assert np.asarray(stamped_in_blue(black, rng)).max() == 0


def test_a_fax_is_black_and_white() -> None:
    assert only_image(draw(made_up(5), make="fax_low"))[1] == 1


def test_a_turned_page_is_upright_when_shown_and_a_sideways_page_is_not() -> None:
    turned, sideways = (
        pypdfium2.PdfDocument(draw(made_up(5), make=make))[0]
        for make in ("text_turned", "text_sideways")
    )
    assert turned.get_size() == (612, 792)
    assert turned.get_rotation() == 90
    assert sideways.get_rotation() in (90, 180, 270)
    upright = picture(draw(made_up(5)), 40)
    assert near(picture(draw(made_up(5), make="text_turned"), 40), upright)
    assert not near(
        picture(draw(made_up(5), make="text_sideways"), 40).resize(upright.size), upright
    )


def near(one: Image.Image, other: Image.Image, tones: float = 4) -> bool:
    """Whether two pictures show the same page, hair's breadths aside."""
    difference = np.abs(np.asarray(one, float) - np.asarray(other, float))
    return float(difference.mean()) < tones


def cell_text(pdf: bytes, seed: int, cell: str) -> str:
    style = official_style(seed)
    layout = layout_for("2016/03", style)
    if style.rows_at is not None:
        layout = layout.with_rows_at(style.rows_at)
    return text_in(pdf, layout.cells[cell].area.moved(1.0, *style.shift))


def test_the_searchable_text_is_true_and_the_lying_text_is_not() -> None:
    truth, cell = made_up(6), "general_liability_expiration_date"
    printed = truth.sheet.cells[cell]
    assert printed in cell_text(draw(truth, make="searchable"), 6, cell)
    told = cell_text(draw(truth, make="lying"), 6, cell)
    assert told
    assert printed not in told


def test_a_damaged_font_loses_letters_of_the_text_but_not_of_the_picture() -> None:
    truth = made_up(6)
    told = cell_text(draw(truth, make="damaged"), 6, "general_liability_each_occurrence")
    assert "," not in told
    assert (
        told.replace(" ", "").strip("$")[:1]
        == truth.sheet.cells["general_liability_each_occurrence"].strip("$ ")[:1]
    )


def test_a_bare_picture_is_a_jpeg_with_more_than_the_page_on_it() -> None:
    with Image.open(io.BytesIO(draw(made_up(5), make="photo_jpeg"))) as photo:
        assert photo.format == "JPEG"
        assert photo.mode == "RGB"
        assert photo.width > 8.5 * 230
