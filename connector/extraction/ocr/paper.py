"""The paper behind the ink: uneven light divided out, faint toner stretched to full black."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Gray: TypeAlias = NDArray[np.uint8]
"""A picture of one channel, shape (height, width): 0 is black, 255 is white."""

Mask: TypeAlias = NDArray[np.bool_]

INK_LEVEL, THIN_INK_LEVEL = 150, 190
"""On even paper whatever is darker is ink; where strokes are thinner than pixels, they are grey."""

_SOLID_SHARE = 0.62
"""Least share of black among the dark pixels where print is solid (measured: 0.7 and more at
200 dots an inch, 0.5 for thin type at 150)."""

_BACKGROUND_SIDE = 400
_FAINTEST_BLACK = 90


def even(picture: Gray) -> Gray:
    """The picture with the paper at white everywhere and the darkest print near black.

    A bilevel page (fax) comes back unchanged: there is no light to even out.
    """
    if _is_bilevel(picture):
        return picture
    flat = cv2.divide(picture, _background(picture), scale=255)
    return _stretched(np.asarray(flat, dtype=np.uint8))


def ink_level(parts: Iterable[Gray]) -> int:
    """The level below which a pixel counts as ink, by the parts of an even page that hold the values:
    a form printed in black may be filled in with thin grey type."""
    dark = solid = 0
    for part in parts:
        sample = part[::2, ::2]
        dark += int((sample < THIN_INK_LEVEL).sum())
        solid += int((sample < INK_LEVEL).sum())
    return INK_LEVEL if solid >= _SOLID_SHARE * dark else THIN_INK_LEVEL


def _is_bilevel(picture: Gray) -> bool:
    sample = picture[::7, ::7]
    return bool(np.mean((sample > 30) & (sample < 225)) < 0.002)


def _background(picture: Gray) -> Gray:
    """What the paper alone would look like: a closing at low resolution hides print and rules."""
    height, width = picture.shape
    shrink = max(1.0, max(height, width) / _BACKGROUND_SIDE)
    size = (max(1, round(width / shrink)), max(1, round(height / shrink)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, 9), (0, 0), 3)
    return np.asarray(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _stretched(picture: Gray) -> Gray:
    """Where the darkest hundredth of the page is grey, the print is faint: spread it to black."""
    black = float(np.percentile(picture[::5, ::5], 1))
    if black <= _FAINTEST_BLACK or black >= 245:
        return picture
    levels = np.arange(256, dtype=np.float32)
    spread = np.clip((levels - black) * 255.0 / (250.0 - black), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(picture, spread), dtype=np.uint8)
