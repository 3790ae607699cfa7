"""The page's own rules: long thin runs of ink, across and down."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from connector.extraction.ocr.paper import Gray

RULE_LEVEL = 210
"""Rules are thin: at low resolution they are grey where print is black."""

_SHORTEST_ACROSS = 18.0
_SHORTEST_DOWN = 8.5
_THICKEST = 3.0
_BLOCK = 4.5
"""Points: no rule is as thick, and no letter's stroke."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Where rules run on a page.

    `across` and `down` are pictures (0 or 255) of the horizontal and the vertical runs; `blocks` is
    one of ink too thick for any rule: a bar, or the edge of a hand's shadow; `across_lines` has a row y, x0, x1 for every horizontal run, `down_lines` a row x, y0, y1 for
    every vertical one, in pixels.
    """

    across: Gray
    down: Gray
    blocks: Gray
    across_lines: NDArray[np.float64]
    down_lines: NDArray[np.float64]


def find(
    picture: Gray, scale: float, shortest: tuple[float, float] = (_SHORTEST_ACROSS, _SHORTEST_DOWN)
) -> Rules:
    """The rules of an upright page on even paper; `scale` is in pixels a point, `shortest` in points
    across and down."""
    ink = np.asarray((picture < RULE_LEVEL) * np.uint8(255), dtype=np.uint8)
    across = _runs(ink, round(shortest[0] * scale), 1)
    down = _runs(ink, 1, round(shortest[1] * scale))
    thickest = _THICKEST * scale
    side = round(_BLOCK * scale)
    blocks = cv2.dilate(_runs(ink, side, side), np.ones((3, 3), np.uint8))
    return Rules(
        across,
        down,
        np.asarray(blocks, dtype=np.uint8),
        _lines(across, thickest),
        _lines(down.T, thickest),
    )


def _runs(ink: Gray, width: int, height: int) -> Gray:
    kernel = np.ones((height, width), np.uint8)
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel), dtype=np.uint8)


def _lines(runs: Gray, thickest: float) -> NDArray[np.float64]:
    """Rows of (position, start, end) of the runs along the picture's x axis; blocks left out."""
    count, _, stats, centres = cv2.connectedComponentsWithStats(np.ascontiguousarray(runs))
    if count < 2:
        return np.empty((0, 3))
    boxes = stats[1:]
    starts, widths, areas = boxes[:, 0], boxes[:, 2], boxes[:, 4]
    thin = areas / widths <= thickest
    rows = np.column_stack([centres[1:, 1] + 0.5, starts, starts + widths])
    return np.asarray(rows[thin], dtype=np.float64)
