"""A page laid flat: the form's own points at 300 dots an inch, whatever the camera did."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from connector.certificate.entry import Box
from connector.extraction.ocr.paper import Gray, even
from connector.extraction.ocr.perspective import Matrix, moved
from connector.extraction.ocr.splines import Points, Way, resampled

SCALE = 300 / 72
"""Pixels of a sheet in one point of the form."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The flat page. `gray` has SCALE pixels a point; `to_page` sends its pixels to page points."""

    gray: Gray
    to_page: Way
    page: tuple[float, float]
    """Width and height in points of the page as it was given."""

    def on_page(self, box: Box) -> Box:
        """Where a box of the form (points) stands on the page as it was given (points).

        Its sides may be bent there: their middles are sent too.
        """
        x0, top, x1, bottom = box
        x, y = (x0 + x1) / 2, (top + bottom) / 2
        sides = [(a, b) for a in (x0, x, x1) for b in (top, y, bottom)]
        sent = self.to_page(np.array(sides) * SCALE)
        (left, upper), (right, lower) = sent.min(axis=0), sent.max(axis=0)
        return float(left), float(upper), float(right), float(lower)

    def is_in_picture(self, box: Box) -> bool:
        """Whether the picture holds all of a box of the form (points)."""
        left, upper, right, lower = self.on_page(box)
        return left >= 0 and upper >= 0 and right <= self.page[0] and lower <= self.page[1]


def lay_flat(picture: Gray, to_picture: Matrix, size: tuple[float, float], dpi: float) -> Sheet:
    """One resampling of the picture. `to_picture` sends the form's points to its pixels.

    `size` is the form's width and height in points; `dpi` the picture's resolution.
    """
    sheet_to_picture = to_picture @ np.diag([1 / SCALE, 1 / SCALE, 1.0])
    width, height = (round(side * SCALE) for side in size)
    flat = cv2.warpPerspective(
        picture,
        sheet_to_picture,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    page = np.diag([72 / dpi, 72 / dpi, 1.0]) @ sheet_to_picture
    gray = even(np.asarray(flat, dtype=np.uint8))
    return Sheet(gray, lambda points: moved(points, page), _size(picture, dpi))


def _size(picture: Gray, dpi: float) -> tuple[float, float]:
    height, width = picture.shape
    return width * 72 / dpi, height * 72 / dpi


def lay_bent_flat(picture: Gray, to_picture: Way, size: tuple[float, float], dpi: float) -> Sheet:
    """The same of paper that is bent: no straight way leads from the form's points to the pixels."""

    def sent(points: Points) -> Points:
        return to_picture(points / SCALE)

    pixels = round(size[0] * SCALE), round(size[1] * SCALE)
    flat = resampled(picture, sent, pixels)
    return Sheet(even(flat), lambda points: sent(points) * (72 / dpi), _size(picture, dpi))
