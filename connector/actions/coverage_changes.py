"""Coverage that changed: what a vendor's certificate says differently from the ones before it."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from connector.actions.action import Flat
from connector.actions.services import Services
from connector.certificate.changes import DIRECTIONS, Change, changes
from connector.certificate.field import Field, Kind
from connector.storage import certificates, vendors
from connector.storage.certificates import Search, StoredCertificate
from connector.storage.events import EventType

LOOKED_AT = 20
"""Of a vendor's earlier certificates; each line is compared with the newest that states it."""

CHANGE_FIELDS: tuple[Field, ...] = (
    Field("change_id", "Change", Kind.TEXT, "change_5d41402abc4b"),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T", "The newer certificate."),
    Field("previous_certificate_id", "Previous certificate", Kind.TEXT, "cert_2B6H9W3F", "The vendor's certificate before."),
    Field("vendor_id", "Vendor", Kind.TEXT, "V-204"),
    Field("vendor_name", "Vendor name", Kind.TEXT, "Northfield Roofing LLC"),
    Field("coverage_line", "Coverage line", Kind.TEXT, "general_liability"),
    Field("changed_field", "Changed field", Kind.TEXT, "general_liability_each_occurrence", "The key of the value, or of the whole line."),
    Field("changed_label", "Changed value", Kind.TEXT, "General liability: each occurrence"),
    Field("direction", "Direction", Kind.CHOICE, "decreased", choices=DIRECTIONS),
    Field("old_value", "Old value", Kind.TEXT, "$1,000,000", "Empty when it was not stated before."),
    Field("new_value", "New value", Kind.TEXT, "$500,000", "Empty when it is not stated any more."),
    Field("change_text", "Change (text)", Kind.TEXT, "Northfield Roofing LLC: General liability: each occurrence: $1,000,000 before, $500,000 now."),
    Field("review_url", "Review link", Kind.URL, None, "The newer certificate's page."),
)  # fmt: skip


def tell_of_changes(session: Session, row: StoredCertificate, services: Services) -> None:
    """Announce what the certificate changed for its vendor, each change once.

    Called whenever a value or the vendor of a certificate may have become known: it was read,
    corrected, or assigned.
    """
    if row.vendor_id is None:
        return
    earlier = certificates.search(
        session, row.account_id, Search(vendor_id=row.vendor_id, before=row.number), LOOKED_AT
    )
    if not earlier:
        return
    for change in changes(row.certificate, [found.certificate for found in earlier]):
        flat = _flat(session, row, earlier[0], change, services)
        change_id = str(flat["change_id"])
        services.announce(session, row.account_id, EventType.COVERAGE_CHANGED, change_id, flat)


def _flat(
    session: Session,
    row: StoredCertificate,
    previous: StoredCertificate,
    change: Change,
    services: Services,
) -> Flat:
    vendor = vendors.get(session, row.account_id, str(row.vendor_id))
    old, new = change.old or "not stated", change.new or "not stated"
    about = f"{row.id}:{change.key}:{change.old}:{change.new}"
    return {
        "change_id": f"change_{hashlib.sha256(about.encode()).hexdigest()[:12]}",
        "certificate_id": row.id,
        "previous_certificate_id": previous.id,
        "vendor_id": vendor.external_id or vendor.id,
        "vendor_name": vendor.name,
        "coverage_line": change.line,
        "changed_field": change.key,
        "changed_label": change.label,
        "direction": change.direction,
        "old_value": change.old,
        "new_value": change.new,
        "change_text": f"{vendor.name}: {change.label}: {old} before, {new} now.",
        "review_url": services.page_url(f"/review/{row.id}"),
    }
