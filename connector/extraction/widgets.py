"""The form fields of a PDF page as they stand on it, by pikepdf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from connector.certificate.entry import Box
from connector.certificate.values import tidy
from connector.extraction.page_objects import Placement

STATES_DIFFER = "The box is stored with another state than it shows."

_HIDDEN_FLAGS = 0b10_0010
"""Hidden and NoView (PDF 32000-1, table 165)."""
DEEPEST_PARENT = 32


@dataclass(frozen=True, slots=True)
class Widget:
    """One field as it stands on a page. `value` is text; for a tick `is_on` tells."""

    name: str
    value: str
    is_on: bool | None
    box: Box
    is_hidden: bool = False
    doubt: str | None = None

    @property
    def is_empty(self) -> bool:
        return not self.value and not self.is_on


def widgets_of(page: Any) -> Iterator[Widget]:
    placement = _placement(page)
    for item in page.obj.get("/Annots", []):
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Subtype") != "/Widget":
            continue
        rect = item.get("/Rect")
        if rect is None or len(rect) != 4:
            continue
        x0, y0, x1, y1 = (float(side) for side in rect)
        box = placement.box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        yield _widget(item, box)


def _placement(page: Any) -> Placement:
    left, bottom, right, top = (float(side) for side in page.cropbox)
    turn = int(_inherited(page.obj, "/Rotate") or 0)
    return Placement((left, bottom, right, top), turn % 360)


def _widget(item: Any, box: Box) -> Widget:
    name = ".".join(reversed(list(_names(item))))
    hidden = bool(int(item.get("/F", 0)) & _HIDDEN_FLAGS)
    value = _inherited(item, "/V")
    if _inherited(item, "/FT") != "/Btn":
        return Widget(name, _text(value), None, box, hidden)
    shown = item.get("/AS")
    state = shown if shown is not None else value
    is_on = state is not None and str(state) != "/Off"
    stored_on = value is not None and str(value) not in ("/Off", "")
    several = "/T" not in item  # one of a group of buttons: the group's value names another
    doubt = STATES_DIFFER if shown is not None and not several and stored_on != is_on else None
    return Widget(name, "", is_on, box, hidden, doubt)


def _names(item: Any) -> Iterator[str]:
    for _ in range(DEEPEST_PARENT):
        if "/T" in item:
            yield str(item["/T"])
        parent = item.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return
        item = parent


def _inherited(item: Any, key: str) -> Any:
    for _ in range(DEEPEST_PARENT):
        if key in item:
            return item[key]
        parent = item.get("/Parent")
        if not isinstance(parent, pikepdf.Dictionary):
            return None
        item = parent
    return None


def _text(value: Any) -> str:
    """A field's value as lines of text; control characters and spaces around are dropped."""
    if value is None:
        return ""
    if isinstance(value, pikepdf.Stream):
        value = value.read_bytes().decode("utf-8", errors="replace")
    if isinstance(value, pikepdf.Array):
        value = "\n".join(str(part) for part in value)
    plain = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(tidy(line) for line in plain.split("\n")).rstrip("\n")
