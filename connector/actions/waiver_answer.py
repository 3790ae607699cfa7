"""A waiver as the flat object that actions and the list answer."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from connector.actions.action import Flat
from connector.certificate.field import Field, Kind, scalar
from connector.storage import vendors
from connector.storage.waivers import StoredWaiver

IN_FORCE, RUN_OUT, REVOKED = "in_force", "run_out", "revoked"

WAIVER_FIELDS: tuple[Field, ...] = (
    Field("waiver_id", "Waiver", Kind.TEXT, "waiv_8H2N5Q0C"),
    Field("vendor_id", "Vendor number", Kind.TEXT, "V-204"),
    Field("vendor_name", "Vendor name", Kind.TEXT, "Northfield Roofing LLC"),
    Field("rule_id", "Rule", Kind.TEXT, "gl-each-occurrence", "The rule's id, in whichever rule set it stands."),
    Field("reason", "Reason", Kind.TEXT, "Small job, 4,000 dollars; the owner agreed."),
    Field("waived_by", "Waived by", Kind.TEXT, "Dana Whitfield"),
    Field("expires_on", "Expires on", Kind.DATE, "2026-12-31", "From this day on the rule counts again; empty for a waiver without an end."),
    Field("waiver_status", "Status", Kind.CHOICE, IN_FORCE, choices=(IN_FORCE, RUN_OUT, REVOKED)),
    Field("created_at", "Created at", Kind.DATETIME, "2026-03-02T15:04:06Z"),
    Field("revoked_by", "Revoked by", Kind.TEXT, None),
    Field("revoked_at", "Revoked at", Kind.DATETIME, None),
)  # fmt: skip


def flat_waiver(session: Session, row: StoredWaiver, today: date) -> Flat:
    """One waiver as it stands on the account's today."""
    vendor = vendors.get(session, row.account_id, row.vendor_id)
    return {
        "waiver_id": row.id,
        "vendor_id": vendor.external_id or vendor.id,
        "vendor_name": vendor.name,
        "rule_id": row.rule_id,
        "reason": row.reason,
        "waived_by": row.person,
        "expires_on": scalar(row.expires),
        "waiver_status": _status(row, today),
        "created_at": scalar(row.created_at),
        "revoked_by": row.revoked_by,
        "revoked_at": scalar(row.revoked_at),
    }


def _status(row: StoredWaiver, today: date) -> str:
    if row.revoked_at is not None:
        return REVOKED
    return IN_FORCE if row.waiver.counts_on(today) else RUN_OUT
