"""The known editions of the form, one YAML file each: where boxes, labels and rules stand.

A file may name a parent in `extends` and then says only what differs; `without_ticks` drops
boxes, `without_labels` and `without_rules` drop the parent's labels and rules inside an area.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from connector.certificate.entry import Box


class CellKind(StrEnum):
    """What stands in a cell, and so how it is read."""

    VALUE = "value"
    LINES = "lines"
    DAY = "day"
    AMOUNT = "amount"
    LETTER = "letter"
    MARK = "mark"
    TICK = "tick"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Cell:
    """One box of the form.

    `name` is a model path; or a path and its choice ("umbrella_liability.type=excess"); or a
    block that is divided later ("producer", "insured", "certificate_holder", "other.limits");
    or a tick that only supports a reading ("general_liability.ticked", "….free_1"). `box` reaches from rule
    to rule, in points from the upper left; `label` is the printed label that goes with it.
    """

    name: str
    kind: CellKind
    box: Box
    label: str | None = None

    @property
    def row(self) -> str | None:
        """The row block of the coverages table that the cell belongs to."""
        owner = self.name.partition(".")[0]
        return owner if owner in ROWS else None


ROWS = (
    "general_liability",
    "auto_liability",
    "umbrella_liability",
    "workers_compensation",
    "other",
)
"""The row blocks of the coverages table from the top; `other` is the free block at its foot."""


@dataclass(frozen=True, slots=True)
class Label:
    """A short label of the form and where it stands."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True, eq=False)  # loaded once each: compared by identity
class Edition:
    """One edition of a form. `columns` are x0, x1; `rows` are top, bottom; all in points.

    `variant` tells apart two prints of the same edition; `name` is what the form prints.
    """

    form: str
    name: str
    variant: str | None
    printed: tuple[str, ...]
    page: tuple[float, float]
    columns: Mapping[str, tuple[float, float]]
    rows: Mapping[str, tuple[float, float]]
    cells: Mapping[str, Cell]
    labels: tuple[Label, ...]
    rules: tuple[Box, ...]

    @property
    def key(self) -> str:
        """ "2010/05", or "2010/05 heading" for a variant."""
        return f"{self.name} {self.variant}" if self.variant else self.name


@cache
def load(key: str) -> Edition:
    """The edition called `key`, for example "2016/03". KeyError for an unknown one."""
    return _edition(_content(key))


@cache
def all() -> tuple[Edition, ...]:
    """Every known edition, the newest first."""
    names = [path.name for path in files(__name__).iterdir() if path.name.endswith(".yaml")]
    keys = [_key(name) for name in names if name[:1].isdigit()]
    return tuple(load(key) for key in sorted(keys, key=lambda key: (key[:7], -len(key)))[::-1])


def _key(file_name: str) -> str:
    year, month, *variant = file_name.removesuffix(".yaml").split("_")
    return " ".join([f"{year}/{month}", *variant])


def _content(key: str) -> dict[str, Any]:
    file = files(__name__) / f"{key.replace('/', '_').replace(' ', '_')}.yaml"
    if not file.is_file():
        raise KeyError(key)
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return _merged(_content(content["extends"]), content) if "extends" in content else content


def _merged(parent: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    merged = {**parent, "variant": None, **child}
    for part in ("columns", "rows", "amounts", "ticks", "values"):
        merged[part] = {**parent[part], **child.get(part, {})}
    for name in child.get("without_ticks", ()):
        del merged["ticks"][name]
    areas = child.get("without_labels", ())
    kept = [label for label in parent["labels"] if not _inside(label[1:], areas)]
    merged["labels"] = kept + child.get("labels", [])
    areas = child.get("without_rules", ())
    merged["rules"] = [rule for rule in parent["rules"] if not _inside(rule, areas)]
    merged["rules"] += child.get("rules", [])
    return merged


def _inside(box: Iterable[float], areas: Iterable[Box]) -> bool:
    x0, top, x1, bottom = box
    middle_x, middle_y = (x0 + x1) / 2, (top + bottom) / 2
    return any(a[0] <= middle_x <= a[2] and a[1] <= middle_y <= a[3] for a in areas)


def _edition(content: Mapping[str, Any]) -> Edition:
    columns = {name: (float(x0), float(x1)) for name, (x0, x1) in content["columns"].items()}
    rows = {name: (float(top), float(bottom)) for name, (top, bottom) in content["rows"].items()}
    cells = [*_amounts(content, columns), *_ticks(content), *_values(content)]
    cells += _table(columns, rows)
    return Edition(
        form=content["form"],
        name=content["edition"],
        variant=content.get("variant"),
        printed=tuple(content["printed"]),
        page=(float(content["page"][0]), float(content["page"][1])),
        columns=columns,
        rows=rows,
        cells={cell.name: cell for cell in cells},
        labels=tuple(Label(text, _box(box)) for text, *box in content["labels"]),
        rules=tuple(_box(rule) for rule in content["rules"]),
    )


def _box(sides: Iterable[float]) -> Box:
    x0, top, x1, bottom = sides
    return float(x0), float(top), float(x1), float(bottom)


def _amounts(
    content: Mapping[str, Any], columns: Mapping[str, tuple[float, float]]
) -> Iterable[Cell]:
    x0, x1 = columns["amount"]
    for name, (top, bottom, label) in content["amounts"].items():
        yield Cell(name, CellKind.AMOUNT, _box((x0, top, x1, bottom)), label)


def _ticks(content: Mapping[str, Any]) -> Iterable[Cell]:
    for name, (x0, top, x1, bottom, *label) in content["ticks"].items():
        yield Cell(name, CellKind.TICK, _box((x0, top, x1, bottom)), *label)


def _values(content: Mapping[str, Any]) -> Iterable[Cell]:
    for name, (kind, x0, top, x1, bottom, *label) in content["values"].items():
        yield Cell(name, CellKind(kind), _box((x0, top, x1, bottom)), *label)


_COLUMN_KINDS = {
    "insurer_letter": CellKind.LETTER,
    "additional_insured": CellKind.MARK,
    "subrogation_waived": CellKind.MARK,
    "policy_number": CellKind.VALUE,
    "effective_date": CellKind.DAY,
    "expiration_date": CellKind.DAY,
}


def _table(
    columns: Mapping[str, tuple[float, float]], rows: Mapping[str, tuple[float, float]]
) -> Iterable[Cell]:
    for row, (top, bottom) in rows.items():
        for column, kind in _COLUMN_KINDS.items():
            if (row, column) == ("workers_compensation", "additional_insured"):
                continue  # the form prints N / A there
            if column in columns:
                x0, x1 = columns[column]
                yield Cell(f"{row}.{column}", kind, _box((x0, top, x1, bottom)))
