"""Whether a person sees a word: the page's own picture is asked where its build allows a doubt.

Layers that are off, clipping, paint in the color of the paper, covers: all of them leave a word in
the text layer and no ink, or ink without shape, on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.certificate.entry import Box

if TYPE_CHECKING:
    import numpy as np

DPI = 110.0
LARGEST_SIDE = 2_400
"""Pixels; larger pages are drawn coarser."""
LEAST_CONTRAST = 70
"""Grey levels of 255 between a word and what it stands on."""
INKED_COLUMNS, INKED_ROWS = 0.35, 0.6
"""Shares of a word's columns and rows that hold ink of letters; a rule alone fills one row."""


LONG = 2.5
"""Heights of a word whose thirds must each hold ink of letters: a bar over one of them hides it."""


def _thirds(box: Box) -> list[Box]:
    x0, top, x1, bottom = box
    step = (x1 - x0) / 3
    return [(x0 + n * step, top, x0 + (n + 1) * step, bottom) for n in range(3)]


@dataclass(frozen=True, slots=True)
class Sight:
    """A page as a person sees it; boxes are in points of the page as shown."""

    picture: np.ndarray
    scale: float

    @classmethod
    def of(cls, page: Any) -> Sight:
        """Of an open pypdfium2 page."""
        scale = min(DPI / 72, LARGEST_SIDE / max(page.get_size()))
        picture = page.render(scale=scale, grayscale=True, draw_annots=False).to_numpy()
        return cls(picture.reshape(picture.shape[:2]), scale)

    def shows_letters(self, box: Box) -> bool:
        """Whether something of the shape of letters stands out in the box."""
        inked = self._inked(box)
        if not inked.size:
            return False
        columns, rows = inked.any(axis=0).mean(), inked.any(axis=1).mean()
        is_long = box[2] - box[0] >= LONG * (box[3] - box[1])
        return bool(
            columns >= INKED_COLUMNS
            and rows >= INKED_ROWS
            and not (is_long and any(not self._inked(part).any() for part in _thirds(box)))
        )

    def shows_ink(self, box: Box) -> bool:
        """Whether anything stands out in the box or around it."""
        return bool(self._inked((box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1)).any())

    def _inked(self, box: Box) -> np.ndarray:
        """What in the box differs from most of it, pixel by pixel."""
        left, top, right, bottom = (max(round(side * self.scale), 0) for side in box)
        part = self.picture[top : bottom + 1, left : right + 1].astype("int16")
        if not part.size:
            return part
        low, high = int(part.min()), int(part.max())
        paper = high if 2 * part.mean() > low + high else low
        inked: np.ndarray = abs(part - paper) >= LEAST_CONTRAST
        return inked
