"""Ticks on a scan: the ink inside the box, measured for the rule that decides for every source."""

from __future__ import annotations

import cv2
import numpy as np

from connector.certificate.entry import Box
from connector.extraction.ocr.paper import Mask
from connector.extraction.ocr.sheet import SCALE
from connector.extraction.ticks import INSET, decided


def judge(ink: Mask, box: Box) -> tuple[bool | None, str | None]:
    """Whether `box` (points) is ticked on an inked sheet without rules; None needs the sentence."""
    x0, top, x1, bottom = box
    left, right = round((x0 + INSET) * SCALE), round((x1 - INSET) * SCALE)
    upper, lower = round((top + INSET) * SCALE), round((bottom - INSET) * SCALE)
    inside = np.ascontiguousarray(ink[upper:lower, left:right], dtype=np.uint8)
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
