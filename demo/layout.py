"""Where things stand on a certificate: rules, short labels and the cells that values go into.

One JSON file per edition. All coordinates are points from the upper left corner of the page.
Only facts of the layout are kept: no artwork and no paragraphs of the form's owner. Where the
form has paragraphs, `fillers` are the areas that our own sentence is printed into.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

LAYOUTS = Path(__file__).parent / "layouts"

ROW_BOXES = (
    "insurer_letter",
    "additional_insured",
    "subrogation_waived",
    "policy_number",
    "effective_date",
    "expiration_date",
)
"""The cells of a coverage line that makers print at different heights of its block."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of the page."""

    x0: float
    top: float
    x1: float
    bottom: float

    def moved(self, scale: float, dx: float, dy: float) -> Area:
        return Area(
            self.x0 * scale + dx, self.top * scale + dy,
            self.x1 * scale + dx, self.bottom * scale + dy,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A place for a value. `kind`: left, center, amount, right, tick, block or signature."""

    kind: str
    area: Area


@dataclass(frozen=True, slots=True)
class Label:
    """A short printed label; its area is as high as its font size."""

    text: str
    area: Area
    bold: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """One edition of the form."""

    edition: str
    page: tuple[float, float]
    rules: tuple[Area, ...]
    labels: tuple[Label, ...]
    cells: Mapping[str, Cell]
    blocks: Mapping[str, tuple[float, float]]
    fillers: tuple[Area, ...]

    def moved(self, scale: float, dx: float, dy: float) -> Layout:
        """The same form as another maker prints it: scaled about the corner, then shifted."""
        return replace(
            self,
            rules=tuple(rule.moved(scale, dx, dy) for rule in self.rules),
            labels=tuple(
                replace(label, area=label.area.moved(scale, dx, dy)) for label in self.labels
            ),
            cells={
                name: replace(cell, area=cell.area.moved(scale, dx, dy))
                for name, cell in self.cells.items()
            },
            blocks={
                name: (top * scale + dy, bottom * scale + dy)
                for name, (top, bottom) in self.blocks.items()
            },
            fillers=tuple(area.moved(scale, dx, dy) for area in self.fillers),
        )

    def with_rows_at(self, share: float) -> Layout:
        """Letters, marks, policy numbers and dates at a share of their block's height (0 = top)."""
        cells = dict(self.cells)
        for line, (top, bottom) in self.blocks.items():
            for box in ROW_BOXES:
                name = f"{line}_{box}"
                if name in cells:
                    cells[name] = _at_height(cells[name], top, bottom, share)
        return replace(self, cells=cells)


def _at_height(cell: Cell, top: float, bottom: float, share: float) -> Cell:
    height = cell.area.bottom - cell.area.top
    new_top = top + share * (bottom - top - height)
    return replace(cell, area=replace(cell.area, top=new_top, bottom=new_top + height))


@lru_cache
def load(path: Path) -> Layout:
    """The layout in this JSON file."""
    found = json.loads(path.read_text())
    return Layout(
        edition=found["edition"],
        page=(found["page"][0], found["page"][1]),
        rules=tuple(Area(*sides) for sides in found["rules"]),
        labels=tuple(
            Label(text, Area(*sides), weight == "bold") for text, *sides, weight in found["labels"]
        ),
        cells={name: Cell(kind, Area(*sides)) for name, (kind, *sides) in found["cells"].items()},
        blocks={name: (top, bottom) for name, (top, bottom) in found["blocks"].items()},
        fillers=tuple(Area(*sides) for sides in found["fillers"]),
    )


def acord_25_2016() -> Layout:
    """The edition that the bundled certificates are drawn on."""
    return load(LAYOUTS / "2016-03.json")
