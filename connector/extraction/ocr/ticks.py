"""Ticks by their ink: how tall the largest piece inside the box stands, and how much of it is dark."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from connector.certificate.entry import Box
from connector.extraction.ocr.paper import Mask
from connector.extraction.ocr.sheet import SCALE

_INSET = 1.3
"""Points: rules are not where the form says to the last dot."""

_TALL, _DENSE = 17, 0.12
_LOW, _THIN = 7, 0.03


@dataclass(frozen=True, slots=True)
class Tick:
    """`ticked` is None where height and density do not decide."""

    ticked: bool | None
    confidence: float
    density: float
    tallest: int


def judge(ink: Mask, box: Box) -> Tick:
    """The tick in `box` (points) on an inked sheet whose rules are erased."""
    x0, top, x1, bottom = box
    left, right = round((x0 + _INSET) * SCALE), round((x1 - _INSET) * SCALE)
    upper, lower = round((top + _INSET) * SCALE), round((bottom - _INSET) * SCALE)
    inside = np.ascontiguousarray(ink[upper:lower, left:right], dtype=np.uint8)
    if inside.size == 0:
        return Tick(None, 0.0, 0.0, 0)
    stats = cv2.connectedComponentsWithStats(inside, connectivity=8)[2][1:]
    density = float(inside.mean())
    tallest = int(stats[:, cv2.CC_STAT_HEIGHT].max()) if len(stats) else 0
    if tallest >= _TALL and density >= _DENSE:
        return Tick(True, min(1.0, 0.5 + density * 2), density, tallest)
    if tallest <= _LOW or density < _THIN:
        return Tick(False, 1.0 - density * 5, density, tallest)
    return Tick(None, 0.5, density, tallest)
