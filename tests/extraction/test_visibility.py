"""What stands in the text layer and cannot be seen on the page is hidden."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name
from reportlab.pdfgen.canvas import Canvas

from connector.extraction.text_layer import TextPage, read_page

Paint = Callable[[Canvas], None]


def page_of(paint: Paint) -> bytes:
    into = io.BytesIO()
    canvas = Canvas(into, pagesize=(612, 792), invariant=1)
    canvas.setFont("Helvetica", 8)
    paint(canvas)
    canvas.showPage()
    canvas.save()
    return into.getvalue()


def opened(data: bytes, *, has_layers: bool = False) -> TextPage:
    with pypdfium2.PdfDocument(data) as pdf:
        return read_page(pdf, 0, has_layers=has_layers)


def visible(page: TextPage) -> list[str]:
    return [word.text for word in page.words if not word.is_hidden]


def write(canvas: Canvas) -> None:
    canvas.drawString(100, 600, "9,000,000")


def clipped_away(canvas: Canvas) -> None:
    elsewhere = canvas.beginPath()
    elsewhere.rect(0, 0, 20, 20)
    canvas.clipPath(elsewhere, stroke=0)
    write(canvas)


def pale(canvas: Canvas) -> None:
    canvas.setFillGray(0.94)
    write(canvas)


def white_with_a_white_edge(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    canvas.setStrokeGray(1)
    text = canvas.beginText(100, 600)
    text.setTextRenderMode(2)
    text.textOut("9,000,000")
    canvas.drawText(text)


def barred(gray: float) -> Paint:
    def paint(canvas: Canvas) -> None:
        write(canvas)
        canvas.setFillGray(gray)
        canvas.rect(95, 595, 60, 14, stroke=0, fill=1)

    return paint


def tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 0.7)
    write(canvas)


@pytest.mark.parametrize(
    "paint",
    [clipped_away, pale, white_with_a_white_edge, barred(0.0), barred(0.5), tiny],
    ids=["clipped", "pale", "white edge", "blacked out", "greyed out", "tiny"],
)
def test_text_that_leaves_no_letters_on_the_page_is_hidden(paint: Paint) -> None:
    assert visible(opened(page_of(paint))) == []


def covered(x: float, width: float, gray: float) -> Paint:
    """ "9,000,000" with a box over a part of it."""

    def paint(canvas: Canvas) -> None:
        write(canvas)
        canvas.setFillGray(gray)
        canvas.rect(x, 595, width, 14, stroke=0, fill=1)

    return paint


@pytest.mark.parametrize("gray", [1.0, 0.0], ids=["white", "black"])
@pytest.mark.parametrize("x", [99.0, 110.0, 124.0], ids=["start", "middle", "end"])
def test_a_word_of_which_a_part_is_covered_is_hidden(x: float, gray: float) -> None:
    assert visible(opened(page_of(covered(x, 14.0, gray)))) == []


def test_a_box_that_ends_beside_a_word_hides_nothing_of_it() -> None:
    assert visible(opened(page_of(covered(85.0, 14.0, 1.0)))) == ["9,000,000"]


def on_a_grey_field(canvas: Canvas) -> None:
    canvas.setFillGray(0.85)
    canvas.rect(95, 595, 60, 14, stroke=0, fill=1)
    canvas.setFillGray(0)
    write(canvas)


def in_grey(canvas: Canvas) -> None:
    canvas.setFillGray(0.5)
    write(canvas)


def within_its_clip(canvas: Canvas) -> None:
    around = canvas.beginPath()
    around.rect(90, 590, 100, 30)
    canvas.clipPath(around, stroke=0)
    write(canvas)


@pytest.mark.parametrize("paint", [write, on_a_grey_field, in_grey, within_its_clip])
def test_text_that_can_be_read_stays(paint: Paint) -> None:
    assert visible(opened(page_of(paint))) == ["9,000,000"]


def layered(*, off: bool) -> bytes:
    """A page whose value and cross stand in a layer."""

    def paint(canvas: Canvas) -> None:
        write(canvas)
        canvas.line(200, 600, 208, 608)
        canvas.line(200, 608, 208, 600)

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(page_of(paint))) as pdf:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Draft"))
        state = Dictionary(OFF=Array([group])) if off else Dictionary(ON=Array([group]))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=state)
        page = pdf.pages[0]
        page.Resources.Properties = Dictionary(MC0=group)
        page.contents_add(b"/OC /MC0 BDC", prepend=True)
        page.contents_add(b"EMC")
        pdf.save(out)
    return out.getvalue()


def test_what_stands_in_a_layer_that_is_off_is_not_seen() -> None:
    page = opened(layered(off=True), has_layers=True)
    assert visible(page) == []
    assert page.marks == []


def test_what_stands_in_a_layer_that_is_on_is_seen() -> None:
    page = opened(layered(off=False), has_layers=True)
    assert visible(page) == ["9,000,000"]
    assert len(page.marks) == 2


def test_a_shadow_behind_a_word_is_no_second_word() -> None:
    def paint(canvas: Canvas) -> None:
        canvas.setFillGray(0.6)
        canvas.drawString(101.8, 598.2, "GL-4481902")
        canvas.setFillGray(0)
        canvas.drawString(100, 600, "GL-4481902")

    assert visible(opened(page_of(paint))) == ["GL-4481902"]
