"""Smooth shifts over a page: a thin grid of cubic B-splines, fitted by least squares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]
"""Any shape ending in x, y."""

Way: TypeAlias = Callable[[Points], Points]
"""Sends points to points."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Knots `step` apart over a page of `size` (width, height); the same units for both."""

    size: tuple[float, float]
    step: float

    @property
    def counts(self) -> tuple[int, int]:
        """Splines across and down."""
        across, down = (int(np.ceil(side / self.step)) + 3 for side in self.size)
        return across, down

    def terms(self, points: Points) -> NDArray[np.float64]:
        """The value of every spline at each of the points (n, 2): rows of counts[0] * counts[1]."""
        across, down = (
            _splines(points[:, axis] / self.step, count) for axis, count in enumerate(self.counts)
        )
        return (down[:, :, None] * across[:, None, :]).reshape(len(points), -1)

    def stiffness(self) -> NDArray[np.float64]:
        """The quadratic form of the bending of the sheet: second differences both ways and across."""
        across, down = self.counts
        whole_x, whole_y = np.eye(across), np.eye(down)
        bent_x, bent_y = (np.diff(np.eye(count), 2, axis=0) for count in (across, down))
        slope_x, slope_y = (np.diff(np.eye(count), 1, axis=0) for count in (across, down))
        parts = (
            np.kron(whole_y, bent_x),
            np.kron(bent_y, whole_x),
            np.sqrt(2) * np.kron(slope_y, slope_x),
        )
        return np.asarray(sum(part.T @ part for part in parts), dtype=np.float64)


def _splines(places: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Cubic B-splines on whole knots, the first one centred at -1; beyond the ends as at them."""
    places = np.clip(places, 0, count - 3 - 1e-9)
    first = np.floor(places).astype(int)
    t = places - first
    parts = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    found = np.zeros((len(places), count))
    rows = np.arange(len(places))
    for offset, part in enumerate(parts):
        found[rows, first + offset] = part / 6
    return found


def solved(
    terms: NDArray[np.float64], wanted: NDArray[np.float64], penalty: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Least squares with a quadratic penalty, near rows counting more than far ones."""
    return np.asarray(np.linalg.solve(terms.T @ terms + penalty, terms.T @ wanted))


def mesh(size: tuple[float, float], step: float) -> NDArray[np.float64]:
    """Points `step` apart that cover a page, shape (down, across, 2)."""
    x, y = (np.arange(0, side + step, step) for side in size)
    return np.stack(np.meshgrid(x, y), axis=-1)


def resampled(
    picture: NDArray[np.uint8],
    way: Way,
    size: tuple[int, int],
    step: int = 16,
    *,
    beyond: int | None = None,
    sharp: bool = False,
) -> NDArray[np.uint8]:
    """The picture of `size` (width, height) whose pixels lie in `picture` where `way` sends them.

    The way is asked every `step` pixels and drawn straight between. `beyond` is the tone of what
    lies outside; None goes on with the picture's edge. `sharp` keeps lines dark that are thinner than pixels.
    """
    nodes = mesh(size, step)
    sent = way(nodes.reshape(-1, 2)).reshape(nodes.shape).astype(np.float32)
    x, y = (np.arange(side, dtype=np.float32) / step for side in size)
    across, down = np.meshgrid(x, y)
    edge = cv2.BORDER_REPLICATE
    full = cv2.remap(sent, across, down, cv2.INTER_LINEAR, borderMode=edge)
    outside = edge if beyond is None else cv2.BORDER_CONSTANT
    maps = cv2.split(full)
    how = cv2.INTER_CUBIC if sharp else cv2.INTER_LINEAR
    pixels = cv2.remap(picture, maps[0], maps[1], how, borderMode=outside, borderValue=beyond or 0)
    return np.asarray(pixels, np.uint8)
