"""Flat fields as Zapier's output fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from connector.catalog.words import title_case
from connector.certificate.field import Field, Kind

TYPES = {
    Kind.TEXT: "string",
    Kind.CHOICE: "string",
    Kind.URL: "string",
    Kind.DATE: "string",
    Kind.DATETIME: "datetime",
    Kind.USD: "integer",
    Kind.INT: "integer",
    Kind.NUMBER: "number",
    Kind.TICK: "boolean",
    Kind.MARK: "boolean",
    Kind.FLAG: "boolean",
}
"""A day stays text: as a datetime Zapier would move it into the user's time zone."""


def output_fields(
    fields: Iterable[Field], samples: Mapping[str, Any], primary: str | None = None
) -> list[dict[str, Any]]:
    """Every key with label, type and sample; `primary` is the key that tells two results apart.

    What is empty in `samples` is null there: a sample that contradicts the others would mislead.
    """
    return [
        _output(field)
        | {"sample": samples.get(field.key)}
        | ({"primary": True} if field.key == primary else {})
        for field in fields
    ]


def _output(field: Field) -> dict[str, Any]:
    unit = " (in US Dollars)" if field.kind is Kind.USD else ""
    return {"key": field.key, "label": title_case(field.label) + unit, "type": TYPES[field.kind]}
