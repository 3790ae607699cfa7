"""Tests on what endorsements reach and take away: upstream parties, exclusions."""

from __future__ import annotations

from typing import Any

from connector.certificate.endorsement_forms import known_forms
from connector.checking.answer import Answer, listed, met, not_met, unclear, unreadable
from connector.checking.case import Case
from connector.checking.codes import Code
from connector.checking.form_equivalence import exclusions
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_tests.forms_on_file import form_boxes, forms_on_file
from connector.checking.rule_tests.rule_test import RuleTest
from connector.checking.subject import Subject


def covers_upstream(case: Case, subject: Subject, accepted: tuple[str, ...]) -> Answer:
    """The additional insured form reaches parties without a direct contract (owner, lender)."""
    required = "an endorsement that reaches parties without a direct contract"
    on_file = forms_on_file(case, subject.line)
    facts = known_forms()
    replies = {
        form: "yes" if form.number in accepted else facts[form.number].upstream
        for form in on_file.with_grade("stated")
        if form.number in facts
        and facts[form.number].upstream
        and facts[form.number].line == subject.line
    }
    if reaching := [form for form, reply in replies.items() if reply == "yes"]:
        return met(required, listed(str(form) for form in reaching), on_file.entry)
    if on_file.doubtful:
        return unreadable(required, on_file.doubtful)
    if disputed := [form for form, reply in replies.items() if reply == "disputed"]:
        found = f"{listed(map(str, disputed))}, on which sources disagree"
        return unclear(Code.SOURCES_DISAGREE, required, found, on_file.entry)
    if replies:
        found = listed(str(form) for form in replies)
        return not_met(Code.DIRECT_CONTRACT_NEEDED, required, found, on_file.entry)
    found = "no additional insured form is named"
    return unclear(Code.NOT_DETERMINABLE, required, found, on_file.entry)


def no_exclusion(case: Case, subject: Subject, unwanted: tuple[str, ...]) -> Answer:
    """No exclusion form is attached. A certificate can show that one is, never that none is."""
    words = [exclusions()[word] for word in unwanted]
    required = f"no exclusion of {listed(words, 'or')}"
    on_file = forms_on_file(case)
    facts = known_forms()
    for form in on_file.with_grade("stated"):
        excluded = facts[form.number].excludes if form.number in facts else ()
        if hit := [word for word in unwanted if word in excluded]:
            meaning = listed(exclusions()[word] for word in hit)
            found = f"{form}, which excludes {meaning}"
            return not_met(Code.EXCLUSION_ATTACHED, required, found, on_file.entry)
    found = "a certificate does not show exclusions"
    return unclear(Code.NOT_DETERMINABLE, required, found, on_file.entry)


def _read_exclusions(file: RuleFile, at: Located, subject: Subject) -> tuple[str, ...]:
    return file.many(at, lambda item: file.one_of(item, "The exclusion", exclusions()))


def _read_upstream(file: RuleFile, at: Located, subject: Subject) -> tuple[str, ...]:
    if at.value is True:
        return ()
    parts = file.mapping(at, "The upstream parties", ("accept",))
    if "accept" not in parts:
        file.refuse(at.line, "Write `accept:` with the disputed forms that you accept, or true.")
    return file.many(parts["accept"], lambda item: file.one_of(item, "The form", known_forms()))


_EXCLUSIONS: dict[str, Any] = {"enum": list(exclusions())}
_UPSTREAM: dict[str, Any] = {
    "anyOf": [
        {"const": True},
        {
            "type": "object",
            "properties": {"accept": {"type": "array", "items": {"enum": list(known_forms())}}},
            "required": ["accept"],
            "additionalProperties": False,
        },
    ]
}

TESTS = (
    RuleTest(
        "covers_upstream",
        "The additional insured form also covers parties without a direct contract. `accept` lists disputed forms that you take.",
        ("general_liability.additional_insured_endorsement",),
        _read_upstream,
        _UPSTREAM,
        covers_upstream,
        form_boxes,
    ),
    RuleTest(
        "no_exclusion",
        "None of these exclusions is attached. A certificate cannot show that none is, so the best answer is unclear: make the rule advisory.",
        ("general_liability",),
        _read_exclusions,
        {"anyOf": [_EXCLUSIONS, {"type": "array", "items": _EXCLUSIONS, "minItems": 1}]},
        no_exclusion,
        form_boxes,
    ),
)
