"""Prints of the form that a reader must not take for the official one: rows and columns in another
order, rows left out or added, labels elsewhere. The values stay with their labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from demo.layout import Area, Cell, Label, Layout

Part = TypeVar("Part", Area, Label, Cell)
Move = Callable[[Area], Area]

LINES = ("general_liability", "auto_liability", "umbrella_liability", "workers_compensation")
LIMITS_AT = 424.8
"""Where the column of limits begins in the official print."""


def moved(layout: Layout, move: Move) -> Layout:
    """Every rule, label and cell where `move` puts it."""
    return replace(
        layout,
        rules=tuple(map(move, layout.rules)),
        labels=tuple(replace(label, area=move(label.area)) for label in layout.labels),
        cells={name: replace(cell, area=move(cell.area)) for name, cell in layout.cells.items()},
    )


def rows_swapped(layout: Layout, upper: str, lower: str) -> Layout:
    """Two neighbouring rows of the table, each in the other's place."""
    (top, middle), (_, bottom) = layout.blocks[upper], layout.blocks[lower]

    def move(area: Area) -> Area:
        if top <= area.top and area.bottom <= middle and area.bottom > top:
            return area.moved(1, 0, bottom - middle)
        if middle <= area.top < bottom and area.bottom <= bottom:
            return area.moved(1, 0, top - middle)
        return area

    unruled = [rule for rule in layout.rules if not rule.top == rule.bottom == middle]
    swapped = moved(replace(layout, rules=tuple(unruled)), move)
    seam = Area(18, top + bottom - middle, 594, top + bottom - middle)
    return replace(swapped, rules=(*swapped.rules, seam))


def without_row(layout: Layout, row: str) -> Layout:
    """The table without the words and cells of a row, whose place stays empty."""
    top, bottom = layout.blocks[row]

    def is_kept(area: Area) -> bool:
        return not (top < (area.top + area.bottom) / 2 < bottom)

    return replace(
        layout,
        labels=tuple(label for label in layout.labels if is_kept(label.area)),
        cells={name: cell for name, cell in layout.cells.items() if not name.startswith(row)},
    )


def labels_swapped(layout: Layout, first: str, second: str, cells: tuple[str, str]) -> Layout:
    """Two labels and their cells, each in the other's place: each line on its first occurrence."""
    one = next(label for label in layout.labels if label.text == first)
    other = next(label for label in layout.labels if label.text == second)
    down = other.area.top - one.area.top
    labels = [label for label in layout.labels if label not in (one, other)]
    labels += [
        replace(one, area=one.area.moved(1, 0, down)),
        replace(other, area=other.area.moved(1, 0, -down)),
    ]
    a, b = (layout.cells[name] for name in cells)
    swapped = {**layout.cells, cells[0]: replace(a, area=b.area), cells[1]: replace(b, area=a.area)}
    return replace(layout, labels=tuple(labels), cells=swapped)


def days_swapped(layout: Layout) -> Layout:
    """Expiration left of effective."""
    left, middle, right = 331.2, 378.0, 424.8

    def move(area: Area) -> Area:
        x = (area.x0 + area.x1) / 2
        if (
            area.x1 - area.x0 > right - left
            or not layout.blocks["general_liability"][0] - 14 < area.top < 564
        ):
            return area
        if left < x < middle:
            return area.moved(1, right - middle, 0)
        return area.moved(1, left - middle, 0) if middle < x < right else area

    return moved(layout, move)


def limits_unruled(layout: Layout) -> Layout:
    """No rules between the limits of a row."""
    edges = {edge for block in layout.blocks.values() for edge in block}
    kept = [
        rule
        for rule in layout.rules
        if rule.top != rule.bottom
        or rule.x0 < LIMITS_AT - 1
        or any(abs(rule.top - e) < 1 for e in edges)
    ]
    return replace(layout, rules=tuple(kept))


def labels_above(layout: Layout) -> Layout:
    """Every limit below its label in the label's own part of the box, half a row apart."""
    cells = {
        name: replace(
            cell,
            kind="left",
            area=Area(LIMITS_AT + 3, cell.area.top + 3, 520, cell.area.bottom + 3),
        )
        if cell.kind == "amount" and cell.area.x0 > LIMITS_AT
        else cell
        for name, cell in layout.cells.items()
    }
    labels = tuple(
        replace(label, area=label.area.moved(1, 0, -5))
        if label.area.x0 > LIMITS_AT and 300 < label.area.top < 528
        else label
        for label in layout.labels
    )
    return replace(layout, cells=cells, labels=labels)
