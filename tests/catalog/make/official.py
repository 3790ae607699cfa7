"""Make's own JSON schemas, where they are: they are not ours, so the project holds no copy.

`MAKE_SCHEMAS` names their folder; else it is looked for in ../shared.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from tests.catalog.make.source import ROOT, App

MISSING = (
    "Make's JSON schemas are not here, so the app was not checked with them. Set MAKE_SCHEMAS."
)

SCHEMAS = {
    "base": "base",
    "common": "common",
    "groups": "groups",
    "communication": "api",
    "attach": "api",
    "detach": "api",
    "epoch": "epoch",
    "params": "parameters",
    "staticParams": "parameters",
    "mappableParams": "parameters",
    "interface": "parameters",
    "samples": "samples",
}
"""Code section -> the schema that it must be valid by."""


def folder() -> Path | None:
    """Where the schemas are; None when they are not here."""
    named = os.environ.get("MAKE_SCHEMAS")
    found = Path(named) if named else ROOT.parent / "shared" / "contract" / "make-schemas"
    return found if (found / "imljson").is_dir() else None


def findings(app: App, schemas: Path) -> list[str]:
    """Every place that a schema does not allow, with what the schema says."""
    validators = _validators(schemas)
    return [
        f"{path}: {error.json_path} {error.message[:160]}"
        for path, name in sorted(_names(app))
        if path in app.files
        for error in validators[name].iter_errors(app.files[path])
    ]


def _names(app: App) -> Iterator[tuple[str, str]]:
    """Path and schema of every file."""
    yield "makecomapp.json", "makecomapp"
    for section, path in app.manifest["generalCodeFiles"].items():
        if section in SCHEMAS:
            yield path, SCHEMAS[section]
    for part in app.all():
        for section, path in part.about["codeFiles"].items():
            yield path, SCHEMAS[section]


def _validators(schemas: Path) -> dict[str, Draft7Validator]:
    paths = [*(schemas / "imljson").glob("*.json")]
    contents: dict[str, Any] = {path.name: json.loads(path.read_text()) for path in paths}
    resources = [
        (f"file:///{name}", Resource(contents=content, specification=DRAFT7))
        for name, content in contents.items()
    ]
    registry: Registry[Any] = Registry().with_resources(resources)
    manifest = json.loads((schemas / "local-development" / "makecomapp.schema.json").read_text())
    found = {
        name.removesuffix(".json"): Draft7Validator({"$ref": f"file:///{name}"}, registry=registry)
        for name in contents
    }
    return found | {"makecomapp": Draft7Validator(manifest)}
