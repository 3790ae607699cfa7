"""Marks and fields stand where the layout says, on every edition and in every hand."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pikepdf
import pytest
from PIL import Image

from demo.form import form_pdf
from demo.layout import Area, Layout
from demo.page import certificate_pdf
from demo.sheet import Sheet, Style
from demo.widgets import FieldHabits
from tests.drawing.editions import EDITIONS, layout
from tests.drawing.makes import layout_for
from tests.drawing.picture import picture
from tests.drawing.relaid import relaid
from tests.drawing.styles import MARKS, own_style
from tests.drawing.values import made_up

DPI = 150


def ink(page: Image.Image, area: Area) -> float:
    """The share of dark pixels well inside an area."""
    inner = [side * DPI / 72 for side in (area.x0 + 2, area.top + 2, area.x1 - 2, area.bottom - 2)]
    pixels = np.asarray(
        page.crop((round(inner[0]), round(inner[1]), round(inner[2]), round(inner[3])))
    )
    return float((pixels < 128).mean())


@pytest.mark.parametrize("mark", sorted(set(MARKS)))
def test_a_ticked_box_has_ink_and_an_empty_one_has_none(mark: str) -> None:
    drawn = layout("2016/03")
    ticks = [name for name, cell in drawn.cells.items() if cell.kind == "tick"]
    ticked = set(ticks[::2])
    sheet = Sheet(dict.fromkeys(ticked, "X"), {})
    page = picture(certificate_pdf(drawn, sheet, Style(mark=mark)), DPI)
    for name in ticks:
        found = ink(page, drawn.cells[name].area)
        assert (found > 0.03) == (name in ticked), f"{name}: {found}"


@pytest.mark.parametrize("edition", EDITIONS)
def test_ticks_of_every_edition_stand_in_boxes_of_its_rules(edition: str) -> None:
    drawn = layout(edition)
    for name, cell in drawn.cells.items():
        if cell.kind == "tick":
            assert has_rule_at(drawn, cell.area.x0, vertical=True), name
            assert has_rule_at(drawn, cell.area.top, vertical=False), name


def has_rule_at(drawn: Layout, place: float, *, vertical: bool) -> bool:
    """Whether some rule of that direction runs within 1.5 points of a coordinate."""
    return any(
        abs((rule.x0 if vertical else rule.top) - place) < 1.5
        for rule in drawn.rules
        if (rule.x0 == rule.x1) == vertical
    )


@pytest.mark.parametrize("edition", EDITIONS)
def test_form_fields_stand_on_the_cells_of_their_edition(edition: str) -> None:
    style = replace(own_style(3), size=8.0)
    drawn = layout_for(edition, style)
    pdf = form_pdf(drawn, made_up(3).sheet, style, FieldHabits())
    boxes = field_boxes(pdf)
    for field, cell in {
        "GeneralLiability_EachOccurrence_LimitAmount_A": "general_liability_each_occurrence",
        "Vehicle_NonOwnedAutosIndicator_A": "auto_liability_non_owned_autos",
        "Insurer_NAICCode_A": "insurer_a_naic",
    }.items():
        middle_x = (boxes[field].x0 + boxes[field].x1) / 2
        middle_y = (boxes[field].top + boxes[field].bottom) / 2
        area = drawn.cells[cell].area
        assert area.x0 < middle_x < area.x1
        assert area.top < middle_y < area.bottom
    holder = drawn.cells["certificate_holder"].area
    assert holder.top - 3 < boxes["CertificateHolder_FullName_A"].top < holder.bottom


def field_boxes(pdf: bytes) -> dict[str, Area]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            str(widget.T): Area(
                float(widget.Rect[0]), 792 - float(widget.Rect[3]),
                float(widget.Rect[2]), 792 - float(widget.Rect[1]),
            )
            for widget in document.pages[0].obj.Annots
        }  # fmt: skip


def test_an_edition_without_a_box_has_no_field_for_it() -> None:
    pdf = form_pdf(layout("2009/01"), made_up(3).sheet, Style(), FieldHabits())
    assert "Policy_GeneralLiability_SubrogationWaivedCode_A" not in field_boxes(pdf)


def test_narrow_print_is_narrower() -> None:
    drawn = layout("2016/03")
    sheet = Sheet({"insurer_a_name": "Granite Mutual Insurance Company"}, {})
    wide, narrow = (
        picture(certificate_pdf(drawn, sheet, Style(narrow=narrow)), DPI) for narrow in (1.0, 0.8)
    )
    right_half = Area(430, 168, 536, 180)
    assert ink(wide, right_half) > ink(narrow, right_half)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_form_laid_out_anew_keeps_cells_inside_their_rules_and_off_one_scale(
    edition: str,
) -> None:
    official, own = layout(edition), relaid(layout(edition), 5)
    heights = {
        round((own.blocks[n][1] - own.blocks[n][0]) / (bottom - top), 3)
        for n, (top, bottom) in official.blocks.items()
    }
    assert len(heights) > 3
    for name, cell in own.cells.items():
        assert cell.area.x0 < cell.area.x1, name
        assert cell.area.top < cell.area.bottom, name
    for line, (top, bottom) in own.blocks.items():
        cells = [c for n, c in own.cells.items() if n.startswith(f"{line}_") and c.kind == "amount"]
        for cell in cells:
            assert top - 1 < cell.area.top < cell.area.bottom < bottom + 1
