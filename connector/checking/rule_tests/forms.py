"""Tests on endorsement forms by number: endorsed by one of these, attached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connector.certificate.endorsement_forms import Form, known_forms
from connector.certificate.entry import Entry
from connector.certificate.model import ENDORSEMENT
from connector.checking.answer import Answer, listed, met, not_met, unclear, unreadable
from connector.checking.case import Case
from connector.checking.codes import Code
from connector.checking.form_equivalence import (
    Alternative,
    alternatives_granting,
    granting,
    known_numbers,
    parse_alternative,
    such_as,
    with_equivalents,
)
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_tests.endorsements import ENDORSED_PATHS, claims_of, endorsed
from connector.checking.rule_tests.forms_on_file import FormsOnFile, form_boxes, forms_on_file
from connector.checking.rule_tests.rule_test import RuleTest
from connector.checking.subject import Subject
from connector.checking.verdict import Outcome


@dataclass(frozen=True, slots=True)
class FormsWanted:
    """Any one alternative will do; the forms of an alternative are needed together.

    No alternatives means any known form that grants what the box stands for.
    """

    alternatives: tuple[Alternative, ...]
    demand: str = "evidenced"
    or_equivalent: bool = False

    def words(self, subject: Subject) -> str:
        if not self.alternatives:
            return f"any form that grants it{such_as(_box(subject), subject.line)}"
        words = _printed(self.alternatives)
        return f"{words} or its equivalent" if self.or_equivalent else words


def _printed(alternatives: tuple[Alternative, ...]) -> str:
    return listed((" with ".join(map(str, each)) for each in alternatives), "or")


def endorsed_by(case: Case, subject: Subject, wanted: FormsWanted) -> Answer:
    """One of the accepted forms is on file, or its equivalent where the rule says so."""
    required = wanted.words(subject)
    on_file = forms_on_file(case, subject.line)
    found = on_file.with_grade(wanted.demand)
    alternatives = _alternatives(subject, wanted)
    for alternative in alternatives:
        if all(_on_file(form, found) for form in alternative):
            if doubt := _doubtful_page(case, subject):
                return unreadable(required, doubt)
            return met(required, listed(map(str, alternative)), on_file.entry)
    if not wanted.alternatives:
        answer = endorsed(case, subject, wanted.demand)
        if answer.outcome is Outcome.MET:
            return met(required, answer.found, answer.entry)
    if on_file.doubtful:
        return unreadable(required, on_file.doubtful)
    return _why_not(case, subject, wanted, on_file, alternatives)


def _doubtful_page(case: Case, subject: Subject) -> Entry[Any] | None:
    """The entry of a page on file that may be another policy's or name others, where no page is sure."""
    pages = [claim.entry for claim in claims_of(case, subject) if claim.grade == "evidenced"]
    if any(entry.is_read for entry in pages):
        return None
    return next((entry for entry in pages if entry.is_unclear), None)


def _alternatives(subject: Subject, wanted: FormsWanted) -> tuple[Alternative, ...]:
    if not wanted.alternatives:
        return alternatives_granting(_box(subject), subject.line)
    if wanted.or_equivalent:
        return with_equivalents(wanted.alternatives)
    return wanted.alternatives


def _box(subject: Subject) -> str:
    return subject.path.rpartition(".")[2]


def _on_file(wanted: Form, forms: tuple[Form, ...]) -> bool:
    return any(
        form.number == wanted.number and wanted.edition in (None, form.edition) for form in forms
    )


def _number_on_file(wanted: Form, forms: tuple[Form, ...]) -> bool:
    """The form is there in a wanted edition, or in one that is not printed."""
    return any(
        form.number == wanted.number
        and (wanted.edition is None or form.edition in (None, wanted.edition))
        for form in forms
    )


def _why_not(
    case: Case,
    subject: Subject,
    wanted: FormsWanted,
    on_file: FormsOnFile,
    alternatives: tuple[Alternative, ...],
) -> Answer:
    required, entry = wanted.words(subject), on_file.entry
    with_page, named = on_file.evidenced, on_file.with_grade("stated")
    found = on_file.with_grade(wanted.demand)
    if any(all(_number_on_file(form, found) for form in forms) for forms in alternatives):
        shown = f"{listed(map(str, dict.fromkeys(found)))}, without the edition"
        return unclear(Code.FORM_EDITION_UNKNOWN, required, shown, entry)
    if wanted.demand == "evidenced" and any(
        all(_number_on_file(form, named) for form in forms) for forms in alternatives
    ):
        shown = f"{listed(map(str, dict.fromkeys(named)))} named, without the page"
        return not_met(Code.STATED_NOT_EVIDENCED, required, shown, entry)
    if on_file.odd:
        shown = f"{listed(dict.fromkeys(on_file.odd))}, a form that is not in our list"
        return unclear(Code.FORM_NOT_RECOGNISED, required, shown, entry)
    related = [
        f
        for f in (*with_page, *named)
        if f.number in _relatives(_box(subject), subject.line, alternatives)
    ]
    if related:
        shown = listed(map(str, dict.fromkeys(related)))
        return not_met(Code.FORM_NOT_ACCEPTED, required, shown, entry)
    return _no_form(case, subject, wanted)


def _relatives(box: str, line: str | None, alternatives: tuple[Alternative, ...]) -> set[str]:
    """The numbers that a reader would offer for this: those that grant it, and those asked for."""
    return {*granting(box, line), *(form.number for forms in alternatives for form in forms)}


def _no_form(case: Case, subject: Subject, wanted: FormsWanted) -> Answer:
    """No form number is named at all: what the ticks and words come to."""
    answer, required = endorsed(case, subject, wanted.demand), wanted.words(subject)
    if answer.outcome is Outcome.MET and wanted.demand == "evidenced":
        found = "an endorsement page whose form number is not known"
        return unclear(Code.FORM_NOT_NAMED, required, found, answer.entry)
    if answer.outcome is Outcome.MET:
        found = f"{answer.found}, without a form number"
        return not_met(Code.FORM_NOT_NAMED, required, found, answer.entry)
    return Answer(answer.outcome, answer.code, required, answer.found, answer.entry)


def attached(case: Case, subject: Subject, numbers: tuple[str, ...]) -> Answer:
    """The pages of these forms are in the packet (ACORD 855, a form that a contract asks for)."""
    required = f"the pages of {listed(numbers)}"
    on_file = {number: forms_on_file(case, _line_of(number, case)) for number in numbers}
    missing = [number for number, held in on_file.items() if not _names(number, held.evidenced)]
    if not missing:
        return met(required, f"{listed(numbers)} on file", on_file[numbers[0]].entry)
    if doubt := next(filter(None, (on_file[number].doubtful for number in missing)), None):
        return unreadable(required, doubt)
    entry = on_file[missing[0]].entry
    if all(_names(number, on_file[number].stated) for number in missing):
        found = f"{listed(missing)} named, without the page"
        return not_met(Code.STATED_NOT_EVIDENCED, required, found, entry)
    found = f"{listed(missing)} not on file"
    return not_met(Code.ENDORSEMENT_MISSING, required, found, entry)


def _line_of(number: str, case: Case) -> str | None:
    """The line whose policy a form changes, where the packet shows one."""
    form = known_forms().get(number)
    return form.line if form is not None and form.line in case.lines else None


def _names(number: str, forms: tuple[Form, ...]) -> bool:
    return any(form.number == number for form in forms)


def _read_wanted(file: RuleFile, at: Located, subject: Subject) -> FormsWanted:
    if not isinstance(at.value, dict):
        return FormsWanted(_read_forms(file, at))
    parts = file.mapping(at, "The forms", ("forms", "demand", "or_equivalent"))
    if "forms" not in parts:
        file.refuse(at.line, "Write `forms:` with the accepted forms, or any.")
    return FormsWanted(
        _read_forms(file, parts["forms"]),
        file.one_of(parts["demand"], "`demand`", ENDORSEMENT) if "demand" in parts else "evidenced",
        "or_equivalent" in parts and file.flag(parts["or_equivalent"], "`or_equivalent`"),
    )


def _read_forms(file: RuleFile, at: Located) -> tuple[Alternative, ...]:
    if at.value == "any":
        return ()
    return file.many(at, lambda item: _read_alternative(file, item))


def _read_alternative(file: RuleFile, at: Located) -> Alternative:
    text = file.text_of(at, "A form")
    forms = parse_alternative(text)
    if forms is None:
        file.refuse(
            at.line, f"“{text}” is no form number such as CG 20 10 04 13.", text, known_numbers()
        )
    for form in forms:
        if form.number not in known_numbers():
            sentence = f"The form {form.number} is not known."
            file.refuse(at.line, sentence, form.number, known_numbers())
        facts = known_forms().get(form.number)
        editions = facts.known_editions if facts else ()
        if form.edition and editions and form.edition not in editions:
            known = listed(editions)
            file.refuse(at.line, f"{form.number} has no edition {form.edition}; known: {known}.")
    return forms


def _read_numbers(file: RuleFile, at: Located, subject: Subject) -> tuple[str, ...]:
    return file.many(at, lambda item: file.one_of(item, "The form", known_numbers()))


_FORMS: dict[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
_WANTED: dict[str, Any] = {
    "anyOf": [
        *_FORMS["anyOf"],
        {
            "type": "object",
            "properties": {
                "forms": _FORMS,
                "demand": {"enum": list(ENDORSEMENT)},
                "or_equivalent": {"type": "boolean"},
            },
            "required": ["forms"],
            "additionalProperties": False,
        },
    ]
}
_NUMBERS: dict[str, Any] = {"enum": list(known_numbers())}

TESTS = (
    RuleTest(
        "endorsed_by",
        "One of these forms is on file: `CG 20 10 04 13`, `CG 20 10 10 01 + CG 20 37 10 01` (both), or `any`.",
        ENDORSED_PATHS,
        _read_wanted,
        _WANTED,
        endorsed_by,
        form_boxes,
    ),
    RuleTest(
        "attached",
        "The pages of these forms are in the packet.",
        ("endorsement_forms",),
        _read_numbers,
        {"anyOf": [_NUMBERS, {"type": "array", "items": _NUMBERS, "minItems": 1}]},
        attached,
        form_boxes,
    ),
)
