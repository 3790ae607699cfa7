"""Strokes of a pen through print: what is struck out no longer stands, however well it can be read."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from connector.extraction.ocr.glyphs import Print
from connector.extraction.ocr.paper import INK_LEVEL, THIN_INK_LEVEL, Gray

STRUCK = "“{text}” is crossed by a stroke and may be struck out."

_LONG = 2.0
"""Heights of the print that a stroke is long at least. Measured: what touching digits and capitals make
together is up to 1.2 long; a pen through the last third of a date 2.4."""

_LONG_IN_WORDS = 4.5
"""The same where many letters may touch each other: 2.2 on scans, 3 on copies of copies."""

_TALL, _EDGE = 0.7, 0.2
"""Heights of the print that letters have, and the share of that at their top and at their foot that counts for nothing: letters touch each
other there, and what is underlined stands."""

_LEANS = range(-30, 31, 5)
"""Degrees that a stroke rises or falls."""

_DARK = 110
"""Ink that is darker than what joins swollen characters: it holds lines of 1.0 to 1.5 heights in digits of
heavy copies (seldom 2.6), where paler ink holds 2 to 4."""

_NUMBERS, _MOST = 6, 0.5
"""Numbers that tell whether a page's print is heavy, and the share of them that seem struck where it is:
no pen runs through most numbers of a page."""


def is_heavy(struck: Sequence[bool]) -> bool:
    """Whether the print of a page is so heavy that its characters join and most of its numbers look
    struck: there a stroke tells something where it is darker than what joins them."""
    return len(struck) >= _NUMBERS and sum(struck) >= _MOST * len(struck)


def is_struck(line: Print, gray: Gray, *, is_words: bool, dark: bool = False) -> bool:
    """Whether a straight stroke runs through several characters of the line. `gray` is the sheet
    without its rules; a pencil or a pale pen counts where the characters of a number stand apart,
    unless only what is `dark` counts."""
    long = (_LONG_IN_WORDS if is_words else _LONG) * line.height
    boxes = line.blots.boxes
    if is_words and (boxes[:, 2] - boxes[:, 0]).max() < long * math.cos(math.radians(_LEANS[-1])):
        return False
    x0, _, x1, _ = line.box
    tall = boxes[boxes[:, 3] - boxes[:, 1] >= _TALL * line.height]
    top, bottom = int(np.median(tall[:, 1])), int(np.median(tall[:, 3]))
    edge = round(_EDGE * (bottom - top))
    inside = gray[top + edge : bottom - edge, x0:x1]
    level = _DARK if dark else INK_LEVEL if is_words else THIN_INK_LEVEL
    ink = (inside < level).astype(np.uint8)
    if not is_words and ink.any(axis=0).sum() < long * math.cos(math.radians(_LEANS[-1])):
        return False
    return any(_holds(ink, long, math.radians(lean)) for lean in _LEANS)


def _holds(ink: cv2.typing.MatLike, long: float, lean: float) -> bool:
    """Whether a line as long as that lies in the ink at this lean."""
    across, up = round(long * math.cos(lean)), round(long * math.sin(lean))
    if across >= ink.shape[1] or abs(up) >= ink.shape[0]:
        return False
    stroke = np.zeros((abs(up) + 1, across + 1), np.uint8)
    cv2.line(stroke, (0, max(up, 0)), (across, max(-up, 0)), 1)
    return bool(cv2.erode(ink, stroke, borderValue=0).any())
