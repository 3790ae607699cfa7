"""The dollar signs and colons that a form prints before its values: no part of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from statistics import median
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Box
from connector.extraction.ocr.own_print.desk import Desk
from connector.extraction.ocr.paper import INK_LEVEL
from connector.extraction.ocr.recogniser import Recogniser
from connector.extraction.ocr.sheet import SCALE

WIDEST, FARTHEST, GAP, LOWEST_SIGN = 5.5, 80.0, 1.2, 2.8
"""Points: how wide a sign is, how far from the side of its box it begins, what is free behind it, and
how high it is."""
_INSET = 1.0
_FRAME, _AIR = 8, 6
SAME = 1.2
"""Points by which the signs of one column stand left or right of each other."""
BEHIND_LABEL = 6.0
"""Points between a label and the sign that ends it: "RETENTION $"."""
MOST = 0.6
"""Share of the boxes of a column that have a sign where the form prints them."""


class Sign(NamedTuple):
    """A dollar sign in the box of an amount; the value begins at `behind`."""

    box: Box
    behind: float


def signs(page: Desk, boxes: Mapping[str, Box], reader: Recogniser) -> dict[str, Sign]:
    """The sign at the left of each of these boxes, where the reader sees one."""
    firsts = {
        name: first
        for name, box in boxes.items()
        if (first := _first_ink(page, box, LOWEST_SIGN, GAP))
    }
    seen = {name: _reading(page, first, reader) for name, first in firsts.items()}
    sure = {name: first for name, first in firsts.items() if seen[name] == "$"}
    if len(sure) < FEWEST:
        sure |= _in_one_column({n: first for n, first in firsts.items() if seen[n] in SMALL_SIGNS})
    looks = [_look(page, first) for first in sure.values()]
    for name, first in firsts.items():
        beside = first[0] - boxes[name][0] <= BEHIND_LABEL and seen[name] in SMALL_SIGNS
        if name not in sure and (
            _is_like(page, first, sure.values(), looks)
            or (beside and _looks_like(page, first, looks))
        ):
            sure[name] = first
    return {name: Sign(first, first[2] + 0.4) for name, first in sure.items()}


def _is_like(page: Desk, first: Box, sure: Iterable[Box], looks: list[NDArray[Any]]) -> bool:
    """Whether a piece of print stands as most signs do and looks like them."""
    others = np.array(list(sure)).reshape(-1, 4)
    if len(others) < FEWEST:
        return False
    middle = np.median(others, axis=0)
    sizes = first[2] - first[0], first[3] - first[1]
    usual = middle[2] - middle[0], np.median(others[:, 3] - others[:, 1])
    same = all(abs(a / b - 1) <= ALIKE for a, b in zip(sizes, usual, strict=True))
    if not same or abs(first[0] - middle[0]) > SAME / 2:
        return False
    return _looks_like(page, first, looks)


def _looks_like(page: Desk, first: Box, looks: list[NDArray[Any]]) -> bool:
    own = _look(page, first)
    if len(looks) < FEWEST or own.std() < 1:
        return False
    likeness = np.median([np.corrcoef(own.ravel(), look.ravel())[0, 1] for look in looks])
    return bool(likeness >= LIKENESS)


def _look(page: Desk, box: Box) -> NDArray[Any]:
    return np.asarray(
        cv2.resize(_part(page, box), (16, 24), interpolation=cv2.INTER_AREA), np.float64
    )


FEWEST, ALIKE, LIKENESS = 4, 0.2, 0.7
"""How many signs must be known, by which share their sizes may differ, and how alike they look."""


def behind_colon(page: Desk, box: Box) -> Box:
    """The box without the colon of the label before it."""
    first = _first_ink(page, (box[0] - 0.5, *box[1:]), LOWEST_COLON, COLON_GAP, 0.0)
    if first is None or first[2] - first[0] > WIDEST_POINT or first[0] - box[0] > NEAREST:
        return box
    rows = (_part(page, first) < INK_LEVEL).any(axis=1)
    heights = np.diff(np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]]))))[
        ::2
    ]
    is_colon = len(heights) == 2 and heights.max() <= WIDEST_POINT * SCALE
    return (first[2] + 0.4, *box[1:]) if is_colon else box


WIDEST_POINT, NEAREST, LOWEST_COLON, COLON_GAP = 2.0, 6.0, 2.0, 0.4
"""Points across of a point of a colon, between it and its label, of its height, and behind it."""


def unlike(page: Desk, boxes: Mapping[str, Box], signs: Mapping[str, Sign]) -> Iterable[str]:
    """The boxes of a column with printed signs in which something else stands in the sign's place."""
    if len(signs) < MOST * len(boxes):
        return
    x0 = median(sign.box[0] for sign in signs.values())
    behind = median(sign.behind for sign in signs.values())
    for name, box in boxes.items():
        place = (x0 - SAME, box[1] + 1.5, behind, box[3] - 1.5)
        is_beside = name not in signs and box[0] - SAME < x0 < box[2]
        if is_beside and _part(page, place).min(initial=255) < INK_LEVEL:
            yield name


def _part(page: Desk, box: Box) -> NDArray[Any]:
    x0, top, x1, bottom = (max(0, round(side * SCALE)) for side in box)
    return page.bare[top:bottom, x0:x1]


def _first_ink(page: Desk, box: Box, least: float, gap: float, inset: float = _INSET) -> Box | None:
    """The first piece of print in a box that is `least` points high, where it is as narrow as a sign,
    begins near the side of the box and has a `gap` behind it."""
    left, upper = box[0] + inset, box[1] + _INSET
    part = _part(page, (left, upper, box[2] - _INSET, box[3] - _INSET)) < INK_LEVEL
    edges = np.flatnonzero(np.diff(np.concatenate([[0], part.any(axis=0).astype(np.int8), [0]])))
    runs = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    for (first, last), behind in zip_longest(runs, runs[1:], fillvalue=(part.shape[1], 0)):
        rows = np.flatnonzero(part[:, first:last].any(axis=1))
        if rows[-1] + 1 - rows[0] < least * SCALE:
            continue
        if (
            first > FARTHEST * SCALE
            or last - first > WIDEST * SCALE
            or behind[0] - last < gap * SCALE
        ):
            return None
        return (
            left + first / SCALE, upper + int(rows[0]) / SCALE,
            left + last / SCALE, upper + (int(rows[-1]) + 1) / SCALE,
        )  # fmt: skip
    return None


def _reading(page: Desk, box: Box, reader: Recogniser) -> str:
    crop = np.pad(_part(page, box), ((_AIR, _AIR), (_FRAME, _FRAME)), constant_values=255)
    return reader.read([crop])[0].text.strip()


SMALL_SIGNS = "$Ss§"
"""What small dollar signs are taken for: no amount begins so."""


def _in_one_column(firsts: Mapping[str, Box]) -> dict[str, Box]:
    """Those that stand exactly below each other, where they are enough."""
    if not firsts:
        return {}
    middle = median(first[0] for first in firsts.values())
    found = {name: first for name, first in firsts.items() if abs(first[0] - middle) <= SAME / 2}
    return found if len(found) >= FEWEST else {}
