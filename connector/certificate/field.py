"""What a flat key is: its path in the model, its kind, and the words a person sees for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

import marshmallow as ma

Scalar: TypeAlias = str | int | float | bool | None


class Kind(StrEnum):
    """The type of a flat value. A tick's blank is "no"; a mark's (Y/N cell) blank is "not stated"."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    USD = "usd"
    TICK = "tick"
    MARK = "mark"
    FLAG = "flag"
    INT = "int"
    NUMBER = "number"
    URL = "url"
    DATETIME = "datetime"


@dataclass(frozen=True, slots=True)
class Field:
    """One flat key.

    `path` is the place in the model ("general_liability.each_occurrence"), `key` the same joined
    by underscores; `sample` is a realistic value of the JSON type; `help` a full sentence.
    """

    path: str
    label: str
    kind: Kind
    sample: Scalar
    help: str = ""
    critical: bool = False
    choices: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.path.replace(".", "_")

    def prefixed(self, prefix: str, label: str) -> Field:
        """The same field inside a larger answer: `check_` + key, "Check: " + label."""
        return replace(
            self, path=f"{prefix}_{self.key}", label=f"{label}: {lower_first(self.label)}"
        )


def lower_first(text: str) -> str:
    """ "Each occurrence" -> "each occurrence"; "NAIC code" stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _marshmallow_type(kind: Kind) -> type[ma.fields.Field[Any]]:
    match kind:
        case Kind.DATE:
            return ma.fields.Date
        case Kind.DATETIME:
            return ma.fields.AwareDateTime
        case Kind.USD | Kind.INT:
            return ma.fields.Integer
        case Kind.TICK | Kind.MARK | Kind.FLAG:
            return ma.fields.Boolean
        case Kind.NUMBER:
            return ma.fields.Float
        case Kind.TEXT | Kind.CHOICE | Kind.URL:
            return ma.fields.String


def schema_of(name: str, fields: Sequence[Field]) -> type[ma.Schema]:
    """A marshmallow schema with exactly these keys, in this order, every one nullable."""
    members = {
        field.key: _marshmallow_type(field.kind)(
            required=True,
            allow_none=True,
            metadata={
                "title": field.label,
                "description": field.help or field.label,
                "example": field.sample,
                "kind": field.kind.value,
                **({"enum": [*field.choices, None]} if field.choices else {}),
            },
        )
        for field in fields
    }
    return ma.Schema.from_dict(dict(members), name=name)


def nothing(fields: Iterable[Field]) -> dict[str, Scalar]:
    """Every key present, nothing said."""
    return {field.key: None for field in fields}


def scalar(value: Any) -> Scalar:
    """A model value as JSON: dates as ISO text, moments as RFC 3339 in UTC with a Z."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"{value!r} is no flat value")
