"""What stands in the sheet, what should, and the difference. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from connector.certificate.field import Field, Kind, Scalar
from connector.log_columns import noted_as, title_of

Row: TypeAlias = Mapping[str, Scalar]
RowKey: TypeAlias = tuple[str, ...]

LONGEST_CELL = 50_000
"""Characters; Google refuses the whole request for one cell above it."""

_SERIAL_DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of ours: their fields, and the keys that tell rows apart."""

    fields: tuple[Field, ...]
    key: tuple[str, ...]
    real_dates: bool = False

    def key_of(self, row: Row) -> RowKey:
        return tuple(str(row.get(name) or "") for name in self.key)

    def cells(self, row: Row) -> dict[str, Scalar]:
        """The row's cells as they should stand in the sheet, by our column names."""
        return {field.key: self.cell(field, row.get(field.key)) for field in self.fields}

    @property
    def dates(self) -> tuple[str, ...]:
        """The columns that hold real dates."""
        found = [field.key for field in self.fields if field.kind is Kind.DATE]
        return tuple(found) if self.real_dates else ()

    def cell(self, field: Field, value: Scalar) -> Scalar:
        """One cell as it should stand in the sheet."""
        if value is None:
            return None
        if self.real_dates and field.kind is Kind.DATE:
            return (date.fromisoformat(str(value)) - _SERIAL_DAY_ZERO).days
        if isinstance(value, str) and len(value) > LONGEST_CELL:
            return value[: LONGEST_CELL - 1] + "…"
        return value


@dataclass(frozen=True, slots=True)
class Present:
    """The sheet as found: its header in its own order, and our key of each row (2 is the first).

    `places` are the columns that are ours, `noted` those of them that Google remembers as ours.
    `cells` has the rows that were read, each as wide as it is filled.
    """

    header: tuple[str, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    noted: frozenset[str] = frozenset()
    keys: Mapping[int, RowKey] = field(default_factory=dict)
    cells: Mapping[int, Sequence[Scalar]] = field(default_factory=dict)

    def rows_of(self, key: RowKey) -> list[int]:
        return [number for number, found in self.keys.items() if found == key]


@dataclass(frozen=True, slots=True)
class Change:
    """New cells of a row that is there, by column index."""

    row: int
    cells: Mapping[int, Scalar]


@dataclass(slots=True)
class Plan:
    """What to write: columns to append, rows to change, rows to add (by column name).

    `places` are our columns, with the new ones; `to_note` are those that Google is to remember. The
    counts are by the caller's own row keys.
    """

    header: tuple[str, ...]
    new_columns: tuple[str, ...]
    places: Mapping[str, int] = field(default_factory=dict)
    to_note: Mapping[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    additions: list[dict[str, Scalar]] = field(default_factory=list)
    created: set[RowKey] = field(default_factory=set)
    updated: set[RowKey] = field(default_factory=set)

    @property
    def is_settled(self) -> bool:
        return not (self.new_columns or self.to_note or self.changes or self.additions)


def plan(wanted: Iterable[Row], columns: Columns, present: Present) -> Plan:
    """The difference. Of several wanted rows of one key the last counts.

    A row's key may stand in several rows of the sheet (somebody copied one): all of them are
    brought up to date, so that none of them is silently old.
    """
    made = _bare(columns, present)
    latest = {columns.key_of(row): row for row in wanted}
    for key, row in latest.items():
        cells = columns.cells(row)
        numbers = present.rows_of(key)
        if not numbers:
            made.additions.append(cells)
            made.created.add(key)
        for number in numbers:
            change = _change(number, cells, made, present.cells.get(number, ()))
            if change.cells:
                made.changes.append(change)
                made.updated.add(key)
    return made


def _bare(columns: Columns, present: Present) -> Plan:
    """The columns alone: new ones go to the right of everything that stands there."""
    missing = [each.key for each in columns.fields if each.key not in present.places]
    titles = tuple(title_of(key, present.header) for key in missing)
    new = {key: len(present.header) + number for number, key in enumerate(missing)}
    places = {**present.places, **new}
    header = (*present.header, *titles)
    to_note = {
        noted_as(key, header[place]): place
        for key, place in places.items()
        if key not in present.noted
    }
    return Plan(header, titles, places, to_note)


def _change(
    number: int, cells: Mapping[str, Scalar], made: Plan, found: Sequence[Scalar]
) -> Change:
    shown = dict(enumerate(found))
    by_index = {made.places[name]: value for name, value in cells.items()}
    return Change(
        number,
        {i: value for i, value in sorted(by_index.items()) if not _alike(value, shown.get(i))},
    )


def _alike(wanted: Scalar, found: Scalar) -> bool:
    """An empty cell is answered as "", 5 may come back as 5.0, and TRUE is not 1."""
    if wanted in (None, "") or found in (None, ""):
        return (wanted in (None, "")) and (found in (None, ""))
    return isinstance(wanted, bool) == isinstance(found, bool) and wanted == found
