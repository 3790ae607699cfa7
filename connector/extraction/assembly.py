"""Cells -> entries: the same for form fields, text layer and OCR."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from connector.certificate import values
from connector.certificate.entry import BLANK, Box, Entry, Evidence, State, read, unclear
from connector.certificate.field import Kind
from connector.certificate.fields import BY_PATH
from connector.extraction.editions import ROWS, Edition
from connector.extraction.free_rows import free_rows, next_row
from connector.extraction.parties import divide, one_line
from connector.extraction.reading import CellReading, Line, PageReading, reasons

NOT_FOUND = "This box was not found on the page."
TWO_CHOICES = "More than one box is ticked where one is expected."
SEVERAL_POLICIES = "More than one policy number may be printed here."
ACROSS_ROWS = "The policy number may run on into the next row."
NO_TICK = "An amount stands here, but neither deductible nor retention is ticked."
BOTH_TICKED = "Both deductible and retention are ticked over one amount."


def entries(reading: PageReading, edition: Edition) -> dict[str, Entry[Any]]:
    """Every entry that the cells of the edition speak of. Missing cells are unclear."""
    cells = {name: reading.cells.get(name) or _not_found(reading) for name in edition.cells}
    found: dict[str, Entry[Any]] = {}
    for name, cell in cells.items():
        if name in BY_PATH:
            found[name] = entry_of(name, cell)
    found |= _policy_numbers(cells)
    found |= _parties(cells) | _choices(cells) | _retention(cells) | free_rows(cells)
    found["description_of_operations"] = entry_of(
        "description_of_operations", cells["description_of_operations"]
    )
    if reading.doubt:
        found |= next_row(found, reading.doubt)
        found = {path: entry.doubted(reading.doubt) for path, entry in found.items()}
    if reading.on_page is None:
        return found
    return {path: _shown(entry, reading.on_page) for path, entry in found.items()}


def _shown(entry: Entry[Any], on_page: Callable[[Box], Box]) -> Entry[Any]:
    """The entry with its evidence where a person sees it."""

    def shown(evidence: Evidence) -> Evidence:
        return replace(evidence, box=on_page(evidence.box)) if evidence.box else evidence

    others = tuple(shown(other) for other in entry.others)
    return replace(entry, evidence=entry.evidence and shown(entry.evidence), others=others)


def _not_found(reading: PageReading) -> CellReading:
    return CellReading(reading.page, reading.source, doubt=NOT_FOUND)


def evidence_of(cell: CellReading, lines: Iterable[Line] | None = None) -> Evidence:
    """Where the lines (all of the cell's if not given) were seen."""
    chosen = cell.lines if lines is None else tuple(lines)
    box = around(line.box for line in chosen) or cell.box
    confidence = min((line.confidence for line in chosen), default=1.0)
    text = "\n".join(line.text for line in chosen) or ("X" if cell.ticked else "")
    return Evidence(cell.page, box, text, cell.source, confidence)


def around(boxes: Iterable[Box]) -> Box | None:
    """The box around boxes; None when there are none."""
    found = list(boxes)
    if not found:
        return None
    x0, top, x1, bottom = zip(*found, strict=True)
    return min(x0), min(top), max(x1), max(bottom)


def entry_of(path: str, cell: CellReading) -> Entry[Any]:
    """The entry of a cell that is a model path by itself."""
    kind = BY_PATH[path].kind
    evidence = evidence_of(cell)
    if path == "authorized_representative_signed" and not cell.ticked and not cell.doubt:
        return BLANK
    if kind is Kind.TICK or (kind is Kind.MARK and cell.ticked is not None):
        entry = _tick(cell, evidence)
    else:
        entry = values.entry(path, kind, evidence)
    if why := cell.reason:
        doubtful = Entry(entry.value, State.UNCLEAR, evidence, entry.words, entry.doubt)
        return replace(doubtful.doubted(why), others=second_readings(cell, cell.lines))
    return entry


def second_readings(cell: CellReading, lines: Iterable[Line]) -> tuple[Evidence, ...]:
    """What a second reader saw, where it saw something else."""
    return tuple(
        Evidence(cell.page, line.box, line.second, cell.source, line.confidence)
        for line in lines
        if line.second is not None
    )


def _tick(cell: CellReading, evidence: Evidence) -> Entry[bool]:
    if cell.ticked is None:
        return unclear(None, evidence, cell.doubt or NOT_FOUND)
    return read(cell.ticked, evidence)


def _policy_numbers(cells: Mapping[str, CellReading]) -> dict[str, Entry[Any]]:
    """Policy numbers on several lines: one that was wrapped is one, anything else may be two."""
    found = {}
    for row in ROWS[:-1]:
        path = f"{row}.policy_number"
        cell = cells[path]
        if len(cell.lines) > 1 and not _is_wrapped(cell):
            found[path] = entry_of(path, cell).doubted(SEVERAL_POLICIES)
    for upper, lower in pairwise(ROWS):
        if _may_be_one(cells, upper, lower):
            for row in (upper, lower) if lower != "other" else (upper,):
                path = f"{row}.policy_number"
                found[path] = entry_of(path, cells[path]).doubted(ACROSS_ROWS)
    return found


def _may_be_one(cells: Mapping[str, CellReading], upper: str, lower: str) -> bool:
    """Whether a policy number may run from one row into the next, one of which has no dates, or one of two
    numbers in a row belong to the next one."""
    first, second = cells[f"{upper}.policy_number"].lines, cells[f"{lower}.policy_number"].lines
    dated = all(cells[f"{row}.effective_date"].lines for row in (upper, lower))
    single = len(first) == 1 and len(second) == 1
    if not first or not second or (dated and (single or lower == "other")):
        return False
    height = max(first[-1].box[3] - first[-1].box[1], 4.0)
    return second[0].box[1] - first[-1].box[1] <= LARGEST_PITCH * height


FULL_LINE = 0.55
"""Share of its box that the first line of a wrapped policy number fills at least."""
LARGEST_PITCH = 2.4
"""Times its height that the next line of a wrapped policy number may begin below a line."""


def _is_wrapped(cell: CellReading) -> bool:
    first, second, *more = cell.lines
    if more or cell.box is None:
        return False
    height = max(first.box[3] - first.box[1], 4.0)
    near = second.box[1] - first.box[1] <= LARGEST_PITCH * height
    if first.box == second.box:  # of a form field, which does not say how wide its lines are
        return first.text.endswith(("-", "/", "_"))
    full = first.box[2] - first.box[0] >= FULL_LINE * (cell.box[2] - cell.box[0])
    return near and (full or first.text.endswith(("-", "/", "_")))


def _parties(cells: Mapping[str, CellReading]) -> dict[str, Entry[Any]]:
    found: dict[str, Entry[Any]] = {}
    for block in ("producer", "insured", "certificate_holder"):
        cell = cells[block]
        party = divide(cell, one_name_line=block == "producer")
        found[f"{block}.name"] = _part(cell, party.name, " ", party.doubt)
        found[f"{block}.address"] = _part(cell, party.address, ", ", party.doubt)
    return found


def _part(cell: CellReading, lines: tuple[Line, ...], joiner: str, doubt: str | None) -> Entry[str]:
    said = reasons(cell.doubt, lines)
    doubts = " ".join(reason for reason in (said, doubt) if reason)
    if not lines:
        return unclear(None, evidence_of(cell), doubts) if doubts else BLANK
    text = values.tidy(one_line(lines, joiner))
    evidence = evidence_of(cell, lines)
    if doubts:
        return replace(unclear(text, evidence, doubts), others=second_readings(cell, lines))
    return read(text, evidence)


_CHOICES = ("general_liability.aggregate_applies_per", "umbrella_liability.type")


def _choices(cells: Mapping[str, CellReading]) -> dict[str, Entry[Any]]:
    return {
        path: _choice(
            {n.partition("=")[2]: c for n, c in cells.items() if n.startswith(f"{path}=")}
        )
        for path in _CHOICES
    }


def _choice(options: Mapping[str, CellReading]) -> Entry[str]:
    ticked = [option for option, cell in options.items() if cell.ticked]
    doubtful = [cell for cell in options.values() if cell.doubt]
    value = ticked[0] if ticked else None
    cell = options[ticked[0]] if ticked else next(iter(doubtful), None)
    if cell is None:
        return BLANK
    evidence = evidence_of(cell)
    if doubtful:
        return unclear(value, evidence, doubtful[0].doubt or NOT_FOUND)
    return unclear(value, evidence, TWO_CHOICES) if len(ticked) > 1 else read(value, evidence)  # type: ignore[arg-type]


def _retention(cells: Mapping[str, CellReading]) -> dict[str, Entry[Any]]:
    """One amount stands behind two tick boxes, DED and RETENTION: the ticked one owns it."""
    line = "umbrella_liability"
    amount = entry_of(f"{line}.retention", cells[f"{line}.deductible_or_retention"])
    owners = {name: cells[f"{line}.{name}=ticked"] for name in ("deductible", "retention")}
    ticked = [name for name, cell in owners.items() if cell.ticked]
    doubts = [cell.doubt for cell in owners.values() if cell.doubt]
    if amount.is_blank:
        return {f"{line}.{name}": BLANK for name in owners}
    if len(ticked) == 1 and not doubts:
        return {f"{line}.{n}": amount if n in ticked else BLANK for n in owners}
    why = doubts[0] if doubts else (BOTH_TICKED if ticked else NO_TICK)
    return {
        f"{line}.retention": amount.doubted(why or NO_TICK),
        f"{line}.deductible": unclear(None, amount.evidence, why or NO_TICK),
    }
