"""Sizes and pictures of pages: points in, pixels out, the same scale for every kind."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from connector.documents.admit import Limits, admit
from connector.documents.document import Document
from connector.documents.pages import fitting_dpi, picture, size
from connector.errors import TooLarge
from tests.documents import making

LETTER = (612.0, 792.0)


def document(data: bytes) -> Document:
    return admit(data, "x", Limits())


def turned(data: bytes, degrees: int) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.pages[0].rotate(degrees, relative=False)
        return making.saved(pdf)


SQUARE_TOP_LEFT = b"0 g 0 692 100 100 re f"


def test_a_point_of_the_page_is_found_in_its_picture() -> None:
    drawn = picture(document(making.with_content(SQUARE_TOP_LEFT)), 1, 144)
    assert drawn.shape == (1584, 1224)
    assert drawn.dtype == np.uint8
    assert drawn[:198, :198].max() == 0
    assert drawn[204:, :].min() == 255
    assert drawn[:, 204:].min() == 255


def test_the_picture_outlives_the_document() -> None:
    drawn = picture(document(making.with_content(SQUARE_TOP_LEFT)), 1, 36)
    copies = [picture(document(making.pdf()), 1, 36) for _ in range(3)]
    assert drawn[:49, :49].max() == 0
    assert len(copies) == 3


@pytest.mark.parametrize(
    ("degrees", "points", "corner"),
    [(0, LETTER, "top left"), (90, LETTER[::-1], "top right"), (180, LETTER, "bottom right")],
)
def test_a_turned_page_is_shown_as_people_see_it(
    degrees: int, points: tuple[float, float], corner: str
) -> None:
    shown = document(turned(making.with_content(SQUARE_TOP_LEFT), degrees))
    assert size(shown, 1) == points
    drawn = picture(shown, 1, 72)
    assert drawn.shape == (points[1], points[0])
    rows = slice(0, 95) if "top" in corner else slice(-95, None)
    columns = slice(0, 95) if "left" in corner else slice(-95, None)
    assert drawn[rows, columns].max() == 0


def test_form_fields_are_drawn_with_their_values() -> None:
    empty = picture(document(making.form("")), 1, 100)
    filled = picture(document(making.form("1,000,000")), 1, 100)
    assert empty.shape == filled.shape
    assert (empty != filled).sum() > 100


def test_pages_are_counted_from_one() -> None:
    three = document(making.pdf(3))
    assert not np.array_equal(picture(three, 1, 72), picture(three, 3, 72))
    with pytest.raises(IndexError):
        picture(three, 0, 72)
    with pytest.raises(IndexError):
        picture(three, 4, 72)
    with pytest.raises(IndexError):
        size(document(making.picture("PNG")), 2)


def test_a_picture_beyond_the_limit_is_refused_undrawn() -> None:
    wall = document(making.pdf(size=(14_000, 14_000)))
    with pytest.raises(TooLarge, match="pixels"):
        picture(wall, 1, 300)
    dpi = fitting_dpi(size(wall, 1), 300, 1_000_000)
    assert picture(wall, 1, dpi).size <= 1_000_000


def test_a_page_that_fits_keeps_its_resolution() -> None:
    assert fitting_dpi(LETTER, 300) == 300


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_scan_has_the_size_its_resolution_says(kind: str) -> None:
    scan = document(making.picture(kind, (1700, 2200), dpi=(200, 200)))
    assert size(scan, 1) == pytest.approx(LETTER, abs=0.1)
    drawn = picture(scan, 1, 100)
    assert drawn.shape == (1100, 850)
    assert drawn[:540, :420].max() < 10
    assert drawn[560:, 440:].min() > 245


def test_a_fax_with_oblong_pixels_gets_its_shape_back() -> None:
    fax = document(making.picture("TIFF", (1734, 1078), dpi=(204, 98)))
    assert size(fax, 1) == pytest.approx(LETTER, abs=1)
    assert picture(fax, 1, 200).shape == (2200, 1700)


@pytest.mark.parametrize("saving", [{}, {"dpi": (72, 72)}, {"dpi": (1, 1)}])
def test_a_photo_is_taken_for_a_sheet_of_letter_paper(saving: dict[str, object]) -> None:
    photo = document(making.picture("JPEG", (3000, 4000), **saving))
    assert size(photo, 1) == pytest.approx((612, 816))


def test_a_photo_taken_sideways_is_set_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate by 90 degrees clockwise to view
    photo = document(making.picture("JPEG", (800, 600), exif=exif))
    assert size(photo, 1) == pytest.approx((612, 816))
    drawn = picture(photo, 1, 72)
    assert drawn.shape == (816, 612)
    assert drawn[10, -10] < 20, "the black corner was upper left, and is upper right once turned"
    assert drawn[10, 10] > 235


def test_each_page_of_a_fax_can_be_drawn() -> None:
    white, black = Image.new("1", (850, 1100), 1), Image.new("1", (850, 1100), 0)
    out = io.BytesIO()
    white.save(out, "TIFF", save_all=True, append_images=[black], compression="group4")
    fax = document(out.getvalue())
    assert picture(fax, 1, 50).min() == 255
    assert picture(fax, 2, 50).max() == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_colour_becomes_grey(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (85, 110)).save(out, "PNG")
    drawn = picture(document(out.getvalue()), 1, 10)
    assert drawn.shape == (110, 85)
    assert drawn.dtype == np.uint8


def test_sixteen_bits_become_eight() -> None:
    out = io.BytesIO()
    ramp = np.repeat(np.linspace(0, 65535, 110).astype(np.uint16)[:, None], 85, axis=1)
    Image.fromarray(ramp).save(out, "PNG")
    drawn = picture(document(out.getvalue()), 1, 10)
    assert drawn[0, 0] == 0
    assert 120 < drawn[55, 40] < 136
    assert drawn[-1, -1] == 255


def test_a_picture_without_ink_on_a_clear_ground_is_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (85, 110), (0, 0, 0, 0)).save(out, "PNG")
    assert picture(document(out.getvalue()), 1, 10).min() == 255


def test_a_photo_of_a_phone_can_be_drawn() -> None:
    photo = document((Path(__file__).parent / "files" / "photo.heic").read_bytes())
    drawn = picture(photo, 1, 72)
    assert drawn.shape == (816, 612)
    assert drawn[10, 10] < 60
    assert drawn[-10, -10] > 200
