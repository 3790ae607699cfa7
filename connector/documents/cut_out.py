"""A page, or the part around a value, as a picture for a browser: drawn anew, never passed on."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from connector.certificate.entry import Box
from connector.documents import pages
from connector.documents.document import Document
from connector.documents.pages import POINTS_PER_INCH

CUT_OUT_DPI, PAGE_DPI = 200.0, 110.0

MOST_PIXELS = 6_000_000
"""Of the page that is drawn for a browser."""

AROUND = (84.0, 22.0)
"""Points of the page that are shown left and right of a value, and above and below it."""

SMALLEST = {False: (300.0, 64.0), True: (170.0, 64.0)}
"""A short value is shown with more around it, its row and its heading; less on a narrow screen."""

MARK = (214, 96, 0)


def page_picture(document: Document, page: int, box: Box | None) -> bytes:
    """A PNG of a whole page (from 1) with a box outlined, if one is given."""
    dpi = pages.fitting_dpi(pages.size(document, page), PAGE_DPI, MOST_PIXELS)
    drawn = Image.fromarray(pages.picture(document, page, dpi)).convert("RGB")
    return _png(_marked(drawn, box, dpi) if box else drawn)


def cut_out(document: Document, page: int, box: Box, *, narrow: bool = False) -> bytes:
    """A PNG of what stands around a box, which is outlined. The box is in points of the page."""
    least, beside = SMALLEST[narrow], AROUND[0] / (3 if narrow else 1)
    points = pages.size(document, page)
    dpi = pages.fitting_dpi(points, CUT_OUT_DPI, MOST_PIXELS)
    drawn = _marked(Image.fromarray(pages.picture(document, page, dpi)).convert("RGB"), box, dpi)
    scale = dpi / POINTS_PER_INCH
    left, right = _stretch(box[0], box[2], beside, least[0], points[0])
    top, bottom = _stretch(box[1], box[3], AROUND[1], least[1], points[1])
    around = tuple(round(side * scale) for side in (left, top, right, bottom))
    return _png(drawn.crop((around[0], around[1], around[2], around[3])))


def _stretch(
    first: float, last: float, around: float, least: float, most: float
) -> tuple[float, float]:
    """From `first` to `last` with so much around it, at least so long, inside 0 to `most`."""
    first, last = min(max(first, 0.0), most), min(max(last, 0.0), most)
    length = min(max(last - first + 2 * around, least), most)
    start = (first + last - length) / 2
    start = min(max(start, 0.0), most - length)
    return start, start + length


def _marked(drawn: Image.Image, box: Box, dpi: float) -> Image.Image:
    scale, room = dpi / POINTS_PER_INCH, 2.0
    left, top, right, bottom = (side * scale for side in box)
    left, right = sorted((left - room * scale, right + room * scale))
    top, bottom = sorted((top - room * scale, bottom + room * scale))
    ImageDraw.Draw(drawn).rectangle((left, top, right, bottom), outline=MARK, width=3)
    return drawn


def _png(drawn: Image.Image) -> bytes:
    """Few colours are enough for print, and make the picture a third as large."""
    out = io.BytesIO()
    paper = drawn.quantize(colors=32, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    paper.save(out, "PNG")
    return out.getvalue()
