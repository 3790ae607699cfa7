"""Skew and perspective from the slopes of a page's rules, without looking for the page's edge."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from connector.extraction.ocr.paper import Gray

Matrix: TypeAlias = NDArray[np.float64]
"""A 3 x 3 homography on (x, y, 1)."""

LARGEST_SLOPE = 0.16
"""Nine degrees: five of skew and what perspective adds."""

_DETECTOR_SIDE = 1100
_SHORTEST = 28.0
_ROUNDS = 6
_PASSES = 2
"""The first pass treats slopes as linear over the page; the second mends what that leaves."""


def rectification(picture: Gray) -> Matrix:
    """The homography from the picture's pixels to one where rules run along the axes.

    The centre stays where it is and keeps its scale. With too few rules it is the identity.
    """
    height, width = picture.shape
    centre = np.array([width / 2, height / 2])
    reach = max(width, height) / 2
    ends = (pieces(picture).reshape(-1, 2, 2) - centre) / reach
    upright = np.eye(3)
    for _ in range(_PASSES):
        step = _step(moved(ends, upright))
        upright = step @ upright
    place = np.array([[reach, 0, centre[0]], [0, reach, centre[1]], [0, 0, 1]], dtype=np.float64)
    return np.asarray(place @ upright @ np.linalg.inv(place), dtype=np.float64)


def moved(points: NDArray[np.float64], matrix: Matrix) -> NDArray[np.float64]:
    """Points (any shape ending in x, y) sent through a homography."""
    flat = points.reshape(-1, 2)
    sent = np.column_stack([flat, np.ones(len(flat))]) @ matrix.T
    return np.asarray((sent[:, :2] / sent[:, 2:]).reshape(points.shape), dtype=np.float64)


def _step(ends: NDArray[np.float64]) -> Matrix:
    """One correction: both families of pieces turned to the axes as far as their slopes tell."""
    across = _vanishing_point(ends, axis=0)
    down = _vanishing_point(ends, axis=1)
    if across is None or down is None:
        return np.eye(3)
    return np.linalg.inv(np.column_stack([across, down, (0.0, 0.0, 1.0)]))


def pieces(picture: Gray) -> NDArray[np.float64]:
    """Straight pieces as rows of x0, y0, x1, y1 in the picture's pixels."""
    shrink = min(1.0, _DETECTOR_SIDE / max(picture.shape))
    small = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    found: object = cv2.createLineSegmentDetector(0).detect(small)[0]  # None on a blank page
    pieces = np.asarray([] if found is None else found, dtype=np.float64).reshape(-1, 4)
    lengths = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])
    return np.asarray((pieces[lengths >= _SHORTEST] + 0.5) / shrink, dtype=np.float64)


def _vanishing_point(ends: NDArray[np.float64], axis: int) -> NDArray[np.float64] | None:
    """Where the pieces along `axis` (0 across, 1 down) meet, as a homogeneous point of unit pull.

    Weighted least squares on the pieces' lines; pieces that do not follow are let go of in rounds.
    """
    steps = ends[:, 1] - ends[:, 0]
    along, aside = np.abs(steps[:, axis]), np.abs(steps[:, 1 - axis])
    chosen = ends[aside <= LARGEST_SLOPE * 1.3 * along]
    if len(chosen) < 8:
        return None
    lengths = np.linalg.norm(chosen[:, 1] - chosen[:, 0], axis=1)
    middles = chosen.mean(axis=1)
    slopes = (chosen[:, 1] - chosen[:, 0])[:, 1 - axis] / (chosen[:, 1] - chosen[:, 0])[:, axis]
    weights = lengths.copy()
    terms = np.column_stack([np.ones(len(chosen)), middles])
    fit = np.zeros(3)
    start = _weighted_median(slopes, lengths)
    weights = lengths * (np.abs(slopes - start) < 0.06)
    for _ in range(_ROUNDS):
        scaled = terms * weights[:, None]
        ridge = np.diag([0.0, 1.0, 1.0]) * 0.02 * weights.sum()
        fit = np.linalg.solve(scaled.T @ terms + ridge, scaled.T @ slopes)
        error = np.abs(terms @ fit - slopes)
        width = max(0.0015, 2.0 * _weighted_median(error, lengths * (weights > 0)))
        weights = lengths / (1 + (error / width) ** 2) * (error < 4 * width)
    return _meeting_point(fit, axis)


def _meeting_point(fit: NDArray[np.float64], axis: int) -> NDArray[np.float64] | None:
    """The vanishing point of slopes a + b x + c y near the centre, scaled to unit speed there.

    Through the centre the line has slope a; a line offset by h has slope a + (change) h, so that
    all of them meet at distance -1 / change along it.
    """
    slope = fit[0]
    direction = np.array([1.0, slope]) if axis == 0 else np.array([slope, 1.0])
    if abs(slope) > LARGEST_SLOPE:
        return None
    direction /= np.linalg.norm(direction)
    change = fit[2] if axis == 0 else fit[1]
    return np.array([direction[0], direction[1], -change])


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
