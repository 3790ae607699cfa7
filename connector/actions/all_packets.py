"""The packets of all vendors at once: what is kept beside certificates is looked up once for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from connector.actions.packets import cancellations_among, lone_page
from connector.checking.beside import exemption_of
from connector.checking.packet import Exemption, Packet, Waiver
from connector.storage import (
    accounts,
    cancellations,
    certificates,
    endorsement_pages,
    exemptions,
    ratings,
    vendors,
    waivers,
)
from connector.storage.vendors import Known


@dataclass(frozen=True, slots=True)
class Owned:
    """A vendor's packet, or that of one certificate whose vendor nobody knows (`vendor` None).

    `id` is our id of the vendor, or the certificate's.
    """

    id: str
    vendor: Known | None
    packet: Packet


def all_packets(session: Session, account_id: str) -> Iterator[Owned]:
    """Everything on file, vendor by vendor.

    A vendor's certificates are its earlier terms as well, as for a rule set that looks back.
    """
    known = vendors.all_known(session, account_id)
    waived, exempt = _waivers(session, account_id), _exemptions(session, account_id, known)
    notices = cancellations.standing(session, account_id)
    rated = ratings.find(session, account_id)
    pages = endorsement_pages.by_vendor(session, account_id)
    account = accounts.get(session, account_id)
    rows = certificates.by_vendor(session, account_id)
    for owner, group in groupby(rows, key=lambda row: row.owner):
        own = list(group)
        found = tuple(row.certificate for row in own)
        packet = Packet(
            certificates=found,
            previous=found if owner in known else (),
            waivers=tuple(waived.get(owner, ())),
            cancellations=cancellations_among(notices, own, found),
            exemptions=tuple(exempt.get(owner, ())),
            endorsements=tuple(
                lone_page(session, account, row, found) for row in pages.get(owner, ())
            ),
            ratings=rated,
        )
        yield Owned(owner, known.get(owner), packet)


def _waivers(session: Session, account_id: str) -> dict[str, list[Waiver]]:
    found: dict[str, list[Waiver]] = defaultdict(list)
    for row in waivers.of_account(session, account_id):
        found[row.vendor_id].append(row.waiver)
    return found


def _exemptions(
    session: Session, account_id: str, known: dict[str, Known]
) -> dict[str, list[Exemption]]:
    found: dict[str, list[Exemption]] = defaultdict(list)
    for row in exemptions.of_account(session, account_id):
        if row.vendor_id is not None:
            found[row.vendor_id].append(exemption_of(known[row.vendor_id].name, row.notice))
    return found
