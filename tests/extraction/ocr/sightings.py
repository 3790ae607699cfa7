"""Sightings of our own making: a line of print with the widths we say, and what two readers saw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from connector.extraction.ocr.glyphs import Blots, Print
from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.sighting import Sighting

HEIGHT = 20
WIDTH = 12
GAP = 3
SPACE = 14


def line(text: str, widths: Sequence[int] = (), space: int = SPACE) -> Print:
    """A line of print: one blot of `widths` for each character that is no space."""
    boxes, x = [], 100
    wide = iter(widths)
    for character in text:
        if character == " ":
            x += space - GAP
            continue
        width = next(wide, WIDTH)
        boxes.append((x, 50, x + width, 50 + HEIGHT))
        x += width + GAP
    found = np.array(boxes, dtype=np.int64)
    return Print(Blots(found, np.full(len(boxes), 100)))


def sighting(
    first: str,
    second: str | None,
    *,
    sure: float = 0.99,
    printed: Print | None = None,
    through: bool = False,
    spills: bool = False,
    dusty: bool = False,
    tailed: bool = False,
    unread: bool = False,
    touching: bool = False,
) -> Sighting:
    """What two readers saw of a print; `second` None: there is only one reader."""
    printed = printed or line(first)
    places = tuple(float(middle) for middle in printed.columns.mean(axis=1))
    seen = Glimpse(first, sure, sure, places)
    other = None if second is None else Glimpse(second, 0.95, 0.95)
    return Sighting(
        printed,
        seen,
        other,
        through=through,
        spills=spills,
        dusty=dusty,
        tailed=tailed,
        unread=unread,
        touching=touching,
        places=places,
    )
