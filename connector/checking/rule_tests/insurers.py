"""Tests on insurers, against the rating table that the user supplies (NAIC code, name, rating)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from connector.certificate.entry import Entry
from connector.certificate.names import Likeness, compare
from connector.checking.answer import Answer, met, not_met, unclear, unreadable
from connector.checking.case import Case
from connector.checking.codes import Code
from connector.checking.packet import Rating
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_tests.rule_test import RuleTest, whole_lines
from connector.checking.subject import Subject

LETTERS = (
    "A++",
    "A+",
    "A",
    "A-",
    "B++",
    "B+",
    "B",
    "B-",
    "C++",
    "C+",
    "C",
    "C-",
    "D",
    "E",
    "F",
    "S",
)
"""AM Best's letters, the best first."""

SIZES = (
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
)
"""AM Best's financial size classes, the smallest first."""

_WRITTEN = re.compile(r"^([A-FS](?:\+\+|\+|-)?)(?:[ ,/]+(?:CLASS )?([IVX]+))?$")


@dataclass(frozen=True, slots=True)
class Grade:
    """ "A- VII": at least this letter and, where one is written, at least this size."""

    letter: str
    size: str | None

    def __str__(self) -> str:
        return f"{self.letter} {self.size}" if self.size else self.letter


def insurer_rated(case: Case, subject: Subject, wanted: Grade) -> Answer:
    """The line's insurer, found by its NAIC code in the user's table; unknown is unclear."""
    required = f"{wanted} or better"
    entry, rating = _looked_up(case, subject)
    if entry.is_unclear:
        return unreadable(required, entry)
    if rating is None:
        return unclear(Code.NAIC_UNKNOWN, required, _unknown(entry), entry)
    letter, size = (rating.rating or "").upper(), (rating.size or "").upper()
    if letter not in LETTERS or (wanted.size and size not in SIZES):
        found = f"no rating is on file for {rating.name}"
        return unclear(Code.RATING_UNKNOWN, required, found, entry)
    found = f"{letter} {size}".strip()
    good = LETTERS.index(letter) <= LETTERS.index(wanted.letter)
    large = wanted.size is None or SIZES.index(size) >= SIZES.index(wanted.size)
    if good and large:
        return met(required, found, entry)
    return not_met(Code.RATING_TOO_LOW, required, found, entry)


def naic_matches(case: Case, subject: Subject, _: bool) -> Answer:
    """The insurer's name is the one that its NAIC code belongs to in the user's table."""
    required = "the name that belongs to the NAIC code"
    entry, rating = _looked_up(case, subject)
    name: Entry[str] = case.lines[subject.path].entry("insurer_name")
    for seen in (entry, name):
        if seen.is_unclear:
            return unreadable(required, seen)
    if rating is None or name.value is None:
        found = _unknown(entry) if rating is None else "no insurer name"
        return unclear(Code.NAIC_UNKNOWN, required, found, entry)
    likeness = compare(name.value, rating.name)
    found = f"{name.value}; {entry.value} is {rating.name}"
    if likeness is Likeness.SAME:
        return met(required, found, entry)
    if likeness is Likeness.NEAR:
        return unclear(Code.NAME_NEAR, required, found, entry)
    return not_met(Code.NAIC_DIFFERS, required, found, entry)


def _looked_up(case: Case, subject: Subject) -> tuple[Entry[str], Rating | None]:
    entry: Entry[str] = case.lines[subject.path].entry("insurer_naic")
    return entry, case.packet.ratings.get(entry.value) if entry.value else None


def _unknown(entry: Entry[str]) -> str:
    if entry.value is None:
        return "no NAIC code"
    return f"NAIC code {entry.value} is not in the rating table"


def _read_grade(file: RuleFile, at: Located, subject: Subject) -> Grade:
    text = file.text_of(at, "A rating")
    found = _WRITTEN.match(text.upper())
    if not found or found[1] not in LETTERS or (found[2] and found[2] not in SIZES):
        file.refuse(at.line, f"“{text}” is no rating; write a letter and a size, such as A- VII.")
    return Grade(found[1], found[2])


def _read_true(file: RuleFile, at: Located, subject: Subject) -> bool:
    if not file.flag(at, "This test"):
        file.refuse(at.line, "This test can only be true; leave the rule out instead.")
    return True


def _insurer_boxes(subject: Subject) -> tuple[str, ...]:
    return tuple(f"{subject.model_path}.{box}" for box in ("insurer_naic", "insurer_name"))


_GRADE: dict[str, Any] = {"type": "string", "examples": ["A- VII", "A"]}

TESTS = (
    RuleTest(
        "insurer_rated",
        "The insurer's AM Best rating in your own table is at least this letter and size, such as A- VII. Unknown is unclear.",
        whole_lines(),
        _read_grade,
        _GRADE,
        insurer_rated,
        _insurer_boxes,
    ),
    RuleTest(
        "naic_matches",
        "The insurer's name belongs to its NAIC code in your own table. Unknown is unclear.",
        whole_lines(),
        _read_true,
        {"const": True},
        naic_matches,
        _insurer_boxes,
    ),
)
