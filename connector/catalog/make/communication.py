"""What the modules ask the service, as Make's request and response directives."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from connector.actions.action import Action
from connector.actions.listing import LARGEST_PAGE, Listing
from connector.catalog.make.error_table import done, error_table, not_failed
from connector.catalog.make.interface import moment, output
from connector.catalog.make.parameters import asked

TIMEOUT = 300_000
"""Milliseconds a module may take: the most that Make allows."""

POLL = {"delay": 3_000, "limit": 75}
"""Looks at a job under way, in milliseconds and times: less than `TIMEOUT` altogether."""

SANITIZED = {"sanitize": ["request.headers.authorization"]}

NEXT_PAGE = {"condition": "{{body.next}}", "qs": {"cursor": "{{body.next}}"}}

MOST_CHOICES = 500
"""Of a dropdown; Make shows no more."""


def base() -> dict[str, Any]:
    """What all modules and remote procedures have in common."""
    return {
        "baseUrl": "{{connection.baseUrl}}",
        "headers": authorization("connection"),
        "timeout": TIMEOUT,
        "response": {"error": error_table()},
        "log": SANITIZED,
    }


def authorization(holder: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {{{{{holder}.apiKey}}}}"}


def action(found: Action) -> list[dict[str, Any]]:
    """Ask, wait for a job while there is one, and give on the whole answer.

    The first request answers at once what is quick. Else the second looks at the job again and
    again, and the third gives on what it came to.
    """
    job = {"url": "/v1/jobs/{{temp.answer.job_id}}", "method": "GET"}
    fields = found.output_fields
    return [
        _asking(found),
        {
            "condition": "{{temp.answer.job_status != 'done'}}",
            **job,
            "response": {"valid": not_failed(), "temp": _kept(polled=True), "output": None},
            "repeat": {
                "condition": "{{temp.answer.job_status == 'waiting' || temp.answer.job_status == 'running'}}",
                **POLL,
            },
        },
        {
            "condition": {"condition": "{{temp.polled}}", "default": output(fields, "temp.answer")},
            **job,
            "response": {"valid": done(), "output": output(fields, "body")},
        },
    ]


def _asking(found: Action) -> dict[str, Any]:
    request = {"url": f"/v1/actions/{found.name}", "method": "POST"}
    response = {"response": {"valid": not_failed(), "temp": _kept(polled=False), "output": None}}
    if not found.takes_document:
        return request | {"body": json_body(found.input)} | response
    file = {"value": "{{parameters.data}}", "options": {"filename": "{{parameters.fileName}}"}}
    body = {"file": file, **_form(found.input)}
    return request | {"type": "multipart/form-data", "body": body} | response


def _kept(*, polled: bool) -> dict[str, Any]:
    """What a later request of the same module needs to know."""
    return {"answer": "{{body}}", "polled": polled}


def json_body(schema: type[ma.Schema]) -> dict[str, str]:
    """The parameters by key; those that are not filled in are left out by Make."""
    return {key: f"{{{{parameters.{key}}}}}" for key in asked(schema)}


def _form(schema: type[ma.Schema]) -> dict[str, str]:
    """The same as a form's texts: nothing can be left out there, so what is empty is empty text."""
    return {key: _text(key, field) for key, field in asked(schema).items()}


def _text(key: str, field: ma.fields.Field[Any]) -> str:
    if not isinstance(field, ma.fields.Boolean):
        return f"{{{{ifempty(parameters.{key}, '')}}}}"
    said, unsaid = ("false", "true") if field.load_default else ("true", "false")
    return f"{{{{if(parameters.{key} == {said}, '{said}', '{unsaid}')}}}}"


def search(listing: Listing) -> dict[str, Any]:
    """The rows of a list, page by page, up to the limit that the user set."""
    return _pages(listing, json_body(listing.filters), "{{parameters.limit}}") | {
        "pagination": NEXT_PAGE
    }


def polling(listing: Listing) -> dict[str, Any]:
    """The rows that are new since the last run; the list answers the newest first."""
    found = _pages(listing, {}, "{{parameters.limit}}")
    found["response"]["trigger"] = {
        "type": "id",
        "order": "desc",
        "id": "{{item.record_number}}",
    }
    return found | {"pagination": NEXT_PAGE}


def _pages(listing: Listing, narrowed: dict[str, str], limit: str) -> dict[str, Any]:
    return {
        "url": listing.path,
        "method": "GET",
        "qs": {**narrowed, "limit": LARGEST_PAGE},
        "response": {
            "limit": limit,
            "iterate": "{{body.items}}",
            "output": output(listing.fields, "item"),
        },
    }


def epoch(listing: Listing) -> dict[str, Any]:
    """What the user chooses the beginning from."""
    label = f"{{{{ifempty(item.{listing.shown_as}, item.{listing.key})}}}}"
    shown = {"label": label, "date": moment("item.received_at")}
    return {"response": {"limit": MOST_CHOICES, "output": shown}}


def choices(listing: Listing) -> dict[str, Any]:
    """The options of a dropdown."""
    return {
        "url": listing.path,
        "method": "GET",
        "qs": {"limit": LARGEST_PAGE},
        "response": {
            "limit": MOST_CHOICES,
            "iterate": "{{body.items}}",
            "output": {
                "label": _label(listing),
                "value": f"{{{{item.{listing.key}}}}}",
            },
        },
        "pagination": NEXT_PAGE,
    }


def _label(listing: Listing) -> str:
    """The first value that a person tells the rows apart by, and the others in brackets."""
    first = f"{{{{ifempty(item.{listing.told_apart_by[0]}, item.{listing.key})}}}}"
    others = [f"{{{{ifempty(item.{key}, '-')}}}}" for key in listing.besides]
    return f"{first} ({', '.join(others)})" if others else first


def api_call() -> dict[str, Any]:
    """Any other call. What the user writes is only ever a path below /v1/ of their own service."""
    return {
        "url": "/v1/{{parameters.url}}",
        "method": "{{parameters.method}}",
        "headers": {"{{...}}": "{{toCollection(parameters.headers, 'key', 'value')}}"},
        "qs": {"{{...}}": "{{toCollection(parameters.qs, 'key', 'value')}}"},
        "body": "{{parameters.body}}",
        "type": "text",
        "response": {
            "output": {
                "body": "{{body}}",
                "headers": "{{headers}}",
                "statusCode": "{{statusCode}}",
            }
        },
    }
