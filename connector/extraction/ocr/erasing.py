"""Rules taken out of a sheet without taking values with them.

Each rule is followed where the form says it runs and nowhere else, in pieces, so that it may
drift a little. Where a stroke goes through or ends in it, its ink stays; such places are kept as
contacts, because a stroke that runs along a rule cannot be told from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Box
from connector.extraction.ocr.paper import Gray, Mask, ink_level
from connector.extraction.ocr.sheet import SCALE

SEARCH = 2.6
"""Points: how far a rule may lie from where the form says."""

_PIECE = 50
_DRIFT = 4
_ENDS = 2
"""Pixels that a rule may be longer at each end."""

_THICKEST = 9
_PRESENT = 0.45
_RULE_LEVEL = 185


@dataclass(frozen=True, slots=True)
class Erased:
    """`gray` is the sheet without rules, `ink` its dark pixels; `through` marks strokes that cross
    a rule, `touching` strokes that end in one, `beside` those that end in an upright one."""

    gray: Gray
    ink: Mask
    through: Mask
    touching: Mask
    beside: Mask


def erase(
    sheet: Gray, rules: Iterable[Box], cells: Iterable[Box] = (), labels: Iterable[Box] = ()
) -> Erased:
    """The sheet without these rules. What counts as ink is told by the `cells`, the form's `labels`
    in them aside, or by the whole sheet where none are given; all boxes in points of the form.
    """
    gray = sheet.copy()
    dark = sheet < _RULE_LEVEL
    layers = _Layers(
        gray, dark, np.zeros(sheet.shape, dtype=np.bool_), np.zeros(sheet.shape, dtype=np.bool_)
    )
    uprights, levels = _merged(rules)
    for rule in uprights:
        _erase_across(layers.turned, _turned(rule), keep_feet=False)
    beside = layers.touching.copy()
    for rule in levels:
        _erase_across(layers, rule, keep_feet=True)
    level = ink_level(_values(gray, cells, labels))
    return Erased(gray, gray < level, layers.through, layers.touching, beside)


def _values(gray: Gray, cells: Iterable[Box], labels: Iterable[Box]) -> list[Gray]:
    """The parts of a sheet that hold values."""
    free = gray.copy()
    for label in labels:
        free[_part(label, _AROUND_LABEL)] = 255
    return [free[_part(cell, -_INSIDE)] for cell in cells] or [gray]


_AROUND_LABEL, _INSIDE = 1.0, 1.5
"""Points."""


def _part(box: Box, wider: float) -> tuple[slice, slice]:
    x0, top, x1, bottom = (
        max(0, round(side * SCALE))
        for side in (box[0] - wider, box[1] - wider, box[2] + wider, box[3] + wider)
    )
    return slice(top, bottom), slice(x0, x1)


@dataclass(frozen=True, slots=True)
class _Layers:
    """The pictures that erasing writes to, in place."""

    gray: Gray
    dark: Mask
    through: Mask
    touching: Mask

    @property
    def turned(self) -> _Layers:
        """The same memory with x and y exchanged, so that one routine serves both directions."""
        return _Layers(self.gray.T, self.dark.T, self.through.T, self.touching.T)


def _turned(rule: Box) -> Box:
    x0, y0, x1, y1 = rule
    return y0, x0, y1, x1


def _merged(rules: Iterable[Box]) -> tuple[list[Box], list[Box]]:
    """Vertical and horizontal rules; those on (nearly) one line that meet are joined: one stroke."""
    every = list(rules)
    uprights = _joined([_turned(rule) for rule in every if rule[0] == rule[2]])
    return [_turned(rule) for rule in uprights], _joined([r for r in every if r[0] != r[2]])


def _joined(lines: Iterable[Box]) -> list[Box]:
    joined: list[Box] = []
    for x0, y0, x1, _ in sorted(lines, key=lambda line: (round(line[1]), line[0])):
        last = joined[-1] if joined else None
        if last and abs(last[1] - y0) < 1.3 and last[0] - 1 <= x0 <= last[2] + 1:
            middle = (last[1] + y0) / 2
            joined[-1] = (last[0], middle, max(last[2], x1), middle)
        else:
            joined.append((x0, y0, x1, y0))
    return joined


def _erase_across(layers: _Layers, rule: Box, *, keep_feet: bool) -> None:
    """Erase one horizontal rule in place.

    `keep_feet` leaves the ink under strokes that end in the rule: print that sits on a rule
    keeps its feet, while a column's rule beside a digit would stay behind as a 1.
    """
    height, width = layers.dark.shape
    start = max(0, round(rule[0] * SCALE) - _ENDS)
    end = min(width, round(rule[2] * SCALE) + _ENDS)
    reach = round(SEARCH * SCALE)
    expected = round(rule[1] * SCALE)
    top, bottom = max(0, expected - reach), min(height, expected + reach + 1)
    if end - start < 8 or bottom - top < 5:
        return
    band = layers.dark[top:bottom, start:end]
    profile = band.mean(axis=1)
    peak = _peak(profile, expected - top)
    if profile[peak] < _PRESENT * 0.7:
        return
    thickest = min(_THICKEST, _thickness(profile, peak) + 1)
    for piece in range(0, end - start, _PIECE):
        stop = min(piece + _PIECE, end - start)
        rows = _rows(band[:, piece:stop].mean(axis=1), peak, thickest)
        if rows is not None:
            area = slice(start + piece, start + stop)
            _erase_piece(layers, top + rows[0], top + rows[1], area, keep_feet=keep_feet)


def _peak(profile: NDArray[np.float64], expected: int) -> int:
    """The fullest row; of equally full ones the nearest to where the rule should be."""
    away = np.abs(np.arange(len(profile)) - expected)
    return int(np.argmax(profile - 0.004 * away))


def _thickness(profile: NDArray[np.float64], peak: int) -> int:
    """Rows that the whole rule takes: what runs along a part of it only is print."""
    full = profile >= 0.6 * profile[peak]
    first = last = peak
    while first > 0 and full[first - 1]:
        first -= 1
    while last + 1 < len(full) and full[last + 1]:
        last += 1
    return last - first + 1


def _rows(profile: NDArray[np.float64], near: int, thickest: int) -> tuple[int, int] | None:
    """First and last row of the rule in a piece, or None when it is not there.

    It grows towards its fuller side first: the rule is full all along, a stroke beside it is not.
    """
    low, high = max(0, near - _DRIFT), min(len(profile), near + _DRIFT + 1)
    peak = low + int(np.argmax(profile[low:high]))
    if profile[peak] < _PRESENT:
        return None
    first = last = peak
    level = max(0.3, 0.5 * float(profile[peak]))
    while last - first + 1 < thickest:
        above = float(profile[first - 1]) if first > 0 else 0.0
        below = float(profile[last + 1]) if last + 1 < len(profile) else 0.0
        if max(above, below) < level:
            break
        if above > below:
            first -= 1
        else:
            last += 1
    return first, last


def _erase_piece(layers: _Layers, first: int, last: int, area: slice, *, keep_feet: bool) -> None:
    """Whiten the rule's rows and their soft edge except under strokes that stand on them."""
    dark = layers.dark
    first, last = max(3, first - 1), min(dark.shape[0] - 4, last + 1)
    above = dark[first - 2 : first, area].all(axis=0)
    below = dark[last + 1 : last + 3, area].all(axis=0)
    keep = above | below if keep_feet else above & below
    layers.gray[first : last + 1, area][:, ~keep] = 255
    dark[first : last + 1, area][:, ~keep] = False
    layers.through[first - 2 : last + 3, area] |= above & below
    layers.touching[first - 2 : last + 3, area] |= above | below
