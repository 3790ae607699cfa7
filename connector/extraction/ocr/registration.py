"""Which edition a page is, and where the form lies on it: the page's rules against the form's.

After skew and perspective are gone only a scale and an offset along each axis are left, so each
axis is searched alone; the best few pairs are judged by recall (share of the form's rules that
the page has) and precision (share of the page's rules that the form explains), and the winner is
refined by least squares on the nearest rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Box
from connector.extraction.editions import Edition
from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.perspective import Matrix
from connector.extraction.ocr.rules import Rules

_LONG = 100.0
"""Points: only long rules take part in the search along one axis."""

_NEAR = 1.4
"""Points within which a rule of the page counts as the form's."""

_MOST = 0.7
"""Share of the form's rules, at least, that must lie on the page."""

_CANDIDATES = 3
_ROUNDS = 4
_STEP = 3.0


@dataclass(frozen=True, slots=True)
class Placement:
    """An edition laid on a page. `matrix` sends the form's points to the page's pixels; `seen` says
    which of the points of the form's rules (`Frame.points`) the page has, `inside` which of them would
    be on it: a side may be cut off.
    """

    edition: Edition
    matrix: Matrix
    seen: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    precision: float

    @property
    def recall(self) -> float:
        """Share of the form's rules, by length, that stand on the page, as far as the page goes."""
        return float(self.seen[self.inside].mean()) if self.inside.mean() >= _MOST else 0.0

    @property
    def fit(self) -> float:
        return self.recall * self.precision


@dataclass(frozen=True, slots=True)
class Frame:
    """An edition's rules made ready: long positions along each axis and sample points."""

    long_across: NDArray[np.float64]
    long_down: NDArray[np.float64]
    points_across: NDArray[np.float64]
    points_down: NDArray[np.float64]
    across: tuple[Box, ...]
    down: tuple[Box, ...]

    @property
    def points(self) -> NDArray[np.float64]:
        """All sample points, of the horizontal rules first."""
        return np.concatenate([self.points_across, self.points_down])


def place(rules: Rules, editions: Sequence[Edition], scale: float) -> list[Placement]:
    """The editions laid on the page as well as they go, the best fit first.

    `scale` is the expected number of pixels a point; the form may be up to 40 % smaller (a photo
    with a margin) or 10 % larger. Empty when the page has no rules to speak of.
    """
    placements = [_place(rules, edition, scale) for edition in _different_geometry(editions)]
    return sorted([p for p in placements if p], key=lambda p: p.fit, reverse=True)


def _different_geometry(editions: Sequence[Edition]) -> list[Edition]:
    """The first edition of each geometry: which of them it is stands in print."""
    return list({edition.rules: edition for edition in reversed(editions)}.values())[::-1]


def _place(rules: Rules, edition: Edition, scale: float) -> Placement | None:
    frame = frame_of(edition)
    down_scale = _axis(frame.long_across, long_positions(rules.across_lines, scale), scale)
    across_scale = _axis(frame.long_down, long_positions(rules.down_lines, scale), scale)
    near_across, near_down = _thickened(rules, scale)
    best: tuple[float, Matrix] | None = None
    for (sx, tx), (sy, ty) in product(across_scale, down_scale):
        if not 0.9 < sx / sy < 1.1:
            continue
        matrix = np.array([[sx, 0, tx], [0, sy, ty], [0, 0, 1.0]])
        share = float(_seen(frame, matrix, near_across, near_down).mean())
        if best is None or share > best[0]:
            best = share, matrix
    if best is None or best[0] < 0.2:
        return None
    matrix = _refined(frame, best[1], rules, scale)
    seen = _seen(frame, matrix, near_across, near_down)
    inside = _within(_sent(frame.points, matrix), rules.across)
    return Placement(edition, matrix, seen, inside, _precision(frame, matrix, rules, scale))


@cache
def _frame_of(rules: tuple[Box, ...]) -> Frame:
    across = tuple(r for r in rules if r[1] == r[3])
    down = tuple(r for r in rules if r[0] == r[2])
    return Frame(
        _long_template([(r[1], r[2] - r[0]) for r in across]),
        _long_template([(r[0], r[3] - r[1]) for r in down]),
        np.concatenate([_samples(r) for r in across]),
        np.concatenate([_samples(r) for r in down]),
        across,
        down,
    )


def frame_of(edition: Edition) -> Frame:
    return _frame_of(edition.rules)


def _long_template(found: list[tuple[float, float]]) -> NDArray[np.float64]:
    """Positions whose rules together are long; two within a point count as one."""
    together: dict[int, float] = {}
    for position, length in found:
        key = round(position)
        together[key] = together.get(key, 0.0) + length
    return np.array(sorted(key for key, length in together.items() if length >= _LONG))


def _samples(rule: Box) -> NDArray[np.float64]:
    x0, y0, x1, y1 = rule
    count = max(2, round(max(x1 - x0, y1 - y0) / _STEP))
    shares = (np.arange(count) + 0.5) / count
    return np.column_stack([x0 + (x1 - x0) * shares, y0 + (y1 - y0) * shares])


def long_positions(lines: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Positions (pixels) on which runs add up to a long rule."""
    if not len(lines):
        return np.empty(0)
    order = lines[np.argsort(lines[:, 0])]
    groups = np.split(order, np.flatnonzero(np.diff(order[:, 0]) > 0.7 * scale) + 1)
    lengths = [float((group[:, 2] - group[:, 1]).sum()) for group in groups]
    positions = [
        float(np.average(group[:, 0], weights=group[:, 2] - group[:, 1])) for group in groups
    ]
    return np.array(
        [p for p, n in zip(positions, lengths, strict=True) if n >= 0.5 * _LONG * scale]
    )


def _axis(
    template: NDArray[np.float64], page: NDArray[np.float64], scale: float
) -> list[tuple[float, float]]:
    """The best (scale, offset) pairs that lay the template's positions on the page's."""
    if len(page) < 4:
        return []
    i, j = np.triu_indices(len(template), 1)
    wide = template[j] - template[i] >= 0.45 * (template[-1] - template[0])
    i, j = i[wide], j[wide]
    a, b = np.triu_indices(len(page), 1)
    scales = (page[b] - page[a])[None, :] / (template[j] - template[i])[:, None]
    offsets = page[a][None, :] - scales * template[i][:, None]
    fits = (scales > 0.6 * scale) & (scales < 1.1 * scale)
    scales, offsets = scales[fits], offsets[fits]
    if not len(scales):
        return []
    near = _nearness(page, _NEAR * scale)
    scores = np.zeros(len(scales))
    for position in template:
        places = np.rint((scales * position + offsets) * _FINE).astype(np.int64)
        scores += near[np.clip(places, 0, len(near) - 1)]
    return _distinct(scales, offsets, scores, scale, float(template.mean()))


_FINE = 16
"""Steps of a pixel at which nearness is worked out once: thousands of ways to lay a form ask for it."""


def _nearness(page: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
    """How near the page's positions are to every place from 0, in steps: 1 on one, 0 from `reach` away
    and at both ends."""
    places = np.arange(round((page[-1] + reach) * _FINE) + 2) / _FINE
    after = np.clip(np.searchsorted(page, places), 1, len(page) - 1)
    gap = np.minimum(np.abs(page[after - 1] - places), np.abs(page[after] - places))
    near = np.clip(1 - gap / reach, 0, 1)
    near[[0, -1]] = 0.0
    return np.asarray(near, dtype=np.float64)


def _distinct(
    scales: NDArray[np.float64],
    offsets: NDArray[np.float64],
    scores: NDArray[np.float64],
    scale: float,
    middle: float,
) -> list[tuple[float, float]]:
    chosen: list[tuple[float, float]] = []
    for index in np.argsort(scores)[::-1]:
        sought = float(scales[index]), float(offsets[index])
        places = [s * middle + t for s, t in chosen]
        if all(abs(sought[0] * middle + sought[1] - place) > 2 * scale for place in places):
            chosen.append(sought)
        if len(chosen) == _CANDIDATES:
            break
    return chosen


def _thickened(rules: Rules, scale: float) -> tuple[Gray, Gray]:
    reach = 2 * round(0.5 * _NEAR * scale) + 1
    across = cv2.dilate(rules.across, np.ones((reach, 1), np.uint8))
    down = cv2.dilate(rules.down, np.ones((1, reach), np.uint8))
    return np.asarray(across, dtype=np.uint8), np.asarray(down, dtype=np.uint8)


def _seen(frame: Frame, matrix: Matrix, near_across: Gray, near_down: Gray) -> NDArray[np.bool_]:
    """Which points of the form's rules stand on the page."""
    return np.concatenate(
        [
            _looked_up(near_across, _sent(frame.points_across, matrix)),
            _looked_up(near_down, _sent(frame.points_down, matrix)),
        ]
    )


def _sent(points: NDArray[np.float64], matrix: Matrix) -> NDArray[np.float64]:
    sent = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(sent[:, :2] / sent[:, 2:], dtype=np.float64)


def _looked_up(picture: Gray, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    x, y = np.floor(points).astype(int).T
    inside = _within(points, picture)
    found = np.zeros(len(points), dtype=np.bool_)
    found[inside] = picture[y[inside], x[inside]] > 0
    return found


def _within(points: NDArray[np.float64], picture: Gray) -> NDArray[np.bool_]:
    height, width = picture.shape
    return np.asarray(((points >= 0) & (points < (width, height))).all(axis=1), dtype=np.bool_)


def _refined(frame: Frame, matrix: Matrix, rules: Rules, scale: float) -> Matrix:
    """Least squares on the nearest rules; homography terms join when the offsets are small."""
    for turn in range(_ROUNDS):
        reach = scale * (_NEAR if turn == 0 else 0.8)
        seen_x, shifts_x = shifts(_sent(frame.points_down, matrix), rules.down, reach, axis=0)
        seen_y, shifts_y = shifts(_sent(frame.points_across, matrix), rules.across, reach, axis=1)
        points_x, points_y = frame.points_down[seen_x], frame.points_across[seen_y]
        if len(points_x) < 100 or len(points_y) < 100:
            return matrix
        matrix = _corrected(matrix, points_x, shifts_x, points_y, shifts_y)
    return matrix


def shifts(
    sent: NDArray[np.float64], runs: Gray, reach: float, axis: int
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """For points of the form's rules, where they are sent to: at which of them the page has a rule
    within `reach`, and how far off that is.

    Along the axis across the rule the ink within `reach` is averaged.
    """
    steps = np.arange(-int(np.ceil(reach)), int(np.ceil(reach)) + 1)
    offsets = np.zeros((len(steps), 2))
    offsets[:, axis] = steps
    whole = np.floor(sent)[:, None, :] + offsets[None] + 0.5
    ink = _looked_up(runs, whole.reshape(-1, 2)).reshape(len(sent), len(steps))
    amount = ink.sum(axis=1)
    chosen = (amount > 0) & (amount <= 5)
    centre = (ink * whole[:, :, axis]).sum(axis=1)[chosen] / amount[chosen]
    return chosen, centre - sent[chosen, axis]


def _corrected(
    matrix: Matrix,
    points_x: NDArray[np.float64],
    shifts_x: NDArray[np.float64],
    points_y: NDArray[np.float64],
    shifts_y: NDArray[np.float64],
) -> Matrix:
    """The matrix moved so that the shifts vanish in the least-squares sense (affine terms)."""
    correction = matrix.copy()
    for row, points, shifts in ((0, points_x, shifts_x), (1, points_y, shifts_y)):
        terms = np.column_stack([points, np.ones(len(points))])
        weights = np.abs(shifts - np.median(shifts)) < max(1.0, 2.5 * float(np.std(shifts)))
        solved = np.linalg.lstsq(terms[weights], shifts[weights], rcond=None)[0]
        correction[row] += solved
    return correction


def _precision(frame: Frame, matrix: Matrix, rules: Rules, scale: float) -> float:
    """Share of the page's rules inside the form's outer frame that the form explains."""
    shares = []
    for lines, runs in ((frame.across, rules.across), (frame.down, rules.down)):
        drawn = np.zeros(runs.shape, np.uint8)
        thickness = max(1, round(2 * _NEAR * scale))
        for x0, y0, x1, y1 in lines:
            (ax, ay), (bx, by) = _sent(np.array([[x0, y0], [x1, y1]]), matrix)
            cv2.line(drawn, (int(ax), int(ay)), (int(bx), int(by)), 255, thickness)
        thin = np.asarray(cv2.subtract(runs, rules.blocks), dtype=np.uint8)
        own = _inside(thin, frame, matrix)
        shares.append((int(cv2.countNonZero(own & drawn)), int(cv2.countNonZero(own))))
    explained, all_runs = (sum(part) for part in zip(*shares, strict=True))
    return explained / all_runs if all_runs else 0.0


def _inside(runs: Gray, frame: Frame, matrix: Matrix) -> Gray:
    corners = _sent(frame.points, matrix)
    (x0, y0), (x1, y1) = corners.min(axis=0).astype(int) - 3, corners.max(axis=0).astype(int) + 4
    cropped = np.zeros_like(runs)
    x0, y0 = max(0, x0), max(0, y0)
    cropped[y0:y1, x0:x1] = runs[y0:y1, x0:x1]
    return cropped
