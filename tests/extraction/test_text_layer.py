"""Words, rules and marks of a page as a person sees them."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from connector.extraction.text_layer import TextPage, read_page
from tests.extraction.documents import page_of


def opened(data: bytes) -> TextPage:
    with pypdfium2.PdfDocument(data) as pdf:
        return read_page(pdf, 0)


def drawn(paint: Callable[[Canvas], object]) -> TextPage:
    into = io.BytesIO()
    canvas = Canvas(into, pagesize=(612, 792), invariant=1)
    canvas.setFont("Helvetica", 8)
    paint(canvas)
    canvas.showPage()
    canvas.save()
    return opened(into.getvalue())


def seen(page: TextPage) -> list[str]:
    return [word.text for word in page.words if not word.is_hidden]


def test_a_word_knows_its_place_from_the_upper_left() -> None:
    (word,) = opened(page_of((100, 200, "7843243-A"))).words
    assert word.text == "7843243-A"
    assert word.x0 == pytest.approx(100, abs=1)
    assert word.bottom == pytest.approx(200, abs=1)


def test_two_dates_that_touch_over_a_rule_are_two_words() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.line(378, 700, 378, 500)
        canvas.drawString(336, 600, "11/30/2026")
        canvas.drawString(378.2, 600, "11/30/2027")

    assert seen(drawn(paint)) == ["11/30/2026", "11/30/2027"]


def test_a_policy_number_that_runs_over_its_column_stays_whole() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.line(331, 700, 331, 500)
        canvas.drawString(300, 600, "ABC-1234567890-XYZ-2026")

    assert seen(drawn(paint)) == ["ABC-1234567890-XYZ-2026"]


def test_a_policy_number_drawn_letter_by_letter_stays_whole_too() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.line(331, 700, 331, 500)
        x = 300.0
        for letter in "ABC-1234567890":
            canvas.drawString(x, 600, letter)
            x += canvas.stringWidth(letter)

    assert seen(drawn(paint)) == ["ABC-1234567890"]


def test_a_dollar_sign_is_a_word_of_its_own() -> None:
    assert seen(opened(page_of((100, 100, "RETENTION$10,000")))) == ["RETENTION", "$", "10,000"]


def test_invisible_text_is_hidden() -> None:
    def paint(canvas: Canvas) -> None:
        text = canvas.beginText(100, 600)
        text.setTextRenderMode(3)
        text.textOut("9,000,000")
        canvas.drawText(text)

    page = drawn(paint)
    assert [word.text for word in page.words] == ["9,000,000"]
    assert seen(page) == []


def test_white_text_is_hidden() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.setFillGray(1)
        canvas.drawString(100, 600, "2,000,000")

    assert seen(drawn(paint)) == []


def test_text_under_a_white_box_is_hidden_and_text_over_it_is_not() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.drawString(100, 600, "1,000,000")
        canvas.setFillGray(1)
        canvas.rect(95, 595, 60, 14, stroke=0, fill=1)
        canvas.setFillGray(0)
        canvas.drawString(100, 600, "3,000,000")

    assert seen(drawn(paint)) == ["3,000,000"]


def test_rules_are_found_as_lines_thin_boxes_and_frames() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.line(100, 700, 300, 700)
        canvas.rect(100, 600, 200, 0.6, stroke=0, fill=1)
        canvas.rect(400, 600, 50, 40)

    rules = drawn(paint).rules
    levels = sorted(round(top) for x0, top, x1, bottom in rules if x1 - x0 > bottom - top)
    uprights = sorted(round(x0) for x0, top, x1, bottom in rules if bottom - top > x1 - x0)
    assert levels == [92, 152, 192, 192]
    assert uprights == [400, 450]


def test_rules_and_words_inside_a_form_xobject_are_placed_on_the_page() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.beginForm("stamp")
        canvas.setFont("Helvetica", 8)
        canvas.drawString(10, 10, "INSURED")
        canvas.line(0, 50, 200, 50)
        canvas.endForm()
        canvas.translate(100, 500)
        canvas.doForm("stamp")

    page = drawn(paint)
    assert seen(page) == ["INSURED"]
    assert page.words[0].x0 == pytest.approx(110, abs=1)
    assert [tuple(round(side) for side in rule) for rule in page.rules] == [(100, 242, 300, 242)]


def test_a_cross_is_a_mark_and_no_rule() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.line(40, 600, 48, 608)
        canvas.line(40, 608, 48, 600)

    page = drawn(paint)
    assert page.rules == []
    assert len(page.marks) == 2


def test_a_page_that_the_file_turns_is_read_upright() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(page_of((100, 200, "PRODUCER")))) as pdf:
        pdf.pages[0].Rotate = 90
        pdf.save(out)
    page = opened(out.getvalue())
    (word,) = page.words
    assert word.x0 == pytest.approx(100, abs=1)
    assert page.lean == 90
    assert page.shown(word.box)[0] == pytest.approx(792 - 200, abs=2)


def test_a_cropped_page_counts_from_its_visible_corner() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(page_of((100, 200, "PRODUCER")))) as pdf:
        pdf.pages[0].MediaBox = [-50, -50, 700, 900]
        pdf.pages[0].CropBox = [20, 0, 612, 752]
        pdf.save(out)
    (word,) = opened(out.getvalue()).words
    assert word.x0 == pytest.approx(80, abs=1)
    assert word.bottom == pytest.approx(160, abs=1)


def test_a_page_whose_picture_covers_its_text_is_a_picture() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.drawString(100, 600, "1,000,000")
        canvas.drawImage(ImageReader(Image.new("L", (20, 20), 200)), 0, 0, 612, 792)

    assert drawn(paint).is_picture


def test_a_logo_does_not_make_a_page_a_picture() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.drawString(100, 600, "1,000,000")
        canvas.drawImage(ImageReader(Image.new("L", (20, 20), 0)), 20, 740, 60, 30)

    page = drawn(paint)
    assert not page.is_picture
    assert seen(page) == ["1,000,000"]


def test_two_dates_drawn_letter_by_letter_over_a_rule_are_two_words() -> None:
    def paint(canvas: Canvas) -> None:
        x = 336.0
        for letter in "11/30/2026" + "11/30/2027":
            canvas.drawString(x, 600, letter)
            x += canvas.stringWidth(letter)
        canvas.line(
            336 + canvas.stringWidth("11/30/2026"), 700, 336 + canvas.stringWidth("11/30/2026"), 500
        )

    assert seen(drawn(paint)) == ["11/30/2026", "11/30/2027"]
