"""Print on a scan that stands beside its boxes: the paper lay some points off in the printer.

A value a row too low is read as its neighbour's, and nothing in its own box says so; what betrays
it is the ink that lies in no box at all, and the level of the amounts in their rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Box
from connector.extraction.alignment import (
    amount_without_a_name,
    amounts_off_level,
    free_limits,
    level_of_amounts,
)
from connector.extraction.editions import CellKind, Edition
from connector.extraction.ocr.cells import Page
from connector.extraction.ocr.glyphs import Blots, Print, lines
from connector.extraction.ocr.sheet import SCALE
from connector.extraction.ocr.ticks import ON_SIDE
from connector.extraction.placement import Place
from connector.extraction.reading import CellReading
from connector.extraction.word_index import WordIndex
from connector.extraction.words import Word

FEWEST = 2
"""Values that lie astray at least: one alone may be a note, or dirt."""
LETTERS = 3
"""Pieces of ink of an amount, a date or a word, at least."""
HEADING, MARGIN = 14.0, 28.0
"""Points above and beside the table in which its values may have come to lie."""
FARTHEST = 14.0
"""Points beside a tick box at which a lone mark must have been meant for it."""
EDGE = 0.5
"""Points from the side of the paper."""
NARROWEST = 2.5
"""Points across of a letter, at least."""
SMALLEST, LARGEST = 3.0, 16.0
"""Points across of a mark."""


def is_misplaced(
    page: Page,
    edition: Edition,
    readings: Mapping[str, CellReading],
    is_label: Callable[[Print], bool] | None = None,
) -> bool:
    """Whether the print as a whole stands beside the boxes of the form. `is_label` is asked of what
    stands in no box: whether it is the form's own print."""
    astray = _astray(page, edition)
    places = {name: Place(cell.box, True) for name, cell in edition.cells.items()}
    seen = WordIndex([*_read(readings), *(_unread(line) for line in astray)])
    level = level_of_amounts(edition, places, seen)
    return (
        amounts_off_level(edition, places, seen, by_date=True)
        or (_lacks_its_date(readings) and _is_filled(edition, readings))
        or amount_without_a_name(edition, places, seen)
        or _values_astray(
            edition, [line for line in astray if not _goes_on(line, readings)], is_label
        )
        or _marks_astray(edition, astray, level)
    )


def _lacks_its_date(readings: Mapping[str, CellReading]) -> bool:
    """Whether the certificate's own date is blank, or on the rule beside its box: every certificate has one,
    and where the print is most of a row too high or too low, amounts have the level of the next row while
    the date has left its box."""
    day = readings.get("certificate_date")
    return day is not None and not day.lines and day.doubt in (None, ASTRIDE)


def _is_filled(edition: Edition, readings: Mapping[str, CellReading]) -> bool:
    """Whether a limit or the term of a policy is filled in."""
    return any(
        reading.lines and edition.cells[name].row and edition.cells[name].kind in _FILLED
        for name, reading in readings.items()
    )


_FILLED = (CellKind.AMOUNT, CellKind.DAY)


def with_lines_astride(
    page: Page, edition: Edition, readings: Mapping[str, CellReading]
) -> dict[str, CellReading]:
    """The readings, in doubt where a line of the box above or below stands on the rule between, or one
    that is in no box at all: nobody knows to which of the two it belongs."""
    read = [(name, line.box) for name, reading in readings.items() for line in reading.lines]
    loose = [line.box_in_points for line in _astray(page, edition) if _is_word(line)]
    found = dict(readings)
    for name, cell in edition.cells.items():
        beside = any(owner != name and _is_astride(box, cell.box) for owner, box in read)
        cut = any(_is_cut_by(box, cell.box) for box in loose)
        if (beside or cut) and cell.kind not in _DRAWN and name in found:
            found[name] = replace(found[name], doubt=found[name].doubt or ASTRIDE)
    return found


def with_marks_astray(
    page: Page, edition: Edition, readings: Mapping[str, CellReading]
) -> dict[str, CellReading]:
    """The readings, in doubt where a tick box is empty and a lone mark stands next to it, in no box."""
    found = dict(readings)
    for _, boxes in _near_marks(edition, _astray(page, edition)):
        for name, _ in boxes:
            if found[name].ticked is False:
                found[name] = replace(found[name], ticked=None, doubt=found[name].doubt or ON_SIDE)
    return found


def _astray(page: Page, edition: Edition) -> list[Print]:
    return lines(page.blots.chosen(_in_no_cell(page.blots, edition)))


def _is_word(line: Print) -> bool:
    return len(line.blots) >= LETTERS and _is_print(line)


ASTRIDE = "A line of print stands on the rule above or below this box and may belong to it."
_DRAWN = (CellKind.TICK, CellKind.SIGNATURE)
_ON_RULE = 0.35
"""Heights of the print from its middle to the rule that it stands on."""


def _is_astride(line: Box, box: Box) -> bool:
    """Whether the middle of a line lies on the upper or lower side of a box."""
    across, level = (line[0] + line[2]) / 2, (line[1] + line[3]) / 2
    near = _ON_RULE * (line[3] - line[1])
    return box[0] <= across <= box[2] and any(
        abs(level - side) <= near for side in (box[1], box[3])
    )


def _is_cut_by(line: Box, box: Box) -> bool:
    """Whether the upper or lower side of a box runs through a line."""
    across, slack = (line[0] + line[2]) / 2, _CUT * (line[3] - line[1])
    sides = (box[1], box[3])
    return box[0] <= across <= box[2] and any(
        line[1] + slack <= side <= line[3] - slack for side in sides
    )


_CUT = 0.1
"""Share of its height by which a line reaches over a rule that runs through it."""


def _in_no_cell(blots: Blots, edition: Edition) -> NDArray[np.bool_]:
    """Which pieces of ink stand in no box; what touches the paper's edge is its shadow."""
    sides = blots.boxes[:, [0, 2]] / SCALE
    owned = (sides[:, 0] <= EDGE) | (sides[:, 1] >= edition.page[0] - EDGE)
    boxes = {name: cell.box for name, cell in edition.cells.items()}
    for box in [*boxes.values(), *free_limits(edition, boxes)]:
        owned |= blots.centred_in(box)
    return ~owned


def _read(readings: Mapping[str, CellReading]) -> list[Word]:
    return [Word(line.text, *line.box, -1, -1) for cell in readings.values() for line in cell.lines]


def _unread(line: Print) -> Word:
    """Ink in no cell: letters where it is more than a mark, nobody knows which."""
    return Word("??" if len(line.blots) < LETTERS else "abc", *line.box_in_points, -1, -1)


def _goes_on(line: Print, readings: Mapping[str, CellReading]) -> bool:
    """Whether ink is the end of a line of the free rows' limits that is too long for its box: it begins
    there, so that nothing is told about the place of other values."""
    x0, top, _, bottom = line.box_in_points
    cell = readings.get(FREE_LIMITS)
    lines = [one.box for one in cell.lines] if cell else []
    return any(
        start < x0 <= end + NEXT_LETTER and above < (top + bottom) / 2 < below
        for start, above, end, below in lines
    )


FREE_LIMITS, NEXT_LETTER = "other.limits", 5.0
"""The cell, and points from one letter to the next at most."""


def _values_astray(
    edition: Edition, astray: list[Print], is_label: Callable[[Print], bool] | None
) -> bool:
    """Whether values lie in the limits' column or right of it, in the table's heading, or left of it."""
    table = _around([cell.box for cell in edition.cells.values() if cell.row])
    amounts = _around(
        [c.box for c in edition.cells.values() if c.kind is CellKind.AMOUNT and c.row]
    )
    left, top, right, bottom = table
    regions = (
        ((amounts[0], top - HEADING, right + MARGIN, bottom), LETTERS),
        ((left, top - HEADING, right, top), LETTERS),
        ((left - MARGIN, top, left, bottom), 1),
    )
    found = [
        line
        for line in astray
        if any(_holds(box, line) and len(line.blots) >= least for box, least in regions)
        and _is_print(line)
    ]
    spare = _spare_levels(edition)
    amounts_at = edition.columns["amount"][0]
    found = [line for line in found if not _is_written_in(line, spare, amounts_at)]
    if is_label is not None and len(found) >= FEWEST:
        found = [line for line in found if not is_label(line)]
    return len(found) >= FEWEST


def _spare_levels(edition: Edition) -> list[tuple[float, float]]:
    """The levels at which the limits' column has a line of its own and no box that is read: there an
    agent writes in "Uninsured motorist" or "Stop gap"."""
    found = []
    for top, bottom in edition.rows.values():
        levels = {
            (cell.box[1], cell.box[3])
            for cell in edition.cells.values()
            if cell.kind is CellKind.AMOUNT and top <= (cell.box[1] + cell.box[3]) / 2 <= bottom
        }
        ends = [(top, top), *sorted(levels), (bottom, bottom)]
        found += [(above[1], below[0]) for above, below in pairwise(ends) if levels]
    return [(top, bottom) for top, bottom in found if bottom - top >= LOWEST_LINE]


def _is_written_in(line: Print, levels: list[tuple[float, float]], amounts_at: float) -> bool:
    """Whether a line that begins with words, left of where amounts stand, lies wholly at one of the levels."""
    x0, top, _, bottom = line.box_in_points
    inside = any(a - SLACK <= top and bottom <= b + SLACK for a, b in levels)
    return inside and x0 < amounts_at - SLACK


LOWEST_LINE, SLACK = 8.0, 1.0
"""Points of height of a line of the limits' column, and that print may reach over its rules."""


def _marks_astray(edition: Edition, astray: list[Print], level: float | None) -> bool:
    """Whether lone marks lie next to tick boxes, in no box at all. Marks that have left their boxes as far
    as the amounts have moved in theirs (their `level`) say nothing more about the place of the print."""
    telling = [
        mark
        for mark, boxes in _near_marks(edition, astray)
        if level is None or not any(_has_moved_so(mark, box, level) for _, box in boxes)
    ]
    return len(telling) >= FEWEST


def _near_marks(edition: Edition, astray: list[Print]) -> list[tuple[Print, list[tuple[str, Box]]]]:
    """The lone marks that lie next to tick boxes, each with their names and boxes."""
    ticks = [(n, cell.box) for n, cell in edition.cells.items() if cell.kind is CellKind.TICK]
    lone = [line for line in astray if len(line.blots) <= FEWEST and _is_mark(line)]
    found = [(mark, [each for each in ticks if _holds(_wider(each[1]), mark)]) for mark in lone]
    return [(mark, boxes) for mark, boxes in found if boxes]


def _has_moved_so(mark: Print, box: Box, level: float) -> bool:
    """Whether a mark stands right above or below a box, about so many points from its middle; a row
    farther, amounts have the same level."""
    x0, top, x1, bottom = mark.box_in_points
    off = (top + bottom) / 2 - (box[1] + box[3]) / 2
    is_in_line = box[0] - _ASIDE <= (x0 + x1) / 2 <= box[2] + _ASIDE
    return is_in_line and abs(off - level) <= _ALIKE


_ASIDE, _ALIKE = 1.0, 4.5
"""Points beside the sides of a tick box in which a mark above or below it was meant for it, and that a mark
may stand lower or higher in its box than amounts in theirs."""


def _around(boxes: list[Box]) -> Box:
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return min(x0), min(top), max(x1), max(bottom)


def _holds(box: Box, line: Print) -> bool:
    x0, top, x1, bottom = line.box_in_points
    x, y = (x0 + x1) / 2, (top + bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _is_print(line: Print) -> bool:
    """Whether it is as large as letters."""
    x0, _, x1, _ = line.box_in_points
    return x1 - x0 >= NARROWEST and SMALLEST * SCALE <= line.height <= LARGEST * SCALE


def _is_mark(line: Print) -> bool:
    x0, top, x1, bottom = line.box_in_points
    return SMALLEST < x1 - x0 < LARGEST and SMALLEST < bottom - top < LARGEST


def _wider(box: Box) -> Box:
    return box[0] - FARTHEST, box[1] - FARTHEST, box[2] + FARTHEST, box[3] + FARTHEST
