"""Tests on limits: dollars stated, words in their place, and what the umbrella adds."""

from __future__ import annotations

import re

from connector.certificate.entry import Entry
from connector.certificate.field import Kind
from connector.checking.answer import Answer, dollars, met, not_met, unclear, unreadable
from connector.checking.case import Case
from connector.checking.codes import Code
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_tests.rule_test import RuleTest, paths_of
from connector.checking.subject import Subject

_UNLIMITED = re.compile(r"(?i)^(unlimited|unltd)$")
_EXCLUDED = re.compile(r"(?i)^(excl(uded|\.)?|none|nil|not covered|no coverage)$")
REQUESTED_AMOUNTS_FROM = "2025/12"
"""From this edition of ACORD 25 on, the limits may be the amounts requested, not the policy's."""


def at_least(case: Case, subject: Subject, amount: int) -> Answer:
    """A stated limit of at least so many dollars; the umbrella's help is counted by umbrella.py."""
    entry: Entry[int] = case.entry(subject)
    required = dollars(amount)
    if entry.is_unclear:
        return unreadable(required, entry)
    if entry.words is not None:
        return _in_words(required, entry, entry.words)
    if entry.value is None:
        return not_met(Code.LIMIT_MISSING, required, "blank", entry)
    spent = case.umbrella.spent.get(subject.path, 0)
    if entry.value - spent >= amount:
        return met(required, _less(entry.value, spent), entry)
    if spent:
        return not_met(Code.LIMIT_TOO_LOW, required, _less(entry.value, spent), entry)
    return _short(case, subject, amount, entry, entry.value)


def _less(stated: int, spent: int) -> str:
    """The umbrella's own limit, less what it gives to other lines: the sum is shown."""
    if not spent:
        return dollars(stated)
    rest = dollars(stated - spent)
    return f"{dollars(stated)} - {dollars(spent)} that top up other lines = {rest}"


def _short(case: Case, subject: Subject, amount: int, entry: Entry[int], stated: int) -> Answer:
    """Below the amount: topped up by the umbrella, perhaps by it, or too low."""
    required, help_ = dollars(amount), case.umbrella
    given = help_.given.get(subject.path, 0)
    if given and stated + given >= amount:
        return met(required, _sum(stated, given), entry, Code.MET_WITH_UMBRELLA)
    may_top_up = subject.line in case.rule_set.umbrella_tops_up
    if may_top_up and help_.doubt:
        found = f"{dollars(stated)}, and the umbrella is unclear: {help_.doubt}"
        return unclear(Code.UMBRELLA_UNCLEAR, required, found, entry)
    found = dollars(stated)
    if subject.path in help_.left:
        found = _sum(stated, help_.left[subject.path])
    elif may_top_up and help_.out:
        found = f"{dollars(stated)}, and {help_.out}"
    code = Code.STATED_LIMIT_TOO_LOW if _may_be_requested(case, subject) else Code.LIMIT_TOO_LOW
    return not_met(code, required, found, entry)


def _sum(stated: int, added: int) -> str:
    total = dollars(stated + added)
    return f"{dollars(stated)} + {dollars(added)} of the umbrella = {total}"


def _in_words(required: str, entry: Entry[int], words: str) -> Answer:
    if _UNLIMITED.match(words):
        return met(required, words, entry, Code.UNLIMITED)
    if _EXCLUDED.match(words):
        return not_met(Code.LIMIT_EXCLUDED, required, words, entry)
    return unclear(Code.LIMIT_IN_WORDS, required, f"“{words}” in place of an amount", entry)


def _may_be_requested(case: Case, subject: Subject) -> bool:
    """Whether the form that states this limit is of an edition that prints requested amounts."""
    at = case.lines[subject.line or ""]
    edition = at.certificate.form_edition.value
    return edition is not None and edition >= REQUESTED_AMOUNTS_FROM


def at_most(case: Case, subject: Subject, amount: int) -> Answer:
    """A deductible or retention of at most so many dollars."""
    entry: Entry[int] = case.entry(subject)
    required = dollars(amount)
    if entry.is_unclear:
        return unreadable(required, entry)
    if entry.words is not None:
        return unclear(Code.LIMIT_IN_WORDS, required, f"“{entry.words}”", entry)
    if entry.value is None:
        return unclear(Code.NOT_DETERMINABLE, required, "blank, so the amount is not known", entry)
    if entry.value > amount:
        return not_met(Code.LIMIT_TOO_HIGH, required, dollars(entry.value), entry)
    return met(required, dollars(entry.value), entry)


def _read_dollars(file: RuleFile, at: Located, subject: Subject) -> int:
    return file.whole(at, "A limit", lowest=1)


_DOLLARS = {"type": "integer", "minimum": 1}

TESTS = (
    RuleTest(
        "at_least",
        "The limit is at least so many whole dollars. UNLIMITED is met, EXCLUDED is not; other words are unclear.",
        paths_of(Kind.USD),
        _read_dollars,
        _DOLLARS,
        at_least,
    ),
    RuleTest(
        "at_most",
        "A deductible or retention is at most so many whole dollars. A blank box is unclear.",
        paths_of(Kind.USD),
        _read_dollars,
        _DOLLARS,
        at_most,
    ),
)
