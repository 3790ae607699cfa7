"""A person's review of a certificate: what is in doubt, and what follows once it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from connector.actions import check_certificate
from connector.actions.action import Flat
from connector.actions.coverage_changes import tell_of_changes
from connector.actions.sending_again import check_of, send_again
from connector.actions.services import Caller, Services
from connector.actions.vendors import follow_insured
from connector.certificate import values
from connector.certificate.entry import Entry, Evidence
from connector.certificate.field import Field, Kind
from connector.certificate.fields import BY_PATH
from connector.certificate.flat import needs_review, unclear_entries
from connector.certificate.model import Certificate
from connector.storage import certificates, corrections, pushes
from connector.storage.certificates import StoredCertificate


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a box may say: as a person would type it, and what was seen of it."""

    typed: str
    seen: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that a person must look at. `readings` are what it may be, the likeliest first."""

    field: Field
    entry: Entry[Any]
    readings: tuple[Reading, ...]


def doubts(certificate: Certificate) -> list[Doubt]:
    """The doubtful values: those that a decision hangs on first, then in the form's order."""
    found = [doubt(path, entry) for path, entry in unclear_entries(certificate).items()]
    return sorted(found, key=lambda each: not each.field.critical)


def doubt(path: str, entry: Entry[Any]) -> Doubt:
    """One value with everything that may be accepted for it by a key."""
    field = BY_PATH[path]
    return Doubt(field, entry, tuple(_readings(field, entry)))


def _readings(field: Field, entry: Entry[Any]) -> list[Reading]:
    """What was read and can be understood, each value once; then the other answers there are."""
    seen: dict[str, list[Evidence]] = {}
    if entry.value is not None or entry.words:
        seen[as_typed(field, entry.value, entry.words)] = []
    for evidence in filter(None, (entry.evidence, *entry.others)):
        typed = _understood(field, evidence)
        if typed in seen or (typed and not values.parse(field.path, field.kind, typed).doubt):
            seen.setdefault(typed, []).append(evidence)
    for other in _other_answers(field):
        seen.setdefault(other, [])
    return [Reading(typed, tuple(evidence)) for typed, evidence in seen.items()]


def _understood(field: Field, evidence: Evidence) -> str:
    """The value that a reading comes to, as a person would type it; "" for none."""
    parsed = values.parse(field.path, field.kind, evidence.text)
    if field.choices and parsed.value not in field.choices:
        return ""
    return as_typed(field, parsed.value, parsed.words)


def _other_answers(field: Field) -> tuple[str, ...]:
    if field.kind is Kind.TICK:
        return ("Yes", "No")
    if field.kind is Kind.MARK:
        return ("Yes", "No", "")
    return (*field.choices, "")


def as_typed(field: Field, value: Any, words: str | None) -> str:
    """A value as a person would write it: $1,000,000 without its sign, 03/01/2027, Yes."""
    if value is None:
        return words or ""
    if field.kind is Kind.USD:
        return f"{value:,}"
    if field.kind is Kind.DATE:
        return f"{value:%m/%d/%Y}"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value)


def correct(
    session: Session, row: StoredCertificate, field: str, typed: str, by: str, services: Services
) -> None:
    """Set one value by a person's word, in the session's transaction; InvalidInput as in
    `corrections.apply`. What it changes for the vendor is told; with its insured the certificate
    may turn out to be another vendor's."""
    now = services.clock()
    correction = corrections.apply(session, row, field, typed, by=by, now=now)
    if correction.path == "insured.name":
        follow_insured(session, row, correction.before, now)
    tell_of_changes(session, row, services)


def finish(caller: Caller, certificate_id: str, services: Services) -> Flat:
    """Check again for each project, and bring every place where the certificate was sent up to date.

    What waits for the review goes out with it; asked again, nothing is checked or sent twice. The
    answer is that of the project that was asked about last.
    """
    found = check_certificate.again(caller, certificate_id, services)
    newest = list(found.values())[-1]
    with services.sessions() as session, session.begin():
        for push in pushes.newest_of_each_place(session, caller.account_id, certificate_id):
            about = check_of(session, push)
            check = found.get(about.project) if about else newest
            if check is not None:
                send_again(session, caller, push, str(check["check_id"]), services)
    return newest


def finish_if_settled(caller: Caller, certificate_id: str, services: Services) -> None:
    """Finish a review that a correction has ended, where something waits for its end."""
    with services.readers() as session:
        row = certificates.get(session, caller.account_id, certificate_id)
        sent = pushes.newest_of_each_place(session, caller.account_id, certificate_id)
    if any(push.is_held for push in sent) and not needs_review(row.certificate):
        finish(caller, certificate_id, services)
