"""The OpenAPI description, generated from the same schemas that load and answer requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from connector.actions.action import Action
from connector.actions.events import EVENTS, Event
from connector.actions.inputs import Day, Dollars, Names
from connector.actions.listing import Filters, Listing
from connector.actions.lists import LISTS
from connector.actions.registry import ACTIONS
from connector.catalog.endpoint import Endpoint, in_query, page_of
from connector.certificate.field import schema_of
from connector.certificate.fields import FlatCertificate

DESCRIPTION = (
    "Reads certificates of insurance, checks them against a contractor's rules and passes the "
    "result on. Every answer is one flat object whose keys are always present; every error is "
    '`{"error": {"code", "message", "field", "halt"}}` with a sentence for a person.'
)

ERRORS = {
    "401": "The API key is missing or wrong.",
    "403": "The key is good and may not do this.",
    "404": "There is no such record in this account.",
    "409": "The same deduplication key was used with other input.",
    "422": "The input or the document cannot be used; the message says what to do.",
    "429": "Too many requests; try again after the time in Retry-After.",
    "503": "Something that is needed does not answer; try again later.",
}


class ErrorBody(ma.Schema):
    """What went wrong and what to do."""

    code = ma.fields.String(required=True)
    message = ma.fields.String(required=True)
    field = ma.fields.String(required=True, allow_none=True)
    halt = ma.fields.Boolean(required=True)


class Error(ma.Schema):
    error = ma.fields.Nested(ErrorBody, required=True)


def _is_text(self: Any, field: ma.fields.Field[Any], **_: Any) -> dict[str, Any]:
    """Amounts, days and names of an input come as text (see actions/inputs.py)."""
    if not isinstance(field, Dollars | Day | Names):
        return {}
    unsaid = {"default": ""} if field.load_default == () else {}
    return {"type": ["string", "null"] if field.allow_none else "string", **unsaid}


def openapi(version: str, address: str, endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """The description of the running service: its `version` and the `address` it is reached by.

    Actions, lists and events describe themselves; `endpoints` are all its other addresses.
    """
    plugin = MarshmallowPlugin()
    spec = APISpec(
        title="COI connector",
        version=version,
        openapi_version="3.1.0",
        info={"description": DESCRIPTION},
        servers=[{"url": address}],
        plugins=[plugin],
    )
    assert plugin.converter is not None  # noqa: S101 - APISpec has just made it
    plugin.converter.add_attribute_function(_is_text)  # type: ignore[no-untyped-call]
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Error", schema=Error)
    spec.components.schema("FlatCertificate", schema=FlatCertificate)
    for action in ACTIONS.values():
        spec.path(f"/v1/actions/{action.name}", operations={"post": _action(spec, action)})
    for listing in LISTS.values():
        spec.path(listing.path, operations={"get": _list(spec, listing)})
    for event in EVENTS.values():
        spec.path(event.path, operations={"get": _events(spec, event)})
    errors = _errors()
    for endpoint in endpoints:
        operations = {endpoint.method.lower(): endpoint.operation(spec, errors)}
        spec.path(endpoint.path, operations=operations)
    return spec.to_dict()


def _action(spec: APISpec, action: Action) -> dict[str, Any]:
    words = "".join(word.title() for word in action.name.split("_"))
    spec.components.schema(f"{words}Input", schema=action.input)
    spec.components.schema(action.output_name, schema=action.output_schema())
    given = {"$ref": f"#/components/schemas/{words}Input"}
    content: dict[str, Any] = {"application/json": {"schema": given}}
    if action.takes_document:
        file = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
        content["multipart/form-data"] = {"schema": {"allOf": [given, file]}}
    answer = {
        "application/json": {"schema": {"$ref": f"#/components/schemas/{action.output_name}"}}
    }
    return {
        "operationId": action.name,
        "summary": action.title,
        "description": action.description,
        "security": [{"key": []}],
        "requestBody": {"required": True, "content": content},
        "responses": {
            "200": {"description": "Done.", "content": answer},
            "202": {
                "description": "Accepted; every value but the job's follows at `status_url`.",
                "content": answer,
            },
            **_errors(),
        },
    }


def _list(spec: APISpec, listing: Listing) -> dict[str, Any]:
    row = f"{''.join(word.title() for word in listing.name.split('_'))}Row"
    spec.components.schema(row, schema=listing.row_schema())
    return {
        "operationId": f"list_{listing.name}",
        "summary": listing.title,
        "description": listing.description,
        **_paged(row, listing.filters),
    }


def _events(spec: APISpec, event: Event) -> dict[str, Any]:
    row = f"{event.title.replace(' ', '').replace('-', '')}Event"
    spec.components.schema(row, schema=schema_of(row, event.fields))
    return {
        "operationId": f"poll_{event.name.replace('.', '_')}",
        "summary": event.title,
        "description": "What hooks of this event are sent, the newest first.",
        **_paged(row, Filters, event.filters),
    }


def _paged(row: str, *filters: type[ma.Schema]) -> dict[str, Any]:
    """Parameters and answers of a list of such rows."""
    page = page_of({"$ref": f"#/components/schemas/{row}"})
    return {
        "security": [{"key": []}],
        "parameters": [
            in_query(name, field) for schema in filters for name, field in schema().fields.items()
        ],
        "responses": {
            "200": {"description": "A page.", "content": {"application/json": {"schema": page}}},
            **_errors(),
        },
    }


def _errors() -> dict[str, Any]:
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {
        status: {"description": sentence, "content": body} for status, sentence in ERRORS.items()
    }
