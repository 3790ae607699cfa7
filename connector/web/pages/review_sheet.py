"""What the review page shows: the value in question, the rest beside it, and who changed what."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from connector.actions import review
from connector.actions.review import Doubt
from connector.actions.services import Services
from connector.certificate.entries import entry_at, entry_from_json
from connector.certificate.entry import Evidence, Source
from connector.certificate.field import Field
from connector.certificate.fields import BY_PATH
from connector.certificate.model import Certificate
from connector.checking.verdict import Status
from connector.delivery import PushStatus
from connector.storage import accounts, certificates, checks, corrections, documents, pushes
from connector.storage.certificates import StoredCertificate
from connector.storage.checks import StoredCheck
from connector.storage.corrections import StoredCorrection
from connector.storage.pushes import StoredPush
from connector.web.pages.lone_pages import LonePage, lone_pages
from connector.web.pages.values import Section, in_words, sections
from connector.web.pages.words import moment

SEEN_BY = {
    Source.FORM_FIELD: "form field",
    Source.TEXT_LAYER: "printed text",
    Source.OCR: "scan",
    Source.REVIEWER: "a person",
}

VERDICT_WORDS = {
    Status.COMPLIANT: "Compliant",
    Status.NON_COMPLIANT: "Not compliant",
    Status.NEEDS_REVIEW: "Still needs a person",
}

PLACES = {"procore": "Procore", "google_sheets": "Google Sheets", "csv": "The log file",
          "buildertrend": "Buildertrend", "gcpay": "GCPay", "email": "E-mail"}  # fmt: skip

PUSH_WORDS = {
    PushStatus.PUSHED: "is up to date",
    PushStatus.UNCHANGED: "is up to date",
    PushStatus.QUEUED: "waits for this review",
    PushStatus.PREPARED: "is prepared for you to finish",
    PushStatus.NEEDS_REVIEW: "needs your choice",
    PushStatus.FAILED: "was not reached",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history."""

    label: str
    before: str
    after: str
    by: str
    at: str
    undone_by: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the certificate was sent, and how that stands."""

    name: str
    words: str
    next_step: str | None
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page shows. `current` is the value in question, None when all are settled.

    `position` and `count` are of the doubtful values; `next_key` is the one after the current.
    """

    certificate_id: str
    insured: str
    document: str
    current: Doubt | None
    current_is_doubtful: bool
    position: int
    count: int
    next_key: str | None
    settled: int
    picture_page: int
    sections: tuple[Section, ...]
    changes: tuple[Change, ...]
    check: StoredCheck | None
    is_check_outdated: bool
    other_reasons: tuple[str, ...]
    siblings: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]
    endorsements: tuple[LonePage, ...]

    @property
    def is_to_be_finished(self) -> bool:
        """Whether a new check would say something new, or something still waits to be sent."""
        return self.check is None or self.is_check_outdated or self.waits

    @property
    def waits(self) -> bool:
        held = PUSH_WORDS[PushStatus.QUEUED]
        decided = self.check is not None and self.check.status != Status.NEEDS_REVIEW
        return decided and any(place.words == held for place in self.places)


def sheet(session: Session, row: StoredCertificate, at: Field | None, services: Services) -> Sheet:
    """The page for a stored certificate, at one of its values or at the first doubtful one."""
    certificate = row.certificate
    doubtful = review.doubts(certificate)
    keys = [each.field.key for each in doubtful]
    current = _current(certificate, doubtful, at)
    position = keys.index(current.field.key) if current and current.field.key in keys else None
    account = accounts.get(session, row.account_id)
    history = corrections.of_certificate(session, row.account_id, row.id)
    check = checks.latest(session, row.account_id, row.id)
    is_outdated = check is not None and row.updated_at > check.created_at
    return Sheet(
        certificate_id=row.id,
        insured=row.insured_name or "a certificate whose insured could not be read",
        document=documents.get(session, row.account_id, row.document_id).name,
        current=current,
        current_is_doubtful=position is not None,
        position=(position or 0) + 1,
        count=len(doubtful),
        next_key=keys[(position + 1) % len(keys)] if position is not None and keys[1:] else None,
        settled=len({each.path for each in history if each.undone_at is None}),
        picture_page=_page_of(current, certificate),
        sections=sections(certificate),
        changes=_changes(certificate, history, ZoneInfo(account.time_zone)),
        check=check,
        is_check_outdated=is_outdated,
        other_reasons=() if is_outdated or doubtful else _other_reasons(check),
        siblings=_siblings(session, row),
        places=tuple(_place(p) for p in _pushes(session, row)),
        endorsements=lone_pages(
            session, row.account_id, row.vendor_id, ZoneInfo(account.time_zone)
        ),
    )


def unmatched(doubt: Doubt) -> list[Evidence]:
    """Readings of the box that are among none of the answers to choose from."""
    shown = [evidence for reading in doubt.readings for evidence in reading.seen]
    found = (doubt.entry.evidence, *doubt.entry.others)
    return [each for each in found if each is not None and each.text and each not in shown]


def _current(certificate: Certificate, doubtful: list[Doubt], at: Field | None) -> Doubt | None:
    if at is None:
        return doubtful[0] if doubtful else None
    return review.doubt(at.path, entry_at(certificate, at.path))


def _page_of(current: Doubt | None, certificate: Certificate) -> int:
    seen = current.entry.evidence if current else None
    return seen.page if seen else certificate.certificate_page or 1


def _changes(
    certificate: Certificate, history: list[StoredCorrection], zone: ZoneInfo
) -> tuple[Change, ...]:
    """Newest first."""
    return tuple(_change(each, zone) for each in reversed(history))


def _change(change: StoredCorrection, zone: ZoneInfo) -> Change:
    field = BY_PATH[change.path]
    before = entry_from_json(change.path, change.before)
    return Change(
        label=field.label,
        before=in_words(field, before) + (" (in doubt)" if before.is_unclear else ""),
        after=change.typed.strip() or "not stated",
        by=change.by,
        at=moment(change.at, zone),
        undone_by=change.undone_by,
    )


def _other_reasons(check: StoredCheck | None) -> tuple[str, ...]:
    """Why the last check asks for a person though no value is in doubt."""
    if check is None or check.status != Status.NEEDS_REVIEW:
        return ()
    return tuple(check.verdict["review_reasons"])


def _siblings(session: Session, row: StoredCertificate) -> tuple[tuple[str, str], ...]:
    """The other certificates of the same document: id and whose they are."""
    found = certificates.of_document(session, row.account_id, row.document_id)
    return tuple(
        (each.id, f"page {each.page}: {each.insured_name or 'insured not read'}")
        for each in found
        if each.id != row.id
    )


def _pushes(session: Session, row: StoredCertificate) -> list[StoredPush]:
    return pushes.newest_of_each_place(session, row.account_id, row.id)


def _place(push: StoredPush) -> Place:
    status = PushStatus(push.status)
    step = push.error_message or (push.receipt or {}).get("next_step")
    is_held = status is PushStatus.QUEUED
    words = "is being sent" if is_held and push.receipt is None else PUSH_WORDS[status]
    return Place(
        PLACES.get(push.destination, push.destination),
        words,
        None if is_held else step,
        push.is_finished and status is not PushStatus.PREPARED,
    )
