"""A certificate in a maker's own print: its words and rules -> its cells, read as those of an edition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from connector.certificate.entry import Box, Source
from connector.extraction import editions
from connector.extraction.alignment import BESIDE
from connector.extraction.editions import Cell, CellKind, Edition
from connector.extraction.labels import plain
from connector.extraction.ocr import glyphs, looking
from connector.extraction.ocr.cells import Page, prepare
from connector.extraction.ocr.erasing import erase
from connector.extraction.ocr.glyphs import Print as PrintedLine
from connector.extraction.ocr.misplaced import is_misplaced
from connector.extraction.ocr.own_print import cells, desk, placing
from connector.extraction.ocr.own_print.cells import Print
from connector.extraction.ocr.own_print.desk import Desk
from connector.extraction.ocr.own_print.placing import Placed
from connector.extraction.ocr.own_print.printed import Labels, holds, is_part_of
from connector.extraction.ocr.readers import Readers
from connector.extraction.ocr.recogniser import Recogniser
from connector.extraction.ocr.registered import read_cells, with_doubtful_rows
from connector.extraction.ocr.sheet import SCALE
from connector.extraction.page_kinds import PageKind, kind_of, printed_forms
from connector.extraction.reading import CellReading, Line, PageReading
from connector.extraction.words import Word

NOT_PLACED = "This box was not found with certainty on this print of the form."
BESIDE_LABEL = "Print stands in the box of this limit, but not where its amount was expected."
TITLE = "CERTIFICATE OF LIABILITY INSURANCE"
_DRAWN = (CellKind.TICK, CellKind.SIGNATURE)


def is_certificate(lines: Sequence[Line], words: Sequence[Word]) -> bool:
    """Whether the words of a form are those of a certificate of liability insurance."""
    kind = kind_of([line.text for line in lines])
    if kind is PageKind.LETTER:
        return len(Labels.among(words, [TITLE]).seen) == 1
    return kind is PageKind.CERTIFICATE


def read(
    page: Desk, lines: Sequence[Line], words: Sequence[Word], readers: Readers, number: int
) -> PageReading | None:
    """The page's cells; None where its table leaves doubt. Cells not found for certain are in doubt."""
    printed = _printed(page, lines, words, readers)
    known = [edition for edition in editions.all() if edition.name == printed]
    edition = placing.nearest(known or editions.all(), words)
    placed = placing.place(page, edition, words, readers)
    return _read(page, placed, readers, number, printed) if placed else None


def _printed(
    page: Desk, lines: Sequence[Line], words: Sequence[Word], readers: Readers
) -> str | None:
    """The edition printed on the form, where the label pass and another reader see the same."""
    first = {
        form.edition
        for line in lines
        for form in printed_forms(line.text)
        if form.form == "ACORD 25"
    }
    if len(first) != 1:
        return None
    at = next(line for line in lines if printed_forms(line.text))
    x0, top, x1, bottom = at.box
    seen = desk.read_lines(page, (x0 - 2, top - 2, x1 + 2, bottom + 2), readers.first)
    second = {form.edition for word in seen for form in printed_forms(word.text)}
    return first.pop() if first == second else None


def _read(
    page: Desk, placed: Placed, readers: Readers, number: int, printed: str | None
) -> PageReading:
    edition = _moved(placed, page)
    typed = [cell.box for cell in edition.cells.values() if cell.kind not in _DRAWN]
    rules = [*page.ruled.boxes, *_sides(placed), *_inner_rules(placed)]
    erased = erase(page.sheet.gray, rules, typed, [label.box for label in placed.labels])
    prepared = prepare(page.sheet.gray, erased, placed.labels)
    found = read_cells(prepared, edition.cells.values(), readers, number)
    found = {name: _without_sign(_on_rule(cell)) for name, cell in found.items()}
    found = _with_strays(prepared, placed, found, readers.first)
    rests = _with_rests(edition, placed)
    is_own = _is_label_of(prepared, placed, readers.first)
    doubt = BESIDE if is_misplaced(prepared, rests, found, is_own) else None
    nothing = CellReading(number, Source.OCR, doubt=NOT_PLACED)
    every = placed.form.edition.cells
    found = with_doubtful_rows({**dict.fromkeys(every, nothing), **found}, every.values())
    text = f"{edition.form} ({printed})" if printed else ""
    return PageReading(
        number, Source.OCR, placed.form.edition, found, text, doubt, on_page=page.sheet.on_page
    )


def _moved(placed: Placed, page: Desk) -> Edition:
    """The edition as this page prints it, with the cells that are certain."""
    form = placed.form
    columns = {**form.table.columns}
    amounts = [
        box
        for name, box in placed.boxes.items()
        if form.edition.cells[name].kind is CellKind.AMOUNT
    ]
    columns["amount"] = (
        min((box[0] for box in amounts), default=columns["limits"][0]),
        columns["limits"][1],
    )
    return replace(
        form.edition,
        page=page.size,
        columns=columns,
        rows=dict(form.table.rows),
        cells={
            name: replace(form.edition.cells[name], box=box) for name, box in placed.boxes.items()
        },
        labels=placed.labels,
        rules=tuple(page.ruled.boxes),
    )


def _sides(placed: Placed) -> Iterable[Box]:
    """The sides of the tick boxes, which are too short to be known as rules by themselves."""
    for name, (x0, top, x1, bottom) in placed.boxes.items():
        if placed.form.edition.cells[name].kind in (CellKind.TICK, CellKind.MARK) and x1 - x0 < 25:
            yield from (
                (x0, top, x1, top),
                (x0, bottom, x1, bottom),
                (x0, top, x0, bottom),
                (x1, top, x1, bottom),
            )


def _inner_rules(placed: Placed) -> Iterable[Box]:
    """The rules that the form has inside a block, where they should be in this print of it."""
    for name, box in placed.boxes.items():
        cell = placed.form.edition.cells[name]
        if cell.kind is not CellKind.LINES or cell.row is not None:
            continue
        x_scale = (box[2] - box[0]) / (cell.box[2] - cell.box[0])
        for x0, top, x1, bottom in placed.form.edition.rules:
            if (
                cell.box[0] + 2 < x0
                and x1 < cell.box[2] - 2
                and cell.box[1] + 2 < top
                and bottom <= cell.box[3]
            ):
                left, right = (box[0] + (x - cell.box[0]) * x_scale for x in (x0, x1))
                yield left, box[3] - (cell.box[3] - top), right, box[3] - (cell.box[3] - bottom)


def _with_rests(edition: Edition, placed: Placed) -> Edition:
    """With a row's part of a column as a cell too where not all is known that the form has there: the
    ink in it is read by nobody, but not astray."""
    form = placed.form
    missing = [cell for name, cell in form.edition.cells.items() if name not in placed.boxes]
    open_ones = {
        (cell.row, column) for cell in missing for column in _columns_of(form.edition, cell)
    }
    open_ones.add(("workers_compensation", "additional_insured"))  # N / A
    open_ones |= {(row, "type") for row in edition.rows}  # small print, in which labels are missed
    rests = {}
    for row, column in open_ones:
        box = form.table.cell(row, column) if row else None
        if box:
            name = f"{row}.rest_{column}"
            rests[name] = Cell(name, CellKind.VALUE, box)
    beside = [
        Cell(f"{cell.name}.beside", CellKind.VALUE, _strip(form, cell))
        for cell in edition.cells.values()
        if cell.kind is CellKind.TICK and cell.box[0] >= form.table.columns["limits"][0] - 2
    ]
    rests |= {cell.name: cell for cell in beside}
    return replace(edition, cells={**edition.cells, **rests})


def _strip(form: Print, cell: Cell) -> Box:
    """The line of the limits' column in which a tick box stands, with the words of its label."""
    x0, x1 = form.table.columns["limits"]
    return x0, cell.box[1], x1, cell.box[3]


def _columns_of(edition: Edition, cell: Cell) -> Iterable[str]:
    middle = (cell.box[0] + cell.box[2]) / 2
    return (name for name, (x0, x1) in edition.columns.items() if x0 <= middle <= x1)


def _on_rule(cell: CellReading) -> CellReading:
    """In doubt where a line hangs from the rule above it, which may have taken the bar of a T or a 7."""
    top = cell.box[1] if cell.box else 0.0
    hangs = any(line.box[1] - top < HANGING for line in cell.lines) and cell.ticked is None
    return replace(cell, doubt=cell.doubt or ON_RULE) if hangs else cell


HANGING = 0.6
"""Points between a rule and print that hangs from it."""
ON_RULE = "Print touches the rule above it, which may hide a part of it."


def _without_sign(cell: CellReading) -> CellReading:
    """Words in the place of an amount without the form's dollar sign before them."""
    lines = tuple(
        replace(line, text=found[1]) if (found := _SIGN.match(line.text)) else line
        for line in cell.lines
    )
    return replace(cell, lines=lines)


_SIGN = re.compile(r"^\$\s*([A-Za-z]{4,})$")


def _is_label_of(page: Page, placed: Placed, reader: Recogniser) -> Callable[[PrintedLine], bool]:
    """Whether a line of print beside the limits is a part of its row's labels that no label was known
    by: the line above it, or what a rule touches."""
    form = placed.form

    def is_label(line: PrintedLine) -> bool:
        x0, top, x1, bottom = line.box_in_points
        for row in form.table.rows:
            column = form.table.cell(row, "limits")
            if column and holds(column, (x0, top, x1, bottom)):
                text = reader.read([looking.cut(page.erased.gray, line)])[0].text
                long_enough = len(plain(text)) >= SHORTEST_LABEL
                return long_enough and is_part_of(text, cells.limit_texts(form.edition, row))
        return False

    return is_label


SHORTEST_LABEL = 5
"""Letters of what is a label's part by no chance."""


def _with_strays(
    page: Page, placed: Placed, found: dict[str, CellReading], reader: Recogniser
) -> dict[str, CellReading]:
    """Limits in doubt beside whose place print stands that is no label: some forms have the amount below
    its label. Where that is a number, no empty limit of the page is sure to be empty."""
    amounts = {
        name: texts for name in found if (texts := _beside(page, placed, name, reader)) is not None
    }
    astray = {
        name for name, (texts, own) in amounts.items() if not all(is_part_of(t, own) for t in texts)
    }
    strays = [t for texts, own in amounts.values() for t in texts if not is_part_of(t, own)]
    if any(any(map(str.isdigit, text)) for text in strays):
        astray |= {name for name in amounts if not found[name].lines}
    doubtful = {
        name: replace(found[name], doubt=found[name].doubt or BESIDE_LABEL) for name in astray
    }
    return {**found, **doubtful}


def _beside(
    page: Page, placed: Placed, name: str, reader: Recogniser
) -> tuple[list[str], set[str]] | None:
    """What stands left of the place of a limit beside its labels, and what its row's labels say; None
    for other cells."""
    form, box = placed.form, placed.boxes[name]
    cell = form.edition.cells[name]
    column = form.table.cell(cell.row or "", "limits")
    if cell.kind is not CellKind.AMOUNT or column is None or box[0] < column[0]:
        return None
    inside = page.blots.chosen(
        page.blots.centred_in((column[0] + 1, box[1] + 1, box[0], box[3] - 1))
    )
    heights = inside.boxes[:, 3] - inside.boxes[:, 1]
    strays = glyphs.lines(inside.chosen(heights >= _LEAST_LETTER * SCALE))
    texts = [reader.read([looking.cut(page.erased.gray, line)])[0].text for line in strays]
    return [text for text in texts if plain(text)], cells.limit_texts(form.edition, cell.row or "")


_LEAST_LETTER = 3.0
"""Points of height of a letter, at least."""
