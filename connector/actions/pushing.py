"""What every push has in common: load, hold back what is in doubt, deliver, keep the receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from connector.actions.action import Flat, Given
from connector.actions.certificate_answer import whole
from connector.actions.services import Caller, Services
from connector.certificate.entries import to_json
from connector.certificate.field import nothing
from connector.certificate.model import Certificate
from connector.checking.verdict import Status, Verdict
from connector.checking.verdict_json import verdict_from_json
from connector.delivery import (
    PUSH_FIELDS,
    REVIEW_FIRST,
    Delivery,
    Paper,
    PushStatus,
    Receipt,
    Vendor,
)
from connector.errors import ConnectorError, InvalidInput
from connector.storage import certificates, checks, documents, mails, pushes, vendors
from connector.storage.checks import StoredCheck
from connector.storage.events import EventType
from connector.storage.pushes import StoredPush

OF_ONE_REQUEST = frozenset(
    ("certificate_id", "check_id", "callback_url", "deduplication_key", "notice_sent")
)
"""What a caller says of one request only; everything else it chose holds when it is sent again."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a push is about: the delivery, and the records of ours that it stems from.

    `vendor_id` is our vendor, None while nobody knows whose certificate it is. `chosen` is what
    the caller chose for this push: recipients, the way, a tab.
    """

    delivery: Delivery
    certificate_id: str
    check_id: str
    vendor_id: str | None = None
    chosen: Mapping[str, Any] = field(default_factory=dict)


def parcel(session: Session, caller: Caller, given: Given, services: Services) -> Parcel:
    """The certificate with the check it is sent with: the one named, else the newest."""
    certificate_id = given["certificate_id"]
    row = certificates.get(session, caller.account_id, certificate_id)
    check = _check(session, caller, certificate_id, given.get("check_id"))
    delivery = Delivery(
        certificate=whole(session, row),
        verdict=verdict_from_json(check.verdict),
        vendor=_vendor(session, caller, check, row.certificate),
        links={
            "certificate": services.page_url(f"/review/{row.id}"),
        },
    )
    told = _is_notice_out(session, caller, row.id, delivery)
    chosen = {k: v for k, v in given.items() if v is not None and k not in OF_ONE_REQUEST}
    return Parcel(replace(delivery, notice_sent=told), row.id, check.id, check.vendor_id, chosen)


def _is_notice_out(
    session: Session, caller: Caller, certificate_id: str, delivery: Delivery
) -> bool:
    """Whether the notice of this verdict went out: by a mail of ours, or by the caller's word."""
    said = digest(delivery)
    if mails.was_sent(session, caller.account_id, certificate_id, said):
        return True
    told = digest_with_notice(replace(delivery, notice_sent=True))
    return pushes.was_pushed(session, caller.account_id, certificate_id, told)


def _check(
    session: Session, caller: Caller, certificate_id: str, check_id: str | None
) -> StoredCheck:
    if check_id:
        check = checks.get(session, caller.account_id, check_id)
        if check.certificate_id != certificate_id:
            raise InvalidInput(
                "Check: this check belongs to another certificate. Map both from the same step.",
                field="check_id",
            )
        return check
    newest = checks.latest(session, caller.account_id, certificate_id)
    if newest is None:
        raise InvalidInput(
            "This certificate was never checked. Add a Check Certificate step before this one, "
            "or use Process Certificate, which does both.",
            field="certificate_id",
        )
    return newest


def _vendor(
    session: Session, caller: Caller, check: StoredCheck, certificate: Certificate
) -> Vendor:
    if check.vendor_id is None:
        return Vendor(name=certificate.insured.name.value or "")
    known = vendors.get(session, caller.account_id, check.vendor_id)
    return Vendor(name=known.name, id=known.external_id, email=known.email, ein=known.ein)


def paper(session: Session, caller: Caller, parcel: Parcel, services: Services) -> Paper:
    """The document that the certificate was read from; a picture becomes a PDF."""
    row = certificates.get(session, caller.account_id, parcel.certificate_id)
    document = documents.get(session, caller.account_id, row.document_id)

    def read() -> bytes:
        data = services.documents.get(document.sha256)
        return data if document.kind == "pdf" else services.reader.join([data])

    return Paper(document.name, document.sha256, read)


def held_back(verdict: Verdict | None, destination: str) -> Receipt | None:
    """The receipt of a push that must wait: nobody is sure of the certificate yet."""
    if verdict is None or verdict.status is not Status.NEEDS_REVIEW:
        return None
    return Receipt(destination, PushStatus.QUEUED, next_step=REVIEW_FIRST)


def digest(delivery: Delivery) -> str:
    """What would be sent, as one value: a correction, a waiver or another verdict changes it."""
    verdict = delivery.verdict
    content = {
        "certificate": to_json(delivery.certificate)["entries"],
        "rule_set": verdict.rule_set_digest if verdict else None,
        "findings": [(f.rule_id, f.outcome, f.waived_by) for f in verdict.findings]
        if verdict
        else [],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def digest_with_notice(delivery: Delivery) -> str:
    """The digest for a destination that also shows whether the notice went out."""
    said = digest(delivery)
    return f"{said}:notice" if delivery.notice_sent else said


def push(
    caller: Caller,
    parcel: Parcel,
    key: pushes.Key,
    send: Callable[[], Receipt],
    services: Services,
    *,
    waits_for_review: bool = True,
) -> Flat:
    """Send and keep the receipt; a failure is kept too, then raised.

    Deliveries look before they write, so sending again after a kill changes nothing twice.
    """
    with services.sessions() as session, session.begin():
        row, is_new = begin(session, caller, parcel, key, services)
        was_finished = row.is_finished and not is_new
    try:
        held = held_back(parcel.delivery.verdict, key.destination) if waits_for_review else None
        receipt = held or send()
    except ConnectorError as error:
        _settle(caller, row, services, error)
        raise
    settled = _settle(caller, row, services, receipt)
    return flat_push(settled) | {"is_duplicate": was_finished}


def begin(
    session: Session, caller: Caller, parcel: Parcel, key: pushes.Key, services: Services
) -> tuple[StoredPush, bool]:
    """The push's row, and whether it is new."""
    return pushes.begin(
        session,
        caller.account_id,
        key,
        certificate_id=parcel.certificate_id,
        check_id=parcel.check_id,
        now=services.clock(),
        known_vendor_id=parcel.delivery.known_vendor_id,
        chosen=parcel.chosen,
    )


def _settle(
    caller: Caller, row: StoredPush, services: Services, outcome: Receipt | ConnectorError
) -> StoredPush:
    with services.sessions() as session, session.begin():
        kept = pushes.get(session, caller.account_id, row.id)
        settle(session, kept, services, outcome)
    return kept


def settle(
    session: Session, row: StoredPush, services: Services, outcome: Receipt | ConnectorError
) -> None:
    """Keep what came of a push, and tell of it, in the session's transaction."""
    if isinstance(outcome, ConnectorError):
        pushes.fail(row, outcome, services.clock())
    else:
        pushes.finish(row, outcome, services.clock())
    _tell(session, row, services, outcome)


def _tell(
    session: Session, row: StoredPush, services: Services, outcome: Receipt | ConnectorError
) -> None:
    """A push that arrived is told once, one that failed for good each time; the rest goes on, until
    its job gives up (`failed_push.tell`)."""
    flat = flat_push(row)
    if isinstance(outcome, Receipt):
        if outcome.status is PushStatus.PUSHED:
            services.announce(session, row.account_id, EventType.PUSH_FINISHED, row.id, flat)
    elif not outcome.retryable:
        services.announce(session, row.account_id, EventType.PUSH_FAILED, failure_of(row), flat)


def failure_of(row: StoredPush) -> str:
    """What makes one failure of a push be told once."""
    return f"{row.id}:{row.updated_at.isoformat()}"


def flat_push(row: StoredPush) -> Flat:
    """A stored push as the flat answer, PUSH_FIELDS in order."""
    return nothing(PUSH_FIELDS) | {
        **(row.receipt or {"destination": row.destination, "status": row.status}),
        "push_id": row.id,
        "certificate_id": row.certificate_id,
        "check_id": row.check_id,
        **({"next_step": row.error_message} if row.error_message else {}),
    }
