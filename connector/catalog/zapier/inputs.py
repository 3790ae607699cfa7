"""An action's input as Zapier's input fields.

Money and days stay text, because Zapier changes numbers and dates on their way: its number field
makes 1 of "1,000,000". The service parses them strictly and names the field that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import marshmallow as ma
from marshmallow.validate import OneOf

from connector.actions.action import Action
from connector.actions.inputs import Day, Dollars, Names
from connector.actions.lists import LISTS
from connector.actions.registry import ACTIONS
from connector.catalog.words import title_case

NOT_ASKED = {"callback_url", "file_url", "file_base64", "file_name"}
"""What the integration fills in itself, or needs no field for: a Zapier file has all of it."""

CHOICE = "choice_label"
"""The key of what a person reads in a dropdown."""

_RANK = {"certificate_id": 0, "deduplication_key": 2}

FILE = {
    "key": "file",
    "label": "Certificate File",
    "type": "file",
    "required": True,
    "helpText": "The certificate as a PDF or a picture. Map the file of an earlier step, or a "
    "link that opens without a login.",
}


def list_key(listing: str) -> str:
    """The key of the hidden trigger that fills dropdowns from a list."""
    return f"list_{listing}"


def action_inputs(action: Action) -> list[dict[str, Any]]:
    """What a person fills in: the file, what is required, the rest, and what few people need."""
    fields = list(input_fields(action.input))
    file = [FILE] if action.takes_document else []
    return file + sorted(fields, key=_rank)


def _rank(field: dict[str, Any]) -> int:
    return _RANK.get(field["key"], 0 if field.get("required") else 1)


def input_fields(schema: type[ma.Schema]) -> Iterator[dict[str, Any]]:
    """The fields of an action's input or of an event's filters."""
    for key, field in schema().fields.items():
        if key not in NOT_ASKED:
            yield _input(key, field)


def _input(key: str, field: ma.fields.Field[Any]) -> dict[str, Any]:
    return {
        "key": key,
        "label": title_case(field.metadata["title"]),
        **_type(key, field),
        **({"required": True} if field.required else {}),
        "helpText": field.metadata["description"],
        **_choices(field),
    }


def _type(key: str, field: ma.fields.Field[Any]) -> dict[str, Any]:
    match field:
        case ma.fields.Boolean():
            return {"type": "boolean", "default": "true" if field.load_default else "false"}
        case Names():
            return {"type": "string", "list": True}
        case ma.fields.String() | Dollars() | Day():
            return {"type": "string"}
        case _:
            raise TypeError(
                f"{key}: a {type(field).__name__} has no safe type in Zapier; use text."
            )


def _choices(field: ma.fields.Field[Any]) -> dict[str, Any]:
    offered = [check for check in field.validators if isinstance(check, OneOf)]
    if offered:
        return {"choices": {str(value): _said(str(value)) for value in offered[0].choices}}
    name = field.metadata.get("choices_from")
    if not name:
        return {}
    listing = LISTS[name]
    found = [action.name for action in ACTIONS.values() if finds(action, listing.key)]
    search = {"search": f"{found[0]}.{listing.key}"} if found else {}
    return {"dynamic": f"{list_key(name)}.{listing.key}.{CHOICE}", **search}


def finds(action: Action, key: str) -> bool:
    """Whether it is a search for what `key` identifies."""
    return action.is_search and action.fields[0].key == key


def _said(value: str) -> str:
    return title_case(value.replace("_", " "))
