"""A certificate of insurance that is no ACORD form: labels and values in a free layout."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from demo.sheet import Sheet
from tests.drawing.pages import FILLER, Page

LINES = {
    "general_liability": (
        "Commercial General Liability",
        (
            ("each_occurrence", "Each Occurrence"),
            ("general_aggregate", "General Aggregate"),
            ("products_completed_operations_aggregate", "Products/Completed Operations"),
        ),
    ),
    "auto_liability": (
        "Automobile Liability",
        (("combined_single_limit", "Combined Single Limit"),),
    ),
    "umbrella_liability": (
        "Umbrella Liability",
        (("each_occurrence", "Each Occurrence"), ("aggregate", "Aggregate")),
    ),
    "workers_compensation": (
        "Workers Compensation",
        (("each_accident", "Each Accident"), ("disease_policy_limit", "Disease - Policy Limit")),
    ),
}  # fmt: skip
SHOWN_BOXES = ("policy_number", "effective_date", "expiration_date")


def shown_keys(sheet: Sheet) -> frozenset[str]:
    """The flat keys whose values this layout prints."""
    keys = {
        f"{line}_{box}"
        for line, (_, limits) in LINES.items()
        for box in (*SHOWN_BOXES, *(name for name, _ in limits))
    }
    return frozenset((keys & sheet.cells.keys()) | {"insured_name", "certificate_holder_name"})


def free_certificate(sheet: Sheet, *, as_table: bool = True) -> Page:
    """A carrier's own certificate: a table of policies, or a paragraph of labels for each."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 18)
        canvas.drawString(54, 735, "Certificate of Insurance")
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(54, 718, FILLER)
        _party(canvas, 690, "Named Insured:", sheet.parties["insured"].lines)
        _party(canvas, 620, "Certificate Holder:", sheet.parties["certificate_holder"].lines)
        canvas.drawString(360, 690, f"Date issued: {sheet.cells['certificate_date']}")
        (_table if as_table else _paragraphs)(canvas, sheet)

    return draw


def _party(canvas: Canvas, y: float, label: str, lines: tuple[str, ...]) -> None:
    canvas.setFont("Times-Bold", 10)
    canvas.drawString(54, y, label)
    canvas.setFont("Times-Roman", 10)
    for row, line in enumerate(lines):
        canvas.drawString(150, y - 12 * row, line)


def _table(canvas: Canvas, sheet: Sheet) -> None:
    columns = (54, 175, 290, 345, 400)
    canvas.setFont("Times-Bold", 9)
    headings = ("Coverage", "Policy Number", "Effective", "Expires", "Limits of Liability")
    for x, heading in zip(columns, headings, strict=True):
        canvas.drawString(x, 540, heading)
    y = 522.0
    canvas.setFont("Times-Roman", 9)
    for line, (title, limits) in LINES.items():
        if f"{line}_policy_number" not in sheet.cells:
            continue
        canvas.line(54, y + 12, 570, y + 12)
        values = (title, *(sheet.cells[f"{line}_{box}"].split("\n")[0] for box in SHOWN_BOXES))
        for x, value in zip(columns, values, strict=False):
            canvas.drawString(x, y, value)
        for name, label in limits:
            canvas.drawString(400, y, f"{label}: {sheet.cells.get(f'{line}_{name}', '')}")
            y -= 12
        y -= 8


def _paragraphs(canvas: Canvas, sheet: Sheet) -> None:
    y = 540.0
    for line, (title, limits) in LINES.items():
        if f"{line}_policy_number" not in sheet.cells:
            continue
        canvas.setFont("Times-Bold", 10)
        canvas.drawString(54, y, title)
        canvas.setFont("Times-Roman", 10)
        number, start, end = (sheet.cells[f"{line}_{box}"].split("\n")[0] for box in SHOWN_BOXES)
        canvas.drawString(70, y - 13, f"Policy Number: {number}")
        canvas.drawString(70, y - 26, f"Policy Period: {start} to {end}")
        y -= 39
        for name, label in limits:
            canvas.drawString(70, y, f"{label}: {sheet.cells.get(f'{line}_{name}', 'Not shown')}")
            y -= 13
        y -= 8
