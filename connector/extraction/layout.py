"""Words into cells by geometry: never by the order of the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter

from connector.certificate.entry import Box, Source
from connector.extraction.editions import Cell, CellKind
from connector.extraction.labels import plain
from connector.extraction.placement import Place, place
from connector.extraction.reading import CellReading, Line
from connector.extraction.registration import Registration
from connector.extraction.text_layer import TextPage, Word
from connector.extraction.ticks import STRAY, is_tick_text, mark_in

NOT_PLACED = "The box could not be found on the page with certainty."
ON_THE_EDGE = "A value stands between two boxes."
HIDDEN = "The page holds text here that nobody can see."
UNMAPPED = "Some characters of the text have no known letter."

INTRUDED = "The value of a neighbouring box runs into this one."

BESIDE = 3.0
"""Points outside a tick box within which a mark may have been meant for it."""
INTRUSION = 8.0
"""Points that a word may reach into the next box before that box's emptiness is in doubt."""
EDGE = 1.2
"""Points from the side of a box within which a word could belong to either."""
SAME_LINE = 3.0
BEHIND_LABEL = 8.0
"""Points that a value's box may begin behind its label."""
CORNER_GAP = 15.0
"""Points between a name or address and a number printed in the corner of its box."""


def read(page: TextPage, registration: Registration) -> dict[str, CellReading]:
    """What stands in each cell of the registered edition."""
    places = place(registration, page.rules)
    used = {number for found in registration.found.values() for number in found.words}
    words = _Words(word for number, word in enumerate(page.words) if number not in used)
    cells = registration.edition.cells
    words.own(place.box for name, place in places.items() if cells[name].kind is not CellKind.LINES)
    return {
        name: _cell(cells[name], where, words.outside(_nested(name, places)), page)
        if cells[name].kind is CellKind.LINES
        else _cell(cells[name], where, words, page)
        for name, where in places.items()
    }


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


class _Words:
    """Words by their level on the page, so that a box looks only at its own."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._sorted = sorted(((*word.middle[::-1], word) for word in words), key=itemgetter(0))
        self._levels = [level for level, _, _ in self._sorted]
        self._owned: set[Word] = set()

    def own(self, boxes: Iterable[Box]) -> None:
        """Remember which words stand in a box of their own."""
        self._owned = {
            word for box in boxes for word in self.inside(box) if is_tick_text(word.text)
        }

    def strays(self, box: Box) -> list[Word]:
        """Ticks beside the box that stand in no box at all."""
        wider = (box[0] - BESIDE, box[1] - BESIDE, box[2] + BESIDE, box[3] + BESIDE)
        around = [word for word in self.inside(wider) if is_tick_text(word.text)]
        return [word for word in around if word not in self._owned]

    def outside(self, boxes: list[Box]) -> _Words:
        """The words that stand in none of the boxes."""
        if not boxes:
            return self
        taken = {word for box in boxes for word in self.inside(box)}
        return _Words(word for _, _, word in self._sorted if word not in taken)

    def reaching(self, box: Box) -> list[Word]:
        """The words that a third of their height stands in the box: a block's last line may sag."""
        wider = (box[0], box[1] - 4, box[2], box[3] + 4)
        return [
            word
            for word in self.inside(wider)
            if min(word.bottom, box[3]) - max(word.top, box[1]) > (word.bottom - word.top) / 3
        ]

    def intruding(self, box: Box) -> bool:
        """Whether a word of a neighbouring box runs far into this one."""
        middle = (box[1] + box[3]) / 2
        reach = (box[3] - box[1]) / 2
        start = bisect_left(self._levels, middle - reach)
        end = bisect_right(self._levels, middle + reach)
        return any(
            min(word.x1, box[2]) - max(word.x0, box[0]) > INTRUSION
            for _, _, word in self._sorted[start:end]
        )

    def inside(self, box: Box) -> list[Word]:
        """The words whose middle is in the box, from the top."""
        start, end = bisect_left(self._levels, box[1]), bisect_right(self._levels, box[3])
        return [word for _, x, word in self._sorted[start:end] if box[0] <= x <= box[2]]


def _cell(cell: Cell, where: Place, words: _Words, page: TextPage) -> CellReading:
    box = _reading_box(cell, where)
    inside = words.reaching(box) if cell.kind is CellKind.LINES else words.inside(box)
    doubts = [] if where.is_certain else [NOT_PLACED]
    doubts += [HIDDEN] if any(word.is_hidden for word in inside) else []
    seen = [word for word in inside if not word.is_hidden]
    ticked: bool | None = None
    if cell.kind is CellKind.TICK:
        ticked, why = _ticked(box, seen, words.strays(box), page)
        doubts += [why] if why else []
    elif cell.kind is CellKind.SIGNATURE:
        ticked = _signed(box, seen, page)
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


def _ticked(
    box: Box, words: Sequence[Word], strays: Sequence[Word], page: TextPage
) -> tuple[bool | None, str | None]:
    for word in words:
        if is_tick_text(word.text):
            return True, None
    if words:
        return None, f"“{words[0].text}” stands in a tick box."
    if strays:
        return None, STRAY
    return mark_in(box, page.marks)


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
