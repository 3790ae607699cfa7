"""What is prepared for a person to finish by hand, newest first: the choices of an acknowledgement."""

from __future__ import annotations

from typing import TypeAlias

from sqlalchemy.orm import Session

from connector.actions import preparing
from connector.actions.action import Flat, Given
from connector.actions.inputs import text
from connector.actions.listing import Filters, Listing, Page, before, numbered, page_size
from connector.actions.sending_again import SENT_BY
from connector.actions.services import Caller, Services
from connector.certificate.field import Field, Kind, scalar
from connector.delivery import PushStatus
from connector.errors import InvalidInput
from connector.storage import certificates, prepared_items, pushes
from connector.storage.prepared_items import StoredItem
from connector.storage.pushes import StoredPush

PREPARED_FIELDS = (
    Field("push_id", "Push", Kind.TEXT, "push_5R8W2N6C"),
    Field("push_label", "Push (label)", Kind.TEXT, "Northfield Roofing LLC: buildertrend packet, 2026-03-02", "What a person chooses by."),
    Field("destination", "Destination", Kind.TEXT, "buildertrend"),
    Field("mode", "Way", Kind.TEXT, "packet", "How it is carried over."),
    Field("insured_name", "Insured: name", Kind.TEXT, "Northfield Roofing LLC"),
    Field("certificate_id", "Certificate", Kind.TEXT, "cert_7Q2M4K8T"),
    Field("external_url", "External link", Kind.URL, "https://coi.example.com/v1/files/eyJ0", "The prepared files; it works for 14 days from now."),
    Field("next_step", "Next step", Kind.TEXT, "Unpack the linked file and, for each sub in its list, click in Buildertrend: …", "What a person still has to do."),
    Field("created_at", "Prepared at", Kind.DATETIME, "2026-03-02T15:04:06Z"),
)  # fmt: skip


class PreparedFilters(Filters):
    destination = text("Destination", help="Only rows of this system, for example buildertrend.")
    mode = text("Way", help="Only what is carried over in this way, for example packet.")


def _find(given: Given, caller: Caller, services: Services) -> Page:
    """A row's files hold all that waits in the same way, where that is carried over together."""
    limit = page_size(given)
    _require_known(given["mode"])
    given = {**given, "destination": _known_destination(given["destination"])}
    with services.sessions() as session:
        if given["mode"] or given["destination"] in preparing.WRITERS:
            found = _items(session, given, caller, limit + 1)
        else:
            found = _pushes(session, given, caller, limit + 1)
        rows = [(number, _row(session, push, item, services)) for number, push, item in found]
    return numbered(rows, limit)


Waiting: TypeAlias = tuple[int, StoredPush, StoredItem | None]


def _items(session: Session, given: Given, caller: Caller, limit: int) -> list[Waiting]:
    """By what was prepared last: it may be for a push that was asked for long ago."""
    found = prepared_items.waiting(
        session,
        caller.account_id,
        destination=given["destination"],
        mode=given["mode"],
        before=before(given),
        limit=limit,
    )
    return [
        (each.number, pushes.get(session, each.account_id, each.push_id), each) for each in found
    ]


def _pushes(session: Session, given: Given, caller: Caller, limit: int) -> list[Waiting]:
    """Of every system, with those that have no files: a choice in Procore, a mail that failed."""
    found = pushes.search(
        session,
        caller.account_id,
        destination=given["destination"],
        status=PushStatus.PREPARED,
        before=before(given),
        limit=limit,
    )
    return [
        (each.number, each, prepared_items.of_push(session, caller.account_id, each.id))
        for each in found
    ]


def _require_known(mode: str | None) -> None:
    known = [name for ways, _ in preparing.WRITERS.values() for name in ways]
    if mode is not None and mode not in known:
        raise InvalidInput(f"Way: write one of {', '.join(known)}.", field="mode")


def _known_destination(said: str | None) -> str | None:
    """As we write it: an empty list of a system that is misspelt would say that nothing waits."""
    known = said.strip().lower() if said else None
    if known is not None and known not in SENT_BY:
        raise InvalidInput(f"Destination: write one of {', '.join(SENT_BY)}.", field="destination")
    return known


def _row(session: Session, push: StoredPush, item: StoredItem | None, services: Services) -> Flat:
    certificate = certificates.get(session, push.account_id, push.certificate_id)
    name = certificate.insured_name or certificate.id
    at = item.created_at if item else push.created_at
    place = f"{push.destination} {item.mode}" if item else push.destination
    return {
        "push_id": push.id,
        "push_label": f"{name}: {place}, {at:%Y-%m-%d}",
        "destination": push.destination,
        "mode": item.mode if item else None,
        "insured_name": certificate.insured_name,
        "certificate_id": push.certificate_id,
        "external_url": preparing.link(item, services) if item else None,
        "next_step": (push.receipt or {}).get("next_step"),
        "created_at": scalar(at),
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
