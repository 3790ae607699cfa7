"""One component of the app: what makecomapp.json says of it, and its code by section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connector.catalog.words import kebab_case

SUFFIXES = {
    "communication": "communication.iml.json",
    "staticParams": "static-params.iml.json",
    "mappableParams": "mappable-params.iml.json",
    "interface": "interface.iml.json",
    "samples": "samples.iml.json",
    "epoch": "epoch.iml.json",
    "params": "params.iml.json",
    "attach": "attach.iml.json",
    "detach": "detach.iml.json",
}
"""Code section -> the end of its file's name, as Make's editor expects it."""


@dataclass(frozen=True, slots=True)
class Component:
    """`kind` is connection, webhook, module or rpc; `about` its keys in makecomapp.json.

    `code` holds JSON by section; `group` is the heading under which Make lists a module.
    """

    kind: str
    id: str
    about: Mapping[str, Any]
    code: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""

    def path(self, section: str) -> str:
        """ "modules/parseCertificate/parse-certificate.interface.iml.json"."""
        return f"{self.kind}s/{self.id}/{kebab_case(self.id)}.{SUFFIXES[section]}"

    @property
    def manifest(self) -> dict[str, Any]:
        """Its entry in makecomapp.json."""
        return {**self.about, "codeFiles": {name: self.path(name) for name in self.code}}
