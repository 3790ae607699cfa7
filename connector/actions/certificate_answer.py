"""A stored certificate as the flat object that actions and lists answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from connector.actions.action import Flat
from connector.actions.services import Services
from connector.certificate.flat import flatten
from connector.certificate.model import Certificate
from connector.storage import accounts, documents
from connector.storage.certificates import StoredCertificate


def answer(session: Session, rows: Sequence[StoredCertificate], services: Services) -> Flat:
    """The first certificate of a document, naming the others."""
    first, others = rows[0], [row.id for row in rows[1:]]
    return flat_certificate(session, first, services) | {
        "other_certificate_ids": ", ".join(others) or None
    }


def flat_certificate(session: Session, row: StoredCertificate, services: Services) -> Flat:
    """One stored certificate as it stands on the account's today."""
    account = accounts.get(session, row.account_id)
    certificate = whole(session, row)
    return flatten(certificate, services.today(account), services.page_url(f"/review/{row.id}"))


def whole(session: Session, row: StoredCertificate) -> Certificate:
    """The certificate with the facts that only storage knows: its id, its number, when it came."""
    document = documents.get(session, row.account_id, row.document_id)
    return replace(
        row.certificate,
        certificate_id=row.id,
        received_at=document.received_at,
        record_number=row.number,
    )
