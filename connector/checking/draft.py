"""A rule set drafted from a certificate that somebody holds up as acceptable.

Half of all requirement documents are a sample certificate. Each drafted rule says in its note
where on the sample it was taken from; what could not be read is named and left out, because a
requirement must not be a guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten
from typing import Any

import yaml

from connector.certificate.endorsement_forms import Form, known_forms
from connector.certificate.entries import entries, entry_at, is_present
from connector.certificate.entry import Entry
from connector.certificate.field import Kind, lower_first
from connector.certificate.fields import BY_PATH, LINE_OF
from connector.certificate.model import LINES, OTHER_LINES, Certificate, line
from connector.certificate.names import Likeness, named_in
from connector.checking.form_equivalence import parse_form
from connector.checking.rule_tests.endorsements import ENDORSED_PATHS, MARK_OF_BOX
from connector.checking.subject import KINDS_OF_OTHER_LINES

DraftedRule = dict[str, Any]

_SHORT = {
    "general_liability": "gl",
    "auto_liability": "auto",
    "umbrella_liability": "umbrella",
    "workers_compensation": "wc",
}
_AT_MOST = ("deductible", "retention")
_OTHERS = "others"
"""The role under which the sample's own additional insureds stand; its author should rename it."""


def draft_rule_set(certificate: Certificate, name: str) -> str:
    """The YAML text of a rule set called `name` that asks for what the sample shows."""
    others = _other_names(certificate)
    rules = [*_parties(), *_names_rule(certificate, others)]
    for row, word in _lines(certificate):
        rules += [*_line_rules(certificate, row, word), *_form_rules(certificate, row, word)]
    rules += _notice_rules(certificate)
    content: dict[str, Any] = {
        "rule_set": name,
        "version": 1,
        "title": name.replace("-", " ").capitalize(),
        "description": _description(certificate),
    }
    if others:
        content["names"] = {_OTHERS: others}
    content["rules"] = rules
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return _heading(certificate) + text


def _description(certificate: Certificate) -> str:
    source = certificate.document_name or "a sample certificate"
    return f"Drafted from {source}; read every rule before it is used."


def _heading(certificate: Certificate) -> str:
    """Comments: the schema for editors, and what was left out."""
    lines = ["# yaml-language-server: $schema=rule-set.schema.json"]
    for path, entry in entries(certificate).items():
        on_line = LINE_OF.get(path)
        if entry.is_unclear and (on_line is None or is_present(certificate, on_line)):
            lines.append(f"# Left out, because it could not be read: {BY_PATH[path].label}.")
    return "\n".join(lines) + "\n"


def _parties() -> Iterator[DraftedRule]:
    note = "Asked of every certificate; not taken from the sample."
    yield _rule("insured-is-the-vendor", "insured.name", "named_as", "vendor", note)
    yield _rule("holder-is-us", "certificate_holder.name", "named_as", "legal_names", note)


def _rule(rule_id: str, path: str, test: str, argument: Any, note: str) -> DraftedRule:
    return {"id": rule_id, "require": path, test: argument, "note": note}


def _taken_from(path: str, entry: Entry[Any]) -> str:
    """ "From general liability: each occurrence, page 1: “$1,000,000”." """
    label = lower_first(BY_PATH[path].label)
    if entry.evidence is None:
        return f"From {label}."
    text = shorten(entry.evidence.text, 80, placeholder=" …")
    return f"From {label}, page {entry.evidence.page}: “{text}”."


def _lines(certificate: Certificate) -> Iterator[tuple[str, str]]:
    """The lines present as rows, and their words in rules; of each kind of free row the first."""
    said: set[str] = set()
    for row in LINES:
        kind = _kind(certificate, row) if row in OTHER_LINES else row
        if kind and kind not in said and is_present(certificate, row):
            said.add(kind)
            yield row, kind


def _kind(certificate: Certificate, row: str) -> str | None:
    """The kind of a free row that a rule may name; None where it is in doubt or any other."""
    kind = entry_at(certificate, f"{row}.kind")
    return kind.value if kind.is_read and kind.value in KINDS_OF_OTHER_LINES else None


def _line_rules(certificate: Certificate, row: str, word: str) -> Iterator[DraftedRule]:
    short = _SHORT.get(word, word)
    term = f"{row}.expiration_date"
    if (end := entry_at(certificate, term)).is_read:
        yield _rule(f"{short}-in-force", word, "in_force_on", "today", _taken_from(term, end))
    yield from _basis_rules(certificate, row, word, short)
    for path, entry in entries(certificate).items():
        if LINE_OF.get(path) != row or not entry.is_read:
            continue
        box = path.partition(".")[2]
        rule_id, target = f"{short}-{box.replace('_', '-')}", f"{word}.{box}"
        note = _taken_from(path, entry)
        if BY_PATH[path].kind is Kind.USD and entry.value:
            test = "at_most" if box in _AT_MOST else "at_least"
            yield _rule(rule_id, target, test, entry.value, note)
        elif f"{word}.{box}" in ENDORSED_PATHS and entry.value:
            yield _rule(rule_id, target, "endorsed", entry.value, note)
        elif box in MARK_OF_BOX.values() and entry.value:
            yield from _marked(certificate, row, word, short, box, note)
        elif box == "aggregate_applies_per" and entry.value in ("project", "location"):
            yield _rule(rule_id, target, "is_one_of", entry.value, note)
        elif box == "proprietor_excluded" and entry.value is False:
            yield _rule(rule_id, target, "is_checked", False, note)


def _marked(
    certificate: Certificate, row: str, word: str, short: str, box: str, note: str
) -> Iterator[DraftedRule]:
    """A marked column asks for the endorsement as stated, unless the sample already says more."""
    endorsement = next(name for name, mark in MARK_OF_BOX.items() if mark == box)
    if not entry_at(certificate, f"{row}.{endorsement}").is_read:
        rule_id = f"{short}-{endorsement.replace('_', '-')}"
        yield _rule(rule_id, f"{word}.{endorsement}", "endorsed", "stated", note)


def _basis_rules(
    certificate: Certificate, row: str, word: str, short: str
) -> Iterator[DraftedRule]:
    """Occurrence basis and autos, where the sample's ticks say so for certain."""
    owner: Any = line(certificate, row)
    if word in ("general_liability", "umbrella_liability"):
        ticked, other = owner.occurrence, owner.claims_made
        if ticked.is_read and ticked.value and not other.value and not other.is_unclear:
            note = _taken_from(f"{row}.occurrence", ticked)
            yield _rule(f"{short}-occurrence-basis", word, "occurrence_basis", True, note)
    if word == "auto_liability":
        parts = (owner.owned_autos, owner.hired_autos, owner.non_owned_autos)
        covered = [e for e in (owner.any_auto, *parts) if e.is_read and e.value]
        if covered and (covered[0] is owner.any_auto or len(covered) == len(parts)):
            box = "any_auto" if covered[0] is owner.any_auto else "owned_autos"
            note = _taken_from(f"{row}.{box}", covered[0])
            yield _rule("auto-covers-all-autos", word, "covers_autos", "any", note)


def _form_rules(certificate: Certificate, row: str, word: str) -> Iterator[DraftedRule]:
    """The endorsement forms of a line by what they grant, all that the sample has together."""
    pages = set(_forms(certificate.endorsement_pages))
    for box in (path.partition(".")[2] for path in ENDORSED_PATHS if path.startswith(f"{word}.")):
        found = [f for f in _forms(certificate.endorsement_forms) if _grants(f, word, box)]
        if not found:
            continue
        argument = {
            "forms": " + ".join(map(str, found)),
            "demand": "evidenced" if pages.issuperset(found) else "stated",
            "or_equivalent": True,
        }
        note = _taken_from("endorsement_forms", certificate.endorsement_forms)
        rule_id = f"{_SHORT.get(word, word)}-{box.replace('_', '-')}-form"
        yield _rule(rule_id, f"{word}.{box}", "endorsed_by", argument, note)


def _forms(entry: Entry[str]) -> list[Form]:
    if not entry.is_read or entry.value is None:
        return []
    texts = (part.split(":")[0].strip() for part in entry.value.split(","))
    found = [form for text in texts if (form := parse_form(text))]
    return [form for form in dict.fromkeys(found) if _is_known(form)]


def _is_known(form: Form) -> bool:
    facts = known_forms().get(form.number)
    if facts is None:
        return False
    return not facts.known_editions or form.edition in (None, *facts.known_editions)


def _grants(form: Form, line_word: str, box: str) -> bool:
    facts = known_forms()[form.number]
    return facts.line == line_word and box in facts.granted(form.edition)


def _other_names(certificate: Certificate) -> list[str]:
    """The additional insureds of the sample besides its holder."""
    listed, holder = certificate.additional_insured_names, certificate.certificate_holder.name
    if not listed.is_read or not listed.value:
        return []
    names = (" ".join(name.split()) for name in listed.value.split(";"))
    return [n for n in names if n and not _is_holder(n, holder.value)]


def _is_holder(name: str, holder: str | None) -> bool:
    return bool(holder) and named_in(holder or "", name) is Likeness.SAME


def _names_rule(certificate: Certificate, others: list[str]) -> Iterator[DraftedRule]:
    listed = certificate.additional_insured_names
    if not listed.is_read or not listed.value:
        return
    holder = certificate.certificate_holder.name.value
    has_us = any(_is_holder(name, holder) for name in listed.value.split(";"))
    who = [*(["legal_names"] if has_us else []), *([_OTHERS] if others else [])]
    if who:
        note = _taken_from("additional_insured_names", listed)
        yield _rule("additional-insureds", "additional_insured_names", "names", who, note)


def _notice_rules(certificate: Certificate) -> list[DraftedRule]:
    days, evidence = certificate.notice_of_cancellation_days, certificate.notice_of_cancellation
    if not (days.is_read and days.value and evidence.is_read and evidence.value == "evidenced"):
        return []
    note = _taken_from("notice_of_cancellation_days", days)
    return [
        _rule("notice-of-cancellation", "notice_of_cancellation", "notice_days", days.value, note)
    ]
