"""A page of a known form read cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from connector.certificate.entry import Source
from connector.extraction.editions import Cell, CellKind
from connector.extraction.ocr import ticks
from connector.extraction.ocr.acceptance import (
    amounts,
    dates,
    english,
    letters,
    limits,
    names,
    policy_numbers,
    prose,
)
from connector.extraction.ocr.cells import Content, Page, content
from connector.extraction.ocr.digits import Digits
from connector.extraction.ocr.looking import NUMBERS, is_number, sight
from connector.extraction.ocr.paper import INK_LEVEL
from connector.extraction.ocr.readers import Readers
from connector.extraction.ocr.sheet import SCALE
from connector.extraction.ocr.sighting import Belief, Sighting
from connector.extraction.ocr.strokes import STRUCK, is_heavy
from connector.extraction.ocr.witness import Stranger, Witness, gather
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
    seen = _with_strokes(seen)
    digits, witness = (
        Digits.of(_each(seen.values())),
        gather(page.erased.gray, _each(seen.values())),
    )
    seen = {name: _settled(view, digits, witness) for name, view in seen.items()}
    for name, view in seen.items():
        beliefs = _witnessed(view, _believed(name, view, seen), witness)
        readings[name] = _reading(view, beliefs, number)
    return with_doubtful_rows(readings, cells)


def _with_strokes(seen: dict[str, _Seen]) -> dict[str, _Seen]:
    """The views; on a page whose print is heavy only dark strokes are such."""
    every = _each(seen.values())
    numbers = [each.struck for cell, each in every if _is_of_digits(cell, each)]
    if not is_heavy(numbers):
        return seen
    return {name: replace(view, sightings=_darkly_struck(view)) for name, view in seen.items()}


def _is_of_digits(cell: Cell, sighting: Sighting) -> bool:
    long = len(sighting.first.text) >= _LEAST_DIGITS
    return long and (cell.kind in NUMBERS or is_number(cell))


_LEAST_DIGITS = 6
"""Characters of a number in which a stroke can be seen."""


def _darkly_struck(view: _Seen) -> tuple[Sighting, ...]:
    return tuple(replace(each, struck=each.struck_darkly) for each in view.sightings)


def _each(views: Iterable[_Seen]) -> Iterator[tuple[Cell, Sighting]]:
    return ((view.cell, sighting) for view in views for sighting in view.sightings)


_WORN = 0.015
"""What a page's characters differ by from their likes on faxes, copies and photos: readers share mistakes in
words there. Measured: 0.004 to 0.012 on scans."""


def _settled(view: _Seen, digits: Digits, witness: Witness) -> _Seen:
    """The view with what the page shows of its characters."""
    settled = [witness.settled(sighting) for sighting in view.sightings]
    if is_number(view.cell):
        settled = [replace(digits.beside(each), told=witness.told(each)) for each in settled]
    else:
        settled = [replace(each, told=witness.told_uprights(each)) for each in settled]
    if view.cell.kind is CellKind.DAY:
        settled = [witness.assured(each) for each in settled]
    settled = [replace(each, is_worn=witness.spread > _WORN) for each in settled]
    return replace(view, sightings=tuple(settled))


def _witnessed(view: _Seen, beliefs: Iterable[Belief], witness: Witness) -> list[Belief]:
    """The beliefs, with a doubt where a character looks like another one of the page."""
    found = []
    for belief, sighting in zip(beliefs, view.sightings, strict=True):
        strangers = witness.strangers(sighting, belief.text) if belief.doubt is None else ()
        strange = next((each for each in strangers if _may_be(view.cell, belief.text, each)), None)
        why = _STRANGE.format(*strange[1:], text=belief.text) if strange else belief.doubt
        if witness.is_poor and (is_number(view.cell) or view.cell.name.endswith("naic")):
            why = why or _POOR
        if is_number(view.cell) and policy_numbers.has_lost_strokes(belief.text, witness.spread):
            why = why or _POOR
        stand = belief.words_stand and not (strange and strange.character.isdigit())
        found.append(replace(belief, doubt=why, words_stand=stand))
    return found


def _may_be(cell: Cell, text: str, strange: Stranger) -> bool:
    """Whether a text may hold what a character of it looks like: no English word that would be none with
    it does, on print so broken that an I is left like the half of a u."""
    index, character, other = strange
    is_word = not is_number(cell) and cell.kind not in NUMBERS
    proved = is_word and english.is_none_with(other, text, index)
    return not proved and _can_be_mixed_up(cell, character, other)


def _can_be_mixed_up(cell: Cell, one: str, other: str) -> bool:
    """Whether a cell can hold the one for the other: words have no digits inside, amounts no letters."""
    if is_number(cell):
        return one.isalnum() == other.isalnum()
    if cell.kind in NUMBERS:
        return one.isdigit() and other.isdigit()
    return (one.isalpha(), one.isdigit()) == (other.isalpha(), other.isdigit())


_POOR = "The print of this page is too poor to be sure of its numbers."
_STRANGE = "The “{}” in “{text}” looks like a “{}” elsewhere on this page."


def with_doubtful_rows(
    readings: Mapping[str, CellReading], cells: Iterable[Cell]
) -> dict[str, CellReading]:
    """Where nothing of a row is sure to be filled in, its ticks and letters say nothing either."""
    readings = dict(readings)
    cells = list(cells)
    rows: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.row is not None:
            rows.setdefault(cell.row, []).append(cell)
    for row in rows.values():
        filled = [readings[cell.name] for cell in row if cell.kind in NUMBERS or is_number(cell)]
        sure = any(_holds_sure_line(reading) for reading in filled)
        if sure or not any(reading.reason for reading in filled):
            continue
        for cell in row:
            reading = readings[cell.name]
            readings[cell.name] = replace(reading, doubt=reading.doubt or _MAYBE_EMPTY)
    return readings


def _holds_sure_line(reading: CellReading) -> bool:
    return reading.doubt is None and any(line.doubt is None for line in reading.lines)


_MAYBE_EMPTY = "It is not clear whether this line of the form is filled in."


def _ticks(page: Page, cells: Sequence[Cell], number: int) -> dict[str, CellReading]:
    strokes = ticks.across_rules(page.erased.ink, page.before < INK_LEVEL)
    boxes = [cell.box for cell in cells]
    every = zip(cells, ticks.crossed(strokes, boxes), ticks.on_sides(strokes, boxes), strict=True)
    return {cell.name: _tick(page, cell, number, *found) for cell, *found in every}


def _tick(page: Page, cell: Cell, number: int, is_crossed: bool, is_marked: bool) -> CellReading:
    ticked, doubt = ticks.judge(page.ticks, cell.box)
    if ticked is False and is_marked:
        ticked, doubt = None, ticks.ON_SIDE
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
        beliefs = _dates(view, last, seen, owner)
    else:
        beliefs = [_belief(name, last, sighting) for sighting in view.sightings]
    if last == "description_of_operations":
        beliefs = prose.with_loose_points(beliefs, view.sightings)
    return list(map(_unless_struck, beliefs, view.sightings))


def _unless_struck(belief: Belief, sighting: Sighting) -> Belief:
    """The same, in doubt where a pen may have struck it out."""
    if not sighting.struck:
        return belief
    return replace(belief, doubt=STRUCK.format(text=belief.text), words_stand=False)


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
