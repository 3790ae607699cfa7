"""What a blueprint must keep to, so that Make imports it and every mapped key is one we answer.

Make publishes no schema for blueprints; the form follows the rules of its own example collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from connector.actions.events import EVENTS
from connector.actions.inputs import Input
from connector.actions.lists import LISTS
from connector.actions.registry import ACTIONS
from connector.checking.verdict import Status
from tests.catalog.make.source import App, texts

REFERENCE = re.compile(r"\{\{\s*(\d+)\.([\w.]+)\s*\}\}")
ANY_REFERENCE = re.compile(r"\{\{\s*(\d+)\b")
MODULE = re.compile(r"(app#coi-connector|[a-z][a-z0-9-]*):[A-Za-z]\w*")
BOUND = {"__IMTCONN__", "__IMTKEY__", "hook", "account", "datastore"}
"""Parameters that belong to somebody's account; the user chooses them after the import."""

APP = "app#coi-connector:"
VERDICT = re.compile(r"\{\{\d+\.(data\.)?(check_)?status\}\}")
VERDICTS = set(map(str, Status))
MAIL = {"from.address", "from.name", "subject", "text", "attachments"}
ATTACHMENT = {"fileName", "data", "contentType"}


def nodes(flow: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every module of a flow, those of a router's routes included."""
    for node in flow:
        yield node
        for route in node.get("routes", []):
            yield from nodes(route["flow"])


def findings(blueprint: dict[str, Any], app: App) -> list[str]:
    """Every place that does not keep to the rules."""
    return [
        *_form(blueprint),
        *_mapped(blueprint["flow"], {}, app),
        *(place for node in nodes(blueprint["flow"]) for place in _sent(node, app)),
        *(place for node in nodes(blueprint["flow"]) for place in _forgotten(node)),
    ]


def _form(blueprint: dict[str, Any]) -> Iterator[str]:
    if blueprint.keys() != {"name", "flow", "metadata"} or blueprint["metadata"]["version"] != 1:
        yield "the blueprint's own keys"
    if "filter" in blueprint["flow"][0]:
        yield "the first module has a filter"
    ids = [node["id"] for node in nodes(blueprint["flow"])]
    if len(set(ids)) != len(ids):
        yield "an id is there twice"
    for node in nodes(blueprint["flow"]):
        where = f"module {node['id']}"
        if not MODULE.fullmatch(node["module"]) or not isinstance(node["version"], int):
            yield f"{where}: {node['module']}"
        if node["metadata"].keys() != {"designer"} or not {"x", "y"} <= node["metadata"]["designer"].keys():  # fmt: skip
            yield f"{where}: metadata"
        if BOUND & node.get("parameters", {}).keys():
            yield f"{where}: bound to an account"
        is_router = node["module"] == "builtin:BasicRouter"
        if is_router and (node["mapper"] is not None or not node["routes"] or "filter" in node):
            yield f"{where}: router"


def _mapped(flow: list[dict[str, Any]], before: dict[int, set[str]], app: App) -> Iterator[str]:
    """Every `{{N.key}}` names a module on the way here, and a key that it gives on."""
    known = dict(before)
    for node in flow:
        said = [node.get("filter", {}), node.get("mapper") or {}, node.get("parameters", {})]
        for text in (text for part in said for text in texts(part)):
            if len(ANY_REFERENCE.findall(text)) != len(REFERENCE.findall(text)):
                yield f"module {node['id']}: {text}"
            for number, key in REFERENCE.findall(text):
                if key not in known.get(int(number), set()):
                    yield f"module {node['id']}: {{{{{number}.{key}}}}}"
        for route in node.get("routes", []):
            yield from _mapped(route["flow"], known, app)
        known[node["id"]] = _given(node, app)


def _given(node: dict[str, Any], app: App) -> set[str]:
    """The keys that a module gives on."""
    name, module = node["metadata"]["designer"].get("name", ""), node["module"]
    if module.startswith(APP):
        interface = app.module(module.removeprefix(APP)).code["interface"]
        return {field["name"] for field in interface}
    if module == "gateway:CustomWebHook":
        return {field.key for field in EVENTS[name].fields}
    if module == "email:TriggerNewEmail":
        return MAIL
    if module == "builtin:BasicFeeder":
        return {f.key for f in LISTS[name].fields} if name in LISTS else ATTACHMENT
    if module == "http:ActionSendData":
        return {"statusCode"} | {f"data.{key}" for key in _answered(node["mapper"]["url"])}
    return set()


def _answered(url: str) -> set[str]:
    """The keys of what the service answers at an address."""
    path = url.removeprefix("https://YOUR-ADDRESS")
    if path.startswith("/v1/actions/"):
        return {field.key for field in ACTIONS[path.removeprefix("/v1/actions/")].output_fields}
    if path.removeprefix("/v1/") in LISTS:
        return {"items", "next"}
    assert url.endswith(".status_url}}"), url
    return {field.key for field in ACTIONS["process_certificate"].output_fields}


def _sent(node: dict[str, Any], app: App) -> Iterator[str]:
    """What is sent to the service is among what it takes, and nothing that it needs is missing."""
    where, mapper = f"module {node['id']}", node.get("mapper") or {}
    if node["module"].startswith(APP):
        part = app.module(node["module"].removeprefix(APP))
        given = mapper.keys() | node["parameters"].keys()
        names = {field["name"] for field in part.parameters}
        needed = {field["name"] for field in part.parameters if field.get("required")}
        yield from (f"{where}: {name}" for name in sorted((given - names) | (needed - given)))
    if node["module"] == "http:ActionSendData":
        yield from (f"{where}: {name}" for name in sorted(_unknown(mapper)))


def _forgotten(node: dict[str, Any]) -> Iterator[str]:
    """Whatever comes out of a check goes somewhere, also where nobody's address is known."""
    routes = [
        route["flow"][0].get("filter", {"conditions": []}) for route in node.get("routes", [])
    ]
    asked = [one for route in routes for every in route["conditions"] for one in every]
    verdicts = {one["b"] for one in asked if VERDICT.fullmatch(one["a"])}
    if verdicts:
        yield from (f"module {node['id']}: no way for {one}" for one in sorted(VERDICTS - verdicts))
    addressed = {one["a"] for one in asked if one["o"] == "exist"}
    without = {one["a"] for one in asked if one["o"] == "notexist"}
    yield from (f"module {node['id']}: nobody hears without {one}" for one in addressed - without)


def _unknown(mapper: dict[str, Any]) -> set[str]:
    """Names of form fields and query parameters that the address does not take."""
    path = mapper["url"].removeprefix("https://YOUR-ADDRESS/v1/")
    asked = {field["key"] for field in mapper.get("formDataFields", [])}
    query = {field["name"] for field in mapper["qs"]}
    headers = {field["name"]: field["value"] for field in mapper["headers"]}
    unknown = set() if headers == {"Authorization": "Bearer YOUR-KEY"} else {"headers"}
    if path.startswith("actions/"):
        taken: type[Input] = ACTIONS[path.removeprefix("actions/")].input  # type: ignore[assignment]
        return unknown | (asked - {"file", *taken().fields})
    filters = set(LISTS[path].filters().fields) if path in LISTS else set()
    return unknown | asked | (query - filters)
