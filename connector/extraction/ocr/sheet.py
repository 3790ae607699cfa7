"""A page laid flat: the form's own points at 300 dots an inch, whatever the camera did."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from connector.certificate.entry import Box
from connector.extraction.ocr.paper import Gray, even
from connector.extraction.ocr.perspective import Matrix, moved

SCALE = 300 / 72
"""Pixels of a sheet in one point of the form."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The flat page. `gray` has SCALE pixels a point; `to_page` sends its pixels to page points."""

    gray: Gray
    to_page: Matrix

    def on_page(self, box: Box) -> Box:
        """Where a box of the form (points) stands on the page as it was given (points)."""
        x0, top, x1, bottom = box
        corners = np.array([(x0, top), (x1, top), (x1, bottom), (x0, bottom)]) * SCALE
        sent = moved(corners, self.to_page)
        (left, upper), (right, lower) = sent.min(axis=0), sent.max(axis=0)
        return float(left), float(upper), float(right), float(lower)


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
    page = np.diag([72 / dpi, 72 / dpi, 1.0])
    return Sheet(even(np.asarray(flat, dtype=np.uint8)), page @ sheet_to_picture)
