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

_PITCH_BESIDE = 26
"""Pixels from a point to the middle of a second one: those of a typewriter of 12 points."""

_LEAST_POINT = 3
"""Pixels: a point of small print."""

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
    x, y = ((every.boxes[:, :2] + every.boxes[:, 2:]) // 2).T
    near = _around(every.boxes[sizes.max(axis=1) >= _LETTER], _ABOVE, shape)
    points = every.boxes[small & (sizes.min(axis=1) >= _LEAST_POINT) & (near[y, x] == 1)]
    near |= _around(points, 1, shape, beside=_PITCH_BESIDE)  # the second of two points
    return np.asarray(small & (near[y, x] == 0))


def over_strokes(every: Blots, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Which blots stand right above a narrow upright stroke: the point of an i, however small."""
    sizes = every.boxes[:, 2:] - every.boxes[:, :2]
    upright = (sizes[:, 1] >= _LETTER) & (sizes[:, 0] <= _STROKE)
    above = np.zeros(shape, dtype=np.uint8)
    for x0, top, x1, _ in every.boxes[upright & (sizes[:, 1] <= _TALLEST_STROKE)]:
        above[max(0, top - _ABOVE) : top, max(0, x0 - 1) : x1 + 1] = 1
    x, y = ((every.boxes[:, :2] + every.boxes[:, 2:]) // 2).T
    return np.asarray(above[y, x] == 1)


_STROKE, _TALLEST_STROKE = 8, 26
"""Pixels: width of an upright stroke with its serifs at most, and height of one without its point."""


def _around(
    boxes: NDArray[np.int64], above: int, shape: tuple[int, int], beside: int = _BESIDE
) -> NDArray[np.uint8]:
    """Ones around boxes, as far as a point may stand from them."""
    near = np.zeros(shape, dtype=np.uint8)
    for x0, top, x1, bottom in boxes:
        near[max(0, top - above) : bottom + above, max(0, x0 - beside) : x1 + beside] = 1
    return near


def over_points(every: Blots, dust: int, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Which blots stand right above a point or a comma that is more than dust (its area), and are nearly
    as large as a point: the upper one of a colon."""
    sizes = every.boxes[:, 2:] - every.boxes[:, :2]
    points = (sizes.max(axis=1) <= _LARGEST_COMMA) & (every.areas > dust)
    above = np.zeros(shape, dtype=np.uint8)
    for x0, top, x1, _ in every.boxes[points & (sizes.min(axis=1) >= _LEAST_POINT)]:
        above[max(0, top - _COLON) : max(0, top - _LEAST_POINT), x0 : x1 + 1] = 1
    x, y = ((every.boxes[:, :2] + every.boxes[:, 2:]) // 2).T
    is_point = (sizes.min(axis=1) >= _LEAST_POINT) & (every.areas >= _NEARLY * dust)
    return np.asarray(is_point & (above[y, x] == 1))


_COLON, _LARGEST_COMMA, _NEARLY = 18, 12, 0.6
"""Pixels from the lower point of a colon up to the middle of the upper one at most, and of a comma at most
both ways; and the share of the page's largest dust that the upper one has."""


def around(numbers: cv2.typing.MatLike, chosen: NDArray[np.bool_]) -> Mask:
    """The chosen blots (`numbers` counts them from 1) with their soft edges."""
    picked = np.concatenate([[False], chosen])[numbers].astype(np.uint8)
    return np.asarray(cv2.dilate(picked, np.ones((5, 5), np.uint8)) > 0)


def may_be_a_point(line: Print, speck: NDArray[np.int64], area: int) -> bool:
    """Whether a small blot (its box in pixels) that was whitened as dirt may have been a point or a
    comma: it stands as one does, or is as large as one and nearly does."""
    stands = _stands(line, speck)
    if stands is not False:
        return bool(stands)
    letters = line.blots.boxes[line.blots.boxes[:, 3] - line.blots.boxes[:, 1] > 0.5 * line.height]
    room = speck[0] - letters[letters[:, 2] <= speck[0], 2].max(initial=-1000)
    return bool(area >= (_POINT_SIDE * line.height) ** 2 and room <= line.height)


_POINT_SIDE = 0.2
"""Side of a point that is surely large enough for one, in heights of the print."""


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
    if x1 - x0 >= _DASH * (bottom - top) or _is_under_its_like(line, speck):
        return None
    foot = float(np.median(letters[:, 3]))
    over = (letters[:, 0] < x1) & (letters[:, 2] > x0)
    if over.any() or (top + bottom) / 2 < foot - 0.45 * height:
        return None
    is_comma = bottom >= foot + _TAILED * height and bottom - top >= _DASH * (x1 - x0)
    before = letters[letters[:, 2] <= x0, 2]
    points = _points_before(line, speck, any_size=is_comma)
    before = np.concatenate([before, points])
    gaps = line.columns[1:, 0] - line.columns[:-1, 1]
    usual = max(float(np.median(gaps)), 0.0) if len(gaps) else 0.0
    room = max(_CLOSE * height + usual, _AIRY * usual) * (_COMMA_ROOM if is_comma else 1.0)
    close = len(before) > 0 and x0 - before.max() <= room
    close = close or (len(points) > 0 and x0 - points.max() <= _PITCH * height)
    return bool(close and foot - _ON_FOOT * height <= bottom <= foot + _BELOW_FOOT * height)


_DASH, _TAILED = 1.8, 0.1
"""A dash is that many times as wide as high (a comma as high as wide), and a comma reaches that many
heights of the print below the foot."""

_COMMA_ROOM = 1.6
"""Dirt is seldom shaped as a comma, so that one may stand farther from its letter."""


_PITCH = 1.2
"""Heights of the print between two points of a typewriter."""


def _is_under_its_like(line: Print, speck: NDArray[np.int64]) -> bool:
    """Whether another blot of its size stands above it: the two points of a colon."""
    boxes = line.blots.boxes
    alike = np.abs((boxes[:, 2:] - boxes[:, :2]) - (speck[2:] - speck[:2])).max(axis=1) <= 1
    above = (np.abs(boxes[:, 0] - speck[0]) <= 1) & (boxes[:, 3] < speck[1])
    return bool((alike & above & (speck[1] - boxes[:, 3] <= _SMALL * line.height * 2)).any())


def has_faint_end(line: Print, dirty: Gray) -> bool:
    """Whether something too small or too pale for ink stands behind the line's last letter, where its
    point would. `dirty` is the sheet before dirt was whitened."""
    boxes, height = line.blots.boxes, line.height
    letters = boxes[boxes[:, 3] - boxes[:, 1] > 0.5 * height]
    foot, right = round(float(np.median(letters[:, 3]))), int(boxes[:, 2].max())
    rows = slice(max(0, foot - round(_FOOT_BAND * height)), foot + 1)
    around = dirty[rows, right + _SOFT_EDGE : right + _SOFT_EDGE + round(_BEHIND * height)]
    if min(around.shape) < 1:
        return False
    grey = np.clip(_PAPER - around.astype(np.float32), 0, None)
    return bool(cv2.boxFilter(grey, -1, (4, 4), normalize=False).max() >= _FAINT)


_FOOT_BAND, _BEHIND, _SOFT_EDGE = 0.3, 0.9, 2
"""Heights of the print above the foot and behind the last letter where a point stands, and pixels that
the letter's soft edge reaches."""

_FAINT = 450
"""Grey in 4 by 4 pixels: two dark ones. Measured: clean paper stays below 30, a point on a fax that is
no more ink than dirt has 600 and more."""


def _points_before(line: Print, speck: NDArray[np.int64], *, any_size: bool) -> NDArray[np.int64]:
    """Right sides of the points before a speck: of its own size, the first of two ("Inc.."), or of any
    ("Co.,")."""
    boxes = line.blots.boxes
    sizes = boxes[:, 2:] - boxes[:, :2]
    small = sizes.max(axis=1) <= _SMALL * line.height
    alike = np.abs(sizes - (speck[2:] - speck[:2])).max(axis=1) <= 1
    level = np.abs(boxes[:, 3] - speck[3]) <= 1
    chosen = small if any_size else alike & level
    return np.asarray(boxes[chosen & (boxes[:, 2] <= speck[0]), 2], dtype=np.int64)


_NEAR_POINT = 4
"""Pixels that a reader's place of a point may lie beside its blot."""

_TAIL, _ZONE = 0.15, 0.35
"""Grey below the line's foot against that above it, in zones of so many heights of the print.

Measured on scans, faxes and photos: points up to 0.02; commas whose tail is too faint to count as
ink, so that both readers take them for points, from 0.3; commas that both read from 0.05.
"""
_NO_TAIL = 0.05


def has_tail(line: Print, gray: Gray, place: float) -> bool:
    """Whether the point that a reader saw at `place` (pixels of the sheet) is the head of a comma."""
    tail = _tail(line, gray, place)
    return tail is not None and tail > _TAIL


def lacks_tail(line: Print, gray: Gray, place: float) -> bool:
    """Whether the comma that a reader saw there may be a point, or a speck that is no higher than one."""
    mark, tail = _low_mark(line, place), _tail(line, gray, place)
    is_low = mark is not None and _extent(gray, mark) < _LEAST_COMMA * line.height
    return is_low or (tail is not None and tail < _NO_TAIL)


def _extent(gray: Gray, mark: NDArray[np.int64]) -> int:
    """Rows that a mark takes with its grey edge."""
    x0, top, x1, bottom = mark
    first = max(0, int(top) - _AROUND_MARK)
    rows = gray[first : bottom + _AROUND_MARK, x0:x1].min(axis=1) < _GREY
    above = rows[: top - first][::-1].argmin() if not rows[: top - first].all() else top - first
    below = rows[bottom - first :].argmin() if not rows[bottom - first :].all() else _AROUND_MARK
    return int(bottom - top + above + below)


_AROUND_MARK, _GREY = 12, 200
_LEAST_COMMA = 0.27
"""Heights of the print that a comma is high with its grey tail: measured on scans and faxes from 0.3, of two in
a hundred less."""


def _tail(line: Print, gray: Gray, place: float) -> float | None:
    """Grey below the line's foot against that above it, at the low mark that stands there."""
    mark, boxes = _low_mark(line, place), line.blots.boxes
    if mark is None:
        return None
    foot = round(float(np.median(boxes[~_are_low(line), 3])))
    x0, _, x1, _ = mark
    zone = round(_ZONE * line.height)
    around = gray[foot - zone : foot + zone, max(0, x0 - 2) : x1 + 2].astype(np.float64)
    grey = np.clip(_PAPER - around, 0, None)
    return float(grey[zone + 1 :].sum() / max(grey[: zone + 1].sum(), 1.0))


def _low_mark(line: Print, place: float) -> NDArray[np.int64] | None:
    """The box of the low mark that stands nearest to a place, beside letters."""
    boxes, low = line.blots.boxes, _are_low(line)
    aside = np.maximum(boxes[:, 0] - place, place - boxes[:, 2]).clip(0)
    near = np.flatnonzero(low & (aside <= _NEAR_POINT))
    if low.all() or not len(near):
        return None
    found: NDArray[np.int64] = boxes[near[aside[near].argmin()]]
    return found  # "Co.,": the comma stands near the point's place


def _are_low(line: Print) -> NDArray[np.bool_]:
    boxes = line.blots.boxes
    return np.asarray(boxes[:, 3] - boxes[:, 1] < 0.5 * line.height, dtype=np.bool_)


_PAPER = 235
"""Lighter is paper."""


def twin_points(line: Print, place: float, dirt: Blots) -> bool:
    """Whether the two points that a reader saw from `place` on (pixels of the sheet) are both print: of
    one size, on one level, as far apart as points are set, on a page with hardly any dirt as large."""
    boxes, areas, height = line.blots.boxes, line.blots.areas, line.height
    small = np.flatnonzero((boxes[:, 2:] - boxes[:, :2]).max(axis=1) <= _SMALL * height)
    near = small[np.abs(boxes[small, 0] - place) <= _TWINS_NEAR * height]
    pairs = ((a, b) for a in near for b in near if boxes[a, 0] < boxes[b, 0])
    return any(
        _are_alike(boxes[a], boxes[b])
        and min(areas[a], areas[b]) >= _LIKE_AREA * max(areas[a], areas[b])
        and _is_set_apart(float(boxes[b, 0] - boxes[a, 0]) / height)
        and _count_alike(boxes[a], int(areas[a]), dirt) <= _FEW_SPECKS
        for a, b in pairs
    )


_TWINS_NEAR, _LIKE_AREA = 1.4, 0.8
"""Heights of the print around the first point in which both stand, and share of the larger one's ink."""

_APART = ((0.3, 0.65), (0.95, 1.25))
"""Heights of the print from one point to the next, and in print of even pitch."""

_FEW_SPECKS = 15
"""Specks as large as the points that a page may have: one of them hardly ever lies just there."""


def _are_alike(one: NDArray[np.int64], other: NDArray[np.int64]) -> bool:
    """Whether two points differ by a pixel of width at most and stand on one level."""
    sides = np.abs((one[2:] - one[:2]) - (other[2:] - other[:2]))
    return bool(sides.max() <= 1 and abs(int(one[3] - other[3])) <= 1)


def _is_set_apart(room: float) -> bool:
    return any(least <= room <= most for least, most in _APART)


def _count_alike(point: NDArray[np.int64], area: int, dirt: Blots) -> int:
    sides = np.abs((dirt.boxes[:, 2:] - dirt.boxes[:, :2]) - (point[2:] - point[:2]))
    large = dirt.areas >= _LIKE_AREA * area
    return int((large & (sides.max(axis=1, initial=0) <= 1)).sum())
