"""An action's input, or what a list or an event is narrowed by, as Make's parameters.

Money and days stay text: the service reads them strictly and names the one that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import marshmallow as ma
from marshmallow.validate import OneOf

from connector.actions.action import Action
from connector.actions.events import EVENTS
from connector.actions.inputs import Day, Dollars, Names
from connector.actions.lists import LISTS
from connector.catalog.words import camel_case

NOT_ASKED = {"callback_url", "file_url", "file_base64", "file_name", "cursor", "limit"}
"""What a module fills in itself, or needs no field for: Make hands on a file with its name."""

ADVANCED = {"deduplication_key"}

FILE = [
    {
        "name": "fileName",
        "label": "File name",
        "type": "filename",
        "semantic": "file:name",
        "required": True,
        "help": "The certificate's name with its ending, for example northfield-coi.pdf.",
    },
    {
        "name": "data",
        "label": "File",
        "type": "buffer",
        "semantic": "file:data",
        "required": True,
        "help": "The certificate as a PDF or a picture, from an earlier module.",
    },
]


def rpc_id(listing: str) -> str:
    """The remote procedure that fills dropdowns from a list."""
    return camel_case(f"list_{listing}")


def limit(default: int) -> dict[str, Any]:
    """How many results a module may answer at most."""
    return {
        "name": "limit",
        "label": "Limit",
        "type": "uinteger",
        "default": default,
        "required": True,
        "help": "How many results this module works through at most in one run.",
    }


def action_parameters(action: Action) -> list[dict[str, Any]]:
    """The file, what is required, the rest, and what few people need."""
    asked = list(parameters(action.input))
    file = FILE if action.takes_document else []
    return file + sorted(asked, key=_rank)


def _rank(parameter: dict[str, Any]) -> int:
    if parameter.get("advanced"):
        return 2
    return 0 if parameter.get("required") or parameter["name"] == "certificate_id" else 1


def asked(schema: type[ma.Schema]) -> dict[str, ma.fields.Field[Any]]:
    """The fields that a person fills in, by key."""
    return {key: field for key, field in schema().fields.items() if key not in NOT_ASKED}


def parameters(schema: type[ma.Schema]) -> Iterator[dict[str, Any]]:
    for key, field in asked(schema).items():
        yield {
            "name": key,
            "label": field.metadata["title"],
            **_type(key, field),
            "required": field.required,
            **({"advanced": True} if key in ADVANCED else {}),
            "help": field.metadata["description"],
        }


def _type(key: str, field: ma.fields.Field[Any]) -> dict[str, Any]:
    offered = [check for check in field.validators if isinstance(check, OneOf)]
    if offered:
        return {"type": "select", "options": [_option(str(v)) for v in offered[0].choices]}
    if listing := field.metadata.get("choices_from"):
        return {"type": "select", "options": f"rpc://{rpc_id(listing)}", "mode": _mode(listing)}
    match field:
        case ma.fields.Boolean():
            return {"type": "boolean", "default": bool(field.load_default)}
        case ma.fields.String() | Dollars() | Day() | Names():
            return {"type": "text"}
        case _:
            raise TypeError(f"{key}: a {type(field).__name__} has no safe type in Make; use text.")


def _option(value: str) -> dict[str, str]:
    return {"label": value.replace("_", " ").capitalize(), "value": value}


def _mode(listing: str) -> str:
    """Records come from an earlier module; what is set up once is chosen."""
    records = {event.listing.name for event in EVENTS.values()}
    return "edit" if LISTS[listing].name in records else "choose"
