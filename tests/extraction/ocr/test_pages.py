"""Whole pages of our own drawing, read from their picture alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray

from connector.extraction import assembly
from connector.extraction.alignment import BESIDE
from connector.extraction.ocr import available, read_page
from connector.extraction.ocr.pages import NO_FORM, find_form
from connector.extraction.ocr.tesseract import is_installed
from connector.extraction.reading import PageReading
from demo.sheet import Party
from tests.drawing.corpus import KINDS, MORE_KINDS, corpus
from tests.drawing.makes import draw
from tests.drawing.styles import official_style
from tests.drawing.values import made_up

DPI = 200
NUMBER = "general_liability.policy_number"


@cache
def picture(make: str = "scan200", edition: str = "2016/03", seed: int = 9101) -> NDArray[np.uint8]:
    return rendered(draw(made_up(seed, "clean"), edition, make))


def rendered(data: bytes, dpi: int = DPI) -> NDArray[np.uint8]:
    """The first page as a picture of its own: the document is closed again."""
    with pypdfium2.PdfDocument(data) as pdf:
        drawn = pdf[0].render(scale=dpi / 72, grayscale=True).to_numpy()
        return np.array(drawn.reshape(drawn.shape[:2]), order="C")


@cache
def reading(turns: int = 0) -> PageReading:
    return read_page(np.ascontiguousarray(np.rot90(picture(), turns)), DPI, 3)


def test_the_edition_is_found_by_its_rules() -> None:
    for edition in ("2016/03", "2025/12"):
        found = find_form(picture(edition=edition))
        assert found.placements[0].edition.name == edition
        assert found.fit > 0.9


def test_a_scan_says_what_was_drawn() -> None:
    truth = made_up(9101, "clean").expected
    entries = assembly.entries(reading(), reading().edition)  # type: ignore[arg-type]
    for path in (NUMBER, "general_liability.each_occurrence", "insured.name"):
        assert entries[path].value == truth[path.replace(".", "_")]
        assert entries[path].is_read


def test_the_printed_edition_is_part_of_the_text() -> None:
    assert "ACORD 25 (2016/03)" in reading().text


@pytest.mark.parametrize("shift", [(0, 12), (0, -12), (15, 0)])
def test_a_scan_whose_values_stand_beside_their_boxes_is_in_doubt(shift: tuple[int, int]) -> None:
    style = replace(official_style(9101, "clean"), shift=shift)
    page = rendered(draw(made_up(9101, "clean"), "2016/03", "scan200", style))
    assert read_page(page, DPI, 1).doubt == BESIDE


def test_a_scan_whose_values_stand_in_their_boxes_is_not() -> None:
    assert reading().doubt is None


def test_a_state_and_zip_code_in_boxes_of_their_own_belong_to_the_address() -> None:
    truth = made_up(9101, "clean")
    holder = Party(("Summit Builders Inc",), ("900 Commerce Drive",))
    sheet = replace(truth.sheet, parties={**truth.sheet.parties, "certificate_holder": holder})
    page = rendered(draw(replace(truth, sheet=sheet), "2016/03", "text"), 300)
    for x, text in ((74, "Irving"), (238, "TX"), (256, "75039")):
        cv2.putText(page, text, (round(x / 0.24), round(722 / 0.24)), 0, 1, 0, 2, cv2.LINE_AA)
    read = read_page(page, 300, 1)
    assert read.edition is not None
    address = assembly.entries(read, read.edition)["certificate_holder.address"]
    assert address.value == "900 Commerce Drive, Irving, TX 75039"


def test_limits_that_an_agency_names_itself_stand_beside_no_box() -> None:
    truth = made_up(4323, "usual")
    named = ("general_liability_free_limit", "auto_liability_free_limit")
    assert {*named, "workers_compensation_other_text"} <= truth.sheet.cells.keys()
    assert read_page(rendered(draw(truth, "2016/03", "scan300"), 300), 300, 1).doubt is None


@pytest.mark.slow
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_on_its_side_is_read_and_its_evidence_lies_on_the_page_as_it_is(turns: int) -> None:
    upright, turned = reading(), reading(turns)
    assert turned.cells[NUMBER].text == upright.cells[NUMBER].text
    assert upright.on_page is not None
    assert turned.on_page is not None
    box = turned.cells[NUMBER].lines[0].box
    ours, theirs = upright.on_page(box), turned.on_page(box)
    height, width = (side * 72 / DPI for side in picture().shape)
    x, y = (ours[0] + ours[2]) / 2, (ours[1] + ours[3]) / 2
    expected = {1: (y, width - x), 2: (width - x, height - y), 3: (height - y, x)}[turns]
    middle = (theirs[0] + theirs[2]) / 2, (theirs[1] + theirs[3]) / 2
    assert middle == pytest.approx(expected, abs=2.0)


@pytest.mark.slow
def test_a_6_that_lost_its_side_to_a_rule_is_no_sure_5() -> None:
    """ "6/1/2025" right beside its column's rule: both readers see a 5 without it."""
    (drawn,) = corpus(KINDS["scan 300"], 1, 450003)
    page = read_page(rendered(drawn.data, 300), 300, 1)
    entry = assembly.entries(page, page.edition)["workers_compensation.effective_date"]  # type: ignore[arg-type]
    assert (
        not entry.is_read
        or entry.value == drawn.truth.expected["workers_compensation_effective_date"]
    )


def test_a_page_without_a_form_has_no_edition_and_says_so() -> None:
    found = read_page(np.full((2200, 1700), 255, np.uint8), DPI, 1)
    assert found.edition is None
    assert found.doubt == NO_FORM
    assert found.cells == {}


def test_a_stroke_over_several_boxes_puts_them_in_doubt() -> None:
    page = picture().copy()
    clean = reading().cells[NUMBER].lines[0].box
    assert reading().on_page is not None
    x0, top, x1, _ = reading().on_page(clean)  # type: ignore[misc]
    scale = DPI / 72
    for step in range(round(-12 * scale), round(30 * scale)):
        y, x = round(top * scale) + step, round((x0 + x1) / 2 * scale) + step // 2
        page[y : y + 3, x : x + 5] = 0
    assert read_page(page, DPI, 1).cells[NUMBER].reason


def test_what_is_installed_is_told_in_a_sentence() -> None:
    found = available()
    assert found.reads
    assert found.tesseract is is_installed()
    assert found.sentence.endswith(".")
    assert len(found.sentence) <= 250


@pytest.mark.slow
def test_a_bent_page_is_read_as_the_form_it_is_and_not_as_a_makers_own_print() -> None:
    """Its labels can be read, and some boxes found by them; bent flat the form has hardly a doubt."""
    (drawn,) = corpus(MORE_KINDS["scan, fed unevenly"], 1, 440100)
    found = read_page(rendered(drawn.data), DPI, 1)
    assert found.edition is not None
    assert found.edition.name == "2016/03"
    assert found.doubt is None
    assert sum(bool(cell.reason) for cell in found.cells.values()) <= 5
