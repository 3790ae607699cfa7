"""The cells of a maker's own print: from each label rays to the rules around it.

A cell is placed only where its label, the rules on all four sides and the cells beside it agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connector.certificate.entry import Box
from connector.extraction.editions import Cell, CellKind, Edition
from connector.extraction.ocr.own_print.printed import Labels, Seen, folded, holds
from connector.extraction.ocr.own_print.ruled import Ruled
from connector.extraction.ocr.own_print.table import Table

TABLE = (
    "insurer_letter", "additional_insured", "subrogation_waived", "policy_number", "effective_date",
    "expiration_date",
)  # fmt: skip
BEHIND = 0.8
"""Points between a label and the value behind it."""
LOWEST, HIGHEST = 7.0, 30.0
"""Points of the height of a box for one limit."""
NARROWEST_AMOUNT = 40.0
SMALLEST_TICK, LARGEST_TICK = 6.0, 21.0
BESIDE_TICK = 9.0
"""Points between a tick box and its label."""
SAME = 1.6
"""Points by which rays from two points may differ and still have met the same rule."""
OTHER_NAMES = {
    "NAME:": ("CONTACT NAME:", "CONTACT"),
    "PREMISES (Ea occurrence)": ("DAMAGE TO RENTED", "DAMAGE TO RENTED PREMISES"),
    "COMBINED SINGLE LIMIT": ("(Ea accident)", "COMBINED SINGLE LIMIT (Ea accident)"),
    "PRO-": ("JECT", "PROJECT", "PRO-JECT"),
    "STATUTE": ("PER STATUTE", "PER"),
    "OTH-": ("ER", "OTHER"),
    "WC STATU-": ("TORY LIMITS", "WC STATUTORY LIMITS"),
    "OWNED": ("OWNED AUTOS ONLY", "OWNED AUTOS"),
    "HIRED": ("HIRED AUTOS ONLY", "HIRED AUTOS"),
    "SCHEDULED": ("SCHEDULED AUTOS",),
    "NON-OWNED": ("NON-OWNED AUTOS ONLY", "NON-OWNED AUTOS"),
    "ALL OWNED": ("ALL OWNED AUTOS",),
}
"""Other words by which the box of a label is known, or the other line of it."""


def label_texts(edition: Edition) -> set[str]:
    """Every text that a label of the edition may have."""
    more = {text for texts in OTHER_NAMES.values() for text in texts}
    return {label.text for label in edition.labels} | more


def limit_texts(edition: Edition, row: str) -> set[str]:
    """The words that the form prints beside the limits of a row."""
    (top, bottom), (x0, x1) = edition.rows[row], edition.columns["limits"]
    area = (x0, top, x1, bottom)
    return {label.text for label in edition.labels if holds(area, label.box)}


@dataclass(frozen=True, slots=True)
class Print:
    """What is known of a maker's print: the words of the form and the boxes that its rules make."""

    edition: Edition
    labels: Labels
    ruled: Ruled
    small: Ruled
    table: Table

    def label(self, cell: Cell, inside: Box | None = None) -> Seen | None:
        """The label of a cell; None where it was not found, or more than once."""
        if cell.label is None:
            return None
        found = self.labels.of(cell.label, inside=inside)
        if not found:
            found = self.labels.of(*OTHER_NAMES.get(cell.label, ()), inside=inside)
        return found[0] if len(found) == 1 else None


def place(page: Print) -> dict[str, Box]:
    """The boxes of the cells that are certain, by name."""
    found = dict(_table_cells(page))
    for cell in page.edition.cells.values():
        box = _placed(page, cell) if cell.name not in found else None
        if box is not None:
            found[cell.name] = box
    return _without_doubles(found)


def _table_cells(page: Print) -> Iterator[tuple[str, Box]]:
    for row in page.table.rows:
        for column in TABLE:
            name, box = f"{row}.{column}", page.table.cell(row, column)
            if name in page.edition.cells and box and page.ruled.closes(box):
                yield name, box
        for name, column in ((f"{row}.description", "type"), (f"{row}.limits", "limits")):
            box = page.table.cell(row, column)
            if name in page.edition.cells and row == "other" and box:
                yield name, box


def _placed(page: Print, cell: Cell) -> Box | None:
    if cell.kind is CellKind.TICK:
        return _tick(page, cell)
    if cell.row is not None:
        return _in_row(page, cell)
    if cell.name == "certificate_holder":
        return _under_title(page, cell)
    if cell.name.endswith(".naic"):
        return _naic(page, cell)
    if cell.kind in (CellKind.LINES, CellKind.DAY, CellKind.SIGNATURE):
        return _around_label(page, cell)
    return _behind_label(page, cell)


def _in_row(page: Print, cell: Cell) -> Box | None:
    if cell.name == "workers_compensation.proprietor_excluded":
        return _under_label(page, cell)
    if cell.name == "umbrella_liability.deductible_or_retention":
        return _retention(page, cell)
    return _amount(page, cell) if cell.kind is CellKind.AMOUNT else None


def _amount(page: Print, cell: Cell) -> Box | None:
    """The part of the limit's box behind its label, where both ends of the line see the same rules."""
    column = page.table.cell(cell.row or "", "limits")
    label = page.label(cell, column) if column else None
    if label is None or column is None:
        return None
    x, y = _middle(label.box)
    left = page.ruled.around(x, y)
    right = page.ruled.around(column[2] - 4, y)
    if left is None or right is None or not _level(left, right):
        return None
    box = (max(label.box[2] + BEHIND, right[0]), right[1], right[2], right[3])
    fits = LOWEST <= box[3] - box[1] <= HIGHEST and box[2] - box[0] >= NARROWEST_AMOUNT
    beside = abs(right[2] - column[2]) <= SAME and left[0] >= column[0] - SAME
    return box if fits and beside and _is_alone(page, cell, left) else None


def _is_alone(page: Print, cell: Cell, box: Box) -> bool:
    """Whether no label of another limit stands in the box."""
    own = {folded(text) for text in (cell.label or "", *OTHER_NAMES.get(cell.label or "", ()))}
    others = {
        folded(other.label)
        for other in page.edition.cells.values()
        if other.kind is CellKind.AMOUNT and other.label
    } - own
    return not any(seen.label in others and holds(box, seen.box) for seen in page.labels.seen)


def _level(first: Box, second: Box) -> bool:
    return abs(first[1] - second[1]) <= SAME and abs(first[3] - second[3]) <= SAME


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _tick(page: Print, cell: Cell) -> Box | None:
    """The small closed box left of its label."""
    row = cell.row
    if row is None or row not in page.table.rows:
        return None
    top, bottom = page.table.rows[row]
    block = (page.table.columns["type"][0], top, page.table.columns["limits"][1], bottom)
    label = page.label(cell, block)
    if label is None:
        return None
    y = (label.box[1] + label.box[3]) / 2
    for step in (5.0, 8.0, 11.0):
        box = page.small.around(label.box[0] - step, y)
        if box and is_tick_box(box) and -1.5 <= label.box[0] - box[2] <= BESIDE_TICK:
            return box
    return None


def is_tick_box(box: Box) -> bool:
    sides = box[2] - box[0], box[3] - box[1]
    return all(SMALLEST_TICK <= side <= LARGEST_TICK for side in sides)


def _under_label(page: Print, cell: Cell) -> Box | None:
    """The small box below its label, or else the only one among the words of its row."""
    block = page.table.cell(cell.row or "", "type")
    label = page.label(cell, block)
    if label is None:
        boxes = page.small.boxes_inside(block, is_tick_box) if block else []
        return boxes[0] if len(boxes) == 1 else None
    box = page.small.around((label.box[0] + label.box[2]) / 2, label.box[3] + 5)
    return box if box and is_tick_box(box) and box[1] - label.box[3] < 4 else None


def _retention(page: Print, cell: Cell) -> Box | None:
    """What stands behind its label, to the end of the block: what ends before it is no box, but cut by a
    digit that was taken for a rule."""
    block = page.table.cell("umbrella_liability", "type")
    label = page.label(cell, block) if block else None
    if label is None or block is None:
        return None
    box = page.ruled.around(label.box[2] + 4, (label.box[1] + label.box[3]) / 2)
    if box is None or box[3] - box[1] > HIGHEST or box[2] < block[2] - _ENDS:
        return None
    return max(box[0], label.box[2] + BEHIND), box[1], box[2], box[3]


_ENDS = 3.0
"""Points that the sides of a box and of its block may differ by."""


def _around_label(page: Print, cell: Cell) -> Box | None:
    """The box in whose upper left corner its label stands, or over whose value it stands."""
    found = []
    for label in page.labels.of(cell.label or ""):
        box = page.ruled.around(*_middle(label.box))
        is_first = box and label.box[1] - box[1] < CORNER and not page.table.holds(label.box)
        if box and is_first and (cell.kind is CellKind.DAY or label.box[0] - box[0] < CORNER):
            found.append(box)
    return found[0] if len(found) == 1 else None


CORNER = 14.0
"""Points between the corner of a box and the label in it."""


def _under_title(page: Print, cell: Cell) -> Box | None:
    """The box below the title that stands above it, or in its corner."""
    found = []
    for label in page.labels.of(cell.label or ""):
        x, y = _middle(label.box)
        below, own = page.ruled.around(x, label.box[3] + 12), page.ruled.around(x, y)
        if below and -1 <= below[1] - label.box[3] < UNDER:
            found.append(below)
        elif own and label.box[1] - own[1] < CORNER and label.box[0] - own[0] < CORNER:
            found.append(own)
    tall = [box for box in found if box[3] - box[1] > HIGHEST]
    return tall[0] if len(tall) == 1 else None


UNDER = 6.0
"""Points between a title and its box."""


def _behind_label(page: Print, cell: Cell) -> Box | None:
    """What stands right of a label in its box, up to the next label or the side of the box."""
    label = page.label(cell)
    if label is None:
        return None
    y = (label.box[1] + label.box[3]) / 2
    box = page.ruled.around(label.box[2] + 4, y) or _open(page, label.box[2] + 4, y)
    if box is None or box[3] - box[1] > HIGHEST:
        return None
    beside = [seen.box for seen in page.labels.seen if holds(box, seen.box)]
    left = max((b[2] for b in beside if b[0] <= label.box[0] + 4), default=label.box[2])
    right = min((b[0] for b in beside if b[0] > label.box[2]), default=box[2])
    found = (max(left + BEHIND, box[0]), box[1], min(right, box[2]), box[3])
    heading = page.labels.only("NAIC #")
    if cell.name.startswith("insurer_") and (not heading or heading.box[0] < found[2]):
        return None
    return found if found[2] - found[0] > NARROWEST_AMOUNT else None


def _open(page: Print, x: float, y: float) -> Box | None:
    """The strip between two levels that reaches from side to side of the table: numbers of the
    certificate stand in one."""
    _, above, _, below = page.ruled.grid.around(x, y)
    left, right = min(page.table.columns.values())[0], max(page.table.columns.values())[1]
    if above is None or below is None:
        return None
    return (
        (left, above, right, below) if page.ruled.runs_along((left, above, right, below)) else None
    )


def _naic(page: Print, cell: Cell) -> Box | None:
    """The box of an insurer's line under the heading NAIC #."""
    label, heading = page.label(cell), page.labels.only("NAIC #")
    if label is None or heading is None:
        return None
    y = (label.box[1] + label.box[3]) / 2
    box = page.ruled.around((heading.box[0] + heading.box[2]) / 2, y)
    name = page.ruled.around(label.box[2] + 4, y)
    return box if box and name and _level(box, name) and abs(name[2] - box[0]) <= SAME else None


def is_heading(page: Print, seen: Seen, boxes: Mapping[str, Box]) -> bool:
    """Whether a label outside the table stands where a form has it: at the upper left of a block, or
    beside the cells whose box it shares."""
    for name, box in boxes.items():
        cell = page.edition.cells[name]
        if cell.row is not None:
            continue
        if cell.kind in (CellKind.LINES, CellKind.DAY, CellKind.SIGNATURE):
            if holds(box, seen.box) and seen.label == folded(cell.label or ""):
                return seen.box[1] - box[1] < CORNER
        elif box[1] <= (seen.box[1] + seen.box[3]) / 2 <= box[3] and seen.box[2] <= box[0] + 0.1:
            return True
    return False


def _without_doubles(found: dict[str, Box]) -> dict[str, Box]:
    """The cells without those that share their place: one of them has another's label."""
    names = list(found)
    doubles = {
        name
        for name in names
        for other in names
        if name != other
        and not _may_nest(name, other)
        and holds(found[other], found[name])
        and holds(found[name], found[other])
    }
    return {name: box for name, box in found.items() if name not in doubles}


def _may_nest(name: str, other: str) -> bool:
    return name.startswith("other.") or other.startswith("other.")
