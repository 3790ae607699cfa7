"""Flat answers as tables that a person reads in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from connector.certificate.field import Field, Kind, Scalar

NAMES_KEYS = {"unclear_fields", "review_reasons"}
"""Values that name other keys; automations need these, a person reads their labels."""


def words(field: Field, value: Scalar) -> str:
    """A value as a person writes it: $1,000,000, yes, 2026-03-01."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.kind is Kind.USD and isinstance(value, int):
        return f"${value:,}"
    if field.key == "coverage_lines" and value:
        return str(value).replace("_", " ")
    return "" if value is None else str(value)


def labelled(text: str, labels: Mapping[str, str]) -> str:
    """The text with the label of each key for the key itself, as a person calls it."""
    return re.sub(r"[a-z0-9]+(?:_[a-z0-9]+)+", lambda key: labels.get(key[0], key[0]), text)


def sections(fields: Sequence[Field]) -> Iterator[tuple[str, list[tuple[Field, str]]]]:
    """The fields under the heading before the colon of their labels ("" without one)."""
    found: dict[str, list[tuple[Field, str]]] = {}
    for field in fields:
        heading, colon, rest = field.label.partition(": ")
        short = rest[:1].upper() + rest[1:] if colon else field.label
        found.setdefault(heading if colon else "", []).append((field, short))
    yield from found.items()


def show(
    console: Console,
    title: str,
    fields: Sequence[Field],
    flat: Mapping[str, Scalar],
    *,
    doubtful: frozenset[str] = frozenset(),
) -> None:
    """Print what an answer says, section by section; keys without a value are left out."""
    table = Table(
        title=title,
        title_justify="left",
        title_style="",
        show_header=False,
        box=None,
        pad_edge=False,
    )
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    labels = {field.key: field.label for field in fields}
    for heading, members in sections(fields):
        said = [
            (f, label) for f, label in members if flat.get(f.key) is not None or f.key in doubtful
        ]
        if not said:
            continue
        if table.row_count:
            table.add_row()
        if heading:
            table.add_row(Text(heading, style="bold cyan"))
        for field, label in said:
            said_here = words(field, flat.get(field.key))
            value = Text(labelled(said_here, labels) if field.key in NAMES_KEYS else said_here)
            if field.key in doubtful:
                value.append("  ← unclear, please check", style="yellow")
            table.add_row(f"  {label}" if heading else label, value)
    console.print(table)


def show_rows(
    console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Print a plain table with a header."""
    table = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD)
    widths = [_longest_word(cells) for cells in zip(columns, *rows, strict=True)]
    fits = sum(widths) + 3 * len(widths) <= console.width
    for column, width in zip(columns, widths, strict=True):
        table.add_column(column, overflow="fold", min_width=width if fits else None)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _longest_word(cells: Sequence[str]) -> int:
    """Room for it, within bounds: a word broken in two is hard to read."""
    lengths = [len(word) for cell in cells for word in Text.from_markup(cell).plain.split()]
    return min(max(lengths, default=1), 20)
