"""A state's exemption from workers' compensation as a flat row."""

from __future__ import annotations

from sqlalchemy.orm import Session

from connector.actions.action import Flat
from connector.certificate.field import Field, Kind, scalar
from connector.storage import documents
from connector.storage.exemptions import StoredExemption

EXEMPTION_FIELDS = (
    Field("exemption_id", "Exemption", Kind.TEXT, "exem_4K7T2M9R"),
    Field("state", "State", Kind.TEXT, "FL"),
    Field("name", "Name", Kind.TEXT, "Jordan Pike"),
    Field("exemption_number", "Number", Kind.TEXT, "0042871"),
    Field("expires_on", "Expires on", Kind.DATE, "2027-03-01"),
    Field("doubt", "Doubt", Kind.TEXT, None, "Why a person must look at it."),
    Field("document_id", "Document", Kind.TEXT, "doc_3M8K1T5R"),
    Field("document_name", "Document name", Kind.TEXT, "exemption.pdf"),
    Field("page", "Page", Kind.INT, 1),
    Field("created_at", "Received at", Kind.DATETIME, "2026-03-02T15:04:06Z"),
)


def flat_exemption(session: Session, row: StoredExemption) -> Flat:
    """One exemption, EXEMPTION_FIELDS in order."""
    return {
        "exemption_id": row.id,
        "state": row.state,
        "name": row.name,
        "exemption_number": row.exemption_number,
        "expires_on": scalar(row.expires),
        "doubt": row.doubt,
        "document_id": row.document_id,
        "document_name": documents.get(session, row.account_id, row.document_id).name,
        "page": row.page,
        "created_at": scalar(row.created_at),
    }
