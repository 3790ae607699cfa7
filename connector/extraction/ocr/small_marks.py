"""What single marks of a line say by their ink: points and accents over letters, colons, apostrophes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from connector.extraction.ocr.glyphs import Print

_MARK, _TALL, _LOW = 0.3, 0.5, 0.3
"""Heights, in heights of the print: of the largest point, of what is at least a letter, and of an apostrophe's
sides at most."""

_BESIDE = 0.4
"""Heights of the print that a reader's place of an apostrophe may lie beside its ink."""


def is_dotted(line: Print, place: float) -> bool | None:
    """Whether the upright stroke at a place has a point above it, as i has and l has not.

    None where it cannot be told what stands there.
    """
    boxes, near = line.blots.boxes, _NEAR * line.height
    here = boxes[(boxes[:, 0] - near <= place) & (place <= boxes[:, 2] + near)]
    narrow = here[here[:, 2] - here[:, 0] <= _UPRIGHT * line.height]
    strokes = narrow[narrow[:, 3] - narrow[:, 1] >= _TALL * line.height]
    if len(strokes) != 1:
        return None
    stroke = strokes[0]
    shared = np.minimum(narrow[:, 2], stroke[2]) - np.maximum(narrow[:, 0], stroke[0])
    return bool(((narrow[:, 3] <= stroke[1]) & (shared > 0)).any())


def is_colon(line: Print, place: float) -> bool | None:
    """Whether two points of one size stand above one another at a place; else the second may be dirt.
    None where no points stand by themselves."""
    return _is_double(line, place, (_MARK, _AS_LARGE))


def has_cramped_point(line: Print, text: str, places: Sequence[float]) -> bool:
    """Whether a point was read between two characters that have no room for one: dirt. `text` has no spaces."""
    if len(places) != len(text):
        return False
    boxes = line.blots.boxes
    is_tall = boxes[:, 3] - boxes[:, 1] >= _TALL * line.height
    tall, low = boxes[is_tall], boxes[~is_tall]
    gaps = tall[1:, 0] - tall[:-1, 2]
    usual = float(np.median(gaps)) if len(gaps) else 0.0
    for index, place in enumerate(places):
        inside = text[index] == "." and text[max(0, index - 1) : index + 2].count(".") == 1
        point = low[np.abs((low[:, 0] + low[:, 2]) / 2 - place).argmin()] if len(low) else None
        if not inside or point is None or not 0 < index < len(text) - 1:
            continue
        left, right = tall[tall[:, 0] < point[0], 2], tall[tall[:, 2] > point[2], 0]
        if len(left) and len(right) and right.min() - left.max() < usual + point[2] - point[0]:
            return True
    return False


def is_semicolon(line: Print, place: float) -> bool | None:
    """Whether a point of a comma's size stands above one at a place; else it may be dirt."""
    return _is_double(line, place, (_COMMA, _AS_A_COMMA))


def _is_double(line: Print, place: float, sizes: tuple[float, float]) -> bool | None:
    """Whether two marks stand above one another: heights of the print that they have at most, and the
    share of the larger one's ink that the smaller one has."""
    highest, least = sizes
    boxes, areas, near = line.blots.boxes, line.blots.areas, _NEAR * line.height
    here = (boxes[:, 0] - near <= place) & (place <= boxes[:, 2] + near)
    sides = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    points = np.flatnonzero(here & (sides <= highest * line.height))
    if not len(points):
        return None
    pairs = ((a, b) for a in points for b in points if boxes[a, 3] <= boxes[b, 1])
    return any(
        min(areas[a], areas[b]) >= least * max(areas[a], areas[b])
        and abs(int(boxes[a, 0] + boxes[a, 2] - boxes[b, 0] - boxes[b, 2])) <= 2 * _ABOVE_EACH
        for a, b in pairs
    )


_AS_LARGE, _ABOVE_EACH = 0.6, 2
"""Share of the larger point's ink that the smaller one has, and pixels that one may lie aside."""

_COMMA, _AS_A_COMMA = 0.55, 0.3
"""Heights of the print that a comma is high at most, and share of its ink that the point above it has."""


def has_tilde(line: Print, place: float) -> bool:
    """Whether a flat stroke lies above the letter at a place: an accent of dirt is no wider than high."""
    boxes, near = line.blots.boxes, _NEAR * line.height
    here = boxes[(boxes[:, 0] - near <= place) & (place <= boxes[:, 2] + near)]
    heights, widths = here[:, 3] - here[:, 1], here[:, 2] - here[:, 0]
    letters = here[heights >= _TALL * line.height]
    low = (heights <= _MARK * line.height) | (widths >= _FLAT * heights)
    flat = here[low & (heights <= _TALL * line.height) & (widths >= _LONG * line.height)]
    return any(bool((mark[3] <= letters[:, 1]).any()) for mark in flat)


_LONG, _FLAT = 0.3, 2.5
"""Width of a tilde at least, in heights of the print; of a thick one, in its own heights."""

_NEAR = 0.3
"""Heights of the print that a reader's place of a character may lie beside its ink."""

_UPRIGHT = 0.35
"""Width of an upright stroke at most, in heights of the print."""


def has_speck_for_apostrophe(line: Print, text: str, places: Sequence[float]) -> bool:
    """Whether an apostrophe was read where the paper has a blot that is hardly higher than wide: dirt.
    `text` has no spaces."""
    boxes = line.blots.boxes
    heights, widths = boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0]
    small = np.maximum(heights, widths) <= _LOW * line.height
    whole = small & (heights >= np.maximum(_HIGHER * widths, _APOSTROPHE * line.height))
    marks = [x for x, mark in zip(places, text, strict=False) if mark in "'’"]
    for place in marks if len(places) == len(text) else ():
        near = np.maximum(boxes[:, 0] - place, place - boxes[:, 2]) <= _BESIDE * line.height
        if (near & small).any() and not (near & whole).any():
            return True
    return False


_HIGHER, _APOSTROPHE = 1.3, 0.25
"""Times its width that an apostrophe is high at least, and heights of the print."""
