"""Ink of a line that the text does not account for: readers share the marks they overlook.

A slash between two limits, the dash of a policy number, the accent on a name: where the paper shows
one and the text has none, the text is in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from connector.extraction.ocr.glyphs import Print
from connector.extraction.ocr.paper import Gray

_FAR = 0.5
"""Heights of its capitals: ink farther than this from every place of a character was not read."""

_MARK = 0.3
"""Height of the least mark that counts, in heights of the print; lower ones are points and dirt."""

_TALL, _LOW = 0.5, 0.3
"""Heights, in heights of the print, of what is at least a letter, and at most a dash."""

_LONGER = 1.4
"""Times its height that a dash is wide."""

_DASH_LEVEL = 0.42, 0.8
"""How far down between top and foot of the letters a dash stands; the flag of an r stands higher."""

_DASHES = "-–—~"
_PLAIN_SMALL = "acemnorsuvwxz"
"""Small letters with nothing above them."""


def overlooked(
    line: Print,
    text: str,
    places: Sequence[float],
    *,
    rule: tuple[int, int] | None = None,
    plain: Collection[int] = (),
) -> bool:
    """Whether the line has ink that stands for nothing in the text.

    `text` has no spaces; `places` are the pixels at which a reader saw its characters. `rule`: first and last
    column of the form's upright rule that was erased from the line; `plain`: the indices of letters that
    have no accent, whatever stands above them. False where the reader does not say where it saw what.
    """
    if not len(line.blots):
        return False
    if not text:
        return True
    if len(places) != len(text):
        return False
    return (
        _has_mark_apart(line, places, rule)
        or _has_more_dashes(line, text, places)
        or _has_speck_for_dash(line, text, places)
        or _has_accent(line, text, places, plain)
        or _has_lost_stem(line, text, places)
    )


def _has_mark_apart(line: Print, places: Sequence[float], rule: tuple[int, int] | None) -> bool:
    """Whether something stands by itself, far from every character read."""
    boxes = line.blots.boxes
    marks = boxes[boxes[:, 3] - boxes[:, 1] >= _MARK * line.height]
    if rule is not None:
        marks = marks[~_are_slices(marks, line, rule)]
    if not len(marks):
        return False
    seen = np.array(places)
    away = np.maximum(np.maximum(marks[:, :1] - seen, seen - marks[:, 2:3]), 0).min(axis=1)
    capital = float(np.percentile(boxes[:, 3] - boxes[:, 1], 90))
    return bool((away > _FAR * capital).any())


def _are_slices(marks: NDArray[np.int64], line: Print, rule: tuple[int, int]) -> NDArray[np.bool_]:
    """Which of these boxes hold what an erased rule left of a letter's side: upright slices beside it, off
    the head and the foot of the print, where no point, comma, slash or figure is."""
    widths, heights = marks[:, 2] - marks[:, 0], marks[:, 3] - marks[:, 1]
    beside = (marks[:, 2] >= rule[0] - _SLICE) & (marks[:, 0] <= rule[1] + _SLICE)
    top = line.box[1]
    off = _OFF * line.height
    inside = (marks[:, 1] >= top + off) & (marks[:, 3] <= top + line.height - off)
    return np.asarray(beside & inside & (widths <= _SLICE) & (heights > widths), dtype=np.bool_)


_SLICE, _OFF = 4, 0.05
"""Pixels that such a slice is wide and lies off the rule at most, and heights of the print that it lies off
the head and the foot."""


def _has_more_dashes(line: Print, text: str, places: Sequence[float]) -> bool:
    """Whether more dashes are printed than were read; the lower point of a colon is none, worn as it may be."""
    colons = [place for mark, place in zip(text, places, strict=True) if mark in ":;"]
    found = [
        box
        for box in _dashes(line)
        if not any(
            box[0] - _BESIDE * line.height <= x <= box[2] + _BESIDE * line.height for x in colons
        )
    ]
    return len(found) > sum(text.count(dash) for dash in _DASHES)


def _has_speck_for_dash(line: Print, text: str, places: Sequence[float]) -> bool:
    """Whether a dash was read where the paper has a blot that is no wider than high: dirt."""
    boxes = line.blots.boxes
    heights, widths = boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0]
    small = np.maximum(heights, widths) <= _LOW * line.height
    flat = (heights <= _LOW * line.height) & (widths >= _LONGER * heights)
    for mark, place in zip(text, places, strict=True):
        if mark not in _DASHES:
            continue
        near = np.maximum(boxes[:, 0] - place, place - boxes[:, 2]) <= _BESIDE * line.height
        if (near & small).any() and not (near & flat).any():
            return True
    return False


_BESIDE = 0.4
"""Heights of the print that a reader's place of a dash may lie beside its ink."""


def _dashes(line: Print) -> NDArray[np.int64]:
    """The boxes that are flat, at half height, and over or under nothing."""
    boxes = line.blots.boxes
    heights, widths = boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0]
    letters = boxes[heights >= _TALL * line.height]
    if not len(letters):
        return boxes[:0]
    top, foot = float(np.median(letters[:, 1])), float(np.median(letters[:, 3]))
    level = ((boxes[:, 1] + boxes[:, 3]) / 2 - top) / max(foot - top, 1.0)
    flat = (heights <= _LOW * line.height) & (widths >= _LONGER * heights)
    flat &= (widths >= 0.2 * line.height) & (level > _DASH_LEVEL[0]) & (level < _DASH_LEVEL[1])
    free = [not ((letters[:, 0] < box[2]) & (letters[:, 2] > box[0])).any() for box in boxes]
    return boxes[flat & np.array(free, dtype=np.bool_)]


def _has_accent(line: Print, text: str, places: Sequence[float], plain: Collection[int]) -> bool:
    """Whether a small mark stands over a small letter that may have one: the upper piece of a letter that
    is broken is none, nor is a speck."""
    letters = "".join(" " if index in plain else c for index, c in enumerate(text))
    found = list(_small_letters(line, letters, places))
    usual = float(np.median([letter[3] - letter[1] for letter, _ in found])) if found else 0.0
    return any(
        letter[3] - letter[1] >= _WHOLE * usual
        and max(mark[2] - mark[0], mark[3] - mark[1]) > _SPECK
        for letter, marks in found
        for mark in marks
    )


def _small_letters(
    line: Print, text: str, places: Sequence[float]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """The small letters that have nothing above them, with the small marks that stand over each."""
    boxes = line.blots.boxes
    heights = boxes[:, 3] - boxes[:, 1]
    for character, place in zip(text, places, strict=True):
        if character not in _PLAIN_SMALL:
            continue
        here = (boxes[:, 0] <= place) & (place <= boxes[:, 2])
        letter = boxes[here & (heights >= 0.4 * line.height)]
        if len(letter) != 1 or letter[0, 2] - letter[0, 0] <= _UPRIGHT * line.height:
            continue  # an i beside it, whose point is no accent
        above = here & (boxes[:, 3] <= letter[0, 1]) & (heights <= _MARK * line.height)
        yield letter[0], boxes[above]


_WHOLE, _SPECK = 0.75, 2
"""Share of the other small letters' height that a whole one has, and pixels of a speck."""


def _has_lost_stem(line: Print, text: str, places: Sequence[float]) -> bool:
    """Whether a blot is as high as a capital where only small letters were read in it: the second l of
    "Millwork", whose foot touches the w."""
    boxes = line.blots.boxes
    capitals = _capitals(line, text, places)
    if len(capitals) < _ENOUGH:
        return False
    top, foot = (int(np.median(capitals[:, side])) for side in (1, 3))
    high = (boxes[:, 1] <= top + _AS_HIGH * (foot - top)) & (
        boxes[:, 3] >= foot - _LEVEL * (foot - top)
    )
    seen = np.array(places)
    near = _PLACED * line.height
    for box in boxes[high & (boxes[:, 3] <= foot + _LEVEL * (foot - top))]:
        within = [
            text[i] for i in np.flatnonzero((seen >= box[0] - near) & (seen <= box[2] + near))
        ]
        if within and all(character in _PLAIN_SMALL for character in within):
            return True
    return False


def _capitals(line: Print, text: str, places: Sequence[float]) -> NDArray[np.int64]:
    """The boxes of blots in which one capital or small l, or figure, was read and nothing else."""
    boxes, seen = line.blots.boxes, np.array(places)
    chosen = []
    for number, box in enumerate(boxes):
        within = np.flatnonzero((seen >= box[0]) & (seen <= box[2]))
        if len(within) == 1 and re.match(r"[A-PR-Z0-9hkl]", text[within[0]]):
            chosen.append(number)
    return boxes[chosen]


_PLACED = 0.1
"""Heights of the print that a reader's place may lie beside the blot of its character."""

_ENOUGH, _AS_HIGH, _LEVEL = 3, 0.05, 0.12
"""Capitals that tell how high they are, how far below their top something is as high (a t is lower), and
how far their feet lie from each other, in their heights."""


def has_faint_mark(line: Print, before: Gray) -> bool:
    """Whether something too pale to count as ink stands in the free paper between two characters, where
    a dash or a point would. `before` is the sheet with nothing whitened."""
    _, top, _, bottom = line.box
    rows = slice(top + round(_MIDDLE * line.height), bottom + 2)
    columns = line.columns
    for left, right in zip(columns[:-1, 1], columns[1:, 0], strict=True):
        if right - left < _GAP * line.height or right - left <= 2 * _EDGE:
            continue
        free = before[rows, left + _EDGE : right - _EDGE].astype(np.float32)
        if free.min(initial=255) < _DIRT and (free < _PALE).sum() <= _SPECK_PIXELS:
            continue  # a speck as dark as print, which is judged as dirt
        grey = np.clip(_PAPER - free, 0, None)
        spots = cv2.boxFilter(grey, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT)
        if spots.max() >= _FAINT:
            return True
    return False


_EDGE = 2
"""Pixels beside a character that its soft edge may reach."""

_GAP, _MIDDLE = 0.3, 0.3
"""Heights of the print: free paper that a dash or a point may stand in, at least, and how far below the
top of the print they stand."""

_PALE, _SPECK_PIXELS = 215, 16
"""Lighter than a speck's soft edge, and how many pixels a speck takes with it: a dash takes more."""

_PAPER, _FAINT, _DIRT = 235, 120, 110
"""Lighter is paper, darker is dirt; and so much grey in 3 by 3 pixels is a mark. Measured: the spaces of scans, faxes,
photos and copies of copies have none."""


_UPRIGHT = 0.35
"""Width of an upright stroke at most, in heights of the print."""
