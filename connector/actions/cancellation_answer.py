"""A carrier's notice of cancellation as the flat object that actions and the list answer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from connector.actions.action import Flat
from connector.certificate.field import Field, Kind, scalar
from connector.storage import documents, vendors
from connector.storage.cancellations import StoredCancellation

COUNTS, DISMISSED = "counts", "dismissed"

CANCELLATION_FIELDS: tuple[Field, ...] = (
    Field("cancellation_id", "Cancellation", Kind.TEXT, "canc_5T8W1Z3D"),
    Field("policy_number", "Policy number", Kind.TEXT, "GL-4481902", "Empty when it could not be read."),
    Field("insured_name", "Insured: name", Kind.TEXT, "Northfield Roofing LLC", "As the notice has it."),
    Field("vendor_id", "Vendor number", Kind.TEXT, "V-204", "Whom it came for; empty while nobody knows."),
    Field("vendor_name", "Vendor name", Kind.TEXT, "Northfield Roofing LLC"),
    Field("noticed_on", "Date of the notice", Kind.DATE, "2026-11-01"),
    Field("ends_on", "Policy ends on", Kind.DATE, "2026-12-01"),
    Field("doubt", "Doubt", Kind.TEXT, None, "Why a person should look at the notice."),
    Field("cancellation_status", "Status", Kind.CHOICE, COUNTS, choices=(COUNTS, DISMISSED)),
    Field("document_name", "Document", Kind.TEXT, "notice.pdf"),
    Field("created_at", "Received at", Kind.DATETIME, "2026-11-04T15:04:06Z"),
    Field("dismissed_by", "Dismissed by", Kind.TEXT, None),
    Field("dismissed_at", "Dismissed at", Kind.DATETIME, None),
    Field("reason", "Reason", Kind.TEXT, None),
)  # fmt: skip


def flat_cancellation(session: Session, row: StoredCancellation) -> Flat:
    """One notice with what became of it."""
    vendor = vendors.get(session, row.account_id, row.vendor_id) if row.vendor_id else None
    return {
        "cancellation_id": row.id,
        "policy_number": row.policy_number,
        "insured_name": row.insured,
        "vendor_id": (vendor.external_id or vendor.id) if vendor else None,
        "vendor_name": vendor.name if vendor else None,
        "noticed_on": scalar(row.noticed),
        "ends_on": scalar(row.ends),
        "doubt": row.doubt,
        "cancellation_status": DISMISSED if row.dismissed_at else COUNTS,
        "document_name": documents.get(session, row.account_id, row.document_id).name,
        "created_at": scalar(row.created_at),
        "dismissed_by": row.dismissed_by,
        "dismissed_at": scalar(row.dismissed_at),
        "reason": row.reason,
    }
