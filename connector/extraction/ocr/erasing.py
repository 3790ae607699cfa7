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
from connector.extraction.ocr.paper import INK_LEVEL, Gray, Mask
from connector.extraction.ocr.sheet import SCALE

SEARCH = 2.6
"""Points: how far a rule may lie from where the form says."""

_PIECE = 50
_DRIFT = 4
_THICKEST = 9
_PRESENT = 0.45
_RULE_LEVEL = 185


@dataclass(frozen=True, slots=True)
class Erased:
    """`gray` is the sheet without rules, `ink` its dark pixels; `through` marks strokes that cross
    a rule, `touching` strokes that end in one."""

    gray: Gray
    ink: Mask
    through: Mask
    touching: Mask


@dataclass(frozen=True, slots=True)
class Trace:
    """Where one rule runs on the sheet: position of its middle (pixels) in each found piece."""

    rule: Box
    middle: float


def erase(sheet: Gray, rules: Iterable[Box]) -> tuple[Erased, list[Trace]]:
    """The sheet without these rules (points of the form), and where each was found."""
    gray = sheet.copy()
    dark = sheet < _RULE_LEVEL
    through = np.zeros(sheet.shape, dtype=np.bool_)
    touching = np.zeros(sheet.shape, dtype=np.bool_)
    traces: list[Trace] = []
    merged = sorted(_merged(rules), key=lambda rule: rule[0] != rule[2])
    for rule in merged:
        if rule[0] == rule[2]:
            views = tuple(part.T for part in (gray, dark, through, touching))
            found = _erase_across(*views, _turned(rule), keep_feet=False)
        else:
            found = _erase_across(gray, dark, through, touching, rule, keep_feet=True)
        if found is not None:
            traces.append(Trace(rule, found))
    return Erased(gray, gray < INK_LEVEL, through, touching), traces


def _turned(rule: Box) -> Box:
    x0, y0, x1, y1 = rule
    return y0, x0, y1, x1


def _merged(rules: Iterable[Box]) -> list[Box]:
    """Rules on (nearly) the same line joined where they overlap or meet: one stroke of ink."""
    joined: list[Box] = []
    for vertical in (True, False):
        lines = [_turned(r) if vertical else r for r in rules if (r[0] == r[2]) == vertical]
        for x0, y0, x1, _ in sorted(lines, key=lambda line: (round(line[1]), line[0])):
            last = joined[-1] if joined else None
            if last and abs(last[1] - y0) < 1.3 and last[0] - 1 <= x0 <= last[2] + 1:
                middle = (last[1] + y0) / 2
                joined[-1] = (last[0], middle, max(last[2], x1), middle)
            else:
                joined.append((x0, y0, x1, y0))
        if vertical:
            upright = [_turned(line) for line in joined]
            joined = []
    return upright + joined


def _erase_across(
    gray: Gray, dark: Mask, through: Mask, touching: Mask, rule: Box, *, keep_feet: bool
) -> float | None:
    """Erase one horizontal rule in place; its middle in pixels, or None where none was found.

    `keep_feet` leaves the ink under strokes that end in the rule: print that sits on a rule
    keeps its feet, while a column's rule beside a digit would stay behind as a 1.
    """
    height, width = dark.shape
    start, end = max(0, round(rule[0] * SCALE)), min(width, round(rule[2] * SCALE))
    reach = round(SEARCH * SCALE)
    expected = round(rule[1] * SCALE)
    top, bottom = max(0, expected - reach), min(height, expected + reach + 1)
    if end - start < 8 or bottom - top < 5:
        return None
    band = dark[top:bottom, start:end]
    profile = band.mean(axis=1)
    peak = _peak(profile, (expected - top))
    if profile[peak] < _PRESENT * 0.7:
        return None
    for piece in range(0, end - start, _PIECE):
        stop = min(piece + _PIECE, end - start)
        rows = _rows(band[:, piece:stop].mean(axis=1), peak)
        if rows is not None:
            area = slice(start + piece, start + stop)
            _erase_piece(gray, dark, through, touching, (top + rows[0], top + rows[1]), area, keep_feet)
    return float(top + peak) + 0.5


def _peak(profile: NDArray[np.float64], expected: int) -> int:
    """The fullest row; of equally full ones the nearest to where the rule should be."""
    away = np.abs(np.arange(len(profile)) - expected)
    return int(np.argmax(profile - 0.004 * away))


def _rows(profile: NDArray[np.float64], near: int) -> tuple[int, int] | None:
    """First and last row of the rule in a piece, or None when it is not there."""
    low, high = max(0, near - _DRIFT), min(len(profile), near + _DRIFT + 1)
    peak = low + int(np.argmax(profile[low:high]))
    if profile[peak] < _PRESENT:
        return None
    first = last = peak
    level = max(0.3, 0.5 * float(profile[peak]))
    while first > 0 and profile[first - 1] >= level and last - first < _THICKEST:
        first -= 1
    while last + 1 < len(profile) and profile[last + 1] >= level and last - first < _THICKEST:
        last += 1
    return first, last


def _erase_piece(
    gray: Gray,
    dark: Mask,
    through: Mask,
    touching: Mask,
    rows: tuple[int, int],
    area: slice,
    keep_feet: bool,
) -> None:
    """Whiten the rule's rows and their soft edge except under strokes that stand on them."""
    first, last = max(3, rows[0] - 1), min(dark.shape[0] - 4, rows[1] + 1)
    above = dark[first - 2 : first, area].all(axis=0)
    below = dark[last + 1 : last + 3, area].all(axis=0)
    keep = above | below if keep_feet else above & below
    block = gray[first : last + 1, area]
    block[:, ~keep] = 255
    dark[first : last + 1, area][:, ~keep] = False
    through[first - 2 : last + 3, area] |= above & below
    touching[first - 2 : last + 3, area] |= above | below
