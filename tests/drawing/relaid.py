"""A maker's own layout of the same boxes: other column widths, other row heights.

The official form is stretched piece by piece between its own rules, so every box keeps its
neighbours but no single scale fits the page: what agencies and carriers print themselves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

from demo.layout import Area, Label, Layout

COLUMNS = (
    "insurer_letter",
    "additional_insured",
    "subrogation_waived",
    "effective_date",
    "expiration_date",
)
"""The cells of the general liability row whose left edges are column rules."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Piecewise linear: `old[n]` goes to `new[n]`, what lies between in proportion."""

    old: tuple[float, ...]
    new: tuple[float, ...]

    def __call__(self, place: float) -> float:
        piece = min(max(bisect_right(self.old, place) - 1, 0), len(self.old) - 2)
        share = (place - self.old[piece]) / (self.old[piece + 1] - self.old[piece])
        return self.new[piece] + share * (self.new[piece + 1] - self.new[piece])


def stretched(knots: Sequence[float], rng: Random, by: float) -> Stretch:
    """The pieces between the knots made wider or narrower by up to a share; the ends stay."""
    widths = [(b - a) * rng.uniform(1 - by, 1 + by) for a, b in pairwise(knots)]
    factor = (knots[-1] - knots[0]) / sum(widths)
    new = [knots[0]]
    for width in widths:
        new.append(new[-1] + width * factor)
    return Stretch(tuple(knots), tuple(new))


def relaid(layout: Layout, seed: int) -> Layout:
    """The layout with its columns and rows set anew; the same seed gives the same form."""
    rng = Random(f"relaid {seed}")
    down = stretched(_row_knots(layout), rng, 0.09)
    across = stretched(_column_knots(layout), rng, 0.1)
    top, bottom = layout.blocks["general_liability"][0], layout.blocks["other"][1]
    table = (top - 13, bottom + 0.5)

    def moved(area: Area) -> Area:
        in_table = table[0] <= area.top and area.bottom <= table[1]
        x = across if in_table else float
        return Area(x(area.x0), down(area.top), x(area.x1), down(area.bottom))

    return replace(
        layout,
        rules=tuple(moved(rule) for rule in layout.rules),
        labels=tuple(_moved_label(label, moved(label.area)) for label in layout.labels),
        cells={n: replace(cell, area=moved(cell.area)) for n, cell in layout.cells.items()},
        blocks={n: (down(a), down(b)) for n, (a, b) in layout.blocks.items()},
        fillers=tuple(moved(area) for area in layout.fillers),
    )


def _moved_label(label: Label, area: Area) -> Label:
    """A label keeps the size of its print."""
    size = min(label.area.bottom - label.area.top, area.bottom - area.top)
    return replace(label, area=replace(area, top=area.bottom - size))


def _row_knots(layout: Layout) -> list[float]:
    """The edges of the blocks, and the page's own."""
    edges = {edge for block in layout.blocks.values() for edge in block}
    holder = layout.cells["certificate_holder"].area.bottom
    return [0.0, *sorted(edges), holder + 6, layout.page[1]]


def _column_knots(layout: Layout) -> list[float]:
    cells = layout.cells
    found = [
        cells[f"general_liability_{name}"].area
        for name in COLUMNS
        if f"general_liability_{name}" in cells
    ]
    left = found[0].x0
    right = max(rule.x1 for rule in layout.rules)
    edges = {area.x0 for area in found} | {found[0].x1, found[-1].x1}
    return [left, *sorted(edges - {left}), right]
