"""The modules: one per action, event and list that can be searched, and the universal one."""

from __future__ import annotations

from typing import Any

from connector.actions.action import Action
from connector.actions.events import EVENTS, Event
from connector.actions.listing import Listing
from connector.actions.lists import LISTS
from connector.actions.registry import ACTIONS
from connector.catalog.dropdowns import offered
from connector.catalog.make import communication
from connector.catalog.make.component import Component
from connector.catalog.make.connection import CONNECTION
from connector.catalog.make.interface import interface
from connector.catalog.make.parameters import (
    action_parameters,
    asked,
    limit,
    parameters,
    rpc_id,
)
from connector.catalog.samples import sample
from connector.catalog.words import camel_case, lower_title, with_article

API_CALL = "makeAnApiCall"


def modules() -> list[Component]:
    """All modules, in the registry's order."""
    return [
        *(_action(action) for action in ACTIONS.values()),
        *(_search(listing) for listing in LISTS.values() if _is_searched(listing)),
        *(_polling(listing) for listing in LISTS.values() if _is_polled(listing)),
        *(_instant(event) for event in EVENTS.values()),
        _api_call(),
    ]


def _is_searched(listing: Listing) -> bool:
    return not listing.for_admins and bool(asked(listing.filters))


def rpcs() -> list[Component]:
    """The lists that some dropdown is filled from."""
    return [
        Component(
            "rpc",
            rpc_id(listing.name),
            {"label": f"List {lower_title(listing.title)}", "connection": CONNECTION},
            {"communication": communication.choices(listing)},
        )
        for listing in offered()
    ]


def _module(
    id: str, kind: str, label: str, description: str, code: dict[str, Any], group: str, **about: str
) -> Component:
    said = {"moduleType": kind, "label": label, "description": description, **about}
    return Component("module", id, {**said, "connection": CONNECTION}, code, group)


def _action(action: Action) -> Component:
    """A search of one thing is an action, too: it gives on one bundle, empty when nothing is found,
    so that the scenario can go another way then instead of stopping."""
    code = {
        "communication": communication.action(action),
        "mappableParams": action_parameters(action),
        "interface": interface(action.output_fields),
        "samples": sample(action.output_fields),
    }
    label, crud = with_article(action.title), "read" if action.is_search else "create"
    id, group = camel_case(action.name), "Searches" if action.is_search else "Actions"
    return _module(id, "action", label, action.description, code, group, actionCrud=crud)


def _search(listing: Listing) -> Component:
    code = {
        "communication": communication.search(listing),
        "mappableParams": [*parameters(listing.filters), limit(10)],
        "interface": interface(listing.fields),
        "samples": sample(listing.fields),
    }
    label = f"Search {lower_title(listing.title)}"
    id = camel_case(f"search_{listing.name}")
    return _module(id, "search", label, listing.description, code, "Searches")


def _is_polled(listing: Listing) -> bool:
    """Whether its rows have a number that grows."""
    return any(field.key == "record_number" for field in listing.fields)


def _polling(listing: Listing) -> Component:
    code = {
        "communication": communication.polling(listing),
        "staticParams": [limit(2)],
        "epoch": communication.epoch(listing),
        "interface": interface(listing.fields),
        "samples": sample(listing.fields),
    }
    title = lower_title(listing.title)
    described = f"Looks for new {title} on a schedule. Needs no webhook, but is not instant."
    id = camel_case(f"watch_{listing.name}")
    return _module(id, "trigger", f"Watch {title}", described, code, "Triggers")


def _instant(event: Event) -> Component:
    code = {
        "communication": {},
        "interface": interface(event.fields),
        "samples": sample(event.fields, event.sample),
    }
    hook = camel_case(event.name)
    label = f"Watch {lower_title(event.title)} events"
    return _module(
        camel_case(f"watch_{event.name}"),
        "instant_trigger",
        label,
        event.description,
        code,
        "Triggers",
        webhook=hook,
    )


def _api_call() -> Component:
    code = {
        "communication": communication.api_call(),
        "mappableParams": _API_CALL_PARAMETERS,
        "interface": [
            {"name": "body", "label": "Body", "type": "any"},
            {"name": "headers", "label": "Headers", "type": "collection"},
            {"name": "statusCode", "label": "Status code", "type": "uinteger"},
        ],
        "samples": {"body": {"account_name": "Office"}, "headers": {}, "statusCode": 200},
    }
    described = "Performs an arbitrary authorized call of the service's API."
    return _module(API_CALL, "universal", "Make an API call", described, code, "Other")


def _pairs(name: str, label: str, key_help: str) -> dict[str, Any]:
    spec = [
        {"name": "key", "label": "Key", "type": "text", "help": key_help},
        {"name": "value", "label": "Value", "type": "text"},
    ]
    return {"name": name, "label": label, "type": "array", "spec": spec}


_API_CALL_PARAMETERS: list[dict[str, Any]] = [
    {
        "name": "url",
        "label": "URL",
        "type": "text",
        "required": True,
        "validate": {"pattern": "^(?!/|\\w+:)"},
        "help": "The part of the address after `/v1/`, for example `certificates` or `account`.",
    },
    {
        "name": "method",
        "label": "Method",
        "type": "select",
        "required": True,
        "default": "GET",
        "options": [
            {"label": method, "value": method} for method in ("GET", "POST", "PUT", "DELETE")
        ],
    },
    _pairs("headers", "Headers", "The authorization is added by itself.")
    | {"default": [{"key": "Content-Type", "value": "application/json"}]},
    _pairs("qs", "Query string", "For example limit."),
    {"name": "body", "label": "Body", "type": "any"},
]
