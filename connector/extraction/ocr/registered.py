"""A page of a known form read cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Source
from connector.extraction.editions import Cell, CellKind
from connector.extraction.ocr import glyphs, specks, ticks, unread
from connector.extraction.ocr.acceptance import amounts, dates, letters, names, policy_numbers
from connector.extraction.ocr.cells import Content, Page, content
from connector.extraction.ocr.glyphs import Print
from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.readers import Readers
from connector.extraction.ocr.recogniser import Glimpse
from connector.extraction.ocr.sheet import SCALE
from connector.extraction.ocr.sighting import Belief, Sighting
from connector.extraction.ocr.spacing import solid
from connector.extraction.reading import CellReading, Line

_EDGE, _FRAME = 2, 8
"""Pixels of the sheet kept, and of white added, left and right of a line."""

_AIR = 0.3
"""White above and below a line, in heights of its print. With 0.5 the recogniser is a fifth faster
and drops one of several zeros in small type."""

_NUMBERS = (CellKind.DAY, CellKind.AMOUNT)

_POINT = 0.08
"""Side of the smallest point in heights of the print."""

_POINTS = ".,:;`'"

_BESIDE = 0.35
"""Print nearer than this many of its heights beyond the side of a cell belongs to the same text."""


@dataclass(frozen=True, slots=True)
class _Seen:
    cell: Cell
    content: Content
    sightings: tuple[Sighting, ...]


def read_cells(
    page: Page, cells: Iterable[Cell], readers: Readers, number: int
) -> dict[str, CellReading]:
    """Every cell's reading by its name, boxes in points of the form; `number` is the page's, from 1."""
    cells = list(cells)
    readings: dict[str, CellReading] = {}
    seen: dict[str, _Seen] = {}
    for cell in cells:
        if cell.kind is CellKind.TICK:
            readings[cell.name] = _tick(page, cell, number)
        elif cell.kind is CellKind.SIGNATURE:
            readings[cell.name] = _signature(page, cell, number)
        else:
            seen[cell.name] = _see(page, cell, readers)
    for name, view in seen.items():
        beliefs = _believed(name, view, seen)
        readings[name] = _reading(view, beliefs, number)
    return _with_doubtful_rows(readings, cells)


def _with_doubtful_rows(
    readings: dict[str, CellReading], cells: Iterable[Cell]
) -> dict[str, CellReading]:
    """Where nothing of a row is sure to be filled in, its ticks and letters say nothing either."""
    rows: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.row is not None:
            rows.setdefault(cell.row, []).append(cell)
    for row in rows.values():
        filled = [readings[cell.name] for cell in row if cell.kind in _NUMBERS or _is_number(cell)]
        sure = any(reading.lines and reading.reason is None for reading in filled)
        if sure or not any(reading.reason for reading in filled):
            continue
        for cell in row:
            reading = readings[cell.name]
            readings[cell.name] = replace(reading, doubt=reading.doubt or _MAYBE_EMPTY)
    return readings


_MAYBE_EMPTY = "It is not clear whether this line of the form is filled in."


def _is_number(cell: Cell) -> bool:
    return cell.name.endswith(".policy_number")


def _tick(page: Page, cell: Cell, number: int) -> CellReading:
    ticked, doubt = ticks.judge(page.ticks, cell.box)
    where = cell.box
    mark = (Line("X", where),) if ticked else ()
    return CellReading(number, Source.OCR, mark, where, ticked, doubt)


def _signature(page: Page, cell: Cell, number: int) -> CellReading:
    x0, top, x1, bottom = (side * SCALE for side in cell.box)
    inside = page.blots.chosen(page.blots.centred_in(cell.box))
    ink = int(inside.areas.sum())
    if page.foreign is not None:
        ink += int(page.foreign[round(top) : round(bottom), round(x0) : round(x1)].sum())
    return CellReading(number, Source.OCR, (), cell.box, ink > 400)


def _see(page: Page, cell: Cell, readers: Readers) -> _Seen:
    found = content(page, cell)
    sightings = tuple(_sight(page, cell, line, readers) for line in found.lines)
    return _Seen(cell, found, sightings)


def _sight(page: Page, cell: Cell, line: Print, readers: Readers) -> Sighting:
    is_words = cell.kind in (CellKind.LINES, CellKind.VALUE) and not _is_number(cell)
    crop = cut(page.erased.gray, line, round(0.5 * line.height) if is_words else 0)
    if cell.name.startswith("producer") and cell.name != "producer.email":  # mail is sent there
        first, second = readers.either(crop)
    else:
        sharp = page.dust == 0 or cell.kind in _NUMBERS
        first, second = readers.both(crop, allowed(cell), patient=sharp)
    places = _places(line, first, crop.shape[1])
    x0, top, x1, bottom = line.box
    around = np.s_[max(0, top) : bottom, max(0, x0 - 3) : x1 + 3]
    return Sighting(
        line,
        first,
        second,
        through=bool(page.erased.through[around].any()),
        touching=bool(page.erased.touching[around].any()),
        spills=_spills(page, cell, line),
        dusty=_is_dusty(page, line, first, places),
        tailed=is_words and _is_tailed(page, line, first, places),
        unread=_has_unread_ink(page, cell, line, solid(first.text), places),
        told_apart=_told_apart(page, line, places),
        places=places,
    )


def _places(line: Print, seen: Glimpse, width: int) -> tuple[float, ...]:
    """The reader's places of its characters as pixels of the sheet; `width` is that of the crop."""
    start = max(0, line.box[0] - _EDGE) - _FRAME
    return tuple(start + share * width for share in seen.places)


def _told_apart(page: Page, line: Print, places: Sequence[float]) -> NDArray[np.int64] | None:
    """Where the characters begin and end by the reader's places, if letters touch or are broken."""
    x0, top, x1, bottom = line.box
    columns = line.columns
    if not places or len(places) == len(columns) or places[0] < x0 or places[-1] > x1:
        return None
    joined = glyphs.joined(columns, places, line.height)
    if joined is not None:
        return joined
    around = np.s_[top:bottom, x0:x1]
    cut = glyphs.cut_apart(
        page.erased.gray[around], page.erased.ink[around], [place - x0 for place in places]
    )
    return None if cut is None else cut + x0


def _is_dusty(page: Page, line: Print, seen: Glimpse, places: Sequence[float]) -> bool:
    """Whether a speck, whitened as dirt or read as a point, could as well be the other."""
    x0, top, x1, bottom = line.box
    middles = (page.dirt.boxes[:, :2] + page.dirt.boxes[:, 2:]) / 2
    beside = (middles[:, 0] > x0) & (middles[:, 0] < x1 + line.height)
    level = (middles[:, 1] > top) & (middles[:, 1] < bottom + 3)
    large = page.dirt.areas >= (_POINT * line.height) ** 2
    whitened = page.dirt.boxes[beside & level & large]
    if any(specks.is_like_a_point(line, speck) for speck in whitened):
        return True
    doubtful = [blot for blot in line.blots.boxes if specks.is_doubtful_point(line, blot)]
    return any(_is_read(blot, line, seen, places) for blot in doubtful)


def _has_unread_ink(
    page: Page, cell: Cell, line: Print, text: str, places: Sequence[float]
) -> bool:
    """Whether a name, a number or words have marks that the reader did not see."""
    if cell.kind not in (CellKind.LINES, CellKind.VALUE):
        return False
    return unread.overlooked(line, text, places) or (
        _is_number(cell) and unread.has_faint_mark(line, page.before)
    )


def _is_tailed(page: Page, line: Print, seen: Glimpse, places: Sequence[float]) -> bool:
    """Whether a point that the reader saw may be a comma."""
    characters = solid(seen.text)
    if len(places) != len(characters):
        return False
    points = [place for place, c in zip(places, characters, strict=True) if c == "."]
    return any(specks.has_tail(line, page.erased.gray, place) for place in points)


def _is_read(blot: NDArray[np.int64], line: Print, seen: Glimpse, places: Sequence[float]) -> bool:
    """Whether the reader saw a point where this blot stands, or does not say where it saw what."""
    characters = solid(seen.text)
    if len(places) != len(characters):
        return True
    reach = _BESIDE * line.height
    marks = [x for x, c in zip(places, characters, strict=True) if c in _POINTS]
    return any(blot[0] - reach <= x <= blot[2] + reach for x in marks)


def cut(gray: Gray, line: Print, more: int = 0) -> Gray:
    """The line's part of a sheet, framed in white: the recogniser likes air above and below.

    `more` pixels to the right show a last point too faint to count as ink.
    """
    x0, top, x1, bottom = line.box
    part = gray[max(0, top - 2) : bottom + 2, max(0, x0 - _EDGE) : x1 + _EDGE + more]
    frame = max(3, round(_AIR * line.height))
    return np.pad(part, ((frame, frame), (_FRAME, _FRAME)), constant_values=255)


def allowed(cell: Cell) -> str:
    """The letters that can stand in a cell of one letter; empty for other cells."""
    if cell.kind is CellKind.LETTER:
        return letters.INSURER
    return letters.MARK if cell.kind is CellKind.MARK else ""


def _spills(page: Page, cell: Cell, line: Print) -> bool:
    """Whether print goes on just beyond the left or right side of the cell, on the same line."""
    x0, top, x1, bottom = line.box
    left, _, right, _ = (side * SCALE for side in cell.box)
    boxes = page.blots.boxes
    reach = _BESIDE * line.height
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    across = (boxes[:, 0] + boxes[:, 2]) / 2
    same_line = (middle > top) & (middle < bottom)
    after = (boxes[:, 0] >= x1) & (boxes[:, 0] < x1 + reach) & (across >= right)
    before = (boxes[:, 2] <= x0) & (boxes[:, 2] > x0 - reach) & (across < left)
    return bool((same_line & (before | after)).any())


def _believed(name: str, view: _Seen, seen: Mapping[str, _Seen]) -> list[Belief]:
    """What to believe of each line of a cell; dates are judged in pairs."""
    owner, _, last = name.rpartition(".")
    if last in ("effective_date", "expiration_date"):
        return _dates(view, last, seen, owner)
    return [_belief(name, last, sighting) for sighting in view.sightings]


def _belief(name: str, last: str, sighting: Sighting) -> Belief:
    if last == "certificate_date":
        return dates.single(sighting)
    if last == "insurer_letter":
        return letters.believe(sighting, letters.INSURER)
    if last in ("additional_insured", "subrogation_waived", "proprietor_excluded"):
        return letters.believe(sighting, letters.MARK)
    if last == "naic":
        return policy_numbers.believe_code(sighting)
    if last in ("policy_number", "certificate_number"):
        return policy_numbers.believe(sighting)
    if _is_amount(name):
        return amounts.believe(sighting)
    if last == "limits":
        return names.believe_limits(sighting)
    if last == "description_of_operations":
        return names.believe_prose(sighting)
    if last == "email":
        return names.believe_email(sighting)
    return names.believe(sighting)


def _is_amount(name: str) -> bool:
    owner, _, last = name.rpartition(".")
    text_only = ("description", "limits", "name", "contact_name", "phone", "fax", "email")
    return owner.endswith(("liability", "compensation")) and last not in text_only


def _dates(view: _Seen, last: str, seen: Mapping[str, _Seen], owner: str) -> list[Belief]:
    other = "expiration_date" if last == "effective_date" else "effective_date"
    partner = seen.get(f"{owner}.{other}")
    if partner is None or len(partner.sightings) != len(view.sightings):
        return [dates.single(sighting) for sighting in view.sightings]
    pairs = zip(view.sightings, partner.sightings, strict=True)
    if last == "effective_date":
        return [dates.pair(mine, theirs)[0] for mine, theirs in pairs]
    return [dates.pair(theirs, mine)[1] for mine, theirs in pairs]


def _reading(view: _Seen, beliefs: list[Belief], number: int) -> CellReading:
    pairs = zip(beliefs, view.sightings, strict=True)
    lines = tuple(_line(belief, sighting) for belief, sighting in pairs)
    doubt = view.content.doubt
    if len(lines) > 1 and _holds_one(view.cell):
        doubt = doubt or "More than one line stands in this box."
    return CellReading(number, Source.OCR, lines, view.cell.box, None, doubt)


def _line(belief: Belief, sighting: Sighting) -> Line:
    where = sighting.line.box_in_points
    second = sighting.second.text if sighting.second else None
    differs = belief.doubt is not None and second != belief.text
    return Line(belief.text, where, belief.confidence, belief.doubt, second if differs else None)


def _holds_one(cell: Cell) -> bool:
    return cell.kind is not CellKind.LINES and cell.row != "other"
