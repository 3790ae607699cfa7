"""The packets of all vendors at once: what is kept beside certificates is looked up once for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from sqlalchemy.orm import Session

from connector.actions.packets import MOST_CERTIFICATES, cancellations_among
from connector.checking.beside import exemption_of
from connector.checking.packet import Exemption, Packet, Waiver
from connector.storage import (
    cancellations,
    certificates,
    documents,
    exemptions,
    ratings,
    vendors,
    waivers,
)


def all_packets(session: Session, account_id: str) -> Iterator[tuple[str, str, Packet]]:
    """Vendor (our id), name and packet of each vendor with a certificate on file.

    A vendor's certificates are its earlier terms as well, as for a rule set that looks back.
    """
    received = documents.all_received(session, account_id)
    names = vendors.all_names(session, account_id)
    waived, exempt = _waivers(session, account_id), _exemptions(session, account_id, names)
    notices = cancellations.standing(session, account_id)
    rated = ratings.find(session, account_id)
    rows = certificates.by_vendor(session, account_id)
    for vendor_id, group in groupby(rows, key=lambda row: str(row.vendor_id)):
        own = list(group)[:MOST_CERTIFICATES]
        found = tuple(
            replace(
                row.certificate,
                certificate_id=row.id,
                received_at=received[row.document_id],
                record_number=row.number,
            )
            for row in own
        )
        packet = Packet(
            certificates=found,
            previous=found,
            waivers=tuple(waived[vendor_id]),
            cancellations=cancellations_among(notices, own, found),
            exemptions=tuple(exempt[vendor_id]),
            ratings=rated,
        )
        yield vendor_id, names[vendor_id], packet


def _waivers(session: Session, account_id: str) -> dict[str, list[Waiver]]:
    found: dict[str, list[Waiver]] = defaultdict(list)
    for row in waivers.of_account(session, account_id):
        found[row.vendor_id].append(row.waiver)
    return found


def _exemptions(
    session: Session, account_id: str, names: dict[str, str]
) -> dict[str, list[Exemption]]:
    found: dict[str, list[Exemption]] = defaultdict(list)
    for row in exemptions.of_account(session, account_id):
        if row.vendor_id is not None:
            found[row.vendor_id].append(exemption_of(names[row.vendor_id], row.notice))
    return found
