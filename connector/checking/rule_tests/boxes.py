"""Tests on boxes: present, ticked, one of several words, occurrence basis, autos, form edition."""

from __future__ import annotations

from typing import Any

from connector.certificate.entry import Entry
from connector.certificate.field import Kind, lower_first
from connector.checking.answer import Answer, listed, met, not_met, unclear, unreadable, worst
from connector.checking.case import Case
from connector.checking.codes import Code
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_tests.rule_test import RuleTest, paths_of, whole_lines
from connector.checking.subject import SUBJECTS, Subject

OCCURRENCE_LINES = ("general_liability", "umbrella_liability")


def is_present(case: Case, subject: Subject, _: bool) -> Answer:
    """A line that is there, or a box with something in it. An absent line never gets this far."""
    if subject.kind is None:
        at = case.lines[subject.path]
        number: Entry[str] = at.entry("policy_number")
        return met("a policy", number.value or "shown", number)
    return worst(_stated(entry) for entry in entries_of(case, subject))


def _stated(entry: Entry[Any]) -> Answer:
    if entry.is_unclear:
        return unreadable("stated", entry)
    if entry.value is None and entry.words is None:
        return not_met(Code.VALUE_MISSING, "a value", "blank", entry)
    return met("a value", str(entry.words or entry.value), entry)


def entries_of(case: Case, subject: Subject) -> list[Entry[Any]]:
    """The box on its line, or on every certificate that counts where it belongs to no line."""
    if subject.line:
        return [case.entry(subject)]
    return [_at(certificate, subject.path) for certificate in case.speaking]


def _at(certificate: Any, path: str) -> Entry[Any]:
    found: Any = certificate
    for step in path.split("."):
        found = getattr(found, step)
    entry: Entry[Any] = found
    return entry


def is_checked(case: Case, subject: Subject, wanted: bool) -> Answer:
    """A tick box or a Y/N cell. An empty tick box is No; an empty Y/N cell states nothing."""
    return worst(_checked(subject, entry, wanted) for entry in entries_of(case, subject))


def _checked(subject: Subject, entry: Entry[bool], wanted: bool) -> Answer:
    required = "yes" if wanted else "no"
    if entry.is_unclear:
        return unreadable(required, entry)
    if entry.value is None and not wanted and subject.kind is not Kind.TICK:
        return unclear(Code.NOT_STATED, required, "blank", entry)
    if bool(entry.value) is wanted:
        return met(required, required, entry)
    if wanted:
        return not_met(
            Code.BOX_NOT_TICKED, required, "no" if entry.value is False else "blank", entry
        )
    return not_met(Code.BOX_TICKED, required, "yes", entry)


def is_one_of(case: Case, subject: Subject, accepted: tuple[str, ...]) -> Answer:
    """A choice, such as what the general aggregate applies per."""
    required = listed(accepted, "or")
    return worst(_accepted(entry, accepted, required) for entry in entries_of(case, subject))


def _accepted(entry: Entry[str], accepted: tuple[str, ...], required: str) -> Answer:
    if entry.is_unclear:
        return unreadable(required, entry)
    if entry.value is None:
        return not_met(Code.VALUE_MISSING, required, "blank", entry)
    if entry.value in accepted:
        return met(required, entry.value, entry)
    return not_met(Code.VALUE_NOT_ACCEPTED, required, entry.value, entry)


def occurrence_basis(case: Case, subject: Subject, _: bool) -> Answer:
    """OCCUR ticked and CLAIMS-MADE not. Both ticked contradict; neither ticked states nothing."""
    at = case.lines[subject.path]
    occurrence: Entry[bool] = at.entry("occurrence")
    claims_made: Entry[bool] = at.entry("claims_made")
    required = "an occurrence basis"
    for entry in (occurrence, claims_made):
        if entry.is_unclear:
            return unreadable(required, entry)
    if occurrence.value and claims_made.value:
        found = "both occurrence and claims-made"
        return unclear(Code.BOXES_CONTRADICT, required, found, occurrence)
    if claims_made.value:
        return not_met(Code.CLAIMS_MADE, required, "claims-made", claims_made)
    if occurrence.value:
        return met(required, "occurrence", occurrence)
    return not_met(Code.BOX_NOT_TICKED, required, "neither box is ticked", occurrence)


def covers_autos(case: Case, subject: Subject, _: str) -> Answer:
    """ANY AUTO, or owned and hired and non-owned together."""
    at = case.lines[subject.path]
    required = "any auto, or owned and hired and non-owned autos"
    any_auto: Entry[bool] = at.entry("any_auto")
    parts = [at.entry(box) for box in ("owned_autos", "hired_autos", "non_owned_autos")]
    if any_auto.is_read and any_auto.value:
        return met(required, "any auto", any_auto)
    if all(part.is_read and part.value for part in parts):
        return met(required, "owned, hired and non-owned autos", parts[0])
    if any_auto.is_unclear:
        return unreadable(required, any_auto)
    if all(part.is_unclear or part.value for part in parts):
        return unreadable(required, next(part for part in parts if part.is_unclear))
    return not_met(Code.AUTOS_NOT_COVERED, required, _ticked_autos(case, at.row), any_auto)


def _ticked_autos(case: Case, line: str) -> str:
    boxes = ("owned_autos", "scheduled_autos", "hired_autos", "non_owned_autos")
    ticked = [
        lower_first(subject.name)
        for box in boxes
        if (subject := SUBJECTS[f"{line}.{box}"]) and case.entry(subject).value
    ]
    return listed(ticked) or "no autos"


def edition_accepted(case: Case, subject: Subject, accepted: tuple[str, ...]) -> Answer:
    """The printed edition of the form. One newer than all that are listed is for a person."""
    return worst(_edition(c.form_edition, accepted) for c in case.speaking)


def _edition(entry: Entry[str], accepted: tuple[str, ...]) -> Answer:
    required = listed(accepted, "or")
    if entry.is_unclear:
        return unreadable(required, entry)
    if entry.value is None:
        return unclear(Code.NOT_STATED, required, "no edition is printed", entry)
    if entry.value in accepted:
        return met(required, entry.value, entry)
    if entry.value > max(accepted):
        found = f"{entry.value}, newer than every edition that the rule lists"
        return unclear(Code.EDITION_NEWER, required, found, entry)
    return not_met(Code.EDITION_NOT_ACCEPTED, required, entry.value, entry)


def _read_true(file: RuleFile, at: Located, subject: Subject) -> bool:
    if not file.flag(at, "This test"):
        file.refuse(at.line, "This test can only be true; leave the rule out instead.")
    return True


def _read_flag(file: RuleFile, at: Located, subject: Subject) -> bool:
    return file.flag(at, "This test")


def _read_choices(file: RuleFile, at: Located, subject: Subject) -> tuple[str, ...]:
    return file.many(at, lambda item: file.one_of(item, "The word", subject.choices))


def _read_autos(file: RuleFile, at: Located, subject: Subject) -> str:
    return file.one_of(at, "The autos", ("any",))


def _read_editions(file: RuleFile, at: Located, subject: Subject) -> tuple[str, ...]:
    def edition(item: Located) -> str:
        text = file.text_of(item, "An edition")
        year, slash, month = text.partition("/")
        if not (slash and len(year) == 4 and len(month) == 2 and (year + month).isdigit()):
            file.refuse(item.line, f"“{text}” is no edition; write it as printed, such as 2016/03.")
        return text

    return file.many(at, edition)


def _boxes(*names: str) -> Any:
    return lambda subject: tuple(f"{subject.model_path}.{name}" for name in names)


def _presence(subject: Subject) -> tuple[str, ...]:
    if subject.kind is None:
        return (f"{subject.model_path}.policy_number",)
    return (subject.model_path,)


_TRUE: dict[str, Any] = {"const": True}
_WORDS: dict[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}

TESTS = (
    RuleTest("is_present", "The line, or the box, is there. A letter or a tick alone is no coverage.", (*whole_lines(), *paths_of(Kind.TEXT, Kind.DATE, Kind.USD, Kind.INT)), _read_true, _TRUE, is_present, _presence),
    RuleTest("is_checked", "The tick box or Y/N cell says yes (true) or no (false).", paths_of(Kind.TICK, Kind.MARK), _read_flag, {"type": "boolean"}, is_checked),
    RuleTest("is_one_of", "The box says one of these words.", paths_of(Kind.CHOICE), _read_choices, _WORDS, is_one_of),
    RuleTest("occurrence_basis", "The policy is written on an occurrence basis, not claims-made.", OCCURRENCE_LINES, _read_true, _TRUE, occurrence_basis, _boxes("occurrence", "claims_made")),
    RuleTest("covers_autos", "Any auto is covered: the box ANY AUTO, or owned and hired and non-owned together.", ("auto_liability",), _read_autos, {"enum": ["any"]}, covers_autos, _boxes("any_auto", "owned_autos", "hired_autos", "non_owned_autos")),
    RuleTest("edition_accepted", "The form's printed edition is one of these; a newer one is for a person to decide.", ("form_edition",), _read_editions, _WORDS, edition_accepted),
)  # fmt: skip
