"""A page that is no known form as lines of text: tesseract over the whole page."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable

import cv2
import numpy as np
import pytesseract

from connector.certificate.entry import Box
from connector.extraction.ocr import tesseract
from connector.extraction.ocr.paper import Gray, even
from connector.extraction.reading import Line
from connector.extraction.words import Word

_SIDE = 2200
"""Pixels of the longer side: 200 dots an inch on letter paper are enough for a letter's print."""

_LEAST_CONFIDENCE = 30.0
_TURNS = {0: 0, 90: 3, 180: 2, 270: 1}
"""Degrees clockwise that set a page upright, as quarter turns of numpy.rot90."""


def lines(picture: Gray, dpi: float) -> tuple[int, tuple[Line, ...]]:
    """How many quarter turns (numpy.rot90) set the page upright, and its lines from the top, boxes in
    points of the upright page; no lines without tesseract."""
    shrink = min(1.0, _SIDE / max(picture.shape))
    small = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    evened = even(np.asarray(small, dtype=np.uint8))
    turns = _turns(evened)
    table = _table(np.ascontiguousarray(np.rot90(evened, turns)))
    return turns, tuple(_lines(table, 72 / (dpi * shrink)))


def sparse(picture: Gray, points: float) -> tuple[list[Word], tuple[Line, ...]]:
    """The words of an upright form without its rules, and its lines from the top; `points` is the
    size of a pixel. Empty without tesseract."""
    table = _table(picture, sparse=True)
    found = [
        Word(row[11].strip(), *_box_of([row], points), -1, -1) for row in _rows(table, least=0.0)
    ]
    return found, tuple(_lines(table, points))


def _turns(picture: Gray) -> int:
    """Quarter turns until the page's text stands upright; 0 where that cannot be told."""
    try:
        seen = pytesseract.image_to_osd(picture, output_type=pytesseract.Output.DICT, timeout=10)
    except (pytesseract.TesseractError, pytesseract.TesseractNotFoundError, RuntimeError):
        return 0  # too little text to tell, or no program: the page as it is
    if float(seen["orientation_conf"]) < 2:
        return 0
    return _TURNS.get(int(seen["rotate"]), 0)


def _table(picture: Gray, *, sparse: bool = False) -> str:
    """Tesseract's table of words (TSV), by the program or else by the library in this process; of a
    form by the library first, which is faster."""
    engine = tesseract.loaded() if sparse else None
    if engine:
        return engine.table(picture, sparse=True)
    try:
        mode = 11 if sparse else 3
        return str(pytesseract.image_to_data(picture, config=f"--psm {mode}", timeout=20))
    except (pytesseract.TesseractError, pytesseract.TesseractNotFoundError, RuntimeError):
        engine = tesseract.loaded()
        return engine.table(picture) if engine else ""


def _rows(table: str, least: float = _LEAST_CONFIDENCE) -> Iterable[list[str]]:
    """The rows of the table that are words and not too doubtful."""
    for row in csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        is_word = len(row) == 12 and row[0] == "5" and row[11].strip()
        if is_word and float(row[10]) >= least:
            yield row


def _lines(table: str, points: float) -> Iterable[Line]:
    """Words of one line joined; `points` is the size of a pixel."""
    rows: dict[tuple[str, ...], list[list[str]]] = defaultdict(list)
    for row in _rows(table):
        rows[tuple(row[1:5])].append(row)
    found = [_line(words, points) for words in rows.values()]
    return sorted(found, key=lambda line: (line.box[1], line.box[0]))


def _line(words: list[list[str]], points: float) -> Line:
    confidence = min(float(row[10]) for row in words) / 100
    text = " ".join(row[11].strip() for row in words)
    return Line(text, _box_of(words, points), confidence)


def _box_of(words: list[list[str]], points: float) -> Box:
    left, top, width, height = np.array([[float(v) for v in row[6:10]] for row in words]).T
    box = (left.min(), top.min(), (left + width).max(), (top + height).max())
    x0, y0, x1, y1 = (float(side * points) for side in box)
    return x0, y0, x1, y1
