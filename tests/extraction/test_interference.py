"""Values that are struck out, printed over, commented or cut off are in doubt."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from demo.layout import Area
from demo.sheet import Sheet
from tests.drawing.editions import layout
from tests.drawing.makes import draw
from tests.drawing.values import made_up
from tests.extraction.documents import flat_of, unclear_in

KEY = "general_liability_each_occurrence"
CLEAN = made_up(60_000, "clean")
Paint = Callable[[Canvas, Area], None]


def area_of(key: str) -> Area:
    return layout("2016/03").cells[key].area


def drawn_over(paint: Paint, keys: str | tuple[str, ...] = KEY, *, blank: bool = False) -> set[str]:
    """The doubts about a clean certificate, that box (or boxes) of it `blank`, that somebody drew on."""
    sheet, keys = CLEAN.sheet, (keys,) if isinstance(keys, str) else keys
    if blank:
        sheet = Sheet(
            {**sheet.cells, **dict.fromkeys(keys, "")},
            {k: v for k, v in sheet.parties.items() if k not in keys},
        )
    printed = draw(replace(CLEAN, sheet=sheet), "2016/03", "text")
    into = io.BytesIO()
    canvas = Canvas(into, pagesize=(612, 792), invariant=1)
    canvas.translate(0, 792)
    paint(canvas, area_of(keys[0]))
    canvas.showPage()
    canvas.save()
    out = io.BytesIO()
    with (
        pikepdf.open(io.BytesIO(printed)) as pdf,
        pikepdf.open(io.BytesIO(into.getvalue())) as over,
    ):
        pdf.pages[0].add_overlay(over.pages[0], pikepdf.Rectangle(0, 0, 612, 792))
        pdf.save(out)
    return unclear_in(flat_of(out.getvalue()))


def middle(area: Area) -> float:
    return -(area.top + area.bottom) / 2


def struck(canvas: Canvas, area: Area) -> None:
    canvas.line(area.x0, middle(area), area.x1, middle(area))


def crossed_out(canvas: Canvas, area: Area) -> None:
    canvas.line(area.x0, -area.top + 4, area.x1, -area.bottom - 4)


def overprinted(canvas: Canvas, area: Area) -> None:
    canvas.setFont("Helvetica", 7)
    canvas.drawRightString(area.x1 - 3, middle(area) - 1.5, "9,000,000")


def wavy(canvas: Canvas, area: Area) -> None:
    path, y = canvas.beginPath(), middle(area)
    path.moveTo(area.x0, y)
    path.curveTo(area.x0 + 15, y + 2, area.x1 - 20, y - 2, area.x1, y + 1)
    canvas.drawPath(path)


def beside(canvas: Canvas, area: Area) -> None:
    canvas.line(area.x0, -area.bottom, area.x1, -area.bottom)


def test_an_untouched_certificate_has_no_doubts() -> None:
    assert unclear_in(flat_of(draw(CLEAN, "2016/03", "text"))) == set()


@pytest.mark.parametrize("paint", [struck, crossed_out, overprinted, wavy])
def test_a_value_that_was_struck_or_printed_over_is_in_doubt(paint: Paint) -> None:
    assert KEY in drawn_over(paint)


def pictured(canvas: Canvas, area: Area) -> None:
    canvas.drawImage(
        ImageReader(Image.new("RGB", (40, 12), "grey")), area.x0 + 8, -area.bottom + 1, 40, 9
    )


def outlined(canvas: Canvas, area: Area) -> None:
    for x in range(4):
        canvas.circle(area.x0 + 10 + 6 * x, middle(area), 2.5, stroke=0, fill=1)


def one_dot(canvas: Canvas, area: Area) -> None:
    canvas.circle(area.x0 + 10, middle(area), 0.8, stroke=0, fill=1)


@pytest.mark.parametrize(
    ("paint", "doubtful"), [(pictured, True), (outlined, True), (one_dot, False), (beside, False)]
)
@pytest.mark.parametrize(
    "key", ["general_liability_each_occurrence", "general_liability_policy_number", "insured"]
)
def test_an_empty_box_in_which_something_is_drawn_is_in_doubt(
    paint: Paint, doubtful: bool, key: str
) -> None:
    path = "insured_name" if key == "insured" else key
    assert (path in drawn_over(paint, key, blank=True)) is doubtful


def test_a_rule_below_a_value_is_no_strike() -> None:
    assert drawn_over(beside) == set()


def test_a_date_of_the_next_box_that_begins_over_this_one_puts_it_in_doubt() -> None:
    def paint(canvas: Canvas, area: Area) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(area.x1 - 15, middle(area) - 7, "12/22/2029")

    key = "general_liability_expiration_date"
    assert key in drawn_over(paint, key)


def test_dates_as_wide_as_their_boxes_are_two_dates() -> None:
    dates = ("general_liability_effective_date", "general_liability_expiration_date")

    def paint(canvas: Canvas, area: Area) -> None:
        canvas.setFont("Courier", 7.9)  # ten of its characters are a little wider than the box
        left = (area_of(dates[0]).x0 + area_of(dates[1]).x1) / 2 - 10 * 0.6 * 7.9
        canvas.drawString(left, middle(area) - 3, "03/01/202603/01/2027")

    doubts = {key for key in drawn_over(paint, dates, blank=True) if key in dates}
    assert doubts == set()


def noted(kind: str, **entries: object) -> set[str]:
    """The doubts about the certificate with a comment without a drawing of its own."""
    area = area_of(KEY)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(draw(CLEAN, "2016/03", "text"))) as pdf:
        rect = Array([area.x0 + 2, 792 - area.bottom + 1, area.x1 - 1, 792 - area.top - 1])
        note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=rect, F=4)
        for name, value in entries.items():
            note[f"/{name}"] = value
        pdf.pages[0].Annots = Array([pdf.make_indirect(note)])
        pdf.save(out)
    return unclear_in(flat_of(out.getvalue()))


@pytest.mark.parametrize("kind", ["StrikeOut", "FreeText", "Square", "Redact", "Ink"])
def test_a_comment_over_a_value_puts_it_in_doubt(kind: str) -> None:
    assert KEY in noted(kind)


@pytest.mark.parametrize("kind", ["Highlight", "Link"])
def test_a_highlight_or_a_link_changes_nothing(kind: str) -> None:
    assert noted(kind) == set()


def test_a_hidden_comment_changes_nothing() -> None:
    assert noted("StrikeOut", F=2) == set()


def test_a_name_that_runs_out_of_its_box_is_in_doubt() -> None:
    def paint(canvas: Canvas, area: Area) -> None:
        canvas.setFillGray(1)
        canvas.rect(
            area.x0 + 1, -area.bottom + 1, area.x1 - area.x0, area.bottom - area.top - 2, 0, 1
        )
        canvas.setFillGray(0)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(area.x1 - 60, middle(area) - 3, "Old Dominion Employers")

    assert "insurer_b_name" in drawn_over(paint, "insurer_b_name")
