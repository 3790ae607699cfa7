"""Pages on no known layout: values by the labels that stand beside or above them.

Everything found this way is a best reading for a person to confirm, never more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.certificate import values
from connector.certificate.entry import Entry, Source, unclear
from connector.certificate.fields import BY_PATH, LINE_OF
from connector.extraction.assembly import entry_of, evidence_of
from connector.extraction.parties import divide, one_line
from connector.extraction.placement import Grid
from connector.extraction.reading import CellReading, Line

NO_KNOWN_FORM = "The certificate is on no known form; a person should confirm every value."
PROPERTY_FORM = (
    "{form} shows property insurance, not liability; a person should confirm every value."
)
FARTHEST_BELOW = 16.0
"""Points between a label and the first line of its value, and between two lines of it."""
MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page as lines from the top, parted where words stand far apart, and its rules."""

    page: int
    source: Source
    lines: Sequence[Line]
    grid: Grid

    def below_or_beside(self, label: re.Pattern[str]) -> CellReading | None:
        """The value of the first line that begins with the label; None where there is none."""
        for number, line in enumerate(self.lines):
            found = label.match(line.text)
            if not found:
                continue
            rest = line.text[found.end() :].strip(" :#-")
            if rest:
                return self._reading([Line(rest, line.box, line.confidence)])
            inside = list(self._in_the_same_box(line)) or list(self._beside(number))
            return self._reading(inside or list(self._following(number)))
        return None

    def _reading(self, lines: Iterable[Line]) -> CellReading:
        return CellReading(self.page, self.source, tuple(lines))

    def _in_the_same_box(self, label: Line) -> Iterator[Line]:
        left, _, right, below = self.grid.around(_x(label), _y(label))
        if left is None or right is None or below is None:
            return
        for line in self.lines:
            if (
                line is not label
                and left <= _x(line) <= right
                and label.box[3] <= _y(line) <= below
            ):
                yield line

    def _beside(self, number: int) -> Iterator[Line]:
        """Lines right of the label on its level, and those aligned below them."""
        label = self.lines[number]
        right = [
            line
            for line in self.lines
            if abs(_y(line) - _y(label)) < 4 and line.box[0] > label.box[2]
        ]
        if not right:
            return
        first = min(right, key=lambda line: line.box[0])
        yield first
        yield from self._aligned_below(first)

    def _following(self, number: int) -> Iterator[Line]:
        yield from self._aligned_below(self.lines[number])

    def _aligned_below(self, first: Line) -> Iterator[Line]:
        last = first
        for line in self.lines:
            if line.box[1] < last.box[3] - 2 or abs(line.box[0] - first.box[0]) > 12:
                continue
            if line.box[1] - last.box[3] > FARTHEST_BELOW or _LABEL.search(line.text):
                return
            yield line
            last = line


def _x(line: Line) -> float:
    return (line.box[0] + line.box[2]) / 2


def _y(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2


_LABEL = re.compile(r"(?i)^[a-z][\w ()/#.'&-]{2,40}:")

_PARTY_LABELS = {
    "producer": re.compile(
        r"(?i)^(producer|agency|agent|broker)( name)?(, contact.*)?\s*:?\s*(?=$|\S)"
    ),
    "insured": re.compile(r"(?i)^(named )?insured(\(s\)|'s name| name)?( and address)?\s*:?\s*"),
    "certificate_holder": re.compile(
        r"(?i)^(certificate holder|additional interest|certificate issued to|issued to|name and address)( name)?( and address)?\s*:?\s*"
    ),
}
_VALUE_LABELS = {
    "certificate_date": re.compile(
        r"(?i)^(date( issued)?( \(mm/dd/yyyy\))?|issue date|issued( on)?)\s*:?\s*"
    ),
    "insurer_a.name": re.compile(
        r"(?i)^(company|carrier|insurer( a)?|insurance company|writing company)( name)?( and address)?\s*:?\s*"
    ),
}


def parties(page: LabelledPage, why: str) -> dict[str, Entry[Any]]:
    """The parties, the date and the insurer, all unclear."""
    found: dict[str, Entry[Any]] = {}
    for block, label in _PARTY_LABELS.items():
        reading = page.below_or_beside(label)
        if reading and reading.lines:
            party = divide(reading, one_name_line=block == "producer")
            for part, lines, joiner in (
                ("name", party.name, " "),
                ("address", party.address, ", "),
            ):
                if lines:
                    text = values.tidy(one_line(lines, joiner))
                    found[f"{block}.{part}"] = unclear(text, evidence_of(reading, lines), why)
    for path, label in _VALUE_LABELS.items():
        reading = page.below_or_beside(label)
        if reading and reading.lines:
            first = CellReading(reading.page, reading.source, reading.lines[:1])
            found[path] = entry_of(path, first).doubted(why)
    return found


_POLICY_LABELS = {
    "policy_number": re.compile(r"(?i)^policy\s*(number|no\.?|#)\s*:?\s*"),
    "effective_date": re.compile(
        r"(?i)^(policy )?(effective|eff\.?)( date)?( \(mm/dd/yyyy\))?\s*:?\s*"
    ),
    "expiration_date": re.compile(
        r"(?i)^(policy )?(expir\w*|exp\.?)( date)?( \(mm/dd/yyyy\))?\s*:?\s*"
    ),
}


def property_form(page: LabelledPage, form: str, title: str) -> dict[str, Entry[Any]]:
    """ACORD 24, 27 or 28: the parties, and the policy as other_1, called property."""
    why = PROPERTY_FORM.format(form=form)
    seen = CellReading(page.page, page.source, tuple(page.lines[:1]))
    found = parties(page, why) | _all_in_doubt("other_1", seen, why)
    for name, label in _POLICY_LABELS.items():
        reading = page.below_or_beside(label)
        if reading and reading.lines:
            first = CellReading(reading.page, reading.source, reading.lines[:1])
            found[f"other_1.{name}"] = entry_of(f"other_1.{name}", first).doubted(why)
    evidence = evidence_of(seen)
    found["other_1.kind"] = unclear("property", evidence, why)
    found["other_1.description"] = unclear(title, evidence, why)
    return found


_LINE_TITLES: Mapping[str, re.Pattern[str]] = {
    "general_liability": re.compile(r"(?i)^(commercial )?general liability"),
    "auto_liability": re.compile(r"(?i)^(commercial |business )?auto(mobile)?( liability)?\b"),
    "umbrella_liability": re.compile(r"(?i)^(umbrella|excess)( liability)?\b"),
    "workers_compensation": re.compile(r"(?i)^workers\W{0,3}comp"),
}
_LIMITS: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "general_liability": {
        "each_occurrence": re.compile(r"(?i)each occurrence|per occurrence"),
        "general_aggregate": re.compile(r"(?i)general aggregate"),
        "products_completed_operations_aggregate": re.compile(r"(?i)products"),
        "personal_and_advertising_injury": re.compile(r"(?i)personal (and|&) adv"),
        "damage_to_rented_premises": re.compile(r"(?i)damage to|rented premises|fire"),
        "medical_expense": re.compile(r"(?i)med(ical)? (exp|pay)"),
    },
    "auto_liability": {
        "combined_single_limit": re.compile(r"(?i)combined single|\bCSL\b|each accident"),
    },
    "umbrella_liability": {
        "each_occurrence": re.compile(r"(?i)each occurrence|per occurrence"),
        "aggregate": re.compile(r"(?i)aggregate"),
    },
    "workers_compensation": {
        "disease_policy_limit": re.compile(r"(?i)disease.{0,4}policy"),
        "disease_each_employee": re.compile(r"(?i)disease.{0,4}(each|ea)"),
        "each_accident": re.compile(r"(?i)each accident|accident"),
    },
}
_DAY = re.compile(r"\b\d{1,2}[/\-.]\d{1,2}[/\-.]\d{2,4}\b|\b[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\b")
_AMOUNT = re.compile(r"\$?\s?\d{1,3}(,\d{3})+(\.\d\d)?|\$\s?\d+")
_NUMBER = re.compile(r"(?i)policy\s*(?:number|no\.?|#)\s*:?\s*(\S*\d\S*)")
_NUMBER_COLUMN = re.compile(r"(?i)^policy\s*(number|no\.?|#)$")


def free_certificate(page: LabelledPage) -> dict[str, Entry[Any]]:
    """A certificate that is no ACORD form: parties, lines, dates and limits, all unclear."""
    found = parties(page, NO_KNOWN_FORM)
    column = next((line for line in page.lines if _NUMBER_COLUMN.match(line.text)), None)
    for name, lines in _sections(page.lines):
        found |= _policy(page, name, lines, column)
    return found


def _sections(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """The lines of the page under each title of a line of insurance."""
    titles = [
        (number, name)
        for number, line in enumerate(lines)
        for name, words in _LINE_TITLES.items()
        if words.match(line.text)
    ]
    ends = [number for number, _ in titles[1:]] + [len(lines)]
    done: set[str] = set()
    for (start, name), end in zip(titles, ends, strict=True):
        if name not in done:
            done.add(name)
            level = lines[start].box[1] - 3
            yield name, [line for line in lines[max(0, start - 4) : end] if line.box[1] >= level]


def _policy(
    page: LabelledPage, name: str, lines: Sequence[Line], column: Line | None
) -> dict[str, Entry[Any]]:
    nothing = CellReading(page.page, page.source, tuple(lines[:1]))
    found: dict[str, Entry[Any]] = {}

    def put(path: str, text: str, line: Line) -> None:
        reading = CellReading(page.page, page.source, (Line(text, line.box, line.confidence),))
        if path in BY_PATH and path not in found:
            found[path] = entry_of(path, reading).doubted(NO_KNOWN_FORM)

    days = [(day[0], line) for line in lines for day in _DAY.finditer(line.text)]
    for part, (text, line) in zip(("effective_date", "expiration_date"), days, strict=False):
        put(f"{name}.{part}", text, line)
    for line in lines:
        if number := _NUMBER.search(line.text):
            put(f"{name}.policy_number", number[1], line)
        elif column and abs(line.box[0] - column.box[0]) < 6 and re.search(r"\d", line.text):
            put(f"{name}.policy_number", line.text, line)
        amount = _AMOUNT.search(line.text)
        limits = _LIMITS[name].items()
        owner = next((limit for limit, words in limits if words.search(line.text)), None)
        if amount and owner:
            put(f"{name}.{owner}", amount[0], line)
    return _all_in_doubt(name, nothing, NO_KNOWN_FORM) | found


def _all_in_doubt(name: str, seen: CellReading, why: str) -> dict[str, Entry[Any]]:
    """Every box of a line as not known: what was not found may still stand on the page."""
    evidence = evidence_of(seen)
    return {path: unclear(None, evidence, why) for path, line in LINE_OF.items() if line == name}
