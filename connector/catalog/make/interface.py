"""Flat fields as what a module gives on: its interface, and the expressions of its output."""

from __future__ import annotations

from collections.abc import Iterable

from connector.certificate.field import Field, Kind

TYPES = {
    Kind.TEXT: "text",
    Kind.CHOICE: "text",
    Kind.URL: "url",
    Kind.DATE: "text",
    Kind.DATETIME: "date",
    Kind.USD: "integer",
    Kind.INT: "integer",
    Kind.NUMBER: "number",
    Kind.TICK: "boolean",
    Kind.MARK: "boolean",
    Kind.FLAG: "boolean",
}
"""A day stays text: as a date Make would move it into the user's time zone."""

MOMENT = "YYYY-MM-DDTHH:mm:ssZ"


def interface(fields: Iterable[Field]) -> list[dict[str, str]]:
    """Name, label and type of every key, in the order of the answer."""
    return [
        {"name": field.key, "label": _label(field), "type": TYPES[field.kind]} for field in fields
    ]


def _label(field: Field) -> str:
    return f"{field.label} (in US dollars)" if field.kind is Kind.USD else field.label


def output(fields: Iterable[Field], answer: str) -> dict[str, str]:
    """Everything that `answer` (such as "body") says, with its moments as dates of Make."""
    moments = [field.key for field in fields if field.kind is Kind.DATETIME]
    return {"{{...}}": f"{{{{{answer}}}}}"} | {key: moment(f"{answer}.{key}") for key in moments}


def moment(value: str) -> str:
    """A moment as a date of Make; null stays null."""
    return f"{{{{if({value}, parseDate({value}, '{MOMENT}'), null)}}}}"
