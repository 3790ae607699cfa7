"""Where the cells of an edition stand on a maker's own print, and which words there are the form's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from connector.certificate.entry import Box
from connector.extraction.editions import Cell, CellKind, Edition, Label
from connector.extraction.labels import plain
from connector.extraction.ocr.own_print import cells, desk, marks, table
from connector.extraction.ocr.own_print.cells import Print
from connector.extraction.ocr.own_print.desk import Desk
from connector.extraction.ocr.own_print.printed import Labels, Seen, cut_at, folded, holds
from connector.extraction.ocr.own_print.ruled import Ruled
from connector.extraction.ocr.readers import Readers
from connector.extraction.ocr.sheet import SCALE
from connector.extraction.words import Word

_WITHIN = 1.0
"""Points that a label may reach into a cell."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An edition's cells on this page, and the labels that stand where the form has them."""

    form: Print
    boxes: Mapping[str, Box]
    labels: tuple[Label, ...]


def nearest(known: Iterable[Edition], words: Sequence[Word]) -> Edition:
    """The edition most of whose labels are among the words; the newer one of two alike."""
    return max(known, key=lambda edition: _share_seen(edition, words))


def _share_seen(edition: Edition, words: Sequence[Word]) -> float:
    texts = {folded(label.text) for label in edition.labels} - {""}
    seen = {one.label for one in Labels.among(words, texts).seen}
    return len(seen) / len(texts)


def place(page: Desk, edition: Edition, words: Sequence[Word], readers: Readers) -> Placed | None:
    found = _print(page, edition, words, readers)
    if found is None:
        return None
    boxes = cells.place(found)
    missing = [cell for cell in edition.cells.values() if cell.name not in boxes and cell.label]
    if missing:
        below = any(cell.row is None and cell.box[1] > edition.rows["other"][1] for cell in missing)
        unread = [word for word in words if not any(holds(box, word.box) for box in boxes.values())]
        found = _looked_at_again(page, found, unread, readers, below=below)
        boxes = cells.place(found)
    missing = [cell for cell in missing if cell.name not in boxes]
    if any(cell.kind is CellKind.TICK for cell in missing):
        found = _with_tick_labels(page, found, readers, missing)
        boxes = cells.place(found)
    boxes, printed = _behind_signs(page, edition, boxes, readers)
    boxes |= {
        name: marks.behind_colon(page, box)
        for name, box in boxes.items()
        if _has_colon(edition.cells[name])
    }
    labels = (*_labels(found, boxes), *_headings(found), *printed)
    hidden = [name for name in boxes if _is_under_label(edition.cells[name], boxes[name], labels)]
    return Placed(found, {name: box for name, box in boxes.items() if name not in hidden}, labels)


def _print(page: Desk, edition: Edition, words: Sequence[Word], readers: Readers) -> Print | None:
    labels = Labels.among(words, cells.label_texts(edition) | table.title_texts())

    def heading(box: Box) -> Iterable[str]:
        seen = desk.read_lines(
            page, (box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1), readers.first
        )
        yield "".join(plain(word.text) for word in seen)

    found = table.find(labels, words, page.ruled, heading)
    if found is None:
        return None
    small = Ruled.small(page.sheet.gray, SCALE, found.area)
    return Print(edition, _cut(labels, page.ruled, small), page.ruled, small, found)


def _cut(labels: Labels, ruled: Ruled, small: Ruled) -> Labels:
    """The labels without what a reader joined to them over a rule."""

    def cut(seen: Seen) -> Seen:
        sides = desk.uprights_between(ruled, small, seen.box[1], seen.box[3])
        x0, top, x1, bottom = cut_at(seen.box, sides)
        levels = ruled.levels_at(x0, x1)
        top, _, bottom, _ = cut_at((top, x0, bottom, x1), levels)
        return seen._replace(box=(x0, top, x1, bottom))

    return Labels(tuple(map(cut, labels.seen)))


def _looked_at_again(
    page: Desk, form: Print, words: Sequence[Word], readers: Readers, *, below: bool
) -> Print:
    """With what the other reader sees where the label pass saw no label; `below` the table too."""
    known = [seen.box for seen in form.labels.seen]
    left = [
        word
        for word in words
        if form.table.may_hold_labels(word.box, below=below)
        and not any(holds(box, word.box) for box in known)
    ]
    return _with(form, desk.again(page, left, form.small, readers.first))


def _with_tick_labels(page: Desk, form: Print, readers: Readers, missing: Iterable[Cell]) -> Print:
    """With what the other reader sees right of each tick box of the rows in which one is missing."""
    seen: list[Word] = []
    for row in {cell.row for cell in missing if cell.kind is CellKind.TICK}:
        for column in ("type", "limits"):
            block = form.table.cell(row or "", column)
            boxes = form.small.boxes_inside(block, cells.is_tick_box) if block else []
            for _, top, x1, bottom in boxes:
                level = (top + bottom) / 2
                behind = [x for x in form.small.uprights_at(level - 2, level + 2) if x > x1 + 2]
                right = min([*behind, x1 + LONGEST_LABEL])
                seen += desk.read_lines(
                    page, (x1 + 1, top - 0.5, right - 1, bottom + 0.5), readers.first
                )
    return _with(form, seen)


LONGEST_LABEL = 110.0
"""Points across of the label of a tick box."""


def _with(form: Print, words: Sequence[Word]) -> Print:
    more = Labels.among(words, cells.label_texts(form.edition) | table.title_texts())
    return replace(form, labels=form.labels.joined(_cut(more, form.ruled, form.small)))


def _labels(form: Print, boxes: Mapping[str, Box]) -> Iterable[Label]:
    """The labels that are the form's own, as far as that is certain: in the rows of the table those of
    their row, elsewhere those that a cell has."""
    for row, (top, bottom) in form.edition.rows.items():
        own = [label for label in form.edition.labels if top <= _level(label.box) <= bottom]
        texts = {folded(label.text) for label in own}
        for column in ("type", "limits"):
            box = form.table.cell(row, column) if row != "other" else None
            inside = [seen for seen in form.labels.seen if box and holds(box, seen.box)]
            yield from (_label(seen) for seen in inside if seen.label in texts)
    for seen in form.labels.seen:
        if not form.table.holds(seen.box) and cells.is_heading(form, seen, boxes):
            yield _label(seen)


def _level(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _label(seen: Seen) -> Label:
    return Label(seen.label, seen.box)


def _is_under_label(cell: Cell, box: Box, labels: Iterable[Label]) -> bool:
    """Whether what counts as a label lies over the place of a value."""
    if cell.kind in (CellKind.LINES, CellKind.DAY, CellKind.SIGNATURE) and cell.row is None:
        return False
    x0, top, x1, bottom = box
    return any(
        min(x1, label.box[2]) - max(x0, label.box[0]) > _WITHIN
        and min(bottom, label.box[3]) - max(top, label.box[1]) > _WITHIN
        for label in labels
    )


def _behind_signs(
    page: Desk, edition: Edition, boxes: Mapping[str, Box], readers: Readers
) -> tuple[dict[str, Box], list[Label]]:
    """The boxes with those of amounts beginning behind the form's dollar signs; the signs are labels."""
    amounts = {
        name: box for name, box in boxes.items() if edition.cells[name].kind is CellKind.AMOUNT
    }
    found = marks.signs(page, amounts, readers.first)
    unsure = set(marks.unlike(page, amounts, found))
    moved = {name: (found[name].behind, *boxes[name][1:]) for name in found}
    kept = {name: moved.get(name, box) for name, box in boxes.items() if name not in unsure}
    return kept, [Label("$", sign.box) for sign in found.values()]


def _has_colon(cell: Cell) -> bool:
    return cell.kind is CellKind.VALUE and (cell.label or "").endswith(":")


def _headings(form: Print) -> Iterable[Label]:
    """What stands in the boxes of the table's headings."""
    for name, (x0, x1) in form.table.columns.items():
        yield Label(name, (x0, form.table.heading[0], x1, form.table.heading[1]))
