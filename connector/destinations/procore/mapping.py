"""A certificate and its verdict as Procore insurance records: one per coverage line. Pure.

Procore keeps one limit per record and takes the insurer as `name`. A value that is unclear or not
stated is None and is never sent. Source of names and types: Procore's REST reference v1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from connector.certificate.entries import entry_at, lines_present
from connector.certificate.entry import Entry
from connector.certificate.field import Kind
from connector.certificate.fields import BY_PATH, ENTRY_PATHS
from connector.certificate.flat import needs_review
from connector.certificate.model import (
    STANDARD_LINES,
    Certificate,
    OtherCoverage,
    UmbrellaLiability,
    line,
)
from connector.checking.verdict import Finding, Outcome, Severity, Status, Verdict
from connector.delivery import Delivery
from connector.destinations.procore.preferences import Preferences
from connector.errors import shorten

T = TypeVar("T")

SIGNATURE = "COI Connector:"
"""How the notes of a record of ours begin."""

MISSING = "No such policy is on the certificate."
"""The line in the notes of a record that stands for a missing policy."""

ORIGIN = "coi-connector"
"""How an origin id of ours begins."""

LONGEST_LIMIT = 17
"""Characters that Procore's own screen allows for a limit."""

NOTE_LINES, NOTE_LINE_LENGTH = 5, 200

LIMITS: Mapping[str, tuple[str, ...]] = {
    "general_liability": ("each_occurrence",),
    "auto_liability": ("combined_single_limit",),
    "umbrella_liability": ("each_occurrence",),
    "workers_compensation": ("each_accident",),
    "other_1": ("each_claim", "aggregate"),
    "other_2": ("each_claim", "aggregate"),
    "other_3": ("each_claim", "aggregate"),
}
"""Which of a line's limits is Procore's one limit: the first that is stated."""


@dataclass(frozen=True, slots=True)
class InsuranceRecord:
    """What should stand in Procore for one line. None means that we say nothing of it.

    `limit` is dollars with two decimals; `notify` is Procore's daily mail around an expiration.
    """

    line: str
    insurance_type: str
    status: str
    notes: str
    info_received: bool
    notify: bool
    name: str | None = None
    policy_number: str | None = None
    limit: str | None = None
    effective_date: date | None = None
    expiration_date: date | None = None
    additional_insured: str | None = None

    @property
    def is_missing(self) -> bool:
        """Whether it stands for a policy that is required and not there."""
        return MISSING in self.notes

    def attributes(self) -> dict[str, str | bool]:
        """The record as Procore's write attributes, without what we say nothing of."""
        said: dict[str, Any] = {
            "name": self.name,
            "insurance_type": self.insurance_type,
            "policy_number": self.policy_number,
            "limit": self.limit,
            "effective_date": self.effective_date.isoformat() if self.effective_date else None,
            "expiration_date": self.expiration_date.isoformat() if self.expiration_date else None,
            "status": self.status,
            "notes": self.notes,
            "additional_insured": self.additional_insured,
            "info_received": self.info_received,
            "enable_expired_insurance_notifications": self.notify,
        }
        return {name: value for name, value in said.items() if value is not None}


def records(delivery: Delivery, preferences: Preferences, on: date) -> tuple[InsuranceRecord, ...]:
    """One record per line that is present, in the form's order; then the missing ones if wanted."""
    present = lines_present(delivery.certificate)
    made = [_record(delivery, name, preferences, on) for name in present]
    if preferences.add_missing_lines:
        made += [_placeholder(delivery, name, preferences) for name in missing_lines(delivery)]
    return tuple(made)


def missing_lines(delivery: Delivery) -> tuple[str, ...]:
    """The standard lines that a required rule demands and the certificate does not have."""
    if delivery.verdict is None:
        return ()
    present = lines_present(delivery.certificate)
    demanded = {f.line for f in _required(delivery.verdict) if f.outcome is Outcome.NOT_MET}
    return tuple(name for name in STANDARD_LINES if name in demanded and name not in present)


def _placeholder(delivery: Delivery, name: str, preferences: Preferences) -> InsuranceRecord:
    """A record without a policy, so that Procore shows the line as deficient."""
    said = notes(delivery, name).split("\n")
    return InsuranceRecord(
        line=name,
        insurance_type=preferences.insurance_types[name],
        status="non_compliant",
        notes="\n".join([said[0], MISSING, *said[1:]]),
        info_received=False,
        notify=False,
    )


def _record(delivery: Delivery, name: str, preferences: Preferences, on: date) -> InsuranceRecord:
    certificate = delivery.certificate
    coverage = line(certificate, name)
    insurer = _said(coverage.insurer_name)
    return InsuranceRecord(
        line=name,
        insurance_type=insurance_type(certificate, name, preferences),
        status=line_status(delivery, name, preferences, on),
        notes=notes(delivery, name),
        info_received=_is_complete(certificate, name),
        notify=preferences.send_expiration_mails,
        name=insurer,
        policy_number=_said(coverage.policy_number),
        limit=_limit(certificate, name),
        effective_date=_said(coverage.effective_date),
        expiration_date=_said(coverage.expiration_date),
        additional_insured=_additional_insured(certificate, name),
    )


def _said(entry: Entry[T]) -> T | None:
    return entry.value if entry.is_read else None


def insurance_type(certificate: Certificate, name: str, preferences: Preferences) -> str:
    """Procore's name for the line; a free row goes by its kind, else by its printed description."""
    types, coverage = preferences.insurance_types, line(certificate, name)
    if isinstance(coverage, UmbrellaLiability) and _said(coverage.type) == "excess":
        return types["excess_liability"]
    if isinstance(coverage, OtherCoverage):
        kind = _said(coverage.kind) or "other"
        return (_said(coverage.description) if kind == "other" else None) or types[kind]
    return types[name]


def _limit(certificate: Certificate, name: str) -> str | None:
    for limit in LIMITS[name]:
        entry = entry_at(certificate, f"{name}.{limit}")
        if not entry.is_blank:
            amount = f"{entry.value}.00" if entry.is_read and entry.value is not None else None
            return amount if amount and len(amount) <= LONGEST_LIMIT else None
    return None


def _additional_insured(certificate: Certificate, name: str) -> str | None:
    """The names, where the line's own box is marked. Empty when it is certainly not marked."""
    mark = line(certificate, name).additional_insured
    names = certificate.additional_insured_names
    if mark.is_unclear or names.is_unclear:
        return None
    return names.value or "" if mark.value else ""


def _is_complete(certificate: Certificate, name: str) -> bool:
    coverage = line(certificate, name)
    needed = (
        coverage.insurer_name,
        coverage.policy_number,
        coverage.effective_date,
        coverage.expiration_date,
    )
    return all(entry.is_read for entry in needed) and not needs_review(certificate)


def line_status(delivery: Delivery, name: str, preferences: Preferences, on: date) -> str:
    """The line's Procore status: from its dates first, then from the findings that concern it."""
    coverage, verdict = line(delivery.certificate, name), delivery.verdict
    expires, starts = _said(coverage.expiration_date), _said(coverage.effective_date)
    if expires is not None and expires <= on:
        return "expired"
    if verdict is None or verdict.status is Status.NEEDS_REVIEW:
        return "undecided"
    findings = [f for f in _required(verdict) if f.line in (None, name)]
    if any(f.outcome is Outcome.NOT_MET for f in findings):
        in_progress = preferences.mark_in_progress and delivery.notice_sent
        return "non_compliant_in_progress" if in_progress else "non_compliant"
    if any(f.outcome is Outcome.UNCLEAR for f in findings):
        return "undecided"
    in_force = starts is not None and starts <= on and expires is not None
    return "compliant" if in_force or any(f.line == name for f in findings) else "undecided"


def _required(verdict: Verdict) -> list[Finding]:
    """The required findings that no waiver covers."""
    return [f for f in verdict.findings if f.severity is Severity.REQUIRED and not f.waived_by]


_HEADLINES = {
    Status.COMPLIANT: "compliant",
    Status.NON_COMPLIANT: "not compliant",
    Status.NEEDS_REVIEW: "waits for a person's review",
}


def notes(delivery: Delivery, name: str) -> str:
    """The verdict in a few lines, this line's deficiencies, what is doubtful, and a link."""
    verdict = delivery.verdict
    if verdict is None:
        lines = [f"{SIGNATURE} not checked."]
    else:
        headline = _HEADLINES[verdict.status]
        lines = [f"{SIGNATURE} {headline} ({verdict.rule_set}@{verdict.rule_set_version})."]
        lines += _deficiencies(verdict, name)
    lines += _not_sent(delivery.certificate, name)
    lines += [f"{label.capitalize()}: {link}" for label, link in delivery.links.items()]
    return "\n".join(lines)


def _deficiencies(verdict: Verdict, name: str) -> list[str]:
    found = [
        shorten(f"{f.requirement}: required {f.required}; found {f.found}.", NOTE_LINE_LENGTH)
        for f in _required(verdict)
        if f.line in (None, name) and f.outcome is not Outcome.MET
    ]
    more = len(found) - NOTE_LINES
    return found[:NOTE_LINES] + ([f"And {more} more."] if more > 0 else [])


def _not_sent(certificate: Certificate, name: str) -> list[str]:
    """Words instead of an amount, and the values nobody is sure of."""
    lines = []
    doubtful = []
    for path in ENTRY_PATHS:
        if not path.startswith(f"{name}."):
            continue
        entry, spec = entry_at(certificate, path), BY_PATH[path]
        label = spec.label.partition(": ")[2]
        if entry.is_unclear:
            doubtful.append(label)
        elif spec.kind is Kind.USD and entry.words:
            lines.append(shorten(f"{_capitalised(label)}: {entry.words}", NOTE_LINE_LENGTH))
    if doubtful:
        lines.append(shorten(f"In doubt: {', '.join(doubtful)}.", NOTE_LINE_LENGTH))
    return lines


def _capitalised(label: str) -> str:
    return label[:1].upper() + label[1:]
