"""A certificate as a fillable form: live fields with the names that agency software uses."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from reportlab.pdfbase.pdfmetrics import stringWidth

from demo.layout import LAYOUTS, Layout, acord_25_2016
from demo.page import canvas_of, draw_form, draw_values
from demo.sheet import Party, Sheet, Style

MULTILINE = 1 << 12
"""The flag of a text field that may hold several lines (PDF 32000-1, table 228)."""


@dataclass(frozen=True, slots=True)
class FieldHabits:
    """How the maker's software writes fields.

    `wrapped`: names stand under F[0] and P[0] as XFA-born forms have them; `on_state`: what a
    ticked box is called; `line_break`: what stands between lines of a text value.
    """

    wrapped: bool = False
    on_state: str = "/1"
    line_break: str = "\r"
    appearances: bool = True


@lru_cache
def known_fields() -> Mapping[str, Any]:
    """`fields`: name -> kind and rectangle; `of_cell`, `of_party`: our cell -> field name."""
    found: dict[str, Any] = json.loads((LAYOUTS / "form_fields.json").read_text())
    return found


def field_values(sheet: Sheet, edition: str) -> dict[str, str]:
    """The text (a tick's too) by field name; cells that the form has no field for are left out."""
    names = known_fields()
    found = {
        names["of_cell"][cell]: text
        for cell, text in sheet.cells.items()
        if text and cell in names["of_cell"]
    }
    for block, prefix in names["of_party"].items():
        if block in sheet.parties:
            found |= _party_values(prefix, sheet.parties[block])
    found |= _stacked(sheet)
    year, _, month = edition.partition("/")
    found["Form_EditionIdentifier_A"] = f"ACORD 0025 {year}-{month} Acroform"
    return found


def _party_values(prefix: str, party: Party) -> dict[str, str]:
    streets = [*party.names[1:], *party.streets]
    address = f"{prefix}_MailingAddress"
    return {
        f"{prefix}_FullName_A": party.names[0],
        f"{address}_LineOne_A": streets[0] if streets else "",
        f"{address}_LineTwo_A": ", ".join(streets[1:]),
        f"{address}_CityName_A": party.city,
        f"{address}_StateOrProvinceCode_A": party.state,
        f"{address}_PostalCode_A": party.postal_code,
    }


def _stacked(sheet: Sheet) -> dict[str, str]:
    """Several policies in the free row share its fields, one per line; so do limits in words."""
    of_cell = known_fields()["of_cell"]
    rows = [row for row in (1, 2, 3) if f"other_{row}_description" in sheet.cells]
    found = {}
    for cell, field in of_cell.items():
        if cell.startswith("other_1_"):
            lines = [sheet.cells.get(cell.replace("_1_", f"_{row}_"), "") for row in rows]
            if any(lines):
                found[field] = "\n".join(lines)
    for row in (1, 2, 3):
        if words := sheet.cells.get(f"other_limits_{row}"):
            found[of_cell[f"other_limit_{row}_text"]] = words
    return found


def form_pdf(layout: Layout, sheet: Sheet, style: Style, habits: FieldHabits) -> bytes:
    """One certificate whose values stand in live fields."""
    values = field_values(sheet, layout.edition)
    fixed = Sheet({n: t for n, t in sheet.cells.items() if n.endswith("_corner")}, {})
    into = io.BytesIO()
    canvas = canvas_of(layout.page, into)
    draw_form(canvas, layout, style)
    draw_values(canvas, layout, fixed, style)
    canvas.showPage()
    canvas.save()
    return _with_fields(into, layout, values, style, habits)


def _with_fields(
    into: io.BytesIO, layout: Layout, values: Mapping[str, str], style: Style, habits: FieldHabits
) -> bytes:
    with Pdf.open(into) as pdf:
        font = pdf.make_indirect(
            Dictionary(
                Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica,
                Encoding=Name.WinAnsiEncoding,
            )
        )  # fmt: skip
        fields = [
            _tick(pdf, name, _rectangle(sides, layout), values.get(name, ""), habits)
            if kind == "tick"
            else _text_field(
                pdf,
                name,
                _rectangle(sides, layout),
                values.get(name, ""),
                size=style.size,
                habits=habits,
            )
            for name, (kind, *sides) in _placed_fields(values).items()
        ]
        page = pdf.pages[0].obj
        for field in fields:
            field.P = page
        page.Annots = Array(fields)
        pdf.Root.AcroForm = Dictionary(
            Fields=Array(_wrapped(pdf, fields) if habits.wrapped else fields),
            DR=Dictionary(Font=Dictionary(Helv=font)),
            DA=pikepdf.String("/Helv 8 Tf 0 g"),
            NeedAppearances=not habits.appearances,
        )
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
        return out.getvalue()


def _placed_fields(values: Mapping[str, str]) -> dict[str, Any]:
    """Fields by name; those of the free row are as high as their row and as wide as their text."""
    fields: dict[str, Any] = dict(known_fields()["fields"])
    top, bottom = acord_25_2016().blocks["other"]
    for name, (kind, x0, y0, x1, y1) in known_fields()["fields"].items():
        text = values.get(name, "")
        if "OtherPolicy" in name and "\n" in text:
            fields[name] = [kind, x0, top, x1, bottom]
        elif "OtherPolicy_CoverageCode" in name and len(text) > 20:
            fields[name] = [kind, x0, y0, 592.0, y1]
    return fields


def _rectangle(sides: list[float], layout: Layout) -> list[float]:
    height = layout.page[1]
    x0, top, x1, bottom = sides
    return [x0, height - bottom, x1, height - top]


def _wrapped(pdf: Pdf, fields: list[Any]) -> list[Any]:
    """The fields under F[0] and P1[0], each name with its own [0]."""
    page = pdf.make_indirect(Dictionary(T=pikepdf.String("P1[0]"), Kids=Array(fields)))
    root = pdf.make_indirect(Dictionary(T=pikepdf.String("F[0]"), Kids=Array([page])))
    page.Parent = root
    for field in fields:
        field.Parent = page
        field.T = pikepdf.String(f"{field.T}[0]")
    return [root]


def _widget(name: str, rectangle: list[float]) -> Any:
    return Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, T=pikepdf.String(name), F=4, Rect=Array(rectangle)
    )


def _tick(pdf: Pdf, name: str, rectangle: list[float], text: str, habits: FieldHabits) -> Any:
    widget = _widget(name, rectangle)
    state = Name(habits.on_state) if text else Name.Off
    widget.FT, widget.V, widget.AS = Name.Btn, state, state
    on = _appearance(pdf, rectangle, _cross(rectangle))
    off = _appearance(pdf, rectangle, b"")
    widget.AP = Dictionary(N=Dictionary({habits.on_state: on, "/Off": off}))
    return pdf.make_indirect(widget)


def _text_field(
    pdf: Pdf, name: str, rectangle: list[float], text: str, *, size: float, habits: FieldHabits
) -> Any:
    widget = _widget(name, rectangle)
    widget.FT, widget.DA = Name.Tx, pikepdf.String(f"/Helv {size:g} Tf 0 g")
    if "\n" in text or name.endswith("RemarkText_A"):
        widget.Ff = MULTILINE
    if text:
        widget.V = pikepdf.String(text.replace("\n", habits.line_break))
    kind = _printed_as(name)
    if kind != "left":
        widget.Q = 1 if kind == "center" else 2
    if habits.appearances:
        content = _text_content(text, rectangle, size, kind)
        widget.AP = Dictionary(N=_appearance(pdf, rectangle, content))
    return pdf.make_indirect(widget)


@lru_cache
def _printed_as(field: str) -> str:
    """left, center or amount: how the cell of this field is printed."""
    cells = acord_25_2016().cells
    of_field = {name: cell for cell, name in known_fields()["of_cell"].items()}
    kind = cells[of_field[field]].kind if field in of_field else "left"
    return kind if kind in ("center", "amount") else "left"


def _appearance(pdf: Pdf, rectangle: list[float], content: bytes) -> Any:
    stream = pdf.make_stream(content)
    stream.Type, stream.Subtype = Name.XObject, Name.Form
    stream.BBox = Array([0, 0, *_extent(rectangle)])
    helvetica = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )
    stream.Resources = Dictionary(Font=Dictionary(Helv=helvetica))
    return stream


def _extent(rectangle: list[float]) -> tuple[float, float]:
    return rectangle[2] - rectangle[0], rectangle[3] - rectangle[1]


def _cross(rectangle: list[float]) -> bytes:
    width, height = _extent(rectangle)
    x, y = width / 2, height / 2
    half = min(width, height) / 2 - 2.2
    return (
        f"q 1 w {x - half:.1f} {y - half:.1f} m {x + half:.1f} {y + half:.1f} l S "
        f"{x - half:.1f} {y + half:.1f} m {x + half:.1f} {y - half:.1f} l S Q"
    ).encode()


def _text_content(text: str, rectangle: list[float], size: float, kind: str) -> bytes:
    """The drawing of a text value: as large as its box allows, aligned as its cell is."""
    if not text:
        return b""
    width, height = _extent(rectangle)
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
