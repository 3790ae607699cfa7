"""Ticks: text, drawn crosses and ink, by the same rule of how much of the box they fill."""

from __future__ import annotations

from collections.abc import Sequence

from connector.certificate.entry import Box
from connector.extraction.page_objects import Mark

INSET = 1.6
"""Points of the box's own frame that never count."""
TICKED_SHARE = 0.03
BLANK_SHARE = 0.015
"""Share of ink inside the inset box. Thin small marks hold 0.04 of it, empty boxes of clean and
of noisy scans less than 0.005."""
TICKED_HEIGHT, TICKED_WIDTH = 0.30, 0.18
BLANK_HEIGHT = 0.18
"""Extent of the largest stroke as a share of the inset box: the rest of a rule is thin, a speck low."""

DRAWN_EXTENT = 0.45
"""A drawn mark covers that much of the box both ways."""

STRAY_REACH = 3.0
"""Points that a shape centred elsewhere may reach into a box before the box is in doubt."""

STRAY = "A mark that belongs beside this box reaches into it."
FAINT = "It is not sure whether the box is ticked."

_TICKS = frozenset("Xx✓✔✗✘☒☑■█●•√*")
_TICK_WORDS = frozenset({"YES", "Y", "XX", "XXX"})


def is_tick_text(text: str) -> bool:
    """Whether text standing in a tick box ticks it."""
    plain = text.strip(" .[]()")
    return plain in _TICKS or plain.upper() in _TICK_WORDS


def decided(share: float, height: float, width: float) -> tuple[bool | None, str | None]:
    """Ticked, blank or not sure (with the reason), by share of ink and extent of the largest stroke.

    All are shares (0..1) of the box inset by INSET points.
    """
    if share >= TICKED_SHARE and height >= TICKED_HEIGHT and width >= TICKED_WIDTH:
        return True, None
    if share <= BLANK_SHARE or height <= BLANK_HEIGHT:
        return False, None
    return None, FAINT


def mark_in(box: Box, marks: Sequence[Mark]) -> tuple[bool | None, str | None]:
    """The same for drawn shapes: a cross or a blot is as dense as its outline is large."""
    inner = (box[0] + INSET, box[1] + INSET, box[2] - INSET, box[3] - INSET)
    if inner[2] <= inner[0] or inner[3] <= inner[1]:
        return None, FAINT
    near = [mark.box for mark in marks if _touch(box, mark.box)]
    width, height = _covered(inner, [mark for mark in near if _belongs(box, mark)])
    if not width or not height:
        return (None, STRAY) if any(_strays(box, inner, mark) for mark in near) else (False, None)
    if min(width, height) >= DRAWN_EXTENT:
        return True, None
    return None, FAINT


def _touch(box: Box, mark: Box) -> bool:
    return mark[0] <= box[2] and box[0] <= mark[2] and mark[1] <= box[3] and box[1] <= mark[3]


def _belongs(box: Box, mark: Box) -> bool:
    """Whether a shape was drawn for this box: centred in it and not much larger."""
    x, y = (mark[0] + mark[2]) / 2, (mark[1] + mark[3]) / 2
    fits = mark[2] - mark[0] < 2 * (box[2] - box[0]) and mark[3] - mark[1] < 2 * (box[3] - box[1])
    return fits and box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _strays(box: Box, inner: Box, mark: Box) -> bool:
    """Whether a shape of another place, or a large pen stroke, lies well inside this box too."""
    if mark[2] - mark[0] > 5 * (box[2] - box[0]) or mark[3] - mark[1] > 5 * (box[3] - box[1]):
        return False  # a signature or a drawing, not a mark
    across = min(mark[2], inner[2]) - max(mark[0], inner[0])
    down = min(mark[3], inner[3]) - max(mark[1], inner[1])
    return across > STRAY_REACH and down > STRAY_REACH


def _covered(inner: Box, marks: Sequence[Box]) -> tuple[float, float]:
    """Width and height of the shapes together, as shares of the inner box."""
    if not marks:
        return 0.0, 0.0
    x0 = max(min(mark[0] for mark in marks), inner[0])
    x1 = min(max(mark[2] for mark in marks), inner[2])
    top = max(min(mark[1] for mark in marks), inner[1])
    bottom = min(max(mark[3] for mark in marks), inner[3])
    width = max(x1 - x0, 0.0) / (inner[2] - inner[0])
    height = max(bottom - top, 0.0) / (inner[3] - inner[1])
    return width, height
