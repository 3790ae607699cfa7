"""The coverages table of a maker's own print: its columns by their headings, its rows by their titles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from connector.certificate.entry import Box
from connector.extraction.editions import ROWS
from connector.extraction.labels import plain
from connector.extraction.ocr.own_print.printed import Labels, holds
from connector.extraction.ocr.own_print.ruled import Ruled
from connector.extraction.words import Word

TITLES: Mapping[str, tuple[str, ...]] = {
    "general_liability": ("COMMERCIAL GENERAL LIABILITY", "GENERAL LIABILITY"),
    "auto_liability": ("AUTOMOBILE LIABILITY", "AUTO LIABILITY", "BUSINESS AUTO LIABILITY"),
    "umbrella_liability": (
        "UMBRELLA LIAB", "UMBRELLA LIABILITY", "EXCESS LIAB", "EXCESS LIABILITY",
        "EXCESS / UMBRELLA LIABILITY", "UMBRELLA / EXCESS LIABILITY",
    ),
    "workers_compensation": (
        "WORKERS COMPENSATION", "WORKERS COMPENSATION AND", "WORKERS' COMPENSATION",
    ),
}  # fmt: skip
"""What the rows of the table are called."""
OTHER_TITLES = ("GARAGE LIABILITY",)
"""Rows of which nothing is kept."""
HEADINGS = ("POLICY NUMBER", "TYPE OF INSURANCE")
LEVEL = 14.0
"""Points that the headings may stand above or below each other."""
LOWEST_ROW, HIGHEST_ROW = 10.0, 160.0
NARROWEST = 9.0

_SPELLED: Mapping[str, re.Pattern[str]] = {
    "insurer_letter": re.compile(r"(INSR|INSUR|CO|INS)?(LTR|LETTER)"),
    "type": re.compile(r"TYPEOFINSURANCE|TYPEOFCOVERAGE"),
    "additional_insured": re.compile(r"ADD\w{0,16}"),
    "subrogation_waived": re.compile(r"SUB\w{0,16}|WVD"),
    "policy_number": re.compile(r"POLICY(NUMBER|NO)"),
    "effective_date": re.compile(r"(POLICY)?(EFF|EFFECTIVE)(DATE)?(MM\w{0,10})?"),
    "expiration_date": re.compile(r"(POLICY)?(EXP|EXPIRATION|EXPIRES)(DATE)?(MM\w{0,10})?"),
    "limits": re.compile(r"LIMITS?"),
}
"""What the headings of the columns say, in capitals without spaces."""

Heading = Callable[[Box], Iterable[str]]
"""What readers of pictures see in the box of a heading."""


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are left and right sides, `rows` tops and bottoms; only what is certain."""

    columns: Mapping[str, tuple[float, float]]
    rows: Mapping[str, tuple[float, float]]
    bands: tuple[tuple[float, float], ...]
    heading: tuple[float, float]

    def holds(self, box: Box) -> bool:
        """Whether the middle of a box lies in one of the table's rows."""
        return any(top <= (box[1] + box[3]) / 2 <= bottom for top, bottom in self.bands)

    @property
    def area(self) -> Box:
        """All rows, from the types to the limits."""
        top, bottom = self.bands[0][0], self.bands[-1][1]
        return self.columns["type"][0] - 3, top - 3, self.columns["limits"][1] + 3, bottom + 3

    def may_hold_labels(self, box: Box, *, below: bool) -> bool:
        """Whether the form prints words of its own where a box lies: above the table, in its types and
        limits, and `below` it."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if not self.holds(box):
            return below or y < self.bands[0][0]
        return any(a <= x <= b for a, b in (self.columns["type"], self.columns["limits"]))

    def cell(self, row: str, column: str) -> Box | None:
        if row not in self.rows or column not in self.columns:
            return None
        (top, bottom), (x0, x1) = self.rows[row], self.columns[column]
        return x0, top, x1, bottom


def find(labels: Labels, words: Sequence[Word], ruled: Ruled, read: Heading) -> Table | None:
    """The table; None where its headings or rules leave doubt about where it is."""
    heading = _heading(labels, ruled)
    if heading is None:
        return None
    columns = _columns(heading, words, ruled, read)
    if (
        not {"type", "policy_number", "effective_date", "expiration_date", "limits"}
        <= columns.keys()
    ):
        return None
    bands = _bands(heading[3], columns, ruled)
    rows = _rows(bands, columns, labels)
    return Table(columns, rows, tuple(bands), (heading[1], heading[3])) if len(rows) > 1 else None


def _heading(labels: Labels, ruled: Ruled) -> Box | None:
    """The box of the heading POLICY NUMBER, where TYPE OF INSURANCE stands on its level."""
    for number in labels.of("POLICY NUMBER", "POLICY NO."):
        level = (number.box[1] + number.box[3]) / 2
        types = [
            seen
            for seen in labels.of("TYPE OF INSURANCE", "TYPE OF COVERAGE")
            if abs((seen.box[1] + seen.box[3]) / 2 - level) < LEVEL and seen.box[2] < number.box[0]
        ]
        box = ruled.around((number.box[0] + number.box[2]) / 2, level)
        if box and len(types) == 1 and holds((0, box[1], box[0], box[3]), types[0].box):
            return box
    return None


def _columns(
    heading: Box, words: Sequence[Word], ruled: Ruled, read: Heading
) -> dict[str, tuple[float, float]]:
    """The columns whose heading is certain; what is there twice is not."""
    _, top, _, bottom = heading
    sides = [x for x in ruled.uprights_at(top, bottom) if _goes_on(ruled, x, bottom)]
    found: dict[str, tuple[float, float]] = {}
    twice: set[str] = set()
    for x0, x1 in pairwise(sides):
        if x1 - x0 < NARROWEST:
            continue
        name = _named(_text(words, (x0, top, x1, bottom)), read((x0, top, x1, bottom)))
        if name in found:
            twice.add(name)
        if name:
            found[name] = (x0, x1)
    return {name: column for name, column in found.items() if name not in twice}


def _goes_on(ruled: Ruled, x: float, bottom: float) -> bool:
    """Whether the side of a heading is the side of a column below it as well."""
    return any(abs(x - other) <= 1.5 for other in ruled.uprights_at(bottom + 1, bottom + 12))


def _text(words: Sequence[Word], box: Box) -> str:
    inside = [word for word in words if holds(box, word.box)]
    inside.sort(key=lambda word: (round(word.middle[1] / 4), word.x0))
    return "".join(plain(word.text) for word in inside)


def _named(text: str, others: Iterable[str]) -> str | None:
    """The column of a heading, by what the label pass saw or else by what other readers see."""
    for seen in chain((text,), others):
        names = [name for name, spelled in _SPELLED.items() if spelled.fullmatch(seen)]
        if len(names) == 1:
            return names[0]
    return None


def _bands(
    top: float, columns: Mapping[str, tuple[float, float]], ruled: Ruled
) -> list[tuple[float, float]]:
    """The rows of the table as its three middle columns agree on them."""
    middle = [columns[name] for name in ("policy_number", "effective_date", "expiration_date")]
    levels = ruled.levels_at(*_inner(middle[0]))
    found: list[tuple[float, float]] = []
    start = next((level for level in levels if abs(level - top) <= 1.5), None)
    for level in levels if start is not None else ():
        if start is None or level <= start + 1.5:
            continue
        if not LOWEST_ROW <= level - start <= HIGHEST_ROW or not _is_row(
            start, level, middle, ruled
        ):
            break
        found.append((start, level))
        start = level
    return found


def _inner(column: tuple[float, float]) -> tuple[float, float]:
    return column[0] + 1, column[1] - 1


def _is_row(
    top: float, bottom: float, columns: Iterable[tuple[float, float]], ruled: Ruled
) -> bool:
    """Whether the same two levels close these columns, with nothing between them."""
    for x0, x1 in columns:
        between = [y for y in ruled.levels_at(x0 + 1, x1 - 1) if top + 1.5 < y < bottom - 1.5]
        if between or not ruled.closes((x0, top, x1, bottom)):
            return False
    return True


def _rows(
    bands: Sequence[tuple[float, float]],
    columns: Mapping[str, tuple[float, float]],
    labels: Labels,
) -> dict[str, tuple[float, float]]:
    """Each row of the form by the title that stands in it; the untitled one behind them all is free."""
    x0, x1 = columns["type"]
    boxes = [(x0, top, x1, bottom) for top, bottom in bands]
    owners = _without_cut_rows([_owner(labels, box) for box in boxes])
    found = {
        row: band for row, band in zip(owners, bands, strict=True) if row and owners.count(row) == 1
    }
    is_last = set(found) == set(TITLES) and owners[-1] is None and all(owners[:-1])
    if is_last and not any(holds(boxes[-1], seen.box) for seen in labels.seen):
        found[ROWS[-1]] = bands[-1]
    return found


def _without_cut_rows(owners: list[str | None]) -> list[str | None]:
    """Without a row above one without a title that is not the last: a rule too many may have cut it."""
    cut = [number for number in range(len(owners) - 2) if owners[number + 1] is None]
    return ["" if number in cut and owner else owner for number, owner in enumerate(owners)]


def _owner(labels: Labels, box: Box) -> str | None:
    """The row whose title stands in a box; "" where there are several, None where there is none."""
    owners = {row for row, titles in TITLES.items() if labels.of(*titles, inside=box)}
    if labels.of(*OTHER_TITLES, inside=box):
        owners.add("")
    if not owners:
        return None
    return owners.pop() if len(owners) == 1 else ""


def title_texts() -> set[str]:
    """Every text that the table is found by."""
    return {
        *HEADINGS,
        "POLICY NO.",
        "TYPE OF COVERAGE",
        *OTHER_TITLES,
        *(t for ts in TITLES.values() for t in ts),
    }
