"""Prints that are not as they should be: what cannot be placed for certain is unclear."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from connector.certificate.field import Scalar
from connector.extraction.page_reader import ASKEW
from tests.drawing.makes import draw
from tests.drawing.styles import official_style
from tests.drawing.values import made_up
from tests.extraction.documents import flat_of, unclear_in, wrong_in

TRUTH = made_up(3000, "clean")
CLEAN = draw(TRUTH)
GL = "general_liability"


def with_more(paint: Callable[[Canvas], object], data: bytes = CLEAN) -> dict[str, Scalar]:
    """The certificate with more drawn over it; y counts from the lower edge."""
    into, out = io.BytesIO(), io.BytesIO()
    canvas = Canvas(into, pagesize=(612, 792), invariant=1)
    canvas.setFont("Helvetica", 8)
    paint(canvas)
    canvas.showPage()
    canvas.save()
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.open(into) as over:
        pdf.pages[0].add_overlay(over.pages[0])
        pdf.save(out)
    return flat_of(out.getvalue())


def test_the_clean_certificate_is_read_whole() -> None:
    flat = flat_of(CLEAN)
    assert wrong_in(flat, TRUTH, "2016/03") == {}
    assert flat["unclear_fields"] is None


@pytest.mark.parametrize("shift", [(0, 5), (0, 8), (0, -5), (8, 0), (-8, 0), (6, 6), (0, 12), (0, -24), (15, 0), (-15, 0), (-36, 0)])  # fmt: skip
def test_values_printed_beside_their_boxes_are_in_doubt(shift: tuple[float, float]) -> None:
    style = replace(official_style(3000, "clean"), shift=shift)
    flat = flat_of(draw(TRUTH, style=style))
    assert wrong_in(flat, TRUTH, "2016/03") == {}
    assert flat["needs_review"] is True


@pytest.mark.parametrize("shift", [(0, 2.5), (0, -2), (3, 0), (-3, 0)])
def test_values_a_little_off_are_followed(shift: tuple[float, float]) -> None:
    style = replace(official_style(3000, "clean"), shift=shift)
    flat = flat_of(draw(TRUTH, style=style))
    assert wrong_in(flat, TRUTH, "2016/03") == {}
    assert flat["unclear_fields"] is None


@pytest.mark.parametrize(("degrees", "doubtful"), [(1.0, True), (0.2, False)])
def test_text_that_stands_askew_is_in_doubt(degrees: float, doubtful: bool) -> None:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(CLEAN)) as pdf:
        turned = f"q {cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} 2 -2 cm".encode()
        pdf.pages[0].contents_add(turned, prepend=True)
        pdf.pages[0].contents_add(b"Q")
        pdf.save(out)
    flat = flat_of(out.getvalue())
    assert (ASKEW in str(flat["review_reasons"])) is doubtful


def test_of_values_beside_their_boxes_no_words_are_believed_either() -> None:
    truth = made_up(4, "clean")
    style = replace(official_style(4, "clean"), shift=(0, -24))
    stated = [key for key, value in truth.expected.items() if value == "stated"]
    assert stated
    assert set(stated) <= unclear_in(flat_of(draw(truth, style=style)))


def test_limits_that_an_agency_names_itself_stand_beside_no_box() -> None:
    def free(canvas: Canvas) -> None:
        for y in (384, 444, 480):
            canvas.drawString(432, 792 - y + 4, "Emp Ben")
            canvas.drawRightString(590, 792 - y + 4, "25,000")

    assert "beside their boxes" not in str(with_more(free)["review_reasons"])


def test_a_second_policy_number_in_a_row_is_in_doubt() -> None:
    flat = with_more(lambda canvas: canvas.drawString(216, 792 - 372, "ZZ-99999"))
    assert f"{GL}_policy_number" in unclear_in(flat)


def test_a_word_in_a_date_is_in_doubt() -> None:
    flat = with_more(lambda canvas: canvas.drawString(340, 792 - 372, "TBD"))
    assert f"{GL}_effective_date" in unclear_in(flat)


def test_a_stamp_over_the_table_puts_what_it_covers_in_doubt() -> None:
    def stamp(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 30)
        canvas.drawString(200, 792 - 330, "COPY ONLY")

    flat = with_more(stamp)
    assert f"{GL}_policy_number" in unclear_in(flat)
    assert "COPY" not in str(flat[f"{GL}_policy_number"])


def test_both_claims_made_and_occurrence_ticked_are_in_doubt() -> None:
    flat = with_more(
        lambda canvas: (
            canvas.drawString(54, 792 - 321, "X"),
            canvas.drawString(119, 792 - 321, "X"),
        )
    )
    assert {f"{GL}_claims_made", f"{GL}_occurrence"} <= unclear_in(flat)


def test_a_cross_drawn_in_the_additional_insured_column_is_yes() -> None:
    without = replace(TRUTH.sheet, cells={**TRUTH.sheet.cells, f"{GL}_additional_insured": ""})
    data = draw(replace(TRUTH, sheet=without))

    def cross(canvas: Canvas) -> None:
        canvas.line(182, 792 - 340, 188, 792 - 346)
        canvas.line(182, 792 - 346, 188, 792 - 340)

    assert flat_of(data)[f"{GL}_additional_insured"] is None
    assert with_more(cross, data)[f"{GL}_additional_insured"] is True


def test_a_mark_between_two_columns_is_in_doubt() -> None:
    without = replace(
        TRUTH.sheet,
        cells={**TRUTH.sheet.cells, f"{GL}_additional_insured": "", f"{GL}_subrogation_waived": ""},
    )
    flat = with_more(
        lambda canvas: canvas.drawString(191.9, 792 - 346, "X"), draw(replace(TRUTH, sheet=without))
    )
    assert {f"{GL}_additional_insured", f"{GL}_subrogation_waived"} & unclear_in(flat)


def test_text_drawn_twice_to_look_bold_is_read_once() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(CLEAN)) as pdf:
        page = pdf.pages[0]
        page.contents_coalesce()
        content = page.Contents.read_bytes()
        page.Contents = pdf.make_stream(content + b"\nq 1 0 0 1 0.3 0 cm\n" + content + b"\nQ")
        pdf.save(out)
    assert wrong_in(flat_of(out.getvalue()), TRUTH, "2016/03") == {}


@pytest.mark.parametrize(
    "matrix", [b"0.97 0 0 0.97 10 8", b"0.93 0 0 1.04 20 -14", b"1 0 0 1 -9 12"]
)
def test_a_page_that_is_scaled_and_moved_as_a_whole_is_followed(matrix: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(CLEAN)) as pdf:
        page = pdf.pages[0]
        page.contents_coalesce()
        page.Contents = pdf.make_stream(
            b"q " + matrix + b" cm\n" + page.Contents.read_bytes() + b"\nQ"
        )
        pdf.save(out)
    flat = flat_of(out.getvalue())
    assert wrong_in(flat, TRUTH, "2016/03") == {}
    assert flat["unclear_fields"] is None


def test_hidden_text_in_a_box_puts_it_in_doubt() -> None:
    def hide(canvas: Canvas) -> None:
        text = canvas.beginText(540, 792 - 309)
        text.setTextRenderMode(3)
        text.textOut("9,000,000")
        canvas.drawText(text)

    assert f"{GL}_each_occurrence" in unclear_in(with_more(hide))


def test_a_form_whose_labels_are_not_text_is_no_letter() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(CLEAN)) as pdf:
        page = pdf.pages[0]
        kept = [
            (operands, operator)
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) not in ("Tj", "TJ")
        ]
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        pdf.save(out)
    flat = with_more(lambda canvas: canvas.drawString(216, 792 - 350, "GL-4481902"), out.getvalue())
    assert flat["needs_review"] is True
    assert flat["general_liability_policy_number"] is None


def without_labels_and_rules(*labels: bytes) -> bytes:
    """The clean certificate without its rules and without these labels."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(CLEAN)) as pdf:
        page = pdf.pages[0]
        kept = []
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("S", "s", "B", "f"):
                kept.append(([], pikepdf.Operator("n")))
            elif name != "Tj" or bytes(operands[0]) not in labels:
                kept.append((operands, operator))
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        pdf.save(out)
    return out.getvalue()


def test_a_box_without_label_and_rules_is_unclear_not_blank() -> None:
    lost = (b"PERSONAL & ADV INJURY", b"GENERAL AGGREGATE", b"MED EXP (Any one person)", b"EACH OCCURRENCE",
            b"AGGREGATE", b"PRODUCTS - COMP/OP AGG", b"E.L. EACH ACCIDENT")  # fmt: skip
    doubtful = unclear_in(flat_of(without_labels_and_rules(*lost)))
    assert f"{GL}_medical_expense" in doubtful
    assert f"{GL}_personal_and_advertising_injury" in doubtful
