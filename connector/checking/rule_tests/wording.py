"""Tests on text: it mentions the project or a phrase, or it must not say something."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz

from connector.certificate.entry import Entry
from connector.certificate.field import Kind
from connector.certificate.names import Likeness
from connector.checking.answer import Answer, best, listed, met, not_met, unclear, unreadable, worst
from connector.checking.case import Case
from connector.checking.codes import Code
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_tests.rule_test import RuleTest, paths_of
from connector.checking.subject import Subject

NEAR_RATIO = 88.0
"""rapidfuzz partial ratio (0..100) from which a phrase may stand in a text with a slip in it."""

SHORTEST_NEAR = 8
"""Characters: a shorter phrase resembles too many others to be near anything."""

LONG_NUMBER = 5
"""Digits from which a number in a text is hardly anything but the project's."""

_NUMBERED = "project|job|contract|no|num|number|re|site"


def mentions(case: Case, subject: Subject, phrases: tuple[str, ...]) -> Answer:
    """Any one of these phrases; case, punctuation and hyphens do not count."""
    required = f"a mention of {listed((f'“{p}”' for p in phrases), 'or')}"
    return _mentioned(case, subject, phrases, required)


def mentions_project(case: Case, subject: Subject, which: str) -> Answer:
    """The project's name, its number, or either."""
    context = case.context
    given = {"name": (context.project_name,), "number": (context.project_number,)}.get(
        which, (context.project_name, context.project_number)
    )
    phrases = tuple(phrase for phrase in given if phrase)
    words = "name or number" if which == "either" else which
    if not phrases:
        found = f"the project {words} was not given"
        return unclear(Code.CONTEXT_MISSING, f"a mention of the project's {words}", found)
    required = f"a mention of project {listed(phrases, 'or')}"
    answers = [
        _in_text(entry, (phrase,), required, number_said if phrase.isdigit() else asserted)
        for entry in texts(case, subject)
        for phrase in phrases
    ]
    return best(answers)


def _mentioned(case: Case, subject: Subject, phrases: tuple[str, ...], required: str) -> Answer:
    entries = texts(case, subject)
    answers = [_in_text(entry, phrases, required) for entry in entries]
    return best(answers)


def _in_text(
    entry: Entry[str],
    phrases: tuple[str, ...],
    required: str,
    says: Callable[[str, str], Likeness] | None = None,
) -> Answer:
    if entry.is_unclear:
        return unreadable(required, entry)
    likeness = max((says or asserted)(phrase, entry.value or "") for phrase in phrases)
    if likeness is Likeness.SAME:
        return met(required, "mentioned", entry)
    if likeness is Likeness.NEAR:
        return unclear(Code.WORDING_NEAR, required, "something near to it", entry)
    return not_met(Code.NOT_MENTIONED, required, "it is not mentioned", entry)


def does_not_mention(case: Case, subject: Subject, phrases: tuple[str, ...]) -> Answer:
    """None of these phrases: wording that a reviewer refuses."""
    required = f"no mention of {listed((f'“{p}”' for p in phrases), 'or')}"
    return worst(_free_of(entry, phrases, required) for entry in texts(case, subject))


def _free_of(entry: Entry[str], phrases: tuple[str, ...], required: str) -> Answer:
    if entry.is_unclear:
        return unreadable(required, entry)
    for phrase in phrases:
        likeness = said(phrase, entry.value or "")
        if likeness is Likeness.SAME:
            return not_met(Code.WORDING_REFUSED, required, phrase, entry)
        if likeness is Likeness.NEAR:
            return unclear(Code.WORDING_NEAR, required, f"something near to “{phrase}”", entry)
    return met(required, "not mentioned", entry)


def texts(case: Case, subject: Subject) -> list[Entry[str]]:
    """The box on its line, or in every document of the packet."""
    if subject.line:
        return [case.entry(subject)]
    owner, _, box = subject.path.rpartition(".")
    return [getattr(getattr(c, owner) if owner else c, box) for c in case.documents]


def said(phrase: str, text: str) -> Likeness:
    """Whether a text says a phrase: in the same words, nearly, or not."""
    wanted, whole = _plain(phrase), _plain(text)
    if not wanted or not whole:
        return Likeness.DIFFERENT
    if f" {wanted} " in f" {whole} ":
        return Likeness.SAME
    if len(wanted) >= SHORTEST_NEAR and fuzz.partial_ratio(wanted, whole) >= NEAR_RATIO:
        return Likeness.NEAR
    return Likeness.DIFFERENT


_DENIALS = frozenset(
    ("not", "no", "never", "without", "except", "excluding", "excludes", "excluded")
)
_SENTENCE_ENDS = re.compile(r"[.;](?:\s|$)")
_BEFORE = 2
"""How many words before a phrase may deny it: "is not primary and noncontributory"."""


def asserted(phrase: str, text: str) -> Likeness:
    """Whether a text says a phrase and nowhere but in a denial: that is only near to it."""
    likeness = said(phrase, text)
    if likeness is not Likeness.SAME:
        return likeness
    before = [
        words.split()[-_BEFORE:]
        for sentence in _SENTENCE_ENDS.split(text)
        for words in f" {_plain(sentence)} ".split(f" {_plain(phrase)} ")[:-1]
    ]
    is_denied = bool(before) and all(_DENIALS & set(words) for words in before)
    return Likeness.NEAR if is_denied else Likeness.SAME


def number_said(number: str, text: str) -> Likeness:
    """Whether a text names a project by its number. A short number alone may be a date's or an
    amount's, so it counts only after a word such as "project" or "job"."""
    whole = f" {_plain(text)} "
    if f" {number} " not in whole:
        return Likeness.DIFFERENT
    if len(number) >= LONG_NUMBER or re.search(rf"(?:{_NUMBERED}) {number} ", whole):
        return Likeness.SAME
    return Likeness.NEAR


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    """Lower case words; "&" is "and", and "non-contributory" is "noncontributory"."""
    lowered = text.casefold().replace("&", " and ")
    lowered = re.sub(r"\bnon[\s\-]+(?=[a-z])", "non", lowered)
    return " ".join(re.sub(r"[^\w]+", " ", lowered).split())


def _read_phrases(file: RuleFile, at: Located, subject: Subject) -> tuple[str, ...]:
    return file.texts(at, "A phrase")


def _read_which(file: RuleFile, at: Located, subject: Subject) -> str:
    return file.one_of(at, "The project's", ("name", "number", "either"))


_PHRASES: dict[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
_TEXTS = paths_of(Kind.TEXT)

TESTS = (
    RuleTest(
        "mentions",
        "The text says one of these phrases; case, punctuation and hyphens do not count, a near one is unclear.",
        _TEXTS,
        _read_phrases,
        _PHRASES,
        mentions,
    ),
    RuleTest(
        "mentions_project",
        "The text mentions the project of the check by `name`, `number` or `either`.",
        _TEXTS,
        _read_which,
        {"enum": ["name", "number", "either"]},
        mentions_project,
    ),
    RuleTest(
        "does_not_mention",
        "The text says none of these phrases.",
        _TEXTS,
        _read_phrases,
        _PHRASES,
        does_not_mention,
    ),
)
