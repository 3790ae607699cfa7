"""One truth in every make that a subcontractor sends: form, text, scan, fax, photo."""

from __future__ import annotations

from demo.form import form_pdf
from demo.layout import Layout
from demo.page import certificate_pdf
from demo.sheet import Style
from tests.drawing.editions import layout
from tests.drawing.styles import field_habits, official_style
from tests.drawing.truth import Truth

VECTOR_MAKES = ("form", "text")


def draw(
    truth: Truth, edition: str = "2016/03", make: str = "text", style: Style | None = None
) -> bytes:
    """The certificate as a file of this make; the same arguments give the same bytes."""
    style = style or official_style(truth.seed, truth.difficulty)
    placed = layout_for(edition, style)
    if make == "form":
        return form_pdf(placed, truth.sheet, style, field_habits(truth.seed))
    if make == "text":
        return certificate_pdf(placed, truth.sheet, style)
    raise ValueError(make)


def layout_for(edition: str, style: Style) -> Layout:
    """The edition's layout as this style places it on the paper."""
    return layout(edition).moved(*style.placed)
