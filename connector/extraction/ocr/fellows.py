"""A character that a rule of the form runs through, compared with its like in the same line.

What can be seen of a 0 on both sides of the rule is the same as of the other zeros of its line, where
the print is clean; of another digit it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from connector.extraction.ocr.glyphs import Print
from connector.extraction.ocr.paper import Gray

Picture: TypeAlias = NDArray[np.float32]

_PAPER = 225
"""Lighter is paper."""

_ABOVE, _BELOW = 1.35, 0.4
"""Heights of the print above and below the foot of a line that its characters reach."""

_EDGE = 2
"""Pixels beside a character that its soft edge reaches."""

_UP_AND_DOWN, _FELLOWS = (-1, 0, 1), 6
"""Pixels that a picture may lie higher or lower, and pictures of a character that are looked at."""

_PIECES, _TALL = 4, 0.7
"""Pieces that a rule may leave of a character, and heights of the print of what stands on the foot."""

_ALIKE, _OTHER = 0.03, 0.05
"""Differences (0: the same, 1: nothing in common) of a character from its like at most, and how much
more of any other character of the line at least. Measured on scans at 300 dots an inch: of a 0 from its
like 0.003 to 0.02, from a 9 or a 6 0.05 and more, from an 8 0.09, from a 5 or a 2 0.19."""

_OFF_PLACE, _SURE_PLACE, _NEAR = 0.9, 0.3, 0.5
"""Heights of the print that a reader's place may lie beside its character, at most and where there is no
doubt which it is, and in which characters beside the rule are no examples."""

_LEAST_SHOWN = 0.4
"""Share of a character's ink that the rule leaves to be seen, at least."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A line of print with an upright rule that runs through it: the first and the last of the rule's
    columns, in pixels of `before`, the sheet with its rules."""

    before: Gray
    line: Print
    rule: tuple[int, int]


def bears_out(
    ruled: Ruled,
    text: str,
    places: Sequence[float],
    others: Sequence[str],
    only: int | None = None,
) -> bool:
    """Whether the ink shows this solid text, from which `others` differ in one character at the rule: in
    that with the index `only`, where it is given.

    `places` are the pixels at which a reader saw its characters.
    """
    if len(places) != len(text):
        return False
    different = [other for other in others if other != text]
    if not different and only is None:
        return False
    examples = _examples(ruled, text, places)
    return any(
        _is_like(ruled, text[gap.index], gap, examples)
        for gap in _gaps(ruled, places)
        if only in (None, gap.index)
        and all(_differs_at(text, other, gap.index) for other in different)
    )


def _differs_at(text: str, other: str, index: int) -> bool:
    """Whether another text has something else, or nothing, in place of one character of this one, and the
    rest of it before and behind."""
    before, after = text[:index], text[index + 1 :]
    is_long = len(other) >= len(before) + len(after)
    return is_long and other.startswith(before) and other.endswith(after)


@dataclass(frozen=True, slots=True)
class _Gap:
    """Where one character may stand at the rule: its index, and the pixels between its neighbours."""

    index: int
    left: int
    right: int


def _gaps(ruled: Ruled, places: Sequence[float]) -> Iterator[_Gap]:
    """Every way to take the columns of ink beside the rule for the neighbours of the character there."""
    columns, (first, last) = ruled.line.columns, ruled.rule
    before = np.flatnonzero(columns[:, 1] <= last + _EDGE)[-_PIECES:]
    after = np.flatnonzero(columns[:, 0] >= first - _EDGE)[:_PIECES]
    for index in range(1, len(places) - 1):
        for a in before:
            for b in after:
                left, right = int(columns[a, 1]), int(columns[b, 0])
                beside = (
                    (columns[a].mean(), places[index - 1]),
                    (columns[b].mean(), places[index + 1]),
                )
                near = all(
                    abs(ink - place) <= _OFF_PLACE * ruled.line.height for ink, place in beside
                )
                if near and left <= first and last <= right:
                    yield _Gap(index, left, right)


def _examples(ruled: Ruled, text: str, places: Sequence[float]) -> dict[str, list[Picture]]:
    """Pictures of the line's characters that stand by themselves, away from the rule."""
    columns, height = ruled.line.columns, ruled.line.height
    off = np.abs(columns.mean(axis=1)[None, :] - np.array(places)[:, None])
    nearest = off.argmin(axis=1)
    lone = np.bincount(nearest, minlength=len(columns)) == 1
    found: dict[str, list[Picture]] = {}
    for index, (character, column) in enumerate(zip(text, nearest, strict=True)):
        left, right = map(int, columns[column])
        is_away = min(abs(left - ruled.rule[1]), abs(right - ruled.rule[0])) > _NEAR * height
        if is_away and lone[column] and off[index, column] <= _SURE_PLACE * height:
            found.setdefault(character, []).append(_dark(ruled, left, right))
    return found


def _is_like(ruled: Ruled, character: str, gap: _Gap, examples: dict[str, list[Picture]]) -> bool:
    """Whether the ink at the rule is that of a character, and of no other one of the line."""
    far = {each: _distance(ruled, gap, shown[:_FELLOWS]) for each, shown in examples.items()}
    own = far.pop(character, 1.0)
    return own <= _ALIKE and min(far.values(), default=1.0) >= own + _OTHER


def _distance(ruled: Ruled, gap: _Gap, pictures: Sequence[Picture]) -> float:
    """How far what can be seen of a character is from the nearest of these pictures, wherever they
    fit between its neighbours."""
    seen = _dark(ruled, gap.left, gap.right)
    shown = np.ones(seen.shape[1], dtype=np.bool_)
    first, last = (max(0, column - gap.left) for column in ruled.rule)
    shown[max(0, first - _EDGE) : last + _EDGE + 1] = False
    best = 1.0
    for picture in pictures:
        for across in range(seen.shape[1] - picture.shape[1] + 1):
            there = np.zeros_like(seen)
            there[:, across : across + picture.shape[1]] = picture
            if there[:, shown].sum() >= _LEAST_SHOWN * picture.sum():
                best = min(best, *(_apart(seen, _moved(there, by), shown) for by in _UP_AND_DOWN))
    return best


def _moved(picture: Picture, rows: int) -> Picture:
    return np.roll(picture, rows, axis=0)


def _apart(one: Picture, other: Picture, shown: NDArray[np.bool_]) -> float:
    a, b = one[:, shown], other[:, shown]
    strength = float((a * a).sum() + (b * b).sum())
    return 1 - 2 * float((a * b).sum()) / strength if strength else 1.0


def _dark(ruled: Ruled, left: int, right: int) -> Picture:
    """The darkness of a part of the line."""
    line, height = ruled.line, ruled.line.height
    boxes = line.blots.boxes
    tall = boxes[boxes[:, 3] - boxes[:, 1] >= _TALL * height]
    foot = float(np.median(tall[:, 3]))
    rows = slice(max(0, round(foot - _ABOVE * height)), round(foot + _BELOW * height))
    part = ruled.before[rows, left:right].astype(np.float32)
    return np.asarray(np.clip(_PAPER - part, 0, None), dtype=np.float32)
