"""An endorsement page that came without a certificate, as an evidence pack shows it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from connector.actions.action import Flat
from connector.certificate.endorsement_page import doubt_of
from connector.certificate.field import Field, Kind, scalar
from connector.storage import documents
from connector.storage.endorsement_pages import StoredEndorsementPage

ENDORSEMENT_FIELDS: tuple[Field, ...] = (
    Field("endorsement_page_id", "Endorsement page", Kind.TEXT, "endo_5T8W1Z3D"),
    Field("form", "Form", Kind.TEXT, "CG 20 10 12 19"),
    Field("policy_number", "Policy number", Kind.TEXT, "GL-4481902"),
    Field("effective_on", "Effective on", Kind.DATE, None),
    Field("expires_on", "Expires on", Kind.DATE, None),
    Field("names", "Names in its schedule", Kind.TEXT, "Summit Builders Inc"),
    Field("doubt", "Doubt", Kind.TEXT, None),
    Field("document_id", "Document", Kind.TEXT, "doc_5T8W1Z3D"),
    Field("document_name", "Document name", Kind.TEXT, "endorsements.pdf"),
    Field("page", "Page", Kind.INT, 1),
    Field("created_at", "Received at", Kind.DATETIME, "2026-11-04T15:04:06Z"),
)


def flat_endorsement(session: Session, row: StoredEndorsementPage) -> Flat:
    """One page, and what is in doubt about the page itself."""
    said = row.said
    return {
        "endorsement_page_id": row.id,
        "form": str(said.printed) if said.printed else None,
        "policy_number": said.policy_number,
        "effective_on": scalar(said.effective),
        "expires_on": scalar(said.expires),
        "names": "; ".join(said.names) or None,
        "doubt": doubt_of(said),
        "document_id": row.document_id,
        "document_name": documents.get(session, row.account_id, row.document_id).name,
        "page": row.page,
        "created_at": scalar(row.created_at),
    }
