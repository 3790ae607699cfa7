"""An address that is neither an action nor a list, as the OpenAPI description tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import marshmallow as ma
from apispec import APISpec

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method at one path; `{name}` in the path is a text parameter.

    `answer` is the JSON Schema of the answer; without it the answer is text or a file of `media`.
    `given` is the JSON body, `body` the media type of one that is no JSON, `answers` the words for
    each status; `refusals` are the errors of one that needs no key (others may have all).
    """

    name: str
    method: str
    path: str
    summary: str
    answer: Mapping[str, Any] | None = None
    media: str = JSON
    given: type[ma.Schema] | None = None
    body: str | None = None
    query: type[ma.Schema] | None = None
    answers: Mapping[str, str] = field(default_factory=lambda: {"200": "Done."})
    needs_key: bool = True
    refusals: tuple[str, ...] = ()

    def operation(self, spec: APISpec, errors: Mapping[str, Any]) -> dict[str, Any]:
        """The endpoint as an OpenAPI operation; its schemas are added to the description."""
        found: dict[str, Any] = {"operationId": self.name, "summary": self.summary}
        if self.needs_key:
            found["security"] = [{"key": []}]
        parameters = [_in_path(part[1:-1]) for part in self.path.split("/") if part[:1] == "{"]
        if self.query is not None:
            parameters += [in_query(name, field) for name, field in self.query().fields.items()]
        if parameters:
            found["parameters"] = parameters
        if content := self._given(spec):
            found["requestBody"] = {"required": True, "content": content}
        content = {self.media: {"schema": self.answer or {"type": "string"}}}
        found["responses"] = {
            **{
                status: {"description": words, "content": content}
                for status, words in self.answers.items()
            },
            **(errors if self.needs_key else {status: errors[status] for status in self.refusals}),
        }
        return found

    def _given(self, spec: APISpec) -> dict[str, Any]:
        if self.body is not None:
            return {self.body: {"schema": {"type": "string"}}}
        if self.given is None:
            return {}
        words = "".join(word.title() for word in self.name.split("_"))
        spec.components.schema(f"{words}Input", schema=self.given)
        return {JSON: {"schema": {"$ref": f"#/components/schemas/{words}Input"}}}


def row_of(**types: str) -> dict[str, Any]:
    """The schema of a flat object with exactly these keys; `string?` may be null."""
    properties = {
        name: {"type": [kind[:-1], "null"] if kind.endswith("?") else kind}
        for name, kind in types.items()
    }
    return {"type": "object", "required": [*properties], "properties": properties}


def page_of(row: Mapping[str, Any], **beside: str) -> dict[str, Any]:
    """The schema of a page of such rows, and of what stands beside them."""
    counts = row_of(**beside)
    return {
        "type": "object",
        "required": ["items", "next", *counts["required"]],
        "properties": {
            "items": {"type": "array", "items": row},
            "next": {"type": ["string", "null"], "description": "The cursor of the next page."},
            **counts["properties"],
        },
    }


def in_query(name: str, field: ma.fields.Field[Any]) -> dict[str, Any]:
    """A filter as an OpenAPI parameter: amounts and days come as text too."""
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": field.metadata["description"],
        "schema": {"type": "string"},
    }


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
