"""The OpenAPI fragment as a judge: which operation a request is, and what is wrong with it.

The fragment (`tests/simulators/procore.oas.json`) is OpenAPI 3.0.3; `nullable` is turned into
JSON Schema's list of types once, at load, so that plain jsonschema can check both directions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

FRAGMENT = Path(__file__).parents[1] / "procore.oas.json"

Violations = dict[str, list[str]]
"""Field or parameter name -> what is wrong with it, as Procore's error maps are shaped."""


@dataclass(frozen=True)
class Operation:
    """One verb on one path of the fragment."""

    id: str
    method: str
    path: re.Pattern[str]
    wildcards: int
    parameters: tuple[Mapping[str, Any], ...]
    bodies: Mapping[str, Draft202012Validator]
    answers: Mapping[str, Draft202012Validator | None]
    is_public: bool


class Contract:
    """All operations of the fragment."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = _with_null_types(document)
        self.operations = sorted(self._operations(), key=lambda operation: operation.wildcards)

    def operation(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation and its path values; a literal path ("…/sync") wins over "…/{id}"."""
        for operation in self.operations:
            if operation.method == method and (found := operation.path.fullmatch(path)):
                return operation, found.groupdict()
        return None

    def knows_path(self, path: str) -> bool:
        return any(operation.path.fullmatch(path) for operation in self.operations)

    def _operations(self) -> Iterator[Operation]:
        for template, verbs in self._document["paths"].items():
            for method, spec in verbs.items():
                yield Operation(
                    spec["operationId"],
                    method.upper(),
                    re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)),
                    template.count("{"),
                    tuple(self._resolve(each) for each in spec.get("parameters", ())),
                    self._validators(spec.get("requestBody", {})),
                    {code: self._answer(answer) for code, answer in spec["responses"].items()},
                    spec.get("security") == [],
                )

    def _resolve(self, spec: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in spec:
            found: Any = self._document
            for step in spec["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            spec = found
        return spec

    def _validators(self, spec: Mapping[str, Any]) -> dict[str, Draft202012Validator]:
        content = self._resolve(spec).get("content", {})
        return {kind: self._validator(body["schema"]) for kind, body in content.items()}

    def _answer(self, spec: Mapping[str, Any]) -> Draft202012Validator | None:
        return self._validators(spec).get("application/json")

    def _validator(self, schema: Mapping[str, Any]) -> Draft202012Validator:
        whole = {"components": self._document["components"], **schema}
        return Draft202012Validator(whole, format_checker=FormatChecker(["date"]))


@cache
def contract() -> Contract:
    """The fragment, read once."""
    return Contract(json.loads(FRAGMENT.read_text()))


def parameter_violations(
    operation: Operation,
    path: Mapping[str, str],
    query: Mapping[str, list[str]],
    headers: Mapping[str, str],
) -> Violations:
    """What in path, query and headers the fragment does not allow; empty when all is well."""
    wrong: Violations = {}
    given = {"path": {k: [v] for k, v in path.items()}, "query": query, "header": headers}
    for parameter in operation.parameters:
        source = given[parameter["in"]]
        values = source.get(parameter["name"], [])
        values = [values] if isinstance(values, str) else values
        if not values and parameter.get("required"):
            wrong[parameter["name"]] = ["is missing"]
        if any(not _fits(value, parameter["schema"]) for value in values):
            wrong[parameter["name"]] = [f"is not a valid {parameter['schema'].get('type')}"]
    known = {each["name"] for each in operation.parameters if each["in"] == "query"}
    return wrong | {name: ["is not a known parameter"] for name in query if name not in known}


def body_violations(operation: Operation, body: Any, content_type: str) -> Violations:
    """What in the body the fragment does not allow; empty when all is well."""
    if not operation.bodies:
        return {} if body is None else {"body": ["is not expected"]}
    validator = operation.bodies.get(content_type)
    if validator is None:
        return {"Content-Type": [f"{content_type or 'none'} is not accepted"]}
    return _named(validator, body)


def _named(validator: Draft202012Validator, value: Any) -> Violations:
    wrong: Violations = {}
    for error in validator.iter_errors(value):
        name = str(error.absolute_path[-1]) if error.absolute_path else "body"
        if error.validator == "additionalProperties":
            name = "unknown_attribute"
        wrong.setdefault(name, []).append(error.message[:200])
    return wrong


def answer_violations(operation: Operation, status: int, body: Any) -> Violations:
    """What the simulator's own answer breaks: keeps the simulator honest."""
    if str(status) not in operation.answers and "default" not in operation.answers:
        return {"status": [f"{status} is not declared"]}
    validator = operation.answers.get(str(status), operation.answers.get("default"))
    return {} if validator is None else _named(validator, body)


def _fits(value: str, schema: Mapping[str, Any]) -> bool:
    if "enum" in schema and value not in schema["enum"]:
        return False
    kind = schema.get("items", schema).get("type")
    if kind == "integer":
        return bool(re.fullmatch(r"-?\d+", value)) and int(value) >= schema.get("minimum", 0)
    return kind != "boolean" or value in ("true", "false")


def _with_null_types(node: Any) -> Any:
    """OpenAPI 3.0 `nullable: true` as JSON Schema: the type, or null."""
    if isinstance(node, list):
        return [_with_null_types(each) for each in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _with_null_types(value) for key, value in node.items() if key != "nullable"}
    if node.get("nullable") is True and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
    return plain
