"""The integration's definition: everything but its functions, which zap_schemas/ adds by kind.

`service` in each part says what the functions call; it is taken out before Zapier sees the part.
"""

from __future__ import annotations

from typing import Any

from connector.actions.action import Action
from connector.actions.events import EVENT_ID, EVENTS, Event
from connector.actions.listing import Listing
from connector.actions.registry import ACTIONS
from connector.catalog.dropdowns import narrowing, offered
from connector.catalog.failures import failures
from connector.catalog.samples import sample
from connector.catalog.zapier.inputs import CHOICE, action_inputs, input_fields, list_key
from connector.catalog.zapier.outputs import output_fields

SEARCH_OR_CREATES = {
    "find_certificate": (
        "parse_certificate",
        "Find or Parse Certificate",
        "Finds a certificate on file, or reads a new one when there is none.",
    ),
}
"""Search -> create, label, description; offered once the registry has both."""


def definition() -> dict[str, Any]:
    """All parts by kind and key, in the registry's order."""
    creates = [action for action in ACTIONS.values() if not action.is_search]
    searches = [action for action in ACTIONS.values() if action.is_search]
    return {
        "haltingCodes": halting_codes(),
        "creates": {action.name: _create(action) for action in creates},
        "searches": {action.name: _search(action) for action in searches},
        "searchOrCreates": _search_or_creates(),
        "triggers": {trigger_key(event): _trigger(event) for event in EVENTS.values()},
        "lists": {list_key(listing.name): _dropdown(listing) for listing in offered()},
    }


def halting_codes() -> list[str]:
    """Codes of failures that stop a run without counting as an error of the Zap."""
    return sorted({kind.code for kind in failures() if kind.halt})


def trigger_key(event: Event) -> str:
    """ "certificate.non_compliant" -> "certificate_non_compliant"."""
    return event.name.replace(".", "_")


def _create(action: Action) -> dict[str, Any]:
    return _part(action, {"path": _path(action)})


def _search(action: Action) -> dict[str, Any]:
    return _part(action, {"path": _path(action), "found": action.fields[0].key})


def _path(action: Action) -> str:
    return f"/v1/actions/{action.name}"


def _part(action: Action, service: dict[str, str]) -> dict[str, Any]:
    shown = sample(action.output_fields)
    return {
        "key": action.name,
        "noun": action.noun,
        "display": {"label": action.title, "description": action.description},
        "service": service,
        "operation": {
            "inputFields": action_inputs(action),
            "outputFields": output_fields(action.output_fields, shown),
            "sample": shown,
        },
    }


def _trigger(event: Event) -> dict[str, Any]:
    shown = sample(event.fields, event.sample)
    return {
        "key": trigger_key(event),
        "noun": event.noun,
        "display": {"label": event.title, "description": event.description},
        "service": {"event": event.name, "path": event.path},
        "operation": {
            "type": "hook",
            "inputFields": list(input_fields(event.filters)),
            "outputFields": output_fields(event.fields, shown, primary=EVENT_ID.key),
            "sample": shown,
        },
    }


def _dropdown(listing: Listing) -> dict[str, Any]:
    """A list as choices: its key, and one label of the keys that a person tells them apart by.

    Of what the step has filled in already, that narrows it which the list is narrowed by, too.
    """
    told = [f for f in listing.fields if f.key in (listing.key, *listing.told_apart_by)]
    shown = sample(told)
    shown[CHOICE] = ", ".join(str(shown[key]) for key in listing.told_apart_by)
    return {
        "key": list_key(listing.name),
        "noun": listing.title,
        "display": {"label": listing.title, "description": listing.description, "hidden": True},
        "service": {"path": listing.path, "label": list(listing.told_apart_by)},
        "operation": {
            "canPaginate": True,
            "inputFields": list(input_fields(narrowing(listing))),
            "outputFields": [
                *output_fields(told, shown, primary=listing.key),
                {"key": CHOICE, "label": "Choice", "type": "string", "sample": shown[CHOICE]},
            ],
            "sample": shown,
        },
    }


def _search_or_creates() -> dict[str, Any]:
    return {
        search: {
            "key": search,
            "display": {"label": label, "description": description},
            "search": search,
            "create": create,
        }
        for search, (create, label, description) in SEARCH_OR_CREATES.items()
        if search in ACTIONS and create in ACTIONS
    }
