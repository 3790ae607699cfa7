"""Draws a certificate page on a canvas: rules, labels, filler sentences and values."""

from __future__ import annotations

import io
from collections.abc import Callable

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from demo.layout import Area, Cell, Label, Layout
from demo.sheet import TICKED, Sheet, Style

BOLD = {
    "Helvetica": "Helvetica-Bold",
    "Times-Roman": "Times-Bold",
    "Courier": "Courier-Bold",
    "Vera": "VeraBd",
}
DESCENT = 0.21
"""The part of a font's size that hangs below its baseline."""

OVERPRINT = {"left": 3.0, "amount": 4.0}
"""How many points a value may run past its cell: over the rule, not into the next cell's print."""

SMALLEST = 4.5
"""No value is printed smaller than this many points, even where it is too long for its cell."""


def canvas_of(page: tuple[float, float], into: io.BytesIO) -> Canvas:
    """A canvas that writes the same bytes each time."""
    canvas = Canvas(into, pagesize=page, invariant=1, pageCompression=1)
    canvas.setProducer("COI connector samples")
    return canvas


def certificate_pdf(layout: Layout, sheet: Sheet, style: Style) -> bytes:
    """One certificate as a PDF with a text layer."""
    into = io.BytesIO()
    canvas = canvas_of(layout.page, into)
    draw_form(canvas, layout, style)
    draw_values(canvas, layout, sheet, style)
    canvas.showPage()
    canvas.save()
    return into.getvalue()


def draw_form(canvas: Canvas, layout: Layout, style: Style) -> None:
    """The empty form."""
    for rule in layout.rules:
        canvas.setLineWidth(1.1 if rule.x1 - rule.x0 > 0.9 * layout.page[0] else 0.6)
        canvas.line(rule.x0, _y(rule.top), rule.x1, _y(rule.bottom))
    for label in layout.labels:
        if label.text != "$" or style.dollar_column:
            _draw_label(canvas, label, style)
    for area in layout.fillers:
        _draw_filler(canvas, area, style)


def _y(top: float) -> float:
    """From points below the top of a Letter page to the canvas's own, which grow upwards."""
    return LETTER[1] - top


def _draw_label(canvas: Canvas, label: Label, style: Style) -> None:
    text = style.label_words.get(label.text, label.text)
    font = BOLD[style.label_font] if label.bold else style.label_font
    size = _fitting(text, font, label.area.bottom - label.area.top, label.area.x1 - label.area.x0)
    canvas.setFont(font, size)
    canvas.drawString(label.area.x0, _y(label.area.bottom - DESCENT * size), text)


def _fitting(text: str, font: str, size: float, width: float) -> float:
    """The size, or a smaller one at which the text is no wider than `width`."""
    natural = stringWidth(text, font, size)
    return size if natural <= width else size * width / natural


def _draw_filler(canvas: Canvas, area: Area, style: Style) -> None:
    size = 7.5
    lines = simpleSplit(style.filler, style.label_font, size, area.x1 - area.x0)
    top = area.top + (area.bottom - area.top - len(lines) * (size + 2)) / 2
    canvas.setFont(style.label_font, size)
    for number, line in enumerate(lines, 1):
        canvas.drawString(area.x0, _y(top + number * (size + 2) - 2), line)


def draw_values(canvas: Canvas, layout: Layout, sheet: Sheet, style: Style) -> None:
    """What is printed into the form."""
    placed = layout if style.rows_at is None else layout.with_rows_at(style.rows_at)
    for name, text in sheet.printed.items():
        cell = placed.cells.get(name)
        if cell is None:
            continue  # an older edition has no such box
        area = cell.area.moved(1.0, *style.shift)
        _DRAW[cell.kind](canvas, Cell(cell.kind, area), text, style)


def _draw_line(canvas: Canvas, cell: Cell, text: str, style: Style) -> None:
    """One line in the middle of the cell's height; several stand around it."""
    area, lines = cell.area, text.split("\n")
    room = area.x1 - area.x0 + (OVERPRINT.get(cell.kind, 0.0) if style.overprint else -2.0)
    size = min(_fitting(line, style.font, style.size, room / style.narrow) for line in lines)
    size = max(SMALLEST, size)
    baseline = (area.top + area.bottom) / 2 + 0.36 * size - (len(lines) - 1) * size * 0.575
    for number, line in enumerate(lines):
        spare = area.x1 - area.x0 - stringWidth(line, style.font, size) * style.narrow
        start = {"center": spare / 2, "amount": spare - 1.5, "right": spare - 1.5}
        x = area.x0 + start.get(cell.kind, 1.5)
        _print(canvas, (x, _y(baseline + number * size * 1.15)), line, size, style)


def _print(canvas: Canvas, at: tuple[float, float], text: str, size: float, style: Style) -> None:
    canvas.saveState()
    canvas.setFont(style.font, size)
    canvas.translate(*at)
    canvas.scale(style.narrow, 1)
    canvas.drawString(0, 0, text)
    canvas.restoreState()


def _draw_block(canvas: Canvas, cell: Cell, text: str, style: Style) -> None:
    lines, area = text.split("\n"), cell.area
    size = min(style.size, (area.bottom - area.top) / len(lines) / 1.15)
    room = (area.x1 - area.x0) / style.narrow
    size = min(_fitting(line, style.font, size, room) for line in lines)
    for number, line in enumerate(lines, 1):
        at = area.x0 + 1.5, _y(area.top + number * size * 1.15)
        _print(canvas, at, line, size, style)


def _draw_tick(canvas: Canvas, cell: Cell, text: str, style: Style) -> None:
    if text == TICKED:
        _MARKS[style.mark](canvas, cell, style)


def _text_mark(canvas: Canvas, cell: Cell, style: Style) -> None:
    _draw_line(canvas, Cell("center", cell.area), "X", style)


def _small_mark(canvas: Canvas, cell: Cell, style: Style) -> None:
    _draw_line(canvas, Cell("center", cell.area), "x", style)


def _cross(canvas: Canvas, cell: Cell, style: Style) -> None:
    x0, top, x1, bottom = _inner(cell.area)
    canvas.setLineWidth(1.0)
    canvas.line(x0, _y(top), x1, _y(bottom))
    canvas.line(x0, _y(bottom), x1, _y(top))


def _check(canvas: Canvas, cell: Cell, style: Style) -> None:
    size = (cell.area.bottom - cell.area.top) * 0.8
    canvas.setFont("ZapfDingbats", size)
    middle = (cell.area.x0 + cell.area.x1) / 2
    canvas.drawCentredString(middle, _y(cell.area.bottom - 0.24 * size), "4")


def _filled(canvas: Canvas, cell: Cell, style: Style) -> None:
    x0, top, x1, bottom = _inner(cell.area)
    canvas.rect(x0, _y(bottom), x1 - x0, bottom - top, stroke=0, fill=1)


def _by_hand(canvas: Canvas, cell: Cell, style: Style) -> None:
    """Two bent pen strokes that leave the box, as people draw them."""
    x0, top, x1, bottom = _inner(cell.area)
    path = canvas.beginPath()
    path.moveTo(x0 - 2, _y(top - 1))
    path.curveTo(x0 + 2, _y(top + 3), x1 - 3, _y(bottom - 1), x1 + 3, _y(bottom + 1.5))
    path.moveTo(x1 + 2.5, _y(top - 2.5))
    path.curveTo(x1 - 1, _y(top + 2), x0 + 3, _y(bottom - 4), x0 - 1.5, _y(bottom + 1))
    canvas.setLineWidth(1.3)
    canvas.drawPath(path)


def _inner(area: Area) -> tuple[float, float, float, float]:
    """A square in the middle of a tick box, clear of its rules."""
    half = min(area.x1 - area.x0, area.bottom - area.top) / 2 - 2.2
    x, y = (area.x0 + area.x1) / 2, (area.top + area.bottom) / 2
    return x - half, y - half, x + half, y + half


def _draw_signature(canvas: Canvas, cell: Cell, text: str, style: Style) -> None:
    if style.signature == "typed":
        _draw_line(canvas, Cell("left", cell.area), text, style)
        return
    left, bottom = cell.area.x0 + 20, _y(cell.area.bottom - 4)
    path = canvas.beginPath()
    path.moveTo(left, bottom + 4)
    for number, letter in enumerate(text.replace(" ", "")[:14]):
        x, height = left + 9 * number, 4 + ord(letter) * 7 % 13
        path.curveTo(x + 2, bottom + height + 4, x + 6, bottom + height, x + 9, bottom + 3)
    canvas.setLineWidth(1.2)
    canvas.drawPath(path)


_MARKS: dict[str, Callable[[Canvas, Cell, Style], None]] = {
    "text": _text_mark,
    "small": _small_mark,
    "cross": _cross,
    "check": _check,
    "filled": _filled,
    "hand": _by_hand,
}
_DRAW: dict[str, Callable[[Canvas, Cell, str, Style], None]] = {
    "left": _draw_line,
    "center": _draw_line,
    "amount": _draw_line,
    "right": _draw_line,
    "block": _draw_block,
    "tick": _draw_tick,
    "signature": _draw_signature,
}
