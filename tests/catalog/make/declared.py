"""What a run of a module must keep to: its interface, and the secrecy of the key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.catalog.make.runner import Run
from tests.catalog.make.source import Part

PYTHON = {
    "text": str,
    "url": str,
    "date": datetime,
    "integer": int,
    "uinteger": int,
    "number": (int, float),
    "boolean": bool,
}


def assert_declared(part: Part, bundle: dict[str, Any]) -> None:
    """A bundle has the interface's keys in its order, and values of its types."""
    declared = {field["name"]: field["type"] for field in part.code["interface"]}
    assert list(bundle) == list(declared)
    for name, value in bundle.items():
        if value is not None and declared[name] in PYTHON:
            assert isinstance(value, PYTHON[declared[name]]), name  # type: ignore[arg-type]


def assert_discreet(run: Run, key: str) -> None:
    """The key is in the header of every request, and in no address."""
    for sent in run.sent:
        assert sent.headers["Authorization"] == f"Bearer {key}"
        assert key not in str(sent.url)
