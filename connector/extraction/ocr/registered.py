"""A page of a known form read cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Source
from connector.extraction.editions import Cell, CellKind
from connector.extraction.ocr import glyphs, over_rules, specks, ticks, unread
from connector.extraction.ocr.acceptance import amounts, dates, letters, names, policy_numbers
from connector.extraction.ocr.cells import Content, Page, content
from connector.extraction.ocr.glyphs import Print
from connector.extraction.ocr.over_rules import View
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
    zeros = _zeros(seen.values())
    seen = {name: _with_zeros(view, zeros) for name, view in seen.items()}
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


def _zeros(views: Iterable[_Seen]) -> NDArray[np.float64]:
    """Height of the print and width of each 0 in the page's amounts, where nothing is in doubt."""
    found = []
    for view in views:
        if view.cell.kind is not CellKind.AMOUNT:
            continue
        for sighting in view.sightings:
            text = solid(sighting.first.text)
            columns = sighting.glyphs(len(text))
            if columns is None or amounts.believe(sighting).doubt:
                continue
            widths = (columns[:, 1] - columns[:, 0]).tolist()
            pairs = zip(text, widths, strict=True)
            found += [(sighting.line.height, width) for mark, width in pairs if mark == "0"]
    return np.array(found, dtype=np.float64).reshape(-1, 2)


def _with_zeros(view: _Seen, zeros: NDArray[np.float64]) -> _Seen:
    """A number's sightings with the width of the zeros that the page has in print of its height."""
    if not _is_number(view.cell):
        return view
    known = []
    for sighting in view.sightings:
        alike = np.abs(zeros[:, 0] / sighting.line.height - 1) <= _SAME_PRINT
        width = float(np.median(zeros[alike, 1])) if alike.sum() >= _ENOUGH_ZEROS else None
        known.append(replace(sighting, zero=width))
    return replace(view, sightings=tuple(known))


_SAME_PRINT, _ENOUGH_ZEROS = 0.1, 6


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
        if is_words:
            first, second = _over_rules(page, line, readers, (first, second), sharp)
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
        dusty=_is_dusty(page, line, first, places, is_words=is_words),
        tailed=is_words and _is_tailed(page, line, first, places),
        unread=_has_unread_ink(page, cell, line, solid(first.text), places),
        told_apart=_told_apart(page, line, places),
        places=places,
        grounded=over_rules.stands_on_rule(page.erased, line),
        crossed=over_rules.crossed_at(page.erased, line),
    )


def _over_rules(page: Page, line: Print, readers: Readers, seen: View, sharp: bool) -> View:
    """What to go by where the form's rules run through words: they are read with the rules too."""
    more = round(0.5 * line.height)

    def read(gray: Gray) -> View:
        return readers.both(cut(gray, line, more), patient=sharp)

    at = over_rules.crossed_at(page.erased, line)
    if at is not None:
        width = cut(page.erased.gray, line, more).shape[1]
        places = _places(line, seen[0], width)
        crossed = over_rules.stands_at(at, seen[0], places, line.height)
        views = over_rules.with_rule(page.erased, page.before, line)
        return over_rules.settled(seen, crossed, lambda: map(read, views))
    if over_rules.touches(page.erased, line) and names.may_be_cut(*seen):
        first, second = read(page.before)
        if second is not None and solid(first.text) == solid(second.text):
            return first, second
    return seen


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


def _is_dusty(
    page: Page, line: Print, seen: Glimpse, places: Sequence[float], *, is_words: bool
) -> bool:
    """Whether a speck, whitened as dirt or read as a point, could as well be the other: words may end
    in one, numbers do not."""
    x0, top, x1, bottom = line.box
    middles = (page.dirt.boxes[:, :2] + page.dirt.boxes[:, 2:]) / 2
    beside = (middles[:, 0] > x0) & (middles[:, 0] < x1 + (line.height if is_words else 0))
    level = (middles[:, 1] > top) & (middles[:, 1] < bottom + 3)
    large = page.dirt.areas >= (_POINT * line.height) ** 2
    chosen = np.flatnonzero(beside & level & large)
    dirt = zip(page.dirt.boxes[chosen], page.dirt.areas[chosen], strict=True)
    if any(specks.may_be_a_point(line, speck, int(area)) for speck, area in dirt):
        return True
    if is_words and seen.text[-1:].isalnum() and specks.has_faint_end(line, page.dirty):
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
