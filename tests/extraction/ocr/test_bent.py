"""Paper that does not lie flat, and pictures that do not show all of a page."""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from connector.certificate.entry import Source
from connector.extraction import assembly
from connector.extraction.editions import Cell, CellKind, Edition, Label
from connector.extraction.editions import all as editions
from connector.extraction.ocr import read_page
from connector.extraction.ocr.bent import BentPage, is_paper
from connector.extraction.ocr.labels import ASTRAY, MOST, with_words_astray, words_astray
from connector.extraction.ocr.pages import GOOD_BENT_FIT, GOOD_FIT, find_form
from connector.extraction.ocr.perspective import Matrix
from connector.extraction.ocr.readers import loaded
from connector.extraction.ocr.sheet import lay_flat
from connector.extraction.ocr.splines import Points
from connector.extraction.ocr.straightening import straightening
from connector.extraction.reading import CUT_OFF, UNSEEN_LINES, CellReading, Line, PageReading
from connector.extraction.wording import is_broken
from tests.drawing.makes import draw
from tests.drawing.values import made_up
from tests.extraction.ocr.test_pages import DPI, NUMBER, picture, reading, rendered

BULGE = 9.0
"""Points by which the middle of the page is shifted down."""

PIXEL = DPI / 72


def bulged(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = page.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    shift = np.asarray(BULGE * PIXEL * np.sin(math.pi * x / width), np.float32)
    bent = cv2.remap(page, x, y - shift, cv2.INTER_CUBIC, borderValue=255)
    return np.asarray(bent, np.uint8)


@cache
def bent_reading() -> PageReading:
    return read_page(bulged(picture()), DPI, 1)


def is_bent(way: object) -> bool:
    return not isinstance(way, np.ndarray)


def test_a_page_that_bulges_is_read_as_the_flat_one_is() -> None:
    flat, bent = reading(), bent_reading()
    assert bent.edition is flat.edition
    assert bent.cells[NUMBER].text == flat.cells[NUMBER].text
    assert bent.cells[NUMBER].reason is None
    differ = [name for name, cell in flat.cells.items() if bent.cells[name].text != cell.text]
    assert len(differ) <= 2, differ


@pytest.mark.parametrize("name", [NUMBER, "insured", "certificate_date"])
def test_evidence_lies_on_the_bent_page_where_the_value_stands(name: str) -> None:
    flat, bent = reading(), bent_reading()
    assert flat.on_page is not None
    assert bent.on_page is not None
    ours = flat.on_page(flat.cells[name].lines[0].box)
    theirs = bent.on_page(bent.cells[name].lines[0].box)
    width = picture().shape[1] / PIXEL
    moved = BULGE * math.sin(math.pi * (ours[0] + ours[2]) / 2 / width)
    middles = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in (ours, theirs)]
    assert middles[1] == pytest.approx((middles[0][0], middles[0][1] + moved), abs=2.0)


@pytest.mark.parametrize(
    "make",
    [
        "fax_slipped",
        *(
            pytest.param(make, marks=pytest.mark.slow)
            for make in ("photo_curled", "photo_rolled", "photo_folded", "scan_book", "scan_wavy")
        ),
    ],
)
def test_the_form_is_found_on_bent_paper_as_well_as_on_flat(make: str) -> None:
    found = find_form(picture(make, seed=9102))
    assert found.fit >= GOOD_BENT_FIT
    assert found.placements[0].edition.name == "2016/03"


def test_a_flat_page_is_not_bent() -> None:
    found = find_form(picture())
    assert found.fit >= GOOD_FIT
    assert not is_bent(found.to_picture)


def test_a_page_on_its_head_is_bent_upright() -> None:
    found = find_form(np.ascontiguousarray(np.rot90(bulged(picture()), 2)))
    assert found.fit >= GOOD_BENT_FIT
    assert is_bent(found.to_picture)


def test_another_page_with_rules_becomes_no_form() -> None:
    squares = np.full((1650, 1275), 240, np.uint8)
    squares[::40], squares[:, ::90] = 30, 30
    assert BentPage(squares, 150 / 72).best() is None
    assert not find_form(squares).fit >= GOOD_FIT


def test_a_page_without_rules_is_not_straightened() -> None:
    assert straightening(np.full((1650, 1275), 255, np.uint8)) is None


def test_rules_that_run_in_a_curve_become_level() -> None:
    page = np.full((1650, 1275), 255, np.uint8)
    x = np.arange(60, 1215)
    for y in range(100, 1600, 60):
        page[np.round(y + 18 * np.sin(math.pi * x / 1275)).astype(int), x] = 0
    for left in range(60, 1216, 105):
        page[118:1560, left] = 0
    way = straightening(page)
    assert way is not None
    level = np.column_stack([np.linspace(150, 1100, 40), np.full(40, 800.0)])
    seen = way(level)
    curve = seen[:, 1] - 18 * np.sin(math.pi * seen[:, 0] / 1275)
    assert np.ptp(curve) < 1.5


def shrunk(points: Points) -> Points:
    """Half of the page squeezed to nearly nothing."""
    return np.column_stack([points[:, 0], np.where(points[:, 1] < 800, 0.05, 1.0) * points[:, 1]])


def test_what_no_paper_does_is_refused() -> None:
    edition = edition_of_today()
    assert is_paper(lambda points: 1.3 * points, edition, 2.0)
    assert not is_paper(shrunk, edition, 2.0)


def edition_of_today() -> Edition:
    return next(each for each in editions() if each.name == "2016/03")


@cache
def cut_reading() -> PageReading:
    """The right side of the page, with the amounts, is not in the picture."""
    page = picture()
    return read_page(np.ascontiguousarray(page[:, : round(520 * PIXEL)]), DPI, 1)


def test_boxes_that_are_cut_off_are_in_doubt_and_the_others_are_read() -> None:
    found = cut_reading()
    assert found.edition is not None
    amount = found.cells["general_liability.each_occurrence"]
    assert CUT_OFF in (amount.reason or "")
    assert CUT_OFF in (found.cells["certificate_date"].reason or "")
    assert found.cells[NUMBER].text == reading().cells[NUMBER].text
    assert found.cells[NUMBER].reason is None


def test_a_description_that_is_cut_off_may_say_anything() -> None:
    page = picture()
    left = round(110 * PIXEL)
    found = read_page(np.ascontiguousarray(page[:, left:]), DPI, 1)
    assert found.edition is not None
    description = assembly.entries(found, found.edition)["description_of_operations"]
    assert description.is_unclear
    assert is_broken(description)


def test_a_page_of_which_too_much_is_cut_off_is_not_read() -> None:
    page = picture()
    assert find_form(np.ascontiguousarray(page[:, : round(330 * PIXEL)])).fit < GOOD_FIT


def test_a_box_under_a_folded_corner_is_in_doubt() -> None:
    page = picture().copy()
    assert reading().on_page is not None
    box = reading().cells["certificate_date"].box
    x0, top, x1, bottom = (round(side * PIXEL) for side in reading().on_page(box))  # type: ignore[misc, arg-type]
    page[: bottom + 9, x0 - 9 :] = 250
    found = read_page(page, DPI, 1)
    assert found.cells["certificate_date"].reason == UNSEEN_LINES
    assert found.cells[NUMBER].reason is None
    assert x1 > x0 > 0 < top


def test_the_shadow_of_a_hand_does_not_hide_the_form() -> None:
    found = find_form(rendered(draw(made_up(51, "usual"), "2016/03", "photo_hand")))
    assert found.fit >= 0.9
    assert isinstance(found.to_picture, np.ndarray)
    matrix: Matrix = found.to_picture
    assert matrix.shape == (3, 3)


def test_words_of_the_form_that_stand_elsewhere_put_their_boxes_in_doubt() -> None:
    cell = Cell(
        "general_liability.each_occurrence", CellKind.AMOUNT, (530.0, 252.0, 594.0, 264.0), "EACH"
    )
    beside = Label("EACH", (430.0, 253.0, 470.0, 262.0))
    below = Label("EACH", (430.0, 265.0, 470.0, 274.0))
    read_cell = {cell.name: reading().cells[cell.name]}
    known = {cell.name: cell}
    assert with_words_astray(read_cell, known, [beside])[cell.name].reason == ASTRAY
    assert with_words_astray(read_cell, known, [below])[cell.name].reason is None


def test_a_form_drawn_to_other_rules_has_its_words_astray() -> None:
    edition = edition_of_today()
    readers = loaded()
    assert readers is not None
    page = lay_flat(picture(), np.diag([PIXEL, PIXEL, 1.0]), edition.page, DPI)
    off = lay_flat(
        picture(), np.array([[PIXEL, 0, 60], [0, PIXEL, 0], [0, 0, 1.0]]), edition.page, DPI
    )
    assert words_astray(page, edition, readers.first)[1] > MOST
    assert words_astray(off, edition, readers.first)[1] < MOST


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("ACT Beatrice Nguyen", True),
        (": Lone Pine Company", True),
        ("Re: Job 22", False),
        ("Act One Ltd", True),
        ("Beatrice Nguyen", False),
        ("Contact Lens Co", False),
    ],
)
def test_a_value_that_begins_with_the_end_of_its_label_is_in_doubt(
    text: str, doubted: bool
) -> None:
    cell = Cell("contact_name", CellKind.VALUE, (340.0, 120.0, 594.0, 132.0))
    label = Label("CONTACT", (309.0, 121.0, 338.0, 126.0))
    seen = CellReading(1, Source.OCR, (Line(text, cell.box),))
    found = with_words_astray({cell.name: seen}, {cell.name: cell}, [], [label])[cell.name]
    assert found.reason == (ASTRAY if doubted else None)
