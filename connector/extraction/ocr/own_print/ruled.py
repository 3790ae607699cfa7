"""The boxes that the rules of a page make, without knowing the form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Box
from connector.extraction.ocr import rules
from connector.extraction.ocr.paper import INK_LEVEL, Gray
from connector.extraction.ocr.rules import Rules
from connector.extraction.placement import Grid

JOINED, GAP = 1.2, 4.0
"""Points that pieces of one rule may lie beside each other, and apart along it."""
_ROUNDS = 3
SMALL_GAP = 1.0
"""The same along the side of a tick box: the letters of two lines of a label stand farther apart."""
SURE_UPRIGHT, SURE_LEVEL = 20.0, 30.0
"""Points from which a straight run cannot be a part of print; a shorter one ends on such rules."""
MEETS = 1.4
"""Points that a rule may end before or behind the rule that it meets; the bar of a dollar sign more."""
SMALLEST, SOLID = 5.5, 2.5
"""Points: the side of the smallest tick box, and from which thickness ink is a filled mark."""
STEP = 5.0
"""Points between the places at which boxes are looked for."""
COVERED = 0.85
"""Share of a box's side that rules must run along."""
BESIDE = 1.4
"""Points that the rule of a side may lie beside it."""

Pieces = NDArray[np.float64]
"""Rows of position, start and end, in points."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """The rules of a page in points: uprights as x, top, bottom, levels as y, left, right."""

    uprights: Pieces
    levels: Pieces
    grid: Grid

    @classmethod
    def of(cls, found: Rules, scale: float) -> Ruled:
        """The rules that are no print; `scale` is in pixels a point."""
        return cls.among(_joined(found.down_lines / scale), _joined(found.across_lines / scale))

    @classmethod
    def among(cls, uprights: Pieces, levels: Pieces) -> Ruled:
        sure_uprights = uprights[_lengths(uprights) >= SURE_UPRIGHT]
        sure_levels = levels[_lengths(levels) >= SURE_LEVEL]
        uprights = uprights[_is_rule(uprights, sure_levels, SURE_UPRIGHT)]
        levels = levels[_is_rule(levels, sure_uprights, SURE_LEVEL)]
        return cls._of(uprights, levels)

    @classmethod
    def small(cls, picture: Gray, scale: float, area: Box) -> Ruled:
        """The rules in a part of a page down to the sides of the smallest boxes, solid ink left out."""
        x0, top, x1, bottom = (round(side * scale) for side in area)
        part = picture[top:bottom, x0:x1].copy()
        solid = cv2.erode(
            (part < INK_LEVEL).astype(np.uint8), np.ones((round(SOLID * scale),) * 2, np.uint8)
        )
        part[cv2.dilate(solid, np.ones((round((SOLID + 1) * scale),) * 2, np.uint8)) > 0] = 255
        found = rules.find(part, scale, (SMALLEST, SMALLEST))
        moved = (
            _joined(lines / scale, SMALL_GAP) + np.array([offset, along, along])
            for lines, offset, along in (
                (found.down_lines, area[0], area[1]),
                (found.across_lines, area[1], area[0]),
            )
        )
        uprights, levels = moved
        for _ in range(_ROUNDS):  # the bars of letters are no rules, nor what ends on them
            uprights, levels = (
                uprights[_is_rule(uprights, levels, SURE_UPRIGHT)],
                levels[_is_rule(levels, uprights, SURE_LEVEL)],
            )
        return cls._of(uprights, levels)

    @classmethod
    def _of(cls, uprights: Pieces, levels: Pieces) -> Ruled:
        boxes = [*_boxes(uprights, upright=True), *_boxes(levels, upright=False)]
        return cls(uprights, levels, Grid.of(boxes))

    @property
    def boxes(self) -> list[Box]:
        """Every rule as a box without width or height."""
        return [*_boxes(self.uprights, upright=True), *_boxes(self.levels, upright=False)]

    def around(self, x: float, y: float) -> Box | None:
        """The closed box in which a point stands; None where a side is missing."""
        sides = self.grid.around(x, y)
        if any(side is None for side in sides):
            return None
        box: Box = tuple(float(side) for side in sides if side is not None)  # type: ignore[assignment]
        return box if self.closes(box) else None

    def boxes_inside(self, area: Box, fits: Callable[[Box], bool]) -> list[Box]:
        """The closed boxes in an area that fit, each once."""
        x0, top, x1, bottom = area
        found: list[Box] = []
        for y in np.arange(top + STEP / 2, bottom, STEP):
            for x in np.arange(x0 + STEP / 2, x1, STEP):
                box = self.around(float(x), float(y))
                if box and fits(box) and box not in found:
                    found.append(box)
        return found

    def closes(self, box: Box) -> bool:
        """Whether rules run along all four sides."""
        x0, top, x1, bottom = box
        return self.runs_along(box) and all(
            _covered(self.uprights, x, top, bottom) for x in (x0, x1)
        )

    def runs_along(self, box: Box) -> bool:
        """Whether rules run along a box above and below it."""
        x0, top, x1, bottom = box
        return all(_covered(self.levels, y, x0, x1) for y in (top, bottom))

    def uprights_at(self, top: float, bottom: float) -> list[float]:
        """Where uprights run all the way between two levels, from the left."""
        return _through(self.uprights, top, bottom)

    def levels_at(self, x0: float, x1: float) -> list[float]:
        """Where levels run all the way between two uprights, from the top."""
        return _through(self.levels, x0, x1)


def _lengths(pieces: Pieces) -> NDArray[np.float64]:
    return np.asarray(pieces[:, 2] - pieces[:, 1], dtype=np.float64)


def _joined(pieces: Pieces, gap: float = GAP) -> Pieces:
    """The pieces with those that are one rule made one, up to a `gap` apart."""
    found: list[list[float]] = []
    for position, start, end in sorted(pieces.tolist(), key=lambda piece: piece[1]):
        owner = next((f for f in reversed(found) if _continues(f, position, start, gap)), None)
        if owner is None:
            found.append([position, start, end])
            continue
        owner[2] = max(owner[2], end)
        owner[0] = position if end - start > SURE_LEVEL else owner[0]
    return np.array(found, dtype=np.float64).reshape(-1, 3)


def _continues(rule: Sequence[float], position: float, start: float, gap: float) -> bool:
    return abs(rule[0] - position) <= JOINED and rule[1] <= start <= rule[2] + gap


def _is_rule(pieces: Pieces, crossing: Pieces, sure: float) -> NDArray[np.bool_]:
    """Which pieces are long, or begin and end on rules that cross them."""
    found = []
    for position, start, end in pieces.tolist():
        reaches = (crossing[:, 1] <= position + MEETS) & (crossing[:, 2] >= position - MEETS)
        meeting = crossing[reaches, 0]
        ends = [bool((np.abs(meeting - side) <= MEETS).any()) for side in (start, end)]
        found.append(end - start >= sure or all(ends))
    return np.array(found, dtype=np.bool_)


def _boxes(pieces: Pieces, *, upright: bool) -> Iterable[Box]:
    for position, start, end in pieces.tolist():
        yield (position, start, position, end) if upright else (start, position, end, position)


def _covered(pieces: Pieces, position: float, start: float, end: float) -> bool:
    near = pieces[np.abs(pieces[:, 0] - position) <= BESIDE]
    inside = np.clip(near[:, 1:], start, end)
    return bool(_union(inside) >= COVERED * (end - start))


def _union(spans: NDArray[np.float64]) -> float:
    """The length that spans cover together."""
    total, reached = 0.0, -np.inf
    for start, end in sorted(spans.tolist()):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _through(pieces: Pieces, start: float, end: float) -> list[float]:
    """The positions whose rules run from start to end, each once."""
    found: list[float] = []
    for position in sorted(pieces[:, 0].tolist()):
        if found and position - found[-1] <= JOINED:
            continue
        if _covered(pieces, position, start, end):
            found.append(position)
    return found
