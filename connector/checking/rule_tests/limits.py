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
    spent = case.spent.get(subject.path, 0)
    if entry.value - spent >= amount:
        return met(required, dollars(entry.value), entry)
    if spent:
        return _short_after_topping_up(required, entry, entry.value, spent)
    return _short(case, subject, amount, entry, entry.value)


def _short(case: Case, subject: Subject, amount: int, entry: Entry[int], stated: int) -> Answer:
    required, added = dollars(amount), case.topped_up.get(subject.path)
    if added is not None and stated + added >= amount:
        sum_ = f"{dollars(stated)} + {dollars(added)} of the umbrella = {dollars(stated + added)}"
        return met(required, sum_, entry, Code.MET_WITH_UMBRELLA)
    if case.umbrella_doubt and subject.line in case.rule_set.umbrella_tops_up:
        found = f"{dollars(stated)}, and the umbrella is unclear: {case.umbrella_doubt}"
        return unclear(Code.UMBRELLA_UNCLEAR, required, found, entry)
    if _may_be_requested(case, subject):
        return not_met(Code.STATED_LIMIT_TOO_LOW, required, dollars(stated), entry)
    return not_met(Code.LIMIT_TOO_LOW, required, dollars(stated), entry)


def _short_after_topping_up(required: str, entry: Entry[int], stated: int, spent: int) -> Answer:
    left = (
        f"{dollars(stated)} - {dollars(spent)} that top up other lines = {dollars(stated - spent)}"
    )
    return not_met(Code.LIMIT_TOO_LOW, required, left, entry)


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
