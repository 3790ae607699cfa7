"""What is on file, as pages of flat rows: one declaration per list, newest first.

Dropdowns, polling triggers and the OpenAPI description come from these declarations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import marshmallow as ma

from connector.actions.action import Flat, Given
from connector.actions.inputs import text
from connector.actions.services import Caller, Services
from connector.certificate import values
from connector.certificate.field import Field, schema_of
from connector.errors import InvalidInput

PAGE_SIZE = 50
LARGEST_PAGE = 200


class Filters(ma.Schema):
    """What every list can be narrowed by."""

    class Meta:
        unknown = ma.EXCLUDE

    cursor = text("Cursor", help="The `next` of the page before; empty for the first page.")
    limit = text("Limit", help=f"How many rows a page has, at most {LARGEST_PAGE}.")

    @ma.pre_load
    def _without_empty_values(self, data: Any, **_: Any) -> Any:
        return {key: value for key, value in data.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the cursor of the next page; None on the last."""

    items: list[Flat]
    next: str | None = None


Find: TypeAlias = Callable[[Given, Caller, Services], Page]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: answered at /v1/NAME with rows of these fields.

    A row's first field identifies it. A list that dropdowns are filled from names in `shown_as`
    the field that a person chooses by, and in `besides` those that tell two of one name apart.
    `for_admins`: it takes a key with the right admin, and is no step of an automation.
    """

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    find: Find
    filters: type[ma.Schema] = Filters
    shown_as: str = ""
    besides: tuple[str, ...] = ()
    for_admins: bool = False

    @property
    def told_apart_by(self) -> tuple[str, ...]:
        """The keys that a person reads in a dropdown."""
        return (self.shown_as or self.key, *self.besides)

    @property
    def key(self) -> str:
        """The key that identifies a row."""
        return self.fields[0].key

    @property
    def path(self) -> str:
        return f"/v1/{self.name}"

    def row_schema(self) -> type[ma.Schema]:
        words = "".join(word.title() for word in self.name.split("_"))
        return schema_of(f"{words}Row", self.fields)


def page_size(given: Given) -> int:
    """The asked size of a page, within bounds. InvalidInput when it is no number."""
    return min(max(whole_number(given, "limit", "Limit") or PAGE_SIZE, 1), LARGEST_PAGE)


def before(given: Given) -> int | None:
    """The cursor as the number that the page lies before."""
    return whole_number(given, "cursor", "Cursor")


def numbered(rows: list[tuple[int, Flat]], limit: int) -> Page:
    """A page of (number, row), asked for with one more than `limit` to see whether it goes on."""
    shown = rows[:limit]
    return Page([row for _, row in shown], str(shown[-1][0]) if len(rows) > limit else None)


def whole_number(given: Given, name: str, label: str) -> int | None:
    """A number that comes as text. InvalidInput when it is none."""
    if given.get(name) is None:
        return None
    parsed = values.whole_number(str(given[name]))
    if parsed.value is None:
        raise InvalidInput(f"{label}: “{given[name]}” is not a whole number.", field=name)
    return parsed.value
