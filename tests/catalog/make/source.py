"""The app as it lies in make_modules/: every file, and the parts that the manifest names."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "make_modules"


@dataclass(frozen=True, slots=True)
class Part:
    """One component: its kind and id, its entry in the manifest, its code by section."""

    kind: str
    id: str
    about: dict[str, Any]
    code: dict[str, Any]

    @property
    def where(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The requests of its communication, one or several."""
        found = self.code.get("communication", [])
        return found if isinstance(found, list) else [found]

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """Everything that a person fills in."""
        sections = ("params", "staticParams", "mappableParams")
        return [field for name in sections for field in self.code.get(name, [])]


class App:
    """All files by path; JSON as values, the readme as text."""

    def __init__(self, files: dict[str, Any]) -> None:
        self.files = files

    def copy(self) -> App:
        return App(copy.deepcopy(self.files))

    @property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = self.files["makecomapp.json"]
        return found

    @property
    def base(self) -> dict[str, Any]:
        found: dict[str, Any] = self.files[self.manifest["generalCodeFiles"]["base"]]
        return found

    @property
    def common(self) -> dict[str, Any]:
        found: dict[str, Any] = self.files[self.manifest["generalCodeFiles"]["common"]]
        return found

    @property
    def groups(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.files[self.manifest["generalCodeFiles"]["groups"]]
        return found

    def parts(self, kind: str) -> Iterator[Part]:
        for id, about in self.manifest["components"].get(kind, {}).items():
            code = {
                name: self.files[path]
                for name, path in about["codeFiles"].items()
                if path in self.files
            }
            yield Part(kind, id, about, code)

    def all(self) -> list[Part]:
        return [part for kind in self.manifest["components"] for part in self.parts(kind)]

    def part(self, kind: str, id: str) -> Part:
        return next(part for part in self.parts(kind) if part.id == id)

    def module(self, id: str) -> Part:
        return self.part("module", id)


def load(folder: Path = FOLDER) -> App:
    """The app as it is on disk."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return App({str(path.relative_to(folder)): _content(path) for path in paths})


def _content(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else text


def texts(value: Any) -> Iterator[str]:
    """Every text within a value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
