"""A certificate as a fillable form: live fields with the names that agency software uses."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from demo.layout import LAYOUTS, Area, Layout, acord_25_2016
from demo.page import canvas_of, draw_form, draw_values
from demo.sheet import Party, Sheet, Style
from demo.widgets import ALIGNED, FieldHabits, FieldWriter


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
    fixed = Sheet({n: t for n, t in sheet.cells.items() if n.endswith("_corner")}, {})
    into = io.BytesIO()
    canvas = canvas_of(layout.page, into)
    draw_form(canvas, layout, style)
    draw_values(canvas, layout, fixed, style)
    canvas.showPage()
    canvas.save()
    values = field_values(sheet, layout.edition)
    with Pdf.open(into) as pdf:
        _add_fields(pdf, layout, values, style.size, habits)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
        return out.getvalue()


def _add_fields(
    pdf: Pdf, layout: Layout, values: Mapping[str, str], size: float, habits: FieldHabits
) -> None:
    font = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
        )
    )
    writer = FieldWriter(pdf, font, layout.page[1], size, habits)
    fields = list(_fields(writer, layout, values))
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
    if habits.xfa:
        pdf.Root.AcroForm.XFA = _xfa_twin(pdf, values)


def _fields(writer: FieldWriter, layout: Layout, values: Mapping[str, str]) -> Iterator[Any]:
    for name, (kind, area) in _placed_fields(values).items():
        moved = _on(layout, name, area)
        if moved is None:
            continue
        text = values.get(name, "")
        if kind == "tick":
            yield writer.tick(name, moved, ticked=bool(text))
        else:
            yield writer.text(name, moved, text, _printed_as(name))


def _placed_fields(values: Mapping[str, str]) -> dict[str, tuple[str, Area]]:
    """Kind and area by name; in the free row as high as the row and as wide as the text."""
    fields = {
        name: (kind, Area(*sides)) for name, (kind, *sides) in known_fields()["fields"].items()
    }
    top, bottom = acord_25_2016().blocks["other"]
    for name, (kind, area) in list(fields.items()):
        text = values.get(name, "")
        if "OtherPolicy" in name and "\n" in text:
            fields[name] = kind, replace(area, top=top, bottom=bottom)
        elif "OtherPolicy_CoverageCode" in name and len(text) > 20:
            fields[name] = kind, replace(area, x1=592.0)
    return fields


def _on(layout: Layout, field: str, area: Area) -> Area | None:
    """Where a field of the 2016/03 form stands on another layout: moved as its cell is moved."""
    anchor = _anchors().get(field)
    if anchor is None:
        return area
    if anchor not in layout.cells:
        return None
    old, new = acord_25_2016().cells[anchor].area, layout.cells[anchor].area
    across = (new.x1 - new.x0) / (old.x1 - old.x0)
    down = (new.bottom - new.top) / (old.bottom - old.top)
    return Area(
        new.x0 + (area.x0 - old.x0) * across, new.top + (area.top - old.top) * down,
        new.x0 + (area.x1 - old.x0) * across, new.top + (area.bottom - old.top) * down,
    )  # fmt: skip


@lru_cache
def _anchors() -> Mapping[str, str]:
    """Field name -> the cell or address block of the layout that it belongs to."""
    names = known_fields()
    anchors = {field: cell for cell, field in names["of_cell"].items()}
    for block, prefix in names["of_party"].items():
        parts = (f"{prefix}_FullName_A", f"{prefix}_MailingAddress_")
        anchors |= {field: block for field in names["fields"] if field.startswith(parts)}
    return anchors


@lru_cache
def _printed_as(field: str) -> str:
    """left, center or amount: how the cell of this field is printed."""
    anchor = _anchors().get(field)
    kind = acord_25_2016().cells[anchor].kind if anchor else "left"
    return kind if kind in ALIGNED else "left"


def _wrapped(pdf: Pdf, fields: list[Any]) -> list[Any]:
    """The fields under F[0] and P1[0], each name with its own [0]."""
    page = pdf.make_indirect(Dictionary(T=pikepdf.String("P1[0]"), Kids=Array(fields)))
    root = pdf.make_indirect(Dictionary(T=pikepdf.String("F[0]"), Kids=Array([page])))
    page.Parent = root
    for field in fields:
        field.Parent = page
        field.T = pikepdf.String(f"{field.T}[0]")
    return [root]


def _xfa_twin(pdf: Pdf, values: Mapping[str, str]) -> Array:
    """A small XFA packet that says the same, as hybrid forms carry it beside the fields."""
    data = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in values.items() if text)
    datasets = (
        '<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/">'
        f"<xfa:data><F><P1>{data}</P1></F></xfa:data></xfa:datasets>"
    )
    template = '<template xmlns="http://www.xfa.org/schema/xfa-template/3.0/"/>'
    parts: list[Any] = []
    for name, packet in (("template", template), ("datasets", datasets)):
        parts += [pikepdf.String(name), pdf.make_stream(packet.encode())]
    return Array(parts)
