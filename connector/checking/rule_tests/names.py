"""Tests on names: the insured against the vendor, the holder against us, additional insureds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.certificate.entry import BLANK, Entry
from connector.certificate.model import Certificate
from connector.certificate.names import Likeness, compare, named_in
from connector.checking.answer import Answer, best, listed, met, not_met, unclear, unreadable, worst
from connector.checking.case import Case, beside_its_policy
from connector.checking.codes import Code
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_tests import said_of_insureds as said
from connector.checking.rule_tests.rule_test import RuleTest
from connector.checking.rule_tests.said_of_insureds import Said
from connector.checking.subject import Subject

INSURED, HOLDER, NAMES = "insured.name", "certificate_holder.name", "additional_insured_names"
_WHOSE = {INSURED: "vendor", HOLDER: "legal_names"}
US = "legal_names"
_HOLDER_LISTED = re.compile(r"(?i)\bcert(?:ificate|\.)?\s*holder")
_HOLDER_DESCRIBED = re.compile(
    r"(?i)\bcert(?:ificate|\.)?\s*holder\b(?:(?!\bnot\b)[^.;]){0,80}\badditional\s+insured"
    r"|\badditional\s+insureds?\s*:\s*cert(?:ificate|\.)?\s*holder"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who must be an additional insured, and whether "as required by written contract" will do."""

    who: tuple[str, ...]
    blanket: str = "unclear"


def named_as(case: Case, subject: Subject, whose: str) -> Answer | None:
    """The insured is our vendor; the holder is us. A near name is unclear."""
    if subject.path == HOLDER:
        return _holder(case)
    entries = [certificate.insured.name for certificate in case.speaking]
    vendor = case.context.vendor_name
    if vendor:
        return worst(_insured(entry, vendor) for entry in entries)
    return _one_insured(entries)


def _insured(entry: Entry[str], vendor: str) -> Answer:
    if entry.is_unclear:
        return unreadable(vendor, entry)
    if entry.value is None:
        return unclear(Code.NOT_STATED, vendor, "no insured name", entry)
    likeness = _likeness(vendor, entry.value)
    if likeness is Likeness.SAME:  # whoever stands behind c/o gets the mail, and is not insured
        likeness = max(Likeness.NEAR, _likeness(vendor, _IN_CARE_OF.split(entry.value)[0]))
    return _by_likeness(likeness, vendor, entry, Code.INSURED_DIFFERS)


_IN_CARE_OF = re.compile(r"(?i)\bc/o\b|\battn\b|\battention\s*:")


def _likeness(name: str, text: str) -> Likeness:
    return max(compare(name, text), named_in(name, text))


NAMES_NOT_SET = (
    "our own legal names are not set; say them on the page /setup, or by "
    "`connector account set --legal-name`"
)


def _one_insured(entries: list[Entry[str]]) -> Answer | None:
    """With no vendor named, somebody must be insured, and a packet's certificates agree on who."""
    newest = entries[0]
    for entry in entries:
        if entry.is_unclear:
            return unreadable("the insured's name", entry)
        if not entry.value:
            return unclear(Code.NOT_STATED, "the insured's name", "a blank box", entry)
    answer = worst(_insured(entry, newest.value or "") for entry in entries)
    if answer.outcome.value == "met":
        return None
    found = f"two certificates name {newest.value} and {answer.entry.value if answer.entry else ''}"
    return unclear(Code.INSURED_DIFFERS, "one insured", found, answer.entry)


def _holder(case: Case) -> Answer:
    names = case.context.legal_names
    if not names:
        return unclear(Code.CONTEXT_MISSING, "our legal name", NAMES_NOT_SET)
    return worst(_issued_to(c.certificate_holder.name, names) for c in case.speaking)


def _issued_to(entry: Entry[str], names: tuple[str, ...]) -> Answer:
    required = listed(names, "or")
    if entry.is_unclear:
        return unreadable(required, entry)
    if entry.value is None:
        return not_met(Code.HOLDER_DIFFERS, required, "nobody (the holder box is blank)", entry)
    likeness = max(named_in(name, entry.value) for name in names)
    return _by_likeness(likeness, required, entry, Code.HOLDER_DIFFERS)


def _by_likeness(likeness: Likeness, required: str, entry: Entry[str], code: Code) -> Answer:
    found = " ".join((entry.value or "").split())
    if likeness is Likeness.SAME:
        return met(required, found, entry)
    if likeness is Likeness.NEAR:
        return unclear(Code.NAME_NEAR, required, f"{found}, which is near but not the same", entry)
    return not_met(code, required, found, entry)


def names(case: Case, subject: Subject, wanted: Wanted) -> Answer:
    """Every one of these is an additional insured; of our own legal names, any one will do."""
    answers = []
    for role in wanted.who:
        if role == US:
            answers.append(_us(case, wanted))
        elif found := case.names_of(role):
            answers.extend(_one_name(case, name, wanted) for name in found)
        else:
            missing = f"no name was given for the {role}"
            answers.append(unclear(Code.CONTEXT_MISSING, f"the {role}", missing))
    return _together(answers)


def _us(case: Case, wanted: Wanted) -> Answer:
    if not case.context.legal_names:
        return unclear(Code.CONTEXT_MISSING, "our legal name", NAMES_NOT_SET)
    answers = [_one_name(case, name, wanted) for name in case.context.legal_names]
    return best([*answers, *holder_by_words(case)])


def holder_by_words(case: Case) -> list[Answer]:
    """ "Certificate holder is additional insured" names us where the holder box names us."""
    for certificate in case.documents:
        listed_names, description = (
            certificate.additional_insured_names,
            certificate.description_of_operations,
        )
        for said_there, words in (
            (listed_names, _HOLDER_LISTED),
            (description, _HOLDER_DESCRIBED),
        ):
            if said_there.is_read and (found := words.search(said_there.value or "")):
                entry = beside_its_policy(case, certificate, said_there)
                return [_holder_said(case, certificate, entry, found)]
    return []


def _holder_said(
    case: Case, certificate: Certificate, entry: Entry[str], found: re.Match[str]
) -> Answer:
    if entry.is_unclear:
        return unreadable(listed(case.context.legal_names, "or"), entry)
    text = entry.value or ""
    start = max((text.rfind(stop, 0, found.start()) for stop in ".;\n"), default=-1) + 1
    sentence = re.split(r"[.;](?=\s|$)|\n", text[start:])[0]
    if said.of_holder(sentence, found.end() - start) is Said.NEAR:
        words = f"“{' '.join(sentence.split())}”"
        required = listed(case.context.legal_names, "or")
        return unclear(Code.NAME_NEAR, required, words, entry)
    return _issued_to(certificate.certificate_holder.name, case.context.legal_names)


def _one_name(case: Case, name: str, wanted: Wanted) -> Answer:
    """One name among the additional insureds of all documents, else in general wording, else nowhere."""
    entries = [_list_of(case, certificate, name) for certificate in case.documents]
    descriptions = [certificate.description_of_operations for certificate in case.documents]
    answers = [_in_list(name, entry) for entry in entries if not entry.is_blank]
    if answers and (top := best(answers)).outcome.value == "met":
        return top
    general = [
        (c, e, said.in_names(e.value or "")) for c, e in zip(case.documents, entries, strict=True)
    ]
    general += [
        (c, e, said.in_general(e.value or ""))
        for c, e in zip(case.documents, descriptions, strict=True)
    ]
    for certificate, entry, words in general:
        if words is not None:
            told = beside_its_policy(case, certificate, entry)
            return _blanket(name, told, words, wanted.blanket)
    for entry in descriptions:
        if entry.value and named_in(name, entry.value) is not Likeness.DIFFERENT:
            found = f"{name} only in the description, not as additional insured for certain"
            answers.append(unclear(Code.NAME_NEAR, name, found, entry))
        elif entry.is_unclear:
            answers.append(unreadable(name, entry))
    return best(answers) if answers else not_met(Code.NAME_MISSING, name, name, BLANK)


def _list_of(case: Case, certificate: Certificate, name: str) -> Entry[str]:
    """The additional insureds of a certificate; in doubt where they would do, but may be another policy's."""
    entry = certificate.additional_insured_names
    is_there = named_in(name, entry.value or "") is not Likeness.DIFFERENT
    return beside_its_policy(case, certificate, entry) if is_there else entry


def _in_list(name: str, entry: Entry[str]) -> Answer:
    if entry.is_unclear:
        return unreadable(name, entry)
    likeness = named_in(name, entry.value or "")
    if likeness is Likeness.DIFFERENT:
        return not_met(Code.NAME_MISSING, name, name, entry)
    return _by_likeness(likeness, name, entry, Code.NAME_MISSING)


def _blanket(name: str, entry: Entry[str], words: tuple[Said, str], blanket: str) -> Answer:
    if entry.is_unclear:
        return unreadable(name, entry)
    found = f"“{' '.join(words[1].split())}”"
    if blanket == "accepted" and words[0] is Said.YES:
        return met(name, found, entry)
    if blanket == "refused":
        return not_met(Code.BLANKET_WORDING, name, found, entry)
    return unclear(Code.BLANKET_WORDING, name, f"{found} instead of the name", entry)


def _together(answers: list[Answer]) -> Answer:
    """All names as one answer; the failures are listed together, so that one letter asks for all."""
    overall = worst(answers)
    same = [a for a in answers if a.outcome is overall.outcome and a.code is overall.code]
    required = listed(dict.fromkeys(a.required for a in answers))
    found = listed(dict.fromkeys(a.found for a in same))
    return Answer(overall.outcome, overall.code, required, found, overall.entry)


def _read_whose(file: RuleFile, at: Located, subject: Subject) -> str:
    return file.one_of(at, "The name", (_WHOSE[subject.path],))


def _read_wanted(file: RuleFile, at: Located, subject: Subject) -> Wanted:
    if not isinstance(at.value, dict):
        return Wanted(file.texts(at, "A role"))
    parts = file.mapping(at, "The additional insureds", ("who", "blanket"))
    if "who" not in parts:
        file.refuse(at.line, "Write `who:` with the roles that must be additional insureds.")
    who = file.texts(parts["who"], "A role")
    if "blanket" not in parts:
        return Wanted(who)
    return Wanted(
        who, file.one_of(parts["blanket"], "`blanket`", ("accepted", "unclear", "refused"))
    )


def _roles(wanted: Wanted) -> tuple[str, ...]:
    return tuple(role for role in wanted.who if role != US)


_ROLES: Mapping[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
_WANTED: Mapping[str, Any] = {
    "anyOf": [
        *_ROLES["anyOf"],
        {
            "type": "object",
            "properties": {"who": _ROLES, "blanket": {"enum": ["accepted", "unclear", "refused"]}},
            "required": ["who"],
            "additionalProperties": False,
        },
    ]
}

TESTS = (
    RuleTest(
        "named_as",
        "The insured is the vendor of the check (`vendor`); the certificate holder is one of the account's legal names (`legal_names`). Near names are unclear.",
        (INSURED, HOLDER),
        _read_whose,
        {"enum": ["vendor", "legal_names"]},
        named_as,
    ),
    RuleTest(
        "names",
        "Each of these roles is named as additional insured. `blanket` says what “as required by written contract” counts for.",
        (NAMES,),
        _read_wanted,
        _WANTED,
        names,
        lambda subject: (NAMES, "description_of_operations"),
        _roles,
    ),
)
