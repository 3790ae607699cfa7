"""Text layers that cannot be trusted: beneath a picture of the page, or in a damaged font."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from random import Random

import pikepdf
from PIL import Image
from reportlab.lib.utils import ImageReader

from demo.layout import Layout
from demo.page import canvas_of, certificate_pdf, draw_form, draw_values
from demo.sheet import Sheet, Style


def under_picture(layout: Layout, sheet: Sheet, style: Style, picture: Image.Image) -> bytes:
    """A page whose picture covers the text of `sheet`: what is selected is not what is seen."""
    into = io.BytesIO()
    canvas = canvas_of(layout.page, into)
    draw_form(canvas, layout, style)
    draw_values(canvas, layout, sheet, style)
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=80)
    canvas.drawImage(ImageReader(io.BytesIO(jpeg.getvalue())), 0, 0, *layout.page)
    canvas.showPage()
    canvas.save()
    return into.getvalue()


def lie(sheet: Sheet, rng: Random) -> Sheet:
    """The sheet as a forger or a bad recogniser has it: amounts, days and policy numbers changed."""
    return replace(
        sheet, cells={name: _changed(name, text, rng) for name, text in sheet.cells.items()}
    )


def _changed(name: str, text: str, rng: Random) -> str:
    if name.endswith("_date"):
        return re.sub(r"(\d)$", lambda digit: str((int(digit[1]) + 1) % 10), text)
    if name.endswith("policy_number") and rng.random() < 0.7:
        return re.sub(r"\d", lambda digit: str((int(digit[0]) + 3) % 10), text, count=2)
    if re.fullmatch(r"\$?\s?[\d, ]+(\.00)?", text) and "," in text and rng.random() < 0.7:
        return re.sub(r"[1-9]", lambda digit: str(int(digit[0]) % 9 + 1), text, count=1)
    return text


LOST = ",il"
"""The characters whose meaning the damaged font has lost: the page shows them, the text does not."""


def with_damaged_font(layout: Layout, sheet: Sheet, style: Style) -> bytes:
    """A text layer whose value font maps some glyphs to a space."""
    pdf = certificate_pdf(layout, sheet, replace(style, font="Vera"))
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing:
                stream = thing.ToUnicode
                stream.write(_forgetful(stream.read_bytes()))
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _forgetful(mapping: bytes) -> bytes:
    """The font's map to Unicode with the LOST characters mapped to a space."""
    for character in LOST:
        mapping = re.sub(rb"<%04X>" % ord(character), b"<0020>", mapping)
    return mapping
