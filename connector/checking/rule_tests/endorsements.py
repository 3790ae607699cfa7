"""Tests on endorsements: claimed or evidenced, by which form, reaching whom, excluding what.

A tick or a sentence on a certificate is `stated`; only the endorsement's own page is `evidenced`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from connector.certificate.endorsement_forms import Form, known_forms
from connector.certificate.entry import Entry
from connector.certificate.model import ENDORSEMENT, Certificate
from connector.checking.answer import Answer, listed, met, not_met, unclear, unreadable
from connector.checking.case import Case, same_policy
from connector.checking.codes import Code
from connector.checking.form_equivalence import exclusions, known_numbers, parse_form
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_tests.rule_test import RuleTest
from connector.checking.subject import SUBJECTS, Subject

MARK_OF_BOX = {
    "additional_insured_endorsement": "additional_insured",
    "waiver_of_subrogation_endorsement": "subrogation_waived",
}
"""The Y/N cell that claims the same as an endorsement box."""

ENDORSED_PATHS = tuple(path for path, subject in SUBJECTS.items() if subject.choices == ENDORSEMENT)


@dataclass(frozen=True, slots=True)
class Claim:
    """One place that claims an endorsement: "evidenced", "stated", or a clear "no"; or in doubt."""

    grade: str | None
    words: str
    entry: Entry[Any]


def endorsed(case: Case, subject: Subject, demand: str) -> Answer:
    """The endorsement is at least stated, or evidenced by its page."""
    claims = list(claims_of(case, subject))
    required = "the endorsement's page" if demand == "evidenced" else "the endorsement"
    grades = ("evidenced",) if demand == "evidenced" else ("evidenced", "stated")
    enough = [claim for claim in claims if claim.entry.is_read and claim.grade in grades]
    if enough and not _contradicted(enough, claims):
        claim = next((c for c in enough if c.grade == "evidenced"), enough[0])
        return met(required, claim.words, claim.entry)
    if enough:
        found = "stated in words, but marked N"
        return unclear(Code.BOXES_CONTRADICT, required, found, enough[0].entry)
    for claim in claims:
        if claim.entry.is_unclear:
            return unreadable(required, claim.entry)
    return _lacking(required, claims)


def _contradicted(enough: list[Claim], claims: list[Claim]) -> bool:
    """Words on the certificate against its own N, even a doubtful one; the page settles it."""
    evidenced = any(claim.grade == "evidenced" for claim in enough)
    return not evidenced and any(claim.grade == "no" for claim in claims)


def _lacking(required: str, claims: list[Claim]) -> Answer:
    for claim in claims:
        if claim.grade == "stated":
            found = f"{claim.words}, without the endorsement page"
            return not_met(Code.STATED_NOT_EVIDENCED, required, found, claim.entry)
    for claim in claims:
        if claim.grade == "no":
            return not_met(Code.ENDORSEMENT_MISSING, required, claim.words, claim.entry)
    entry = claims[0].entry if claims else None
    return not_met(Code.ENDORSEMENT_MISSING, required, "not stated", entry)


def claims_of(case: Case, subject: Subject) -> Iterator[Claim]:
    """Every claim of an endorsement in the packet that belongs to the line's current policy."""
    box = subject.path.rpartition(".")[2]
    if subject.line is None:
        for certificate in case.documents:
            yield from _claim(getattr(certificate, box))
        return
    at = case.lines[subject.line]
    yield from _claim(at.entry(box))
    if mark := MARK_OF_BOX.get(box):
        yield from _mark(at.entry(mark))
    if box == "per_project_aggregate_endorsement":
        yield from _per_project(at.entry("aggregate_applies_per"))
    for certificate in case.documents:
        if certificate is not at.certificate and _same_policy(
            certificate, at.row, case, subject.line
        ):
            yield from (
                c
                for c in _claim(getattr(getattr(certificate, at.row), box))
                if c.grade == "evidenced"
            )


def _same_policy(certificate: Certificate, row: str, case: Case, line: str) -> bool:
    """A page in another document counts unless it names another policy."""
    other, ours = getattr(certificate, row).policy_number, case.lines[line].entry("policy_number")
    return other.value is None or same_policy(other.value, ours.value or "")


def _claim(entry: Entry[str]) -> Iterator[Claim]:
    if entry.is_unclear or entry.value in ENDORSEMENT:
        words = "with its endorsement page" if entry.value == "evidenced" else "stated"
        yield Claim(entry.value, words, entry)


def _mark(entry: Entry[bool]) -> Iterator[Claim]:
    if entry.value is None and not entry.is_unclear:
        return
    if entry.value is False:
        yield Claim("no", "marked N", entry)
    else:
        yield Claim("stated", "ticked", entry)


def _per_project(entry: Entry[str]) -> Iterator[Claim]:
    if entry.is_unclear:
        yield Claim(None, "unclear", entry)
    elif entry.value == "project":
        yield Claim("stated", "ticked per project", entry)
    elif entry.value is not None:
        yield Claim("no", f"ticked per {entry.value}", entry)


@dataclass(frozen=True, slots=True)
class FormsOnFile:
    """The forms a packet names and those whose page it holds; `odd` are numbers nobody knows."""

    stated: tuple[Form, ...]
    evidenced: tuple[Form, ...]
    odd: tuple[str, ...]
    doubtful: Entry[str] | None
    entry: Entry[str]

    def with_grade(self, demand: str) -> tuple[Form, ...]:
        return self.evidenced if demand == "evidenced" else (*self.evidenced, *self.stated)


def forms_on_file(case: Case) -> FormsOnFile:
    """All forms of all documents: pages count wherever in the packet they came."""
    stated: list[Form] = []
    evidenced: list[Form] = []
    odd: list[str] = []
    doubtful: Entry[str] | None = None
    entry: Entry[str] = case.documents[0].endorsement_forms
    for certificate in case.documents:
        for source, found in (
            (certificate.endorsement_forms, stated),
            (certificate.endorsement_pages, evidenced),
        ):
            if source.is_unclear:
                doubtful = source
                continue
            entry = source if source.value and not entry.value else entry
            for text in _split(source.value):
                form = parse_form(text)
                if form is None or form.number not in known_numbers():
                    odd.append(text)
                if form is not None:
                    found.append(form)
    return FormsOnFile(tuple(stated), tuple(evidenced), tuple(odd), doubtful, entry)


def _split(text: str | None) -> Iterable[str]:
    """ "CG 20 10 12 19: 2-3, CG 20 37 12 19: 4" -> the numbers without their pages."""
    return [part.split(":")[0].strip() for part in (text or "").split(",") if part.strip()]


def covers_upstream(case: Case, subject: Subject, accepted: tuple[str, ...]) -> Answer:
    """The additional insured form reaches parties without a direct contract (owner, lender)."""
    required = "an endorsement that reaches parties without a direct contract"
    on_file = forms_on_file(case)
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


def notice_days(case: Case, subject: Subject, days: int) -> Answer:
    """Notice of cancellation by endorsement. The certificate's printed text never proves it."""
    required = f"{days} days by endorsement"
    answer = endorsed(case, subject, "evidenced")
    if answer.outcome.value != "met":
        return Answer(answer.outcome, answer.code, required, answer.found, answer.entry)
    stated = next(
        (
            c.notice_of_cancellation_days
            for c in case.documents
            if not c.notice_of_cancellation_days.is_blank
        ),
        None,
    )
    if stated is None or stated.is_unclear or stated.value is None:
        found = "the endorsement's number of days is not known"
        return unclear(Code.NOT_DETERMINABLE, required, found, answer.entry)
    if stated.value < days:
        return not_met(Code.NOTICE_TOO_SHORT, required, f"{stated.value} days", stated)
    return met(required, f"{stated.value} days", stated)


def _read_demand(file: RuleFile, at: Located, subject: Subject) -> str:
    return file.one_of(at, "The demand", ENDORSEMENT)


def _read_exclusions(file: RuleFile, at: Located, subject: Subject) -> tuple[str, ...]:
    return file.many(at, lambda item: file.one_of(item, "The exclusion", exclusions()))


def _read_upstream(file: RuleFile, at: Located, subject: Subject) -> tuple[str, ...]:
    if at.value is True:
        return ()
    parts = file.mapping(at, "The upstream parties", ("accept",))
    if "accept" not in parts:
        file.refuse(at.line, "Write `accept:` with the disputed forms that you accept, or true.")
    return file.many(parts["accept"], lambda item: file.one_of(item, "The form", known_forms()))


def _read_days(file: RuleFile, at: Located, subject: Subject) -> int:
    return file.whole(at, "A number of days", lowest=1)


def _claim_boxes(subject: Subject) -> tuple[str, ...]:
    owner, _, box = subject.model_path.rpartition(".")
    prefix = f"{owner}." if owner else ""
    mark = MARK_OF_BOX.get(box)
    marks = (f"{prefix}{mark}",) if mark else ()
    per = (f"{prefix}aggregate_applies_per",) if box == "per_project_aggregate_endorsement" else ()
    return (subject.model_path, *marks, *per)


def form_boxes(subject: Subject) -> tuple[str, ...]:
    return ("endorsement_forms", "endorsement_pages")


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
        "endorsed",
        "The endorsement is `stated` (a tick or words will do) or `evidenced` (its page is on file).",
        ENDORSED_PATHS,
        _read_demand,
        {"enum": list(ENDORSEMENT)},
        endorsed,
        _claim_boxes,
    ),
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
    RuleTest(
        "notice_days",
        "Notice of cancellation of so many days, by endorsement; the form's printed text proves nothing.",
        ("notice_of_cancellation",),
        _read_days,
        {"type": "integer", "minimum": 1},
        notice_days,
        lambda subject: ("notice_of_cancellation", "notice_of_cancellation_days"),
    ),
)
