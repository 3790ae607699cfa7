"""The generated files of the project: written from the registry, or compared with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from connector.catalog.make.app import README, documents, readme
from connector.catalog.released import with_released
from connector.catalog.zapier.definition import definition

MAKE = "make_modules"

WIDTH = 160
"""Characters; what fits stands on one line, so that a change of one field changes one line."""


def files(root: Path) -> dict[Path, str]:
    """Path -> content of every generated file. KeyLost when a released key is gone."""
    zapier, lock = definition(), root / "zap_schemas" / "released_keys.txt"
    released = lock.read_text(encoding="utf-8") if lock.exists() else ""
    make = root / MAKE
    return {
        root / "zap_schemas" / "generated" / "definition.json": as_json(zapier),
        lock: with_released(zapier, released),
        make / README: readme(),
        **{make / path: as_json(content) for path, content in documents().items()},
    }


def write(root: Path) -> list[Path]:
    """Write what is not as it should be, and remove what should not be; the files that were."""
    found = stale(root)
    for path, content in found.items():
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return list(found)


def stale(root: Path) -> dict[Path, str | None]:
    """The generated files that are not as the registry says, with what they should say.

    None: the file should not be there; the app for Make is generated as a whole.
    """
    wanted = files(root)
    there = {path for path in (root / MAKE).rglob("*") if path.is_file()}
    return dict.fromkeys(sorted(there - wanted.keys())) | {
        path: content
        for path, content in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != content
    }


def as_json(value: Any) -> str:
    return _lines(value, "") + "\n"


def _lines(value: Any, indent: str) -> str:
    short = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + len(short) <= WIDTH:
        return short
    deeper = indent + "  "
    if isinstance(value, list):
        inside = [deeper + _lines(item, deeper) for item in value]
    else:
        inside = [
            f"{deeper}{json.dumps(key)}: {_lines(item, deeper)}" for key, item in value.items()
        ]
    opening, closing = "[]" if isinstance(value, list) else "{}"
    return f"{opening}\n" + ",\n".join(inside) + f"\n{indent}{closing}"
