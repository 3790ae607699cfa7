"""Reading one rule: an id, what it is about, exactly one test, and where and how much it counts."""

from __future__ import annotations

import re

from connector.checking.condition import ALWAYS, read_when
from connector.checking.rule import Rule, Tier
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_tests.rule_test import RuleTest
from connector.checking.rule_tests.table import RULE_TESTS
from connector.checking.subject import SUBJECTS, Subject
from connector.checking.verdict import Severity

RULE_WORDS = {
    "id": "A short name of the rule in small letters, unique in the set: waivers point to it.",
    "require": "What is looked at: a box of the certificate, or a whole coverage line.",
    "severity": "`required` unless written; `advisory` only warns.",
    "when": "Where the rule applies: trade, state, vendor_type, project, subcontract_value.",
    "tiers": "Other amounts under other conditions; the first that holds counts.",
    "note": "Why the rule is there, for people.",
}

SHORT_NAME = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
"""Names of rule sets and ids of rules."""


def read_rule(file: RuleFile, at: Located) -> Rule:
    """One rule: an id, a subject, exactly one test, and where and how much it counts."""
    parts = file.mapping(at, "A rule", (*RULE_WORDS, *RULE_TESTS))
    for word in ("id", "require"):
        if word not in parts:
            file.refuse(at.line, f"The rule has no `{word}:`.")
    rule_id = file.text_of(parts["id"], "The id")
    if not SHORT_NAME.match(rule_id):
        file.refuse(parts["id"].line, f"“{rule_id}” must be small letters, digits and hyphens.")
    subject = _subject(file, parts["require"])
    test = _test(file, at, parts, rule_id)
    _check_fit(file, parts[test.word], subject, test)
    severity = Severity.REQUIRED
    if "severity" in parts:
        severity = Severity(file.one_of(parts["severity"], "The severity", tuple(Severity)))
    return Rule(
        id=rule_id,
        subject=subject,
        test=test.word,
        argument=test.read(file, parts[test.word], subject),
        severity=severity,
        when=read_when(file, parts["when"]) if "when" in parts else ALWAYS,
        tiers=_tiers(file, parts["tiers"], subject, test) if "tiers" in parts else (),
        note=file.text_of(parts["note"], "The note") if "note" in parts else "",
        file=file.name,
        line=at.line,
    )


def _subject(file: RuleFile, at: Located) -> Subject:
    path = file.text_of(at, "`require`")
    found = SUBJECTS.get(path)
    if found is None:
        file.refuse(at.line, f"“{path}” is no box or line of a certificate.", path, SUBJECTS)
    return found


def _test(file: RuleFile, at: Located, parts: dict[str, Located], rule_id: str) -> RuleTest:
    words = [word for word in parts if word in RULE_TESTS]
    if not words:
        file.refuse(at.line, f"Rule “{rule_id}” has no test such as `at_least:` or `is_present:`.")
    if len(words) > 1:
        both = " and ".join(f"`{word}`" for word in words[:2])
        file.refuse(at.line, f"Rule “{rule_id}” has {both}; write two rules.")
    return RULE_TESTS[words[0]]


def _check_fit(file: RuleFile, at: Located, subject: Subject, test: RuleTest) -> None:
    if subject.path in test.paths:
        return
    fitting = [word for word, other in RULE_TESTS.items() if subject.path in other.paths]
    known = f" Tests that do: {', '.join(fitting)}." if fitting else ""
    file.refuse(at.line, f"`{test.word}` does not fit {subject.path}.{known}")


def _tiers(file: RuleFile, at: Located, subject: Subject, test: RuleTest) -> tuple[Tier, ...]:
    if not isinstance(at.value, list) or not at.value:
        file.refuse(at.line, f"`tiers` is a list; each has `when:` and `{test.word}:`.")
    return tuple(_tier(file, item, subject, test) for item in at.value)


def _tier(file: RuleFile, at: Located, subject: Subject, test: RuleTest) -> Tier:
    parts = file.mapping(at, "A tier", ("when", test.word))
    for word in ("when", test.word):
        if word not in parts:
            file.refuse(at.line, f"The tier has no `{word}:`.")
    return Tier(read_when(file, parts["when"]), test.read(file, parts[test.word], subject))
