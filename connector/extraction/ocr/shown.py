"""Boxes of the form that a picture does not show: cut off at its side, folded over, covered.

An empty place where a value may have stood is not blank. A box is shown where all of it lies in the
picture, and where the form's own lines around it are to be seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from connector.certificate.entry import Box
from connector.extraction.editions import Cell
from connector.extraction.ocr.registration import Placement, frame_of
from connector.extraction.ocr.sheet import Sheet
from connector.extraction.reading import CUT_OFF, UNSEEN_LINES, CellReading

_AROUND = 5.0
"""Points around a box in which its lines stand."""

_LEAST, _FEWEST = 0.4, 6
"""Share of the lines around a box that must be seen, where there are at least so many points of them."""


def with_what_is_shown(
    cells: Mapping[str, CellReading], known: Mapping[str, Cell], sheet: Sheet, placement: Placement
) -> dict[str, CellReading]:
    """The readings, in doubt where their box is not shown."""
    return {
        name: replace(reading, doubt=_doubt(known[name].box, sheet, placement) or reading.doubt)
        for name, reading in cells.items()
    }


def _doubt(box: Box, sheet: Sheet, placement: Placement) -> str | None:
    if not sheet.is_in_picture(box):
        return CUT_OFF
    return None if are_lines_seen(box, placement) else UNSEEN_LINES


def are_lines_seen(box: Box, placement: Placement) -> bool:
    """Whether the page has the form's rules that stand around the box."""
    points = frame_of(placement.edition).points
    x0, top, x1, bottom = box
    inside = (points >= (x0 - _AROUND, top - _AROUND)) & (
        points <= (x1 + _AROUND, bottom + _AROUND)
    )
    near = placement.seen[np.asarray(inside.all(axis=1))]
    return len(near) < _FEWEST or float(near.mean()) >= _LEAST
