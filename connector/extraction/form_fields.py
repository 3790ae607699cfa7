"""Live form fields of a fillable certificate, by pikepdf.

Widgets are taken page by page: each has a name, a value, and a place on its page. Names may come
wrapped (F[0].P1[0].NAME[0]) and in any letter case; a tick is anything but /Off.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import pikepdf
import yaml

from connector.certificate.entry import Box, Source
from connector.certificate.values import tidy
from connector.documents.document import Document
from connector.errors import UnreadableFile
from connector.extraction.editions import CellKind, load
from connector.extraction.reading import CellReading, Line
from connector.extraction.widgets import NOT_DRAWN, Widget, layers_off, widgets_of
from connector.extraction.xfa import xfa_values

SHOWN_OTHERWISE = "The form holds a value here that its page does not show."
XFA_DIFFERS = "The form carries a second value for this box: “{text}”."
TWO_VALUES = "The form holds two fields for this box; the other says “{text}”."
NO_TICK_WORD = "“{text}” stands in a tick box."
MOST_OF_A_BOX, MOST_TEXT = 10_000, 100_000
"""Letters of one field, and of all of a document: several times what fits on the pages in print."""
OVERFULL = (
    "The form fields of page {number} hold more text than any certificate prints. Ask the producer "
    "for the certificate as it was issued."
)


@dataclass(frozen=True, slots=True)
class FormPage:
    """The fields of one page: `cells` those with known names, `strangers` filled ones with others.

    `edition` is what the form's own hidden field says ("2016/03").
    """

    cells: Mapping[str, CellReading]
    strangers: tuple[Widget, ...]
    edition: str | None

    @property
    def is_filled(self) -> bool:
        """Whether any known field holds something."""
        return any(not cell.is_empty for cell in self.cells.values())


def read(document: Document) -> dict[int, FormPage]:
    """The pages (1-based) that have form fields. An empty mapping when there are none."""
    try:
        with pikepdf.open(io.BytesIO(document.data)) as pdf:
            if "/AcroForm" not in pdf.Root:
                return {}
            stale = bool(pdf.Root.AcroForm.get("/NeedAppearances", False))
            return dict(_pages(pdf, xfa_values(pdf.Root.AcroForm), is_stale=stale))
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return {}


def _pages(pdf: Any, xfa: Mapping[str, str], *, is_stale: bool) -> Iterator[tuple[int, FormPage]]:
    """`is_stale`: the form asks viewers to draw its values anew, so old drawings say nothing."""
    off = layers_off(pdf.Root)
    total = 0
    for number, page in enumerate(pdf.pages, start=1):
        found = widgets_of(page, off)
        if is_stale:
            found = (replace(w, doubt=None) if w.doubt == NOT_DRAWN else w for w in found)
        widgets = [_compared(widget, xfa) for widget in found]
        total += sum(len(widget.value) for widget in widgets)
        if total > MOST_TEXT or any(len(widget.value) > MOST_OF_A_BOX for widget in widgets):
            raise UnreadableFile(OVERFULL.format(number=number))
        if widgets:
            yield number, _form_page(number, widgets)


def _compared(widget: Widget, xfa: Mapping[str, str]) -> Widget:
    """The widget, in doubt where the form's XFA data says something else."""
    other = xfa.get(_bare(widget.name))
    if other is None:
        return widget
    if widget.is_on is None:
        same = tidy(widget.value.replace("\n", " ")) == other
    else:
        same = widget.is_on == (other.lower() not in _OFF_WORDS)
    return widget if same else replace(widget, doubt=XFA_DIFFERS.format(text=other))


def _form_page(number: int, widgets: Iterable[Widget]) -> FormPage:
    known = _known_names()
    parts: dict[str, list[tuple[int, Widget]]] = {}
    strangers: list[Widget] = []
    edition: str | None = None
    for widget in widgets:
        name = _bare(widget.name)
        if name == known.edition:
            edition = _edition(widget.value)
        elif name in known.cells:
            cell, _, part = known.cells[name].partition("/")
            parts.setdefault(cell, []).append((int(part or 1), widget))
        elif name not in known.unused and not widget.is_empty:
            strangers.append(widget)
    cells = {name: _cell(name, number, _once(found)) for name, found in parts.items()}
    return FormPage(cells, tuple(strangers), edition)


def _once(found: Iterable[tuple[int, Widget]]) -> dict[int, Widget]:
    """The widgets of a cell by their part; one that stands there twice with two values is in doubt."""
    parts: dict[int, Widget] = {}
    for part, widget in found:
        known = parts.get(part)
        if known is None or known.is_empty:
            parts[part] = widget
        elif not widget.is_empty and (known.value, known.is_on) != (widget.value, widget.is_on):
            why = TWO_VALUES.format(text=widget.value)
            parts[part] = replace(known, doubt=f"{known.doubt} {why}" if known.doubt else why)
    return parts


@dataclass(frozen=True, slots=True)
class _Names:
    """Known field names in lower case, and the cell (and part of it) that each fills."""

    cells: Mapping[str, str]
    unused: frozenset[str]
    edition: str


@cache
def _known_names() -> _Names:
    file = files("connector.extraction.editions") / "form_fields.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return _Names(
        {name.lower(): cell for name, cell in content["cells"].items()},
        frozenset(name.lower() for name in content["unused"]),
        content["edition"].lower(),
    )


_INDEX = re.compile(r"\[\d+\]$")


def _bare(name: str) -> str:
    """ "F[0].P1[0].Insurer_FullName_A[0]" -> "insurer_fullname_a"."""
    return _INDEX.sub("", name.rpartition(".")[2]).strip().lower()


_IDENTIFIER = re.compile(r"(?i)acord\s*0*25\D+(\d{4})[-/](\d{2})")


def _edition(text: str) -> str | None:
    found = _IDENTIFIER.search(text)
    return f"{found[1]}/{found[2]}" if found else None


_ON_WORDS = frozenset({"x", "xx", "y", "yes", "1", "on", "true", "✓", "✔", "☒", "☑"})
_OFF_WORDS = frozenset({"", "n", "no", "0", "off", "false", "/off", "/"})


def _cell(name: str, page: int, parts: Mapping[int, Widget]) -> CellReading:
    widgets = [parts[number] for number in sorted(parts)]
    hidden = any(widget.is_hidden and not widget.is_empty for widget in widgets)
    doubts = [widget.doubt for widget in widgets if widget.doubt]
    doubts += [SHOWN_OTHERWISE] if hidden else []
    box = _around(widgets)
    if _kind(name) is CellKind.TICK:
        ticked, why = _ticked(widgets[0])
        doubts += [why] if why else []
        return CellReading(
            page, Source.FORM_FIELD, (), box=box, ticked=ticked, doubt=" ".join(doubts) or None
        )
    lines = tuple(_lines(name, parts))
    ticked = (
        bool(lines) or any(w.is_on for w in widgets) if _kind(name) is CellKind.SIGNATURE else None
    )
    if _kind(name) is CellKind.MARK and widgets[0].is_on:
        lines = (Line("Y", widgets[0].box),)
    return CellReading(
        page, Source.FORM_FIELD, lines, box=box, ticked=ticked, doubt=" ".join(doubts) or None
    )


def _kind(name: str) -> CellKind:
    return load("2016/03").cells[name].kind


def _ticked(widget: Widget) -> tuple[bool | None, str | None]:
    if widget.is_on is not None:
        return widget.is_on, None
    word = widget.value.lower()
    if word in _ON_WORDS:
        return True, None
    if word in _OFF_WORDS:
        return False, None
    return None, NO_TICK_WORD.format(text=widget.value)


def _around(widgets: Iterable[Widget]) -> Box:
    x0, top, x1, bottom = zip(*(widget.box for widget in widgets), strict=True)
    return min(x0), min(top), max(x1), max(bottom)


_PARTIES = ("producer", "insured", "certificate_holder")


def _lines(name: str, parts: Mapping[int, Widget]) -> Iterator[Line]:
    if name in _PARTIES:
        yield from _address_lines(parts)
    elif name == "other.limits":
        yield from _limit_lines(parts)
    elif name.startswith("other."):
        yield from _stacked_lines(parts[min(parts)])
    else:
        for number in sorted(parts):
            for text in parts[number].value.split("\n"):
                if text:
                    yield Line(text, parts[number].box)


def _stacked_lines(widget: Widget) -> Iterator[Line]:
    """The lines of a field in the free rows, where line and line of the fields belong together."""
    for number, text in enumerate(widget.value.split("\n")):
        if text:
            yield Line(text, _at_level(widget.box, number))


def _at_level(box: Box, number: int) -> Box:
    """The box of the line `number`: the same level in every field of the free rows."""
    top, bottom = load("2016/03").rows["other"]
    height = (bottom - top) / 3
    return box[0], top + number * height, box[2], top + (number + 1) * height


def _address_lines(parts: Mapping[int, Widget]) -> Iterator[Line]:
    """Name, streets, and city, state and ZIP (parts 4 to 6) on one line."""
    for number in (1, 2, 3):
        if number in parts:
            for text in parts[number].value.split("\n"):
                if text:
                    yield Line(text, parts[number].box)
    city, state, code = (parts[number].value if number in parts else "" for number in (4, 5, 6))
    last = ", ".join(part for part in (city, f"{state} {code}".strip()) if part)
    if last:
        yield Line(last, _around(parts[n] for n in (4, 5, 6) if n in parts))


def _limit_lines(parts: Mapping[int, Widget]) -> Iterator[Line]:
    """Words and amount of one row (parts 1 and 2, 3 and 4, 5 and 6) on one line."""
    for level, first in enumerate((1, 3, 5)):
        row = [parts[number] for number in (first, first + 1) if number in parts]
        text = " ".join(widget.value for widget in row if widget.value)
        if text:
            yield Line(text, _at_level(_around(row), level))
