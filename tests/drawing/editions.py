"""The editions of the form that can be drawn."""

from __future__ import annotations

from pathlib import Path

from demo.layout import Layout, acord_25_2016, load

_LAYOUTS = Path(__file__).parent / "layouts"
EDITIONS = ("2016/03", "2025/12")


def layout(edition: str) -> Layout:
    """The layout of an edition such as "2016/03"."""
    if edition == "2016/03":
        return acord_25_2016()
    return load(_LAYOUTS / f"{edition.replace('/', '-')}.json")
