"""Live form fields: ticks and text boxes with appearances of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from reportlab.pdfbase.pdfmetrics import stringWidth

from demo.layout import Area

MULTILINE = 1 << 12
"""The flag of a text field that may hold several lines (PDF 32000-1, table 228)."""

ALIGNED = {"left": 0, "center": 1, "amount": 2}
"""How a field says where its text stands (PDF 32000-1, table 222)."""


@dataclass(frozen=True, slots=True)
class FieldHabits:
    """How the maker's software writes fields.

    `wrapped`: names stand under F[0] and P1[0] as XFA-born forms have them; `on_state`: what a
    ticked box is called; `line_break`: what stands between lines of a text value; `appearances`:
    whether values are drawn or left to the viewer; `xfa`: whether the XFA twin is in the file.
    """

    wrapped: bool = False
    on_state: str = "/1"
    line_break: str = "\r"
    appearances: bool = True
    xfa: bool = False


@dataclass(frozen=True, slots=True)
class FieldWriter:
    """Makes the fields of one document; `font` is its Helvetica, `page` as high as `height`."""

    pdf: Pdf
    font: Any
    height: float
    size: float
    habits: FieldHabits

    def tick(self, name: str, area: Area, *, ticked: bool) -> Any:
        widget = self._widget(name, area)
        state = Name(self.habits.on_state) if ticked else Name.Off
        widget.FT, widget.V, widget.AS = Name.Btn, state, state
        states = {self.habits.on_state: self._drawn(area, _cross(area))}
        widget.AP = Dictionary(N=Dictionary({**states, "/Off": self._drawn(area, b"")}))
        return self.pdf.make_indirect(widget)

    def text(self, name: str, area: Area, text: str, kind: str) -> Any:
        """`kind`: left, center or amount."""
        widget = self._widget(name, area)
        widget.FT, widget.DA = Name.Tx, pikepdf.String(f"/Helv {self.size:g} Tf 0 g")
        widget.Q = ALIGNED[kind]
        if "\n" in text or name.endswith("RemarkText_A"):
            widget.Ff = MULTILINE
        if text:
            widget.V = pikepdf.String(text.replace("\n", self.habits.line_break))
        if self.habits.appearances:
            widget.AP = Dictionary(N=self._drawn(area, _text_content(text, area, self.size, kind)))
        return self.pdf.make_indirect(widget)

    def _widget(self, name: str, area: Area) -> Any:
        rectangle = [area.x0, self.height - area.bottom, area.x1, self.height - area.top]
        return Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            T=pikepdf.String(name),
            F=4,
            Rect=Array([round(side, 2) for side in rectangle]),
        )

    def _drawn(self, area: Area, content: bytes) -> Any:
        stream = self.pdf.make_stream(content)
        stream.Type, stream.Subtype = Name.XObject, Name.Form
        stream.BBox = Array([0, 0, round(area.x1 - area.x0, 2), round(area.bottom - area.top, 2)])
        stream.Resources = Dictionary(Font=Dictionary(Helv=self.font))
        return stream


def _cross(area: Area) -> bytes:
    width, height = area.x1 - area.x0, area.bottom - area.top
    x, y = width / 2, height / 2
    half = min(width, height) / 2 - 2.2
    return (
        f"q 1 w {x - half:.1f} {y - half:.1f} m {x + half:.1f} {y + half:.1f} l S "
        f"{x - half:.1f} {y + half:.1f} m {x + half:.1f} {y - half:.1f} l S Q"
    ).encode()


def _text_content(text: str, area: Area, size: float, kind: str) -> bytes:
    """The drawing of a text value: as large as its box allows, aligned as its cell is."""
    if not text:
        return b""
    width, height = area.x1 - area.x0, area.bottom - area.top
    lines = text.split("\n")
    natural = max(stringWidth(line, "Helvetica", size) for line in lines)
    size = min(size, size * (width - 3) / natural, height / len(lines) / 1.15)
    leading = size * 1.15
    is_tall = len(lines) > 1 or height > 20
    y = height - leading if is_tall else (height - size * 0.72) / 2
    shown = b"".join(
        f"1 0 0 1 {_start(line, size, width, kind):.2f} {y - number * leading:.2f} Tm (".encode()
        + _escaped(line)
        + b") Tj "
        for number, line in enumerate(lines)
    )
    return f"/Tx BMC q BT /Helv {size:.2f} Tf 0 g ".encode() + shown + b"ET Q EMC"


def _start(line: str, size: float, width: float, kind: str) -> float:
    spare: float = width - stringWidth(line, "Helvetica", size)
    return {"left": 1.5, "center": spare / 2, "amount": spare - 1.5}[kind]


def _escaped(line: str) -> bytes:
    plain = line.encode("cp1252", errors="replace")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
