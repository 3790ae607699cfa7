"""Ticks on a scan: the ink inside the box, measured for the rule that decides for every source."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Box
from connector.extraction.ocr.paper import Mask
from connector.extraction.ocr.sheet import SCALE
from connector.extraction.ticks import INSET, TICKED_HEIGHT, decided


def judge(ink: Mask, box: Box) -> tuple[bool | None, str | None]:
    """Whether `box` (points) is ticked on an inked sheet without rules; None needs the sentence."""
    inside = np.ascontiguousarray(ink[_inside(box)], dtype=np.uint8)
    if inside.size == 0:
        return None, "This box lies outside the picture."
    stats = cv2.connectedComponentsWithStats(inside, connectivity=8)[2][1:]
    if not len(stats):
        return False, None
    largest = stats[stats[:, cv2.CC_STAT_HEIGHT].argmax()]
    height, width = inside.shape
    return decided(
        float(inside.mean()),
        float(largest[cv2.CC_STAT_HEIGHT]) / height,
        float(largest[cv2.CC_STAT_WIDTH]) / width,
    )


def _inside(box: Box, margin: float = INSET) -> tuple[slice, slice]:
    """Where a box (points) lies on a sheet: rows and columns of its pixels within the margin."""
    x0, top, x1, bottom = box
    rows = slice(max(round((top + margin) * SCALE), 0), max(round((bottom - margin) * SCALE), 0))
    return rows, slice(max(round((x0 + margin) * SCALE), 0), max(round((x1 - margin) * SCALE), 0))


STROKE = "A stroke that is larger than a mark, or belongs beside this box, runs through it."
MOST = 1.8
"""Sides of its box that a mark made by hand reaches across at most."""


def across_rules(ink: Mask, before: Mask) -> Mask:
    """The ink with the small gaps that erased rules have left in strokes; `before` has the rules."""
    near = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((_GAP, _GAP), np.uint8))
    bridged: Mask = ink | (near.astype(np.bool_) & before)
    return bridged


_GAP = 9
"""Pixels: the width of a rule, and what its erasing takes beside it."""


def crossed(ink: Mask, boxes: Sequence[Box]) -> list[bool]:
    """Of each tick box on a page, whether a pen stroke or the line of a stamp runs through it.

    `ink` has the form's labels, which would cut a stroke in pieces. Marks by hand that touch those
    of the boxes above and below are cut there; a stroke through one box is one in the others.
    """
    _, numbers = cv2.connectedComponents(ink.astype(np.uint8), connectivity=8)
    pieces = [set(np.unique(numbers[_inside(box)]).tolist()) - {0} for box in boxes]
    strokes: set[int] = set()
    for box, found in zip(boxes, pieces, strict=True):
        if found and _reaches_far(ink, box, [other for other in boxes if other is not box]):
            strokes |= found
    return [bool(found & strokes) for found in pieces]


def on_sides(ink: Mask, boxes: Sequence[Box]) -> list[bool]:
    """Of each tick box on a page, whether something as large as a mark has its middle in it or on one of
    its sides: print that stands low or high leaves only a piece of a mark well inside its box."""
    stats = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)[2][1:]
    left, top, width, height = (stats[:, column] / SCALE for column in range(4))
    small, large = np.minimum(width, height), np.maximum(width, height)
    chosen = (small >= _LEAST_MARK) & (large <= _LARGEST_MARK)
    x, y = (left + width / 2)[chosen], (top + height / 2)[chosen]
    return [
        bool(
            (
                (x >= box[0] - _SIDE)
                & (x <= box[2] + _SIDE)
                & (y >= box[1] - _SIDE)
                & (y <= box[3] + _SIDE)
            ).any()
        )
        for box in boxes
    ]


ON_SIDE = "A mark stands on a side of this box, or is too small to be sure of."
_LEAST_MARK, _LARGEST_MARK, _SIDE = 2.6, 14.0, 0.5
"""Points both ways of a mark, and beside the box in which its middle may lie."""


def _reaches_far(ink: Mask, box: Box, others: Sequence[Box]) -> bool:
    """Whether ink in the box is a part of something much larger, the other boxes left out."""
    width, height = box[2] - box[0], box[3] - box[1]
    left, top = max(box[0] - 2 * width, 0.0), max(box[1] - 2 * height, 0.0)
    around = ink[_inside((left, top, box[2] + 2 * width, box[3] + 2 * height), 0)].astype(np.uint8)
    for x0, upper, x1, lower in others:
        around[_inside((x0 - left, upper - top, x1 - left, lower - top), 0)] = 0
    _, numbers, stats, _ = cv2.connectedComponentsWithStats(around, connectivity=8)
    own = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
    large = stats[[number for number in np.unique(numbers[_inside(own)]) if number]]
    return bool(
        (large[:, cv2.CC_STAT_WIDTH] > MOST * width * SCALE).any()
        or (large[:, cv2.CC_STAT_HEIGHT] > MOST * height * SCALE).any()
        or any(_lies_beside(piece, own) for piece in large)
    )


def _lies_beside(piece: NDArray[np.int32], box: Box) -> bool:
    """Whether what reaches into a box (points) as high as a mark has its middle beside it: a letter of a
    stamp, or the mark of another place."""
    left, top, width, height = piece[: cv2.CC_STAT_AREA] / SCALE
    reach = min(top + height, box[3]) - max(top, box[1])
    x, y = left + width / 2, top + height / 2
    inside = box[0] <= x <= box[2] and box[1] <= y <= box[3]
    return bool(reach >= TICKED_HEIGHT * (box[3] - box[1]) and not inside)
