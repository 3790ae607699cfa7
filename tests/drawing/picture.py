"""Pages as pictures, and pictures as the files that scanners, faxes and telephones send."""

from __future__ import annotations

import io
import time
from itertools import pairwise

import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.utils import ImageReader

from demo.page import canvas_of

_EPOCH = time.gmtime(0)
"""Pillow writes the time into a PDF; ours must come out the same each time."""


def picture(pdf: bytes, dpi: float, page: int = 0) -> Image.Image:
    """A page in grey, form fields drawn."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    try:
        bitmap = document[page].render(scale=dpi / 72, grayscale=True, may_draw_forms=True)
        grey: Image.Image = bitmap.to_pil().convert("L")
        return grey
    finally:
        document.close()


def pdf_of(pictures: list[Image.Image], dpi: tuple[float, float], quality: int = 80) -> bytes:
    """An image-only PDF: black-and-white pictures as Group 4, others as JPEG."""
    into = io.BytesIO()
    as_jpeg = {} if pictures[0].mode == "1" else {"quality": quality}
    pictures[0].save(
        into,
        "PDF",
        dpi=dpi,
        **as_jpeg,
        save_all=True,
        append_images=pictures[1:],
        creationDate=_EPOCH,
        modDate=_EPOCH,
    )
    return into.getvalue()


def pdf_of_strips(picture: Image.Image, count: int) -> bytes:
    """A Letter page that a scanner wrote as several pictures beneath each other."""
    into = io.BytesIO()
    canvas = canvas_of(LETTER, into)
    edges = [picture.height * part // count for part in range(count + 1)]
    points = LETTER[1] / picture.height
    for top, bottom in pairwise(edges):
        strip = io.BytesIO()
        picture.crop((0, top, picture.width, bottom)).save(strip, "JPEG", quality=85)
        strip.seek(0)
        y, height = LETTER[1] - bottom * points, (bottom - top) * points
        canvas.drawImage(ImageReader(strip), 0, y, LETTER[0], height)
    canvas.showPage()
    canvas.save()
    return into.getvalue()


def image_file(picture: Image.Image, kind: str, dpi: float, quality: int = 80) -> bytes:
    """A bare JPEG, PNG or TIFF."""
    into = io.BytesIO()
    if kind == "JPEG":
        picture.save(into, kind, dpi=(dpi, dpi), quality=quality)
    elif kind == "TIFF":
        black = picture.convert("1", dither=Image.Dither.NONE)
        black.save(into, kind, dpi=(dpi, dpi), compression="group4")
    else:
        picture.save(into, kind, dpi=(dpi, dpi))
    return into.getvalue()


def tiff_of(pictures: list[Image.Image], dpi: float) -> bytes:
    """A TIFF of several black-and-white pages."""
    first, *others = [picture.convert("1") for picture in pictures]
    into = io.BytesIO()
    first.save(
        into, "TIFF", dpi=(dpi, dpi), compression="group4", save_all=True, append_images=others
    )
    return into.getvalue()
