"""What is prepared for a person to finish by hand, newest first: the choices of an acknowledgement."""

from __future__ import annotations

from sqlalchemy.orm import Session

from connector.actions.action import Flat, Given
from connector.actions.inputs import text
from connector.actions.listing import Filters, Listing, Page, before, numbered, page_size
from connector.actions.services import Caller, Services
from connector.certificate.field import Field, Kind, scalar
from connector.delivery import PushStatus
from connector.storage import certificates, pushes
from connector.storage.pushes import StoredPush

PREPARED_FIELDS = (
    Field("push_id", "Push", Kind.TEXT, "push_5R8W2N6C"),
    Field("push_label", "Push (label)", Kind.TEXT, "Northfield Roofing LLC: buildertrend, 2026-03-02", "What a person chooses by."),
    Field("destination", "Destination", Kind.TEXT, "buildertrend"),
    Field("insured_name", "Insured: name", Kind.TEXT, "Northfield Roofing LLC"),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T"),
    Field("created_at", "Prepared at", Kind.DATETIME, "2026-03-02T15:04:06Z"),
)  # fmt: skip


class PreparedFilters(Filters):
    destination = text("Destination", help="Only rows of this system, for example buildertrend.")


def _find(given: Given, caller: Caller, services: Services) -> Page:
    limit = page_size(given)
    with services.sessions() as session:
        found = pushes.search(
            session,
            caller.account_id,
            destination=given["destination"],
            status=PushStatus.PREPARED,
            before=before(given),
            limit=limit + 1,
        )
        rows = [(row.number, _row(session, row)) for row in found]
    return numbered(rows, limit)


def _row(session: Session, row: StoredPush) -> Flat:
    certificate = certificates.get(session, row.account_id, row.certificate_id)
    name = certificate.insured_name or certificate.id
    return {
        "push_id": row.id,
        "push_label": f"{name}: {row.destination}, {row.created_at:%Y-%m-%d}",
        "destination": row.destination,
        "insured_name": certificate.insured_name,
        "certificate_id": row.certificate_id,
        "created_at": scalar(row.created_at),
    }


PREPARED_PUSHES = Listing(
    "prepared_pushes",
    "Prepared pushes",
    "What is prepared for a person to finish by hand, newest first.",
    PREPARED_FIELDS,
    _find,
    PreparedFilters,
    shown_as="push_label",
)
