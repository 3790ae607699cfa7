"""The connection to one's own service, and the webhooks that it tells events to.

Neither inherits anything from the base: each says its address, its key, its errors and what is
kept out of the logs itself.
"""

from __future__ import annotations

from typing import Any

from connector.actions.events import EVENTS, Event
from connector.catalog.make.communication import SANITIZED, authorization, json_body
from connector.catalog.make.component import Component
from connector.catalog.make.error_table import error_table
from connector.catalog.make.interface import output
from connector.catalog.make.parameters import parameters
from connector.catalog.words import camel_case, sentence_case

CONNECTION = "apiKey"

ADDRESS = "^https://[^/?#@\\s]+(/[^?#@\\s]*[^/?#@\\s])?$"
"""An address of the web, without a name, a query or a slash at its end."""

PARAMETERS = [
    {
        "name": "baseUrl",
        "label": "Service address",
        "type": "url",
        "required": True,
        "validate": {"pattern": ADDRESS},
        "help": "The address at which your COI connector runs, without a slash at its end, for "
        "example https://connector.example.com.",
    },
    {
        "name": "apiKey",
        "label": "API key",
        "type": "password",
        "required": True,
        "help": "What `connector keys create Make` prints on the server.",
    },
]


def connection() -> Component:
    communication = {
        "url": "{{parameters.baseUrl}}/v1/account",
        "method": "GET",
        "headers": authorization("parameters"),
        "response": {
            "error": error_table(),
            "metadata": {"type": "text", "value": "{{body.account_name}}"},
        },
        "log": SANITIZED,
    }
    about = {"label": "COI connector", "connectionType": "basic"}
    code = {"communication": communication, "params": PARAMETERS}
    return Component("connection", CONNECTION, about, code)


def webhooks() -> list[Component]:
    """One per event, so that each trigger subscribes to its own."""
    return [_webhook(event) for event in EVENTS.values()]


def _webhook(event: Event) -> Component:
    code = {
        "communication": {
            "output": output(event.fields, "body"),
            "respond": {"type": "json", "status": 200, "body": {"accepted": True}},
        },
        "params": list(parameters(event.filters)),
        "attach": _attach(event),
        "detach": _detach(),
    }
    about = {
        "label": sentence_case(event.title),
        "webhookType": "web",
        "connection": CONNECTION,
    }
    return Component("webhook", camel_case(event.name), about, code)


def _attach(event: Event) -> dict[str, Any]:
    """Subscribe; the hook's id is kept for the end, its secret out of the logs."""
    filters = json_body(event.filters)
    return {
        "url": "{{connection.baseUrl}}/v1/hooks",
        "method": "POST",
        "headers": authorization("connection"),
        "body": {
            "target_url": "{{webhook.url}}",
            "event": event.name,
            **({"filters": filters} if filters else {}),
        },
        "response": {"data": {"externalHookId": "{{body.id}}"}, "error": error_table()},
        "log": {"sanitize": [*SANITIZED["sanitize"], "response.body.secret"]},
    }


def _detach() -> dict[str, Any]:
    return {
        "url": "{{connection.baseUrl}}/v1/hooks/{{webhook.externalHookId}}",
        "method": "DELETE",
        "headers": authorization("connection"),
        "response": {"error": error_table()},
        "log": SANITIZED,
    }
