"""The pages of an admitted document: how many, how large, and what they look like."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageOps

from connector.documents.document import Document, DocumentKind
from connector.documents.image import opened
from connector.documents.pdf import DAMAGED, too_many_pixels
from connector.errors import DamagedFile, TooLarge

POINTS_PER_INCH = 72

LETTER = (612.0, 792.0)
"""Points of a sheet of letter paper, which a photo without a resolution is taken to show."""

MOST_PIXELS = 80_000_000
"""Of one drawn page: letter paper at 300 dpi has 8.4 million."""

BELIEVABLE_DPI = range(90, 1201)
"""Cameras and phones write 72 when they mean nothing."""


def size(document: Document, page: int) -> tuple[float, float]:
    """Width and height in points of a page (from 1), as it is shown: its rotation applied."""
    _check_page(document, page)
    if document.kind is DocumentKind.IMAGE:
        with opened(document.data) as frame:
            return _image_size(_frame(frame, page))
    with pypdfium2.PdfDocument(document.data) as pdf:
        width, height = _pdf_page(pdf, page).get_size()
        return float(width), float(height)


def picture(document: Document, page: int, dpi: float) -> NDArray[np.uint8]:
    """A page (from 1) drawn in grey at `dpi`: shape (height, width), 0 black to 255 white.

    A point (x, y) of the page, from its upper left corner, is pixel (x, y) * dpi / 72. Form
    fields are drawn with their values. Raises TooLarge above MOST_PIXELS, DamagedFile.
    """
    _check_page(document, page)
    if document.kind is DocumentKind.IMAGE:
        return _draw_image(document, page, dpi)
    with pypdfium2.PdfDocument(document.data) as pdf:
        if pdf.get_formtype():
            pdf.init_forms()
        leaf = _pdf_page(pdf, page)
        _check_pixels(leaf.get_size(), dpi)
        return _drawn(leaf, dpi)


def fitting_dpi(points: tuple[float, float], dpi: float, most_pixels: int = MOST_PIXELS) -> float:
    """`dpi`, or the lower one at which a page of this size stays within `most_pixels`."""
    at_one_dpi = points[0] * points[1] / POINTS_PER_INCH**2
    return min(dpi, math.sqrt(most_pixels / at_one_dpi) * 0.999)


def _check_page(document: Document, page: int) -> None:
    if not 1 <= page <= document.page_count:
        raise IndexError(f"{document.name} has no page {page}")


def _pdf_page(pdf: Any, page: int) -> Any:
    try:
        return pdf[page - 1]
    except pypdfium2.PdfiumError as why:
        raise DamagedFile(DAMAGED) from why


def _drawn(leaf: Any, dpi: float) -> NDArray[np.uint8]:
    """The bitmap is copied: its memory belongs to pdfium and goes with the page."""
    bitmap = leaf.render(scale=dpi / POINTS_PER_INCH, grayscale=True)
    try:
        return np.array(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, bitmap.width)
    finally:
        bitmap.close()


def _check_pixels(points: tuple[float, float], dpi: float) -> None:
    width, height = (side * dpi / POINTS_PER_INCH for side in points)
    if width * height > MOST_PIXELS:
        raise TooLarge(too_many_pixels(width, height))


def _frame(image: Image.Image, page: int) -> Image.Image:
    image.seek(page - 1)
    return image


def _image_size(frame: Image.Image) -> tuple[float, float]:
    """Points, by the picture's own resolution, or as a photo of letter paper."""
    width, height = frame.size
    if frame.getexif().get(0x0112, 1) >= 5:  # Orientation: the camera was held upright
        width, height = height, width
    dpi = frame.info.get("dpi", (0, 0))
    if all(round(float(each)) in BELIEVABLE_DPI for each in dpi):
        across, down = float(dpi[0]), float(dpi[1])
        return width / across * POINTS_PER_INCH, height / down * POINTS_PER_INCH
    scale = LETTER[0] / min(width, height)
    return width * scale, height * scale


def _draw_image(document: Document, page: int, dpi: float) -> NDArray[np.uint8]:
    with opened(document.data) as image:
        frame = _frame(image, page)
        points = _image_size(frame)
        _check_pixels(points, dpi)
        upright = _grey(ImageOps.exif_transpose(frame))
        shape = tuple(max(1, round(side * dpi / POINTS_PER_INCH)) for side in points)
        if upright.size != shape:
            upright = upright.resize((shape[0], shape[1]), Image.Resampling.LANCZOS)
        return np.asarray(upright, dtype=np.uint8).copy()


def _grey(frame: Image.Image) -> Image.Image:
    """Eight bits of grey; what shows through is white, as paper is."""
    if frame.mode.startswith("I"):
        return Image.fromarray((np.asarray(frame) >> 8).clip(0, 255).astype(np.uint8))
    if frame.has_transparency_data:
        clear = frame.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("L")
    return frame.convert("L")
