"""Tests on dates: in force, gaps between terms, the certificate's own age."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from connector.certificate.endorsement_page import same_policy
from connector.certificate.entry import Entry
from connector.checking.answer import (
    Answer,
    american,
    listed,
    met,
    not_met,
    unclear,
    unreadable,
    worst,
)
from connector.checking.case import Case, LineAt, rows_of
from connector.checking.codes import Code
from connector.checking.packet import Cancellation
from connector.checking.rule_file import Located, RuleFile
from connector.checking.rule_tests.rule_test import RuleTest, whole_lines
from connector.checking.subject import Subject

DAYS = ("today", "project_end")


def in_force_on(case: Case, subject: Subject, days: tuple[str, ...]) -> Answer:
    """Effective <= day < expiration, for each day: policies end at 12:01 a.m. of their last day."""
    at = case.lines[subject.path]
    answers = []
    for word in days:
        day = case.on if word == "today" else case.context.project_end
        if day is None:
            answers.append(_no_project_end())
        else:
            answers.append(_in_force(at, day, is_today=word == "today"))
    return worst([*answers, *_cancelled(case.packet.cancellations, at, case.on)])


def standing(at: LineAt, cancellations: Iterable[Cancellation], on: date) -> Answer:
    """Whether a line is in force on a day, carriers' notices of cancellation counted."""
    return worst([_in_force(at, on, is_today=True), *_cancelled(cancellations, at, on)])


def _no_project_end() -> Answer:
    return unclear(
        Code.CONTEXT_MISSING, "in force at the end of the project", "the project end was not given"
    )


def _in_force(at: LineAt, day: date, *, is_today: bool) -> Answer:
    effective: Entry[date] = at.entry("effective_date")
    expiration: Entry[date] = at.entry("expiration_date")
    required = f"in force on {american(day)}"
    begins = effective.value if effective.is_read else None
    ends = expiration.value if expiration.is_read else None
    if begins and ends and begins >= ends:
        found = f"runs from {american(begins)} to {american(ends)}"
        return unclear(Code.DATES_IMPLAUSIBLE, required, found, expiration)
    if ends and day >= ends:
        word = "expired" if is_today else "expires"
        code = Code.EXPIRED if is_today else Code.EXPIRES_BEFORE_PROJECT_END
        return not_met(code, required, f"{word} on {american(ends)}", expiration)
    if begins and day < begins:
        found = f"begins on {american(begins)}"
        return not_met(Code.NOT_YET_IN_FORCE, required, found, effective)
    for entry, name in ((effective, "effective date"), (expiration, "expiration date")):
        if entry.is_unclear:
            return unreadable(required, entry)
        if entry.value is None:
            return not_met(Code.DATE_MISSING, required, f"the {name} is blank", entry)
    return _whose_policy(at, required) or met(
        required, f"to {american(expiration.value or day)}", expiration
    )


def _whose_policy(at: LineAt, required: str) -> Answer | None:
    """A policy that nobody can ask an insurer about ("TBD", no number, a letter that points to no
    insurer) may not exist yet: a person asks before anybody relies on it."""
    number: Entry[str] = at.entry("policy_number")
    if number.value is None and not number.is_unclear:
        return unclear(Code.NOT_STATED, required, "no policy number", number)
    for entry in (number, at.entry("insurer_name")):
        if entry.is_unclear:
            return unreadable(required, entry)
    return None


def _cancelled(notices: Iterable[Cancellation], at: LineAt, on: date) -> list[Answer]:
    """What carriers' notices of cancellation do to the line whose policy they name."""
    number: Entry[str] = at.entry("policy_number")
    answers = [_cancellation(at, notice, number, on) for notice in notices]
    return [answer for answer in answers if answer is not None]


def _cancellation(at: LineAt, notice: Cancellation, number: Entry[str], on: date) -> Answer | None:
    """None for a notice about another policy, or one that ends this no earlier than it says itself."""
    if not _may_be_about(notice, number):
        return None
    required = f"in force on {american(on)}"
    if notice.doubt is not None or notice.policy_number is None or notice.ends is None:
        found = f"a notice of cancellation. {notice.doubt or 'It could not be read.'}"
        return unclear(Code.CANCELLATION_ANNOUNCED, required, found, number)
    expiration: Entry[date] = at.entry("expiration_date")
    if expiration.is_read and expiration.value is not None and expiration.value <= notice.ends:
        return None
    if not number.is_read:
        return unreadable(required, number)
    if on < notice.ends:
        found = f"will be cancelled on {american(notice.ends)}"
        return unclear(Code.CANCELLATION_ANNOUNCED, required, found, number)
    if contradiction := _contradiction(at, notice):
        found = f"a notice of cancellation to {american(notice.ends)}, {contradiction}"
        return unclear(Code.CANCELLATION_ANNOUNCED, required, found, number)
    return not_met(Code.CANCELLED, required, f"was cancelled on {american(notice.ends)}", number)


def _may_be_about(notice: Cancellation, number: Entry[str]) -> bool:
    """Whether a notice names the line's policy, or may do so because either number is not known."""
    if notice.policy_number is None or not number.is_read:
        return True
    return same_policy(notice.policy_number, number.value or "")


def _contradiction(at: LineAt, notice: Cancellation) -> str | None:
    """Why the certificate may be the later word: it may show the policy after it was reinstated."""
    issued = at.certificate.certificate_date
    if not issued.is_read or issued.value is None or notice.noticed is None:
        return "and it is not certain whether the certificate came later"
    return "and a later certificate" if issued.value >= notice.noticed else None


def gap_at_most(case: Case, subject: Subject, days: int) -> Answer | None:
    """Days between the end of the vendor's previous policy of this line and the start of this one."""
    begins: Entry[date] = case.lines[subject.path].entry("effective_date")
    required = f"a gap of at most {days} days" if days else "no gap"
    if begins.is_unclear:
        return unreadable(required, begins)
    if begins.value is None:
        return not_met(Code.DATE_MISSING, required, "the effective date is blank", begins)
    ends = _previous_end(case, subject.path, begins.value)
    if ends is None:
        return None
    gap = (begins.value - ends).days
    found = f"{american(ends)} to {american(begins.value)}, {gap} days"
    if gap > days:
        return not_met(Code.GAP_IN_COVERAGE, required, found, begins)
    return met(required, "no gap" if gap <= 0 else found, begins)


def _previous_end(case: Case, line: str, begins: date) -> date | None:
    """The latest certain end of a term of this line that began before."""
    ends = []
    for at in (at for c in case.packet.previous for at in rows_of(c, line)):
        began, ended = at.entry("effective_date"), at.entry("expiration_date")
        if began.is_read and ended.is_read and began.value and ended.value and began.value < begins:
            ends.append(ended.value)
    return max(ends, default=None)


def not_older_than(case: Case, subject: Subject, days: int) -> Answer:
    """The date of issue is at most so many days ago, on every certificate that counts."""
    return worst(_age(case, c.certificate_date, days) for c in case.speaking)


def _age(case: Case, issued: Entry[date], days: int) -> Answer:
    required = f"an issue date within {days} days"
    if issued.is_unclear:
        return unreadable(required, issued)
    if issued.value is None:
        return not_met(Code.DATE_MISSING, required, "the issue date is blank", issued)
    age = (case.on - issued.value).days
    if age < 0:
        found = f"dated {american(issued.value)}, which is in the future"
        return unclear(Code.DATES_IMPLAUSIBLE, required, found, issued)
    if age > days:
        return not_met(Code.CERTIFICATE_TOO_OLD, required, f"{age} days old", issued)
    return met(required, f"{age} days old", issued)


def _read_days(file: RuleFile, at: Located, subject: Subject) -> tuple[str, ...]:
    return file.many(at, lambda item: file.one_of(item, "The day", DAYS))


def _read_count(file: RuleFile, at: Located, subject: Subject) -> int:
    return file.whole(at, "A number of days")


def _term(subject: Subject) -> tuple[str, ...]:
    return tuple(f"{subject.model_path}.{box}" for box in ("expiration_date", "effective_date"))


def _start(subject: Subject) -> tuple[str, ...]:
    return (f"{subject.model_path}.effective_date",)


_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_DAY: dict[str, Any] = {"enum": list(DAYS)}

TESTS = (
    RuleTest(
        "in_force_on",
        f"The policy is in force on {listed(DAYS, 'or')}: effective date <= day < expiration date. A carrier's notice of cancellation counts.",
        whole_lines(),
        _read_days,
        {"anyOf": [_DAY, {"type": "array", "items": _DAY, "minItems": 1}]},
        in_force_on,
        _term,
    ),
    RuleTest(
        "gap_at_most",
        "At most so many days lie between the vendor's previous policy of this line and this one.",
        whole_lines(),
        _read_count,
        _COUNT,
        gap_at_most,
        _start,
    ),
    RuleTest(
        "not_older_than",
        "The certificate was issued at most so many days ago.",
        ("certificate_date",),
        _read_count,
        _COUNT,
        not_older_than,
    ),
)
