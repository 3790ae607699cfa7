"""Words into cells by geometry: never by the order of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from connector.certificate.entry import Box, Source
from connector.extraction.alignment import misprint
from connector.extraction.editions import Cell, CellKind
from connector.extraction.interference import Interference
from connector.extraction.labels import plain
from connector.extraction.placement import Place, place
from connector.extraction.reading import CellReading, Line
from connector.extraction.registration import Registration
from connector.extraction.text_layer import TextPage
from connector.extraction.ticks import is_tick_text, mark_in
from connector.extraction.word_index import WordIndex
from connector.extraction.words import Word

NOT_PLACED = "The box could not be found on the page with certainty."
ON_THE_EDGE = "A value stands between two boxes."
HIDDEN = "The page holds text here that nobody can see."
OVERPRINTED = "Large words are printed over this box."
UNMAPPED = "Some characters of the text have no known letter."

EDGE = 1.2
"""Points from the side of a box within which a word could belong to either."""
STAMP = 2.4
"""Times the usual height of words on a page that a word of a stamp has at least."""
SAME_LINE = 3.0
BEHIND_LABEL = 14.0
"""Points that a value's box may begin behind its label."""
CORNER_GAP = 15.0
"""Points between a name or address and a number printed in the corner of its box."""


class LaidOut(NamedTuple):
    """What stands in each cell; `doubt` is set when the print as a whole stands beside its boxes."""

    cells: dict[str, CellReading]
    doubt: str | None


def read(page: TextPage, registration: Registration) -> LaidOut:
    """What stands in each cell of the registered edition."""
    places = place(registration, page.rules)
    starts = {word.start for word in page.words}
    used = {
        number
        for found in registration.found.values()
        for number in found.words
        if page.words[number].text != "$" or page.words[number].end not in starts
    }
    words = WordIndex(word for number, word in enumerate(page.words) if number not in used)
    cells = registration.edition.cells
    largest = STAMP * median(word.height for word in page.words) if page.words else 0.0
    disturbances = Interference(page, words)
    found = {}
    for name, where in places.items():
        is_block = cells[name].kind is CellKind.LINES
        near = words.outside(_nested(name, places)) if is_block else words
        found[name] = _cell(cells[name], where, near, page, largest, disturbances)
    return LaidOut(found, misprint(registration.edition, places, words, page.marks))


def _nested(name: str, places: Mapping[str, Place]) -> list[Box]:
    """The boxes of other cells that stand inside a block."""
    x0, top, x1, bottom = places[name].box
    return [
        place.box
        for other, place in places.items()
        if other != name
        and x0 <= (place.box[0] + place.box[2]) / 2 <= x1
        and top <= (place.box[1] + place.box[3]) / 2 <= bottom
        and place.box[3] - place.box[1] < (bottom - top) / 2
    ]


def _cell(
    cell: Cell,
    where: Place,
    words: WordIndex,
    page: TextPage,
    largest: float,
    disturbances: Interference,
) -> CellReading:
    """What stands in a cell; words higher than `largest` points are a stamp over it."""
    box = _reading_box(cell, where)
    inside = words.reaching(box) if cell.kind is CellKind.LINES else words.inside(box)
    doubts = [] if where.is_certain else [NOT_PLACED]
    doubts += [HIDDEN] if any(word.is_hidden for word in inside) else []
    doubts += [OVERPRINTED] if any(word.height > largest for word in inside) else []
    seen = [word for word in inside if not word.is_hidden and word.height <= largest]
    doubts += disturbances.doubts(cell, box, seen)
    ticked: bool | None = None
    if cell.kind is CellKind.TICK:
        ticked, why = _ticked(box, seen, page)
        doubts += [why] if why else []
    elif cell.kind is CellKind.SIGNATURE:
        ticked = _signed(box, seen, page)
    elif cell.kind is CellKind.MARK and not seen:
        ticked = _marked(box, page)
    else:
        doubts += [ON_THE_EDGE] if any(_on_the_edge(cell, box, word) for word in seen) else []
    lines = tuple(
        lines_of(_values(cell, seen, where.label_level), part_at_gaps=cell.name in _CORNERED)
    )
    doubts += [UNMAPPED] if any(_UNMAPPED.search(line.text) for line in lines) else []
    return CellReading(
        page.number,
        Source.TEXT_LAYER,
        lines,
        box=box,
        ticked=ticked,
        doubt=" ".join(dict.fromkeys(doubts)) or None,
    )


_UNMAPPED = re.compile("[\ufffd\ue000-\uf8ff]")
_CORNERED = ("producer", "insured", "certificate_holder")


def _reading_box(cell: Cell, where: Place) -> Box:
    """The box that values are taken from: an amount or a name starts behind its label."""
    x0, top, x1, bottom = where.box
    if where.label is None or cell.kind not in (CellKind.AMOUNT, CellKind.VALUE):
        return where.box
    if cell.kind is CellKind.AMOUNT or abs(where.label[2] - x0) < BEHIND_LABEL:
        return where.label[2] + 0.5, top, x1, bottom
    return where.box


def _on_the_edge(cell: Cell, box: Box, word: Word) -> bool:
    """Whether the word could as well stand in the next column, or in the next row of amounts."""
    x, y = word.middle
    if cell.kind in (CellKind.MARK, CellKind.LETTER):
        return min(x - box[0], box[2] - x) < EDGE
    if cell.kind is CellKind.AMOUNT and plain(word.text):
        return min(y - box[1], box[3] - y) < EDGE
    return False


def _ticked(box: Box, words: Sequence[Word], page: TextPage) -> tuple[bool | None, str | None]:
    for word in words:
        if is_tick_text(word.text):
            return True, None
    if words:
        return None, f"“{words[0].text}” stands in a tick box."
    return mark_in(box, page.marks)


def _marked(box: Box, page: TextPage) -> bool | None:
    """True when a cross or a check is drawn in a Y/N cell; None when nothing is."""
    for mark in page.marks:
        width, height = mark.box[2] - mark.box[0], mark.box[3] - mark.box[1]
        if _overlaps(box, mark.box) and SMALLEST_MARK < max(width, height) < LARGEST_MARK:
            return True
    return None


SMALLEST_MARK, LARGEST_MARK = 2.5, 20.0
"""Points across of a drawn cross or check."""


def _signed(box: Box, words: Sequence[Word], page: TextPage) -> bool:
    drawn = [mark.box for mark in page.marks] + page.pictures
    return bool(words) or any(_overlaps(box, other) for other in drawn)


def _overlaps(box: Box, other: Box) -> bool:
    x, y = (other[0] + other[2]) / 2, (other[1] + other[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _values(cell: Cell, words: Sequence[Word], label: float | None) -> Iterable[Word]:
    """The words that are the value: without the form's own signs. `label`: the level of its label."""
    words = [word for word in words if word.text != ":"]  # a label's own colon
    if cell.kind is CellKind.AMOUNT:
        starts = {word.start for word in words}
        return [w for w in words if w.text != "$" or w.end in starts]
    if cell.name == "workers_compensation.subrogation_waived":
        return [word for word in words if word.text not in ("N", "/", "A") or len(words) == 1]
    if cell.name == "description_of_operations" and label is not None:
        return [word for word in words if abs(word.middle[1] - label) > SAME_LINE]
    return words


def lines_of(words: Iterable[Word], *, part_at_gaps: bool = False) -> list[Line]:
    """The words as lines from the top, each read from left to right.

    With `part_at_gaps` words far apart on one level are lines of their own.
    """
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.middle[1]):
        if rows and word.middle[1] - rows[-1][0].middle[1] <= SAME_LINE:
            rows[-1].append(word)
        else:
            rows.append([word])
    lines = [sorted(row, key=lambda word: word.x0) for row in rows]
    if part_at_gaps:
        lines = [part for line in lines for part in _parted(line)]
    return [_line(line) for line in lines]


def _parted(row: list[Word]) -> Iterator[list[Word]]:
    start = 0
    for number in range(1, len(row)):
        if row[number].x0 - row[number - 1].x1 > CORNER_GAP:
            yield row[start:number]
            start = number
    yield row[start:]


def _line(row: Sequence[Word]) -> Line:
    text = row[0].text
    for last, word in pairwise(row):
        touches = word.start == last.end
        text += word.text if touches else f" {word.text}"
    box = (
        min(word.x0 for word in row),
        min(word.top for word in row),
        max(word.x1 for word in row),
        max(word.bottom for word in row),
    )
    return Line(text, box)
