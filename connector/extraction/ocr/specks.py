"""Small blots: the points of print, or dirt.

A point belongs to a letter: it stands close behind one (or over it, as that of an i). A blot that
is small both ways and far from any letter is dirt, however clean the rest of the page is; one that
stands nearly like a point is a doubt.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from connector.extraction.ocr.glyphs import Blots, Print
from connector.extraction.ocr.paper import Gray, Mask

_LARGEST = 7
"""Pixels: no point of print up to 12 points in size is larger both ways."""

_LETTER = 10
"""Pixels: lower than this (2.4 points) no letter or digit is."""

_BESIDE, _ABOVE = 20, 8
"""Pixels that a point may stand from its letter: typewriter print leaves half a letter's height."""

_SMALL = 0.35
"""Sides of a point at most, in heights of the print."""

_CLOSE = 0.3
"""Room before a point, in heights of the print beyond the line's usual room between letters."""

_AIRY = 3.0
"""The same in usual rooms: typewriter print sets a point in the middle of a letter's place."""

_ON_FOOT, _BELOW_FOOT = 0.14, 0.34
"""How far the foot of a point lies above the line's foot at most, and that of a comma below."""


def loose(every: Blots, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Which blots of a sheet are small and have no letter beside them."""
    sizes = every.boxes[:, 2:] - every.boxes[:, :2]
    small = sizes.max(axis=1) <= _LARGEST
    near = np.zeros(shape, dtype=np.uint8)
    for x0, top, x1, bottom in every.boxes[sizes.max(axis=1) >= _LETTER]:
        near[max(0, top - _ABOVE) : bottom + _ABOVE, max(0, x0 - _BESIDE) : x1 + _BESIDE] = 1
    x, y = ((every.boxes[:, :2] + every.boxes[:, 2:]) // 2).T
    return np.asarray(small & (near[y, x] == 0))


def around(numbers: cv2.typing.MatLike, chosen: NDArray[np.bool_]) -> Mask:
    """The chosen blots (`numbers` counts them from 1) with their soft edges."""
    picked = np.concatenate([[False], chosen])[numbers].astype(np.uint8)
    return np.asarray(cv2.dilate(picked, np.ones((5, 5), np.uint8)) > 0)


def is_like_a_point(line: Print, speck: NDArray[np.int64]) -> bool:
    """Whether a small blot (its box in pixels) stands where the line may have a point or a comma."""
    return _stands(line, speck) is True


def is_doubtful_point(line: Print, speck: NDArray[np.int64]) -> bool:
    """Whether it lies at the foot of the line and yet not where a point or a comma stands."""
    return _stands(line, speck) is False


def _stands(line: Print, speck: NDArray[np.int64]) -> bool | None:
    """Whether a speck stands as a point does; None for what is no speck at the line's foot."""
    x0, top, x1, bottom = speck
    height = line.height
    letters = line.blots.boxes[line.blots.boxes[:, 3] - line.blots.boxes[:, 1] > 0.5 * height]
    if max(x1 - x0, bottom - top) > _SMALL * height or not len(letters):
        return None
    foot = float(np.median(letters[:, 3]))
    over = (letters[:, 0] < x1) & (letters[:, 2] > x0)
    if over.any() or (top + bottom) / 2 < foot - 0.45 * height:
        return None
    before = letters[letters[:, 2] <= x0, 2]
    gaps = line.columns[1:, 0] - line.columns[:-1, 1]
    usual = max(float(np.median(gaps)), 0.0) if len(gaps) else 0.0
    room = max(_CLOSE * height + usual, _AIRY * usual)
    close = len(before) > 0 and x0 - before.max() <= room
    return bool(close and foot - _ON_FOOT * height <= bottom <= foot + _BELOW_FOOT * height)


_NEAR_POINT = 4
"""Pixels that a reader's place of a point may lie beside its blot."""

_TAIL, _ZONE = 0.15, 0.35
"""Grey below the line's foot against that above it, in zones of so many heights of the print.

Measured on scans, faxes and photos: points up to 0.02; commas whose tail is too faint to count as
ink, so that both readers take them for points, from 0.3.
"""


def has_tail(line: Print, gray: Gray, place: float) -> bool:
    """Whether the point that a reader saw at `place` (pixels of the sheet) is the head of a comma."""
    boxes = line.blots.boxes
    low = boxes[:, 3] - boxes[:, 1] < 0.5 * line.height
    if low.all():
        return False
    foot = round(float(np.median(boxes[~low, 3])))
    near = (boxes[:, 0] - _NEAR_POINT <= place) & (place <= boxes[:, 2] + _NEAR_POINT)
    zone = round(_ZONE * line.height)
    for x0, _, x1, _ in boxes[low & near]:
        around = gray[foot - zone : foot + zone, max(0, x0 - 2) : x1 + 2].astype(np.float64)
        grey = np.clip(_PAPER - around, 0, None)
        if grey[zone + 1 :].sum() > _TAIL * grey[: zone + 1].sum():
            return True
    return False


_PAPER = 235
"""Lighter is paper."""
