"""The print that stands in each cell of the form, and what is wrong with the cell, if anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Box
from connector.extraction.editions import Cell, CellKind, Label
from connector.extraction.ocr import glyphs, specks
from connector.extraction.ocr.erasing import Erased
from connector.extraction.ocr.glyphs import Blots, Print
from connector.extraction.ocr.paper import INK_LEVEL, THIN_INK_LEVEL, Gray, Mask
from connector.extraction.ocr.sheet import SCALE
from connector.extraction.reading import COVERED

_LABEL_MARGIN = 1.0
_CORNER_GAP = 15.0
"""Points: numbers stand in the corners of the name boxes that far from the name, and states and zip
codes from their city in forms with a box for each."""

_FOREIGN = 20.0
"""Points: ink in one piece taller than this is a stamp, a signature or a pen, not print."""

_DIRT_GROWS = 4
"""At the lighter level that shows traces, dirt is larger by this factor."""

_TRACES = 45
"""Pixels of loose ink that are too many for an empty cell."""

_LARGEST_DUST, _REACH, _DUSTY = 16, 20, 120
"""Pixels of ink a speck may have, how far around it nothing else may stand, and how many make a page dusty."""

_PROSE = ("description_of_operations",)
_OVERLONG, _MARGIN = ("other.limits",), 14.0
"""Cells whose lines may go on in the margin of the page, and points of it."""


TRACES = "There are traces of ink in this box that could not be read."

_Pixel = TypeVar("_Pixel", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Content:
    """The lines of print in a cell from the top; `doubt` says what is wrong with the whole cell."""

    lines: tuple[Print, ...]
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet with its rules erased and its ink in blots, the form's own labels taken out."""

    before: Gray
    erased: Erased
    blots: Blots
    ticks: Mask
    """The ink without rules and labels, for tick boxes."""

    foreign: Mask | None
    dust: int
    """Pixels of ink: blots up to this area are dirt wherever they stand; 0 on a clean page."""

    dirt: Blots
    """What was whitened: these, and specks far from any letter."""

    dirty: Gray
    """The sheet without rules, before its dirt was whitened."""


def prepare(before: Gray, erased: Erased, labels: Sequence[Label]) -> Page:
    """Gather the ink once for all cells."""
    _, numbers, stats, _ = cv2.connectedComponentsWithStats(
        erased.ink.astype(np.uint8), connectivity=8
    )
    boxes = stats[1:, :4].astype(np.int64)
    boxes[:, 2:] += boxes[:, :2]
    areas = stats[1:, 4].astype(np.int64)
    sizes = boxes[:, 2:] - boxes[:, :2]
    tall = sizes[:, 1] > _FOREIGN * SCALE
    kept = (sizes.max(axis=1) >= glyphs.SPECK) & (areas >= glyphs.LEAST) & ~tall
    every = Blots(boxes, areas)
    for label in labels:
        kept &= ~every.centred_in(_wider(label.box))
    foreign = _pieces(numbers, boxes, np.flatnonzero(tall)) if tall.any() else None
    dust = _dust(before < INK_LEVEL, every)
    dirt = specks.loose(every, before.shape) | (areas <= dust)
    dirt &= ~specks.over_strokes(every, before.shape)
    dirt &= ~specks.over_points(every, dust, before.shape)
    dirty = erased.gray.copy()
    erased.gray[specks.around(numbers, dirt)] = 255
    return Page(
        before,
        erased,
        every.chosen(kept & ~dirt),
        _without(erased.ink, labels),
        foreign,
        dust,
        every.chosen(dirt),
        dirty,
    )


def _without(ink: Mask, labels: Sequence[Label]) -> Mask:
    free = ink.copy()
    for label in labels:
        _crop(free, label.box, _LABEL_MARGIN)[...] = False
    return free


def _dust(ink: Mask, every: Blots) -> int:
    """The area of the dirt on a page: of small blots that stand all alone, if there are many.

    `ink` still has its rules, so that what is left of an erased rule does not stand alone.
    """
    small = every.chosen(every.areas <= _LARGEST_DUST)
    if len(small) < _DUSTY:
        return 0
    sums = np.asarray(cv2.integral(ink.view(np.uint8)))
    x, y = ((small.boxes[:, :2] + small.boxes[:, 2:]) // 2).T
    left, right = (np.clip(x + side, 0, ink.shape[1]) for side in (-_REACH, _REACH + 1))
    top, bottom = (np.clip(y + side, 0, ink.shape[0]) for side in (-_REACH, _REACH + 1))
    around = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    alone = small.areas[around <= small.areas]
    return int(np.percentile(alone, 95)) if len(alone) >= _DUSTY else 0


def _wider(box: Box) -> Box:
    x0, top, x1, bottom = box
    m = _LABEL_MARGIN
    return x0 - m, top - m, x1 + m, bottom + m


def _pieces(
    numbers: cv2.typing.MatLike, boxes: NDArray[np.int64], chosen: NDArray[np.int64]
) -> Mask:
    """A mask of the chosen pieces of ink."""
    mask = np.zeros(numbers.shape, dtype=np.bool_)
    for index in chosen:
        x0, top, x1, bottom = boxes[index]
        mask[top:bottom, x0:x1] |= numbers[top:bottom, x0:x1] == index + 1
    return mask


def content(page: Page, cell: Cell) -> Content:
    """What stands in the cell. An empty one with traces of ink is a doubt, not blank."""
    inside = page.blots.chosen(page.blots.centred_in(_area(cell)))
    found = glyphs.lines(inside)
    if cell.name in ("insured", "certificate_holder", "producer"):
        found = [part for line in found for part in glyphs.parted(line, _CORNER_GAP)]
    found = [line for line in found if not is_dirt(line, found)]
    return Content(tuple(found), _doubt(page, cell, found))


def _area(cell: Cell) -> Box:
    """Where the value can stand: the cell without the band of a label that heads a block; the limits of
    the free rows, at the form's side, run into the margin."""
    x0, top, x1, bottom = cell.box
    if cell.name in _OVERLONG:
        return x0, top, x1 + _MARGIN, bottom
    return (x0, top + 11.0, x1, bottom) if cell.name in _PROSE else cell.box


def is_dirt(line: Print, lines: Sequence[Print]) -> bool:
    """One or two small blots that are no print beside the other lines of the cell."""
    usual = max(other.height for other in lines)
    x0, top, x1, bottom = line.box
    small = bottom - top < 0.55 * usual or line.height <= _LOWEST
    if bottom - top >= _LETTER and x1 - x0 >= _LETTER:
        return False  # a word whose letters touch, beside one that touches the label above it
    return len(line.blots) <= 2 and small and x1 - x0 < 2.5 * usual


_LETTER = 16
"""Pixels both ways of the least word: capitals of 5 point print are as high."""
_LOWEST = 10
"""Pixels: print as low as this (2.4 points) is none."""


def _doubt(page: Page, cell: Cell, lines: Sequence[Print]) -> str | None:
    if page.foreign is not None and _crop(page.foreign, cell.box, 1.0).any():
        return COVERED
    if lines or cell.kind is CellKind.SIGNATURE:
        return None
    if not _has_label(cell) and _ink_inside(page, cell) > _TRACES:
        return TRACES
    if cell.kind in _LONE and _has_letter_s_ink(page, cell):
        return TRACES
    return _hidden(page, cell.box)


_LONE, _AS_A_LETTER = (CellKind.MARK, CellKind.LETTER), 10
"""Cells of one letter, and pixels that what is left of one is high at least."""


def _has_letter_s_ink(page: Page, cell: Cell) -> bool:
    """Whether an empty cell has ink as high as what is left of a letter that joined the print above it."""
    inside = np.asarray(_crop(page.erased.ink, cell.box, -_LABEL_MARGIN), dtype=np.uint8)
    if inside.size == 0:
        return False
    stats = cv2.connectedComponentsWithStats(inside, connectivity=8)[2][1:]
    large = stats[:, cv2.CC_STAT_AREA] > max(2 * page.dust, _AS_A_LETTER)
    return bool((large & (stats[:, cv2.CC_STAT_HEIGHT] >= _AS_A_LETTER)).any())


def _ink_inside(page: Page, cell: Cell) -> int:
    """Dark pixels well inside an empty cell before rules were erased, as far as they are not dirt."""
    inside = np.asarray(_crop(page.before, _area(cell), -2.8) < THIN_INK_LEVEL, dtype=np.uint8)
    if inside.size == 0:
        return 0
    areas = cv2.connectedComponentsWithStats(inside, connectivity=8)[2][1:, cv2.CC_STAT_AREA]
    return int(areas[areas > (_DIRT_GROWS * page.dust or glyphs.LEAST)].sum())


def _has_label(cell: Cell) -> bool:
    """Whether the form prints words inside the cell itself."""
    if cell.kind is CellKind.LINES:
        return True
    return cell.label is not None and cell.kind is not CellKind.AMOUNT


def _hidden(page: Page, box: Box) -> str | None:
    """A stroke that crosses a side of an empty cell may be a letter printed on the rule."""
    x0, top, x1, bottom = (round(side * SCALE) for side in box)
    for x in (x0, x1):
        crossing = page.erased.through[top + 6 : bottom - 6, max(0, x - 6) : x + 7]
        if _longest_run(np.asarray(crossing.any(axis=1), dtype=np.bool_)) >= 6:
            return "Print stands on the rule beside this box."
    return None


def _longest_run(flags: Mask) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def _crop(picture: NDArray[_Pixel], box: Box, margin: float) -> NDArray[_Pixel]:
    """The part of a sheet inside `box` (points), `margin` points wider on each side."""
    x0, top, x1, bottom = box
    return picture[
        max(0, round((top - margin) * SCALE)) : max(0, round((bottom + margin) * SCALE)),
        max(0, round((x0 - margin) * SCALE)) : max(0, round((x1 + margin) * SCALE)),
    ]
