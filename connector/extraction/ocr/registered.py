"""A page of a known form read cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from connector.certificate.entry import Source
from connector.extraction.editions import Cell, CellKind
from connector.extraction.ocr import ticks
from connector.extraction.ocr.acceptance import (
    amounts,
    dates,
    letters,
    limits,
    names,
    policy_numbers,
    prose,
)
from connector.extraction.ocr.cells import Content, Page, content
from connector.extraction.ocr.looking import NUMBERS, is_number, sight
from connector.extraction.ocr.paper import INK_LEVEL
from connector.extraction.ocr.readers import Readers
from connector.extraction.ocr.sheet import SCALE
from connector.extraction.ocr.sighting import Belief, Sighting
from connector.extraction.ocr.spacing import solid
from connector.extraction.reading import CellReading, Line


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
    readings = _ticks(page, [cell for cell in cells if cell.kind is CellKind.TICK], number)
    seen: dict[str, _Seen] = {}
    for cell in cells:
        if cell.kind is CellKind.TICK:
            continue
        if cell.kind is CellKind.SIGNATURE:
            readings[cell.name] = _signature(page, cell, number)
        else:
            seen[cell.name] = _see(page, cell, readers)
    digits = _Digits(
        _zeros(seen.values()), _measured(seen.values(), "0"), _measured(seen.values(), "1")
    )
    seen = {name: _with_digits(view, digits) for name, view in seen.items()}
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
        filled = [readings[cell.name] for cell in row if cell.kind in NUMBERS or is_number(cell)]
        sure = any(reading.lines and reading.reason is None for reading in filled)
        if sure or not any(reading.reason for reading in filled):
            continue
        for cell in row:
            reading = readings[cell.name]
            readings[cell.name] = replace(reading, doubt=reading.doubt or _MAYBE_EMPTY)
    return readings


_MAYBE_EMPTY = "It is not clear whether this line of the form is filled in."


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


def _measured(views: Iterable[_Seen], mark: str) -> NDArray[np.float64]:
    """Height of the print, width and lean of each such digit in the amounts and dates that both readers
    see alike, finer than to a pixel."""
    found = []
    for view in views:
        for sighting in view.sightings if view.cell.kind in NUMBERS else ():
            text = solid(sighting.first.text)
            alike = sighting.second is not None and solid(sighting.second.text) == text
            if not alike or sighting.touching or not sighting.measured(len(text)):
                continue
            assert sighting.widths is not None  # noqa: S101 - `measured` says so
            assert sighting.leans is not None  # noqa: S101
            marks = zip(text, sighting.widths.tolist(), sighting.leans.tolist(), strict=True)
            found += [(sighting.line.height, *each) for one, *each in marks if one == mark]
    rows = np.array(found, dtype=np.float64).reshape(-1, 3)
    return rows[~np.isnan(rows).any(axis=1)]


def exact_zero(widths: NDArray[np.float64]) -> float | None:
    """The width of zeros that are all alike; None where they are few or the print is not that clean."""
    if len(widths) < _ENOUGH_ZEROS:
        return None
    low, middle, high = np.percentile(widths, (10, 50, 90))
    return float(middle) if high - low <= _SPREAD * middle else None


_SPREAD = 0.04
"""Share of their width that the zeros of a clean scan differ by: most by 0.01, on faxes by 0.1."""


@dataclass(frozen=True, slots=True)
class _Digits:
    """What is known of the digits of a page: rows of their print's height and what was measured."""

    zeros: NDArray[np.float64]
    exact_zeros: NDArray[np.float64]
    exact_ones: NDArray[np.float64]


def _with_digits(view: _Seen, digits: _Digits) -> _Seen:
    """A number's sightings with what is known of the digits that the page has in print of its height."""
    if not is_number(view.cell):
        return view
    known = []
    for sighting in view.sightings:
        zeros, exact, ones = (
            each[np.abs(each[:, 0] / sighting.line.height - 1) <= _SAME_PRINT, 1:]
            for each in (digits.zeros, digits.exact_zeros, digits.exact_ones)
        )
        zero = exact_zero(exact[:, 0])
        known.append(
            replace(
                sighting,
                zero=usual_zero(zeros[:, 0]),
                exact_zero=zero,
                usual_flag=usual_flag(ones[:, 1]) if zero else None,
            )
        )
    return replace(view, sightings=tuple(known))


def usual_flag(leans: NDArray[np.float64]) -> float | None:
    """How far the ones reach out to the left at their top; None where they are few."""
    return float(np.median(leans)) if len(leans) >= _ENOUGH_ONES else None


_ENOUGH_ONES = 3
_SAME_PRINT, _ENOUGH_ZEROS = 0.1, 6


def usual_zero(widths: NDArray[np.float64]) -> float | None:
    """The usual width of zeros; None where they are few or differ, as those that touch do."""
    if len(widths) < _ENOUGH_ZEROS:
        return None
    middle = float(np.median(widths))
    near = np.abs(widths / middle - 1) <= _ALIKE
    return middle if near.mean() >= _MOST else None


_ALIKE, _MOST = 0.15, 0.7


def _ticks(page: Page, cells: Sequence[Cell], number: int) -> dict[str, CellReading]:
    strokes = ticks.across_rules(page.erased.ink, page.before < INK_LEVEL)
    crossed = ticks.crossed(strokes, [cell.box for cell in cells])
    pairs = zip(cells, crossed, strict=True)
    return {cell.name: _tick(page, cell, number, is_crossed) for cell, is_crossed in pairs}


def _tick(page: Page, cell: Cell, number: int, is_crossed: bool) -> CellReading:
    ticked, doubt = ticks.judge(page.ticks, cell.box)
    mark = (Line("X", cell.box),) if ticked else ()
    why = ticks.STROKE if is_crossed else doubt
    return CellReading(number, Source.OCR, mark, cell.box, ticked, why)


def _signature(page: Page, cell: Cell, number: int) -> CellReading:
    x0, top, x1, bottom = (side * SCALE for side in cell.box)
    inside = page.blots.chosen(page.blots.centred_in(cell.box))
    ink = int(inside.areas.sum())
    if page.foreign is not None:
        ink += int(page.foreign[round(top) : round(bottom), round(x0) : round(x1)].sum())
    return CellReading(number, Source.OCR, (), cell.box, ink > 400)


def _see(page: Page, cell: Cell, readers: Readers) -> _Seen:
    found = content(page, cell)
    sightings = tuple(sight(page, cell, line, readers) for line in found.lines)
    return _Seen(cell, found, sightings)


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
        return limits.believe(sighting)
    if last == "description_of_operations":
        return prose.believe(sighting)
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
    other = second if differs else None
    return Line(belief.text, where, belief.confidence, belief.doubt, other, belief.words_stand)


def _holds_one(cell: Cell) -> bool:
    return cell.kind is not CellKind.LINES and cell.row != "other"
