"""What a workflow for n8n must keep to: every wire leads somewhere, every mapped key is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connector.actions.lists import LISTS
from connector.actions.registry import ACTIONS
from tests.catalog.make.source import ROOT, texts

FOLDER = ROOT / "n8n"
KEY = re.compile(r"\$json\.(\w+)")
ADDRESS = "https://YOUR-ADDRESS/v1/"
OF_THE_MAIL = {"from", "subject", "text", "body", "error"}
"""Keys that come with a mail or a webhook, and n8n's own of a failure."""

Workflow = dict[str, Any]


def read(path: Path) -> Workflow:
    found: Workflow = json.loads(path.read_text(encoding="utf-8"))
    return found


def paths() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


def findings(workflow: Workflow) -> list[str]:
    """Every place that does not keep to the rules."""
    return [*_wires(workflow), *_errors(workflow), *_inputs(workflow), *_keys(workflow), *_secrets(workflow)]  # fmt: skip


def node(workflow: Workflow, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in workflow["nodes"] if one["name"] == name)
    return found


def wires(workflow: Workflow) -> Iterator[tuple[str, int, str]]:
    """From, its output, to."""
    for source, outputs in workflow["connections"].items():
        for at, targets in enumerate(outputs["main"]):
            for target in targets:
                yield source, at, target["node"]


def is_request(one: dict[str, Any]) -> bool:
    return bool(one["type"] == "n8n-nodes-base.httpRequest")


def _wires(workflow: Workflow) -> Iterator[str]:
    names = [one["name"] for one in workflow["nodes"]]
    if len(set(names)) != len(names):
        yield "two nodes have one name"
    linked = {end for source, _, target in wires(workflow) for end in (source, target)}
    yield from sorted(f"{name}: not linked" for name in linked ^ set(names))


def _errors(workflow: Workflow) -> Iterator[str]:
    """Every request has a way for its failure: without one the caller gets an empty answer."""
    outputs = {(source, at) for source, at, _ in wires(workflow)}
    for one in filter(is_request, workflow["nodes"]):
        if one.get("onError") != "continueErrorOutput" or (one["name"], 1) not in outputs:
            yield f"{one['name']}: no way for errors"


def _inputs(workflow: Workflow) -> Iterator[str]:
    """What is sent is among what the service takes."""
    for one in filter(is_request, workflow["nodes"]):
        said = one["parameters"]
        path = said["url"].removeprefix(ADDRESS)
        sent = {field["name"] for field in said.get("bodyParameters", {}).get("parameters", [])}
        query = {field["name"] for field in said.get("queryParameters", {}).get("parameters", [])}
        if path.startswith("actions/"):
            taken = ACTIONS[path.removeprefix("actions/")].input().fields.keys() | {"file"}
            yield from sorted(f"{one['name']}: {name}" for name in sent - taken)
        elif path in LISTS:
            taken = LISTS[path].filters().fields.keys()
            yield from sorted(f"{one['name']}: {name}" for name in query - taken)
        elif path != "={{ $json.status_url }}":
            yield f"{one['name']}: {said['url']}"


def _keys(workflow: Workflow) -> Iterator[str]:
    """Every key that a node reads is one that the service answers here."""
    process = {field.key for field in ACTIONS["process_certificate"].output_fields}
    certificate = {field.key for field in LISTS["certificates"].fields}
    is_list = any(ADDRESS + "certificates" in str(one["parameters"]) for one in workflow["nodes"])
    known = (certificate if is_list else process) | OF_THE_MAIL
    for one in workflow["nodes"]:
        for text in texts(one["parameters"]):
            yield from (f"{one['name']}: {key}" for key in KEY.findall(text) if key not in known)


def _secrets(workflow: Workflow) -> Iterator[str]:
    """Keys stay in n8n's own store; the workflow only names them."""
    for one in workflow["nodes"]:
        if is_request(one) and set(one.get("credentials", {})) != {"httpHeaderAuth"}:
            yield f"{one['name']}: no key"
        if "Bearer" in json.dumps(one["parameters"]):
            yield f"{one['name']}: a key in the workflow"
