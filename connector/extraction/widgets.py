"""The form fields of a PDF page as they stand on it, by pikepdf."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from connector.certificate.entry import Box
from connector.certificate.values import tidy
from connector.extraction.page_objects import Placement

STATES_DIFFER = "The box is stored with another state than it shows."
NOT_DRAWN = "The form stores a value here that its drawing does not show."

_HIDDEN_FLAGS = 0b10_0010
"""Hidden and NoView (PDF 32000-1, table 165)."""
DEEPEST_PARENT = 32
NARROWEST = 2.0
"""Points that a field must show of itself, both ways."""


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


def layers_off(root: Any) -> frozenset[tuple[int, int]]:
    """The object numbers of the layers (optional content groups) that a document shows off."""
    try:
        shown = root.OCProperties.D
        off = {group.objgen for group in shown.get("/OFF", [])}
        if shown.get("/BaseState") == "/OFF":
            off = {group.objgen for group in root.OCProperties.OCGs} - {
                group.objgen for group in shown.get("/ON", [])
            }
    except (AttributeError, TypeError):
        return frozenset()
    return frozenset(off)


def widgets_of(page: Any, off: Container[tuple[int, int]] = ()) -> Iterator[Widget]:
    """The fields on a page; those in a layer of `off`, and those beside the page, are hidden."""
    placement = _placement(page)
    for item in page.obj.get("/Annots", []):
        if not isinstance(item, pikepdf.Dictionary) or item.get("/Subtype") != "/Widget":
            continue
        rect = item.get("/Rect")
        if rect is None or len(rect) != 4:
            continue
        x0, y0, x1, y1 = (float(side) for side in rect)
        box = placement.box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        unseen = _is_beside(box, placement.size) or _is_in(item.get("/OC"), off)
        yield _widget(item, box, unseen)


def _is_beside(box: Box, size: tuple[float, float]) -> bool:
    """Whether a box lies outside of the page, or has no room for a letter."""
    across = min(box[2], size[0]) - max(box[0], 0.0)
    down = min(box[3], size[1]) - max(box[1], 0.0)
    return min(across, down) < NARROWEST


def _is_in(layer: Any, off: Container[tuple[int, int]]) -> bool:
    """Whether a layer, or all layers of a membership, are off."""
    if not isinstance(layer, pikepdf.Dictionary):
        return False
    members = layer.get("/OCGs", layer)
    groups = [members] if isinstance(members, pikepdf.Dictionary) else list(members)
    return bool(groups) and all(group.objgen in off for group in groups)


def _placement(page: Any) -> Placement:
    left, bottom, right, top = (float(side) for side in page.cropbox)
    turn = int(_inherited(page.obj, "/Rotate") or 0)
    return Placement((left, bottom, right, top), turn % 360)


def _widget(item: Any, box: Box, unseen: bool) -> Widget:
    name = ".".join(reversed(list(_names(item))))
    hidden = unseen or bool(int(item.get("/F", 0)) & _HIDDEN_FLAGS)
    value = _inherited(item, "/V")
    drawing = item.get("/AP", {}).get("/N")
    if _inherited(item, "/FT") != "/Btn":
        text = _text(value)
        return Widget(name, text, None, box, hidden, _undrawn(drawing) if text else None)
    shown = item.get("/AS")
    state = shown if shown is not None else value
    is_on = state is not None and str(state) != "/Off"
    stored_on = value is not None and str(value) not in ("/Off", "")
    several = "/T" not in item  # one of a group of buttons: the group's value names another
    differs = shown is not None and not several and stored_on != is_on
    states = isinstance(drawing, pikepdf.Dictionary) and not isinstance(drawing, pikepdf.Stream)
    lost = is_on and states and str(state) not in drawing
    return Widget(name, "", is_on, box, hidden, STATES_DIFFER if differs or lost else None)


def _undrawn(drawing: Any) -> str | None:
    """The doubt about a text whose field has a drawing without any text in it."""
    if not isinstance(drawing, pikepdf.Stream):
        return None
    try:
        content = bytes(drawing.read_bytes())
    except pikepdf.PdfError:
        return None
    return None if _SHOWS.search(content) else NOT_DRAWN


_SHOWS = re.compile(rb"T[jJ]|['\"]|\bDo\b")
"""The operators that show text, or a drawing that may hold some."""


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
