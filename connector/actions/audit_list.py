"""The audit log as a list: who did what to which certificate, rule, key, waiver, connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connector.actions.action import Flat, Given
from connector.actions.inputs import choice, text
from connector.actions.listing import (
    LARGEST_PAGE,
    Filters,
    Listing,
    Page,
    before,
    numbered,
    page_size,
)
from connector.actions.services import Caller, Services
from connector.certificate.field import Field, Kind, scalar
from connector.storage import audit, vendors
from connector.storage.actor import Through
from connector.storage.audit import Act, AuditEntry

KINDS = tuple(dict.fromkeys(act.partition(".")[0] for act in Act))
"""What stands before the dot."""


class AuditFilters(Filters):
    act = choice(
        "Act",
        help="Only this act, waiver.given, or this kind of act, waiver.",
        choices=(*KINDS, *Act),
    )
    vendor_id = text("Vendor number", help="Only what concerns this vendor.")
    certificate_id = text("Certificate", help="Only what concerns this certificate.")


WORDS: dict[Act, str] = {
    Act.CERTIFICATE_READ: "A certificate was read",
    Act.CERTIFICATE_ASSIGNED: "A certificate was given to a vendor",
    Act.CERTIFICATE_CORRECTED: "A value was corrected",
    Act.CORRECTION_UNDONE: "A correction was undone",
    Act.CERTIFICATE_CHECKED: "A certificate was checked",
    Act.RULE_SET_TAKEN: "A rule set was used for the first time",
    Act.RATINGS_REPLACED: "The table of insurer ratings was replaced",
    Act.VENDOR_CHOSEN: "A vendor was said to be one in another system",
    Act.WAIVER_GIVEN: "A requirement was waived",
    Act.WAIVER_REVOKED: "A waiver was taken back",
    Act.CANCELLATION_DISMISSED: "A notice of cancellation was dismissed",
    Act.PUSH_SETTLED: "A result was sent to another system, or could not be",
    Act.PUSH_ACKNOWLEDGED: "Somebody said that a prepared result was carried over",
    Act.NOTICE_SENT: "A notice was mailed, or could not be",
    Act.KEY_MADE: "An API key was made",
    Act.KEY_REPLACED: "An API key was replaced",
    Act.KEY_ENDED: "An API key was ended",
    Act.CONNECTION_MADE: "A system was connected",
    Act.CONNECTION_CHANGED: "A connection's settings were changed",
    Act.CONNECTION_REMOVED: "A system was disconnected",
    Act.HOOK_MADE: "A hook was subscribed",
    Act.HOOK_REMOVED: "A hook was ended",
    Act.PERSON_ADDED: "A person was let in",
    Act.PERSON_ENDED: "A person was let out",
    Act.LOGIN_BEGUN: "A person logged in",
    Act.LOGIN_ENDED: "A person logged out",
    Act.LOGIN_FAILED: "A login failed",
    Act.LOGIN_LINK_MADE: "A login link was made",
    Act.PASSWORD_CHOSEN: "A new password was chosen",
    Act.ACCOUNT_CHANGED: "The account's settings were changed",
    Act.UPLOAD_LINK_MADE: "An upload link was made",
    Act.UPLOAD_LINK_ENDED: "An upload link was ended",
    Act.UPLOAD_RECEIVED: "Something came by an upload link",
    Act.REVIEW_LINK_MADE: "A review link was made",
    Act.REVIEW_LINK_ENDED: "A review link was ended",
    Act.JOB_RETRIED: "A job was started again",
    Act.JOB_CANCELLED: "A job was called off",
    Act.DELIVERY_RESENT: "An event was sent to its hook again",
    Act.HOLD_PLACED: "A pay application was held in Procore",
    Act.HOLD_RELEASED: "A hold on a pay application was released in Procore",
    Act.EVIDENCE_MADE: "An evidence pack was made",
    Act.VENDOR_EXPORTED: "A vendor's data was exported",
    Act.VENDOR_ERASED: "A vendor was erased",
    Act.PERSON_ERASED: "A person was erased",
    Act.ACCOUNT_ERASED: "The account was erased",
}
"""Each act as a person says it."""

AUDIT_FIELDS = (
    Field("audit_id", "Entry", Kind.TEXT, "audit_5T8W2K9M"),
    Field("at", "At", Kind.DATETIME, "2026-03-02T15:04:06Z"),
    Field("act", "Act", Kind.CHOICE, "waiver.given", choices=tuple(Act)),
    Field("act_words", "What", Kind.TEXT, "A requirement was waived", "The act in words."),
    Field("who", "Who", Kind.TEXT, "Dana Reyes", "The person named for it, else the key's name."),
    Field("through", "Through", Kind.CHOICE, "api_key", "`service` is what happens by itself.", choices=tuple(Through)),
    Field("through_id", "Key or person", Kind.TEXT, "key_8F4T1Z7M", "The id of the key, or of the person who is logged in."),
    Field("through_name", "Name of the key or person", Kind.TEXT, "Zapier"),
    Field("subject", "Subject", Kind.TEXT, "waiv_3J9X6B1D", "The id, or name, of what was acted on."),
    Field("vendor_id", "Vendor", Kind.TEXT, "vend_2H6P9Q4R", "Our own id of the vendor."),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T"),
    Field("details", "Details", Kind.TEXT, "rule: gl-each-occurrence; reason: owner agreed", "Empty where a vendor was erased."),
)  # fmt: skip


def flat_entry(row: AuditEntry) -> Flat:
    """An entry, AUDIT_FIELDS in order."""
    return {
        "audit_id": row.id,
        "at": scalar(row.at),
        "act": row.act,
        "act_words": WORDS[Act(row.act)],
        "who": row.who,
        "through": row.through,
        "through_id": row.through_id,
        "through_name": row.through_name,
        "subject": row.subject,
        "vendor_id": row.vendor_id,
        "certificate_id": row.certificate_id,
        "details": said(row.details or {}) or None,
    }


def said(details: Mapping[str, Any]) -> str:
    """What an entry says besides, on one line for a person."""
    return "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in details.items())


def everything(
    given: Mapping[str, str | None], caller: Caller, services: Services
) -> Iterator[Flat]:
    """All entries that the filters ask for, newest first, a page in memory at a time."""
    asked: dict[str, Any] = {"act": None, "vendor_id": None, "certificate_id": None, **given}
    asked |= {"limit": str(LARGEST_PAGE), "cursor": None}
    while True:
        page = find(asked, caller, services)
        yield from page.items
        if page.next is None:
            return
        asked["cursor"] = page.next


def find(given: Given, caller: Caller, services: Services) -> Page:
    """A page of the log; the vendor may be named by its number or our id."""
    limit = page_size(given)
    with services.readers() as session:
        vendor_id = vendors.id_meant(session, caller.account_id, given["vendor_id"])
        found = audit.search(
            session,
            caller.account_id,
            act=given["act"],
            vendor_id=vendor_id,
            certificate_id=given["certificate_id"],
            before=before(given),
            limit=limit + 1,
        )
    return numbered([(row.number, flat_entry(row)) for row in found], limit)


AUDIT = Listing(
    "audit",
    "Audit log",
    "Who did what to which certificate, rule, waiver, key or connection, newest first.",
    AUDIT_FIELDS,
    find,
    AuditFilters,
    for_admins=True,
)
