"""Whether the words that the form prints stand where they should, on a page that was bent to fit.

Rules alone may be drawn to another maker's print, whose words begin elsewhere: part of a label would
be read as the value beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from rapidfuzz import fuzz

from connector.certificate.entry import Box
from connector.extraction.editions import Cell, CellKind, Edition, Label
from connector.extraction.ocr.paper import Gray
from connector.extraction.ocr.recogniser import Recogniser
from connector.extraction.ocr.sheet import SCALE, Sheet
from connector.extraction.ocr.spacing import solid
from connector.extraction.reading import CellReading

ASTRAY = "The form's own words beside this box do not stand where they should."
MOST = 0.8
"""Share of the form's words that must stand in their places, for the page to be that form at all."""

_SHORTEST, _ALIKE = 5, 85.0
_MARGIN = 1.0
_BESIDE = 6.0
"""Points from a box at which words stand that belong to it."""


def words_astray(sheet: Sheet, edition: Edition, reader: Recogniser) -> tuple[list[Label], float]:
    """The labels that are not read in their places, and the share of those that are."""
    asked = [label for label in edition.labels if len(solid(label.text)) >= _SHORTEST]
    seen = reader.read([_crop(sheet.gray, label.box) for label in asked])
    astray = [
        label
        for label, glimpse in zip(asked, seen, strict=True)
        if fuzz.ratio(_plain(label.text), _plain(glimpse.text)) < _ALIKE
    ]
    return astray, 1 - len(astray) / max(1, len(asked))


def with_words_astray(
    cells: Mapping[str, CellReading],
    known: Mapping[str, Cell],
    astray: Iterable[Label],
    labels: Iterable[Label] = (),
) -> dict[str, CellReading]:
    """The readings, in doubt where a label of their box stands elsewhere, or where what was read begins
    with the end of one of `labels`."""
    astray, labels = list(astray), list(labels)
    found = {}
    for name, reading in cells.items():
        cell = known[name]
        is_astray = any(_belongs(label, cell) for label in astray)
        begins = cell.kind in _TEXTS and any(
            _begins_with_the_end_of(label.text, reading.text)
            for label in labels
            if _belongs(label, cell)
        )
        doubt = reading.doubt or (ASTRAY if is_astray or begins else None)
        found[name] = replace(reading, doubt=doubt)
    return found


_TEXTS = (CellKind.VALUE, CellKind.LINES)


def _begins_with_the_end_of(label: str, text: str) -> bool:
    """Whether the first word is an end of a word of the label ("ACT" of "CONTACT"), or of all of it with
    its colon ("R A:" of "INSURER A:")."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    rest = first.strip(_POINTS).casefold()
    if first.endswith(":"):
        return _plain(label).rstrip(_POINTS).endswith(rest)
    words = label.casefold().strip(_POINTS).split()
    return bool(rest) and any(word != rest and word.endswith(rest) for word in words)


_POINTS = " :.,"


def _belongs(label: Label, cell: Cell) -> bool:
    """Whether it stands in or beside the cell, or at its height by the name that the cell has."""
    x0, top, x1, bottom = cell.box
    a, upper, b, lower = label.box
    at_height = upper < bottom and lower > top
    near = a < x1 + _BESIDE and b > x0 - _BESIDE
    return at_height and (near or cell.label == label.text)


def _plain(text: str) -> str:
    return solid(text).casefold()


def _crop(picture: Gray, box: Box) -> Gray:
    x0, top, x1, bottom = box
    rows = slice(max(0, round((top - _MARGIN) * SCALE)), round((bottom + _MARGIN) * SCALE))
    columns = slice(max(0, round((x0 - _MARGIN) * SCALE)), round((x1 + _MARGIN) * SCALE))
    return np.ascontiguousarray(picture[rows, columns])
