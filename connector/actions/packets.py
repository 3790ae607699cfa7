"""A vendor's packet from everything on file: the one place where all of its parts come together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from connector.actions.certificate_answer import certificates_of
from connector.certificate.entry import Entry
from connector.certificate.model import INSURER_LETTERS, LINES, Certificate
from connector.checking.beside import cancellations_of, exemption_of
from connector.checking.lone_pages import terms_of
from connector.checking.packet import Cancellation, Exemption, LonePage, Packet, Waiver
from connector.storage import (
    accounts,
    cancellations,
    certificates,
    documents,
    endorsement_pages,
    exemptions,
    ratings,
    vendors,
    waivers,
)
from connector.storage.accounts import Account
from connector.storage.cancellations import StoredCancellation
from connector.storage.certificates import Filed, Search, StoredCertificate
from connector.storage.endorsement_pages import StoredEndorsementPage


def of_vendor(session: Session, account_id: str, vendor_id: str) -> Sequence[StoredCertificate]:
    """The vendor's certificates, newest first. All of them: a line may stand on an old one alone."""
    return certificates.search(session, account_id, Search(vendor_id=vendor_id), limit=None)


def packet_of(
    session: Session, rows: Sequence[StoredCertificate], *, looks_back: bool = False
) -> Packet:
    """The packet of these certificates of one vendor (or one whose vendor nobody knows).

    Earlier terms are looked up only for rule sets that look back; ratings only of insurers shown here.
    """
    account_id, vendor_id = rows[0].account_id, rows[0].vendor_id
    found = tuple(certificates_of(session, rows))
    return Packet(
        certificates=found,
        previous=_previous(session, account_id, vendor_id) if looks_back else (),
        waivers=_waivers(session, account_id, vendor_id),
        cancellations=cancellations_among(cancellations.standing(session, account_id), rows, found),
        exemptions=_exemptions(session, account_id, vendor_id),
        endorsements=_endorsements(session, account_id, vendor_id),
        ratings=ratings.find(session, account_id, _naic_codes(found)),
    )


def digest_beside(packet: Packet) -> str:
    """A fingerprint of what a packet holds beside its certificates: another one, another question."""
    known = (
        *packet.waivers,
        *packet.cancellations,
        *packet.exemptions,
        *packet.endorsements,
        *packet.ratings.values(),
        *map(_terms, packet.previous),
    )
    text = "\n".join(map(repr, known))
    return hashlib.sha256(text.encode()).hexdigest()


def _terms(certificate: Certificate) -> tuple[Any, ...]:
    """What a certificate of an earlier term is looked at for."""
    lines = [getattr(certificate, name) for name in LINES]
    days = [day for line in lines for day in (line.effective_date, line.expiration_date)]
    return tuple(day.value if day.is_read else None for day in days)


def _previous(session: Session, account_id: str, vendor_id: str | None) -> tuple[Certificate, ...]:
    if vendor_id is None:
        return ()
    return tuple(row.certificate for row in of_vendor(session, account_id, vendor_id))


def _waivers(session: Session, account_id: str, vendor_id: str | None) -> tuple[Waiver, ...]:
    if vendor_id is None:
        return ()
    return tuple(row.waiver for row in waivers.of_vendor(session, account_id, vendor_id))


def cancellations_among(
    notices: Iterable[StoredCancellation],
    rows: Sequence[StoredCertificate | Filed],
    found: Sequence[Certificate],
) -> tuple[Cancellation, ...]:
    """What the account's standing notices mean for these certificates."""
    return tuple(
        cancellation
        for row in notices
        for cancellation in cancellations_of(
            found, row.notice, is_theirs=_is_theirs(row, rows), is_anothers=_is_anothers(row, rows)
        )
    )


def _is_theirs(row: StoredCancellation, rows: Iterable[StoredCertificate | Filed]) -> bool:
    """Whether a notice came for this vendor, or in one document with a certificate."""
    return any(
        row.document_id == own.document_id
        or (row.vendor_id is not None and row.vendor_id == own.vendor_id)
        for own in rows
    )


def _is_anothers(row: StoredCancellation, rows: Sequence[StoredCertificate | Filed]) -> bool:
    owner = rows[0].vendor_id
    return row.vendor_id is not None and owner is not None and row.vendor_id != owner


def _exemptions(session: Session, account_id: str, vendor_id: str | None) -> tuple[Exemption, ...]:
    if vendor_id is None:
        return ()
    name = vendors.get(session, account_id, vendor_id).name
    found = exemptions.of_vendor(session, account_id, vendor_id)
    return tuple(exemption_of(name, row.notice) for row in found)


def _endorsements(session: Session, account_id: str, vendor_id: str | None) -> tuple[LonePage, ...]:
    """The vendor's endorsement pages, held against all of its certificates, old ones too."""
    if vendor_id is None:
        return ()
    rows = endorsement_pages.of_vendor(session, account_id, vendor_id)
    if not rows:
        return ()
    account = accounts.get(session, account_id)
    every = [row.certificate for row in of_vendor(session, account_id, vendor_id)]
    return tuple(lone_page(session, account, row, every) for row in rows)


def lone_page(
    session: Session,
    account: Account,
    row: StoredEndorsementPage,
    every: Sequence[Certificate],
) -> LonePage:
    """A kept page as a check sees it; `every` are all certificates of its vendor."""
    came = row.created_at.astimezone(ZoneInfo(account.time_zone)).date()
    name = documents.get(session, account.id, row.document_id).name
    return LonePage(row.said, came, name, terms_of(row.said, every))


def _naic_codes(found: Iterable[Certificate]) -> set[str]:
    """The insurers' codes on the certificates: those of the letters, and those of the lines."""
    letters = [f"insurer_{letter.lower()}" for letter in INSURER_LETTERS]
    entries: list[Entry[str]] = [
        entry
        for certificate in found
        for entry in (
            *(getattr(certificate, letter).naic for letter in letters),
            *(getattr(certificate, line).insurer_naic for line in LINES),
        )
    ]
    return {entry.value for entry in entries if entry.value}
