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
    return flat_certificates(session, [row], services)[0]


def flat_certificates(
    session: Session, rows: Sequence[StoredCertificate], services: Services
) -> list[Flat]:
    """Stored certificates of one account as they stand on its today, in the order given."""
    if not rows:
        return []
    today = services.today(accounts.get(session, rows[0].account_id))
    return [
        flatten(certificate, today, services.page_url(f"/review/{row.id}"))
        for row, certificate in zip(rows, certificates_of(session, rows), strict=True)
    ]


def whole(session: Session, row: StoredCertificate) -> Certificate:
    """The certificate with the facts that only storage knows: its id, its number, when it came."""
    return certificates_of(session, [row])[0]


def certificates_of(session: Session, rows: Sequence[StoredCertificate]) -> list[Certificate]:
    """What `whole` says of each, for rows of one account; their documents are asked for at once."""
    of_documents = {row.document_id for row in rows}
    received = documents.received(session, rows[0].account_id, of_documents) if rows else {}
    return [
        replace(
            row.certificate,
            certificate_id=row.id,
            received_at=received[row.document_id],
            record_number=row.number,
        )
        for row in rows
    ]
