"""The app's files: the manifest, what the modules have in common, and every component's code."""

from __future__ import annotations

from typing import Any

from connector.catalog.make.communication import TIMEOUT, base
from connector.catalog.make.component import Component
from connector.catalog.make.connection import connection, webhooks
from connector.catalog.make.modules import modules, rpcs

MANIFEST = "makecomapp.json"
README = "README.md"

GENERAL = {
    "base": "general/base.iml.json",
    "common": "general/common.json",
    "readme": README,
    "groups": "modules/groups.json",
}

KINDS = ("connection", "webhook", "module", "rpc", "function", "endpoint")
"""All that Make's editor wants to see named, the last two always empty: we need none."""

INTRODUCTION = """\
# COI connector

Reads certificates of insurance, checks them against your rules and passes the result on. It talks
to your own COI connector only.

Create a connection with the address of your service and the key that `connector keys create Make`
prints on the server. A certificate that is not compliant is a value of the answer, not an error:
branch by *Status*. Every module may safely be run again.

## Modules

"""


def components() -> list[Component]:
    """Everything that is deployed, in the order in which one needs the other."""
    return [connection(), *rpcs(), *webhooks(), *modules()]


def documents() -> dict[str, Any]:
    """Path below make_modules/ -> JSON content."""
    found = components()
    code = {part.path(name): code for part in found for name, code in part.code.items()}
    return {
        MANIFEST: manifest(found),
        GENERAL["base"]: base(),
        GENERAL["common"]: {"timeout": TIMEOUT},
        GENERAL["groups"]: groups(found),
        **code,
    }


def manifest(found: list[Component]) -> dict[str, Any]:
    """makecomapp.json. What Make calls the parts is found by their labels when it is deployed."""
    by_kind = {kind: [part for part in found if part.kind == kind] for kind in KINDS}
    return {
        "fileVersion": 1,
        "generalCodeFiles": GENERAL,
        "components": {
            kind: {part.id: part.manifest for part in parts} for kind, parts in by_kind.items()
        },
        "origins": [
            {
                "label": "Development",
                "baseUrl": "https://eu2.make.com/api",
                "appId": "coi-connector",
                "appVersion": 1,
                "apikeyFile": "../../make-api-key.txt",
                "idMapping": {kind: [] for kind in KINDS},
            }
        ],
    }


def groups(found: list[Component]) -> list[dict[str, Any]]:
    """The headings under which Make lists the modules."""
    modules = [part for part in found if part.kind == "module"]
    labels = dict.fromkeys(part.group for part in modules)
    return [
        {"label": label, "modules": [part.id for part in modules if part.group == label]}
        for label in labels
    ]


def readme() -> str:
    """What Make shows of the app."""
    rows = [
        f"- **{part.about['label']}**: {part.about['description']}"
        for part in modules()
    ]  # fmt: skip
    return INTRODUCTION + "\n".join(rows) + "\n"
