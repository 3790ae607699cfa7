"""Tests on endorsements: claimed or evidenced, by which form, reaching whom, excluding what.

A tick or a sentence on a certificate is `stated`; only the endorsement's own page is `evidenced`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connector.certificate.entry import Entry
from connector.certificate.model import ENDORSEMENT, Certificate, CoverageLine
from connector.checking.answer import Answer, met, not_met, unclear, unreadable
from connector.checking.case import (
    Case,
    LineAt,
    beside_its_policy,
    is_of_another_policy,
    is_of_another_term,
)
from connector.checking.codes import Code
from connector.checking.form_equivalence import such_as
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_tests.reservations import reservation
from connector.checking.rule_tests.rule_test import RuleTest
from connector.checking.subject import SUBJECTS, Subject

MARK_OF_BOX = {
    "additional_insured_endorsement": "additional_insured",
    "waiver_of_subrogation_endorsement": "subrogation_waived",
}
"""The Y/N cell that claims the same as an endorsement box."""

ENDORSED_PATHS = tuple(path for path, subject in SUBJECTS.items() if subject.choices == ENDORSEMENT)


WHICH_TERM = "The endorsement page came with a certificate of the policy's other term."
_WHOSE_PAGE = "It is not certain that the endorsement page belongs to this policy."


@dataclass(frozen=True, slots=True)
class Claim:
    """One place that claims an endorsement: "evidenced", "stated", or a clear "no"; or in doubt."""

    grade: str | None
    words: str
    entry: Entry[Any]


def endorsed(case: Case, subject: Subject, demand: str) -> Answer:
    """The endorsement is at least stated, or evidenced by its page."""
    claims = list(claims_of(case, subject))
    known = such_as(subject.path.rpartition(".")[2], subject.line)
    required = f"the endorsement{known}" if demand == "stated" else f"the endorsement's page{known}"
    grades = ("evidenced",) if demand == "evidenced" else ("evidenced", "stated")
    enough = [claim for claim in claims if claim.entry.is_read and claim.grade in grades]
    in_words_only = bool(enough) and all(claim.grade == "stated" for claim in enough)
    if in_words_only and (doubt := reservation(case, subject, required)):
        return doubt
    if enough and not _contradicted(enough, claims):
        claim = next((c for c in enough if c.grade == "evidenced"), enough[0])
        return met(required, claim.words, claim.entry)
    if enough:
        found = "stated in words, but marked N"
        return unclear(Code.BOXES_CONTRADICT, required, found, enough[0].entry)
    for claim in claims:
        if claim.entry.is_unclear:
            return unreadable(required, claim.entry)
    return _lacking(case, subject, required, claims)


def _contradicted(enough: list[Claim], claims: list[Claim]) -> bool:
    """Words on the certificate against its own N, even a doubtful one; the page settles it."""
    evidenced = any(claim.grade == "evidenced" for claim in enough)
    return not evidenced and any(claim.grade == "no" for claim in claims)


def _lacking(case: Case, subject: Subject, required: str, claims: list[Claim]) -> Answer:
    stray = stray_on(case, subject)
    beside = f" ({stray})" if stray else ""
    for claim in claims:
        if claim.grade == "stated":
            found = f"{claim.words}, without the endorsement page{beside}"
            return not_met(Code.STATED_NOT_EVIDENCED, required, found, claim.entry)
    for claim in claims:
        if claim.grade == "no":
            found = f"{claim.words}{beside}"
            return not_met(Code.ENDORSEMENT_MISSING, required, found, claim.entry)
    entry = claims[0].entry if claims else None
    return not_met(Code.ENDORSEMENT_MISSING, required, f"not stated{beside}", entry)


def stray_on(case: Case, subject: Subject) -> str | None:
    """What to say of a page that would have done, if it were this policy's."""
    box = subject.path.rpartition(".")[2]
    return next(
        (each.words for each in case.strays if each.line == subject.line and box in each.boxes),
        None,
    )


def claims_of(case: Case, subject: Subject) -> Iterator[Claim]:
    """Every claim of an endorsement in the packet that belongs to the line's current policy."""
    box = subject.path.rpartition(".")[2]
    if subject.line is None:
        for certificate in case.documents:
            yield from _claim(beside_its_policy(case, certificate, getattr(certificate, box)))
        return
    at = case.lines[subject.line]
    yield from _claim(at.entry(box))
    if mark := MARK_OF_BOX.get(box):
        yield from _mark(at.entry(mark))
    if box == "per_project_aggregate_endorsement":
        yield from _per_project(at.entry("aggregate_applies_per"))
    for certificate in case.pages:
        if certificate is not at.certificate and not is_of_another_policy(at, certificate):
            yield from _page_elsewhere(certificate, at, box)


def _page_elsewhere(certificate: Certificate, at: LineAt, box: str) -> Iterator[Claim]:
    """A page in another document counts; where its policy's number or term is another, in doubt."""
    other: CoverageLine = getattr(certificate, at.row)
    theirs, ours = other.policy_number, at.entry("policy_number")
    for claim in _claim(getattr(other, box)):
        if claim.grade == "evidenced":
            entry = claim.entry
            if theirs.is_unclear or (ours.is_unclear and theirs.value is not None):
                entry = entry.doubted(_WHOSE_PAGE)
            if is_of_another_term(at, certificate):
                entry = entry.doubted(WHICH_TERM)
            yield Claim(claim.grade, claim.words, entry)


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


def _read_days(file: RuleFile, at: Located, subject: Subject) -> int:
    return file.whole(at, "A number of days", lowest=1)


def _claim_boxes(subject: Subject) -> tuple[str, ...]:
    owner, _, box = subject.model_path.rpartition(".")
    prefix = f"{owner}." if owner else ""
    mark = MARK_OF_BOX.get(box)
    marks = (f"{prefix}{mark}",) if mark else ()
    per = (f"{prefix}aggregate_applies_per",) if box == "per_project_aggregate_endorsement" else ()
    return (subject.model_path, *marks, *per)


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
        "notice_days",
        "Notice of cancellation of so many days, by endorsement; the form's printed text proves nothing.",
        ("notice_of_cancellation",),
        _read_days,
        {"type": "integer", "minimum": 1},
        notice_days,
        lambda subject: ("notice_of_cancellation", "notice_of_cancellation_days"),
    ),
)
