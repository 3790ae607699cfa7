"""Endorsement pages of our own drawing: form number, policy number and schedule, no insurer's wording."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from demo.sheet import Style

LEFT, RIGHT = 60.0, 552.0


@dataclass(frozen=True, slots=True)
class Endorsement:
    """One page behind a certificate. `form` is the number with its edition, as printed at the foot."""

    form: str
    title: str
    policy_number: str
    named_insured: str
    schedule: tuple[tuple[str, str], ...] = ()
    statement: str = "This endorsement changes the policy."


def draw_endorsement(canvas: Canvas, page: Endorsement, style: Style) -> None:
    """The page in points of a Letter sheet; the caller ends the page."""
    canvas.setFont("Helvetica-Bold", 9)
    canvas.drawString(LEFT, 744, f"POLICY NUMBER: {page.policy_number}")
    canvas.drawRightString(RIGHT, 744, page.form)
    canvas.setFont("Helvetica", 9)
    canvas.drawString(LEFT, 730, f"Named insured: {page.named_insured}")
    canvas.drawCentredString((LEFT + RIGHT) / 2, 706, page.statement)
    canvas.setFont("Helvetica-Bold", 14)
    y = 678.0
    for line in simpleSplit(page.title.upper(), "Helvetica-Bold", 14, RIGHT - LEFT):
        canvas.drawCentredString((LEFT + RIGHT) / 2, y, line)
        y -= 18
    y = _draw_schedule(canvas, page, y - 14)
    canvas.setFont("Helvetica-Oblique", 9)
    canvas.drawString(LEFT, y - 28, style.filler)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(LEFT, 40, page.form)
    canvas.drawRightString(RIGHT, 40, "Page 1 of 1")


def _draw_schedule(canvas: Canvas, page: Endorsement, y: float) -> float:
    """The two-column schedule; answers how far down the page it reaches."""
    if not page.schedule:
        return y
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawCentredString((LEFT + RIGHT) / 2, y, "SCHEDULE")
    y -= 10
    for heading, text in page.schedule:
        lines = simpleSplit(text, "Helvetica", 10, RIGHT - LEFT - 16)
        height = 26 + 13 * len(lines)
        canvas.rect(LEFT, y - height, RIGHT - LEFT, height)
        canvas.setFont("Helvetica-Bold", 8)
        canvas.drawString(LEFT + 8, y - 14, heading)
        canvas.setFont("Helvetica", 10)
        for number, line in enumerate(lines, 1):
            canvas.drawString(LEFT + 8, y - 16 - 13 * number, line)
        y -= height
    return y
