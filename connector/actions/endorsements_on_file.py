"""Endorsement pages that came without a certificate: whose they are, kept, and what they touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from connector.actions import recheck_certificate
from connector.actions.action import Given
from connector.actions.services import Caller, Services
from connector.certificate.endorsement_page import EndorsementPage, plain_number
from connector.certificate.names import normalise
from connector.errors import InvalidInput, NotACertificate
from connector.extraction import READER_VERSION
from connector.extraction.reader import Found
from connector.storage import actor, endorsement_pages, standing, vendors
from connector.storage.actor import Through
from connector.storage.certificates import StoredCertificate
from connector.storage.documents import StoredDocument
from connector.storage.endorsement_pages import StoredEndorsementPage
from connector.storage.vendors import StoredVendor

SEND_AGAIN = "Send the page again with the vendor's number, or in one file behind its certificate."
NO_NUMBER = (
    f"These endorsement pages print no policy number, so nobody knows whose they are. {SEND_AGAIN}"
)
SEVERAL = f"The endorsement page is for policy {{policy}}, which several vendors have. {SEND_AGAIN}"
OF_ANOTHER = (
    "The endorsement page is for policy {policy}, which is on a certificate of another vendor and on "
    "none of the one named. Send it with the right vendor, or with none."
)
KEPT = (
    "These are endorsement pages for {policy}, which is on no certificate on file. They were "
    "kept, and count as soon as a certificate shows the policy."
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the document and the vendor it is kept for; None while nobody is known to have it."""

    said: EndorsementPage
    vendor_id: str | None


def of_certificates(found: Found, rows: Sequence[StoredCertificate]) -> list[Page]:
    """The pages that came behind certificates which do not state their line: of the same vendor."""
    vendors_of = {row.vendor_id for row in rows}
    only = vendors_of.pop() if len(vendors_of) == 1 else None
    return [Page(page, only) for page in found.endorsements]


def owned(session: Session, caller: Caller, found: Found, given: Given) -> list[Page]:
    """The pages of a document without a certificate, each with its vendor: the caller's, else the
    only one whose certificate shows the policy, else the only one that the other pages are for.

    A sentence that says what to do, where that is contradicted or nobody can know it.
    """
    pages = found.endorsements
    numbers = {plain_number(page.policy_number) for page in pages if page.policy_number}
    owners = endorsement_pages.owners_of(session, caller.account_id, numbers)
    vendor = named(session, caller, given)
    is_named = bool(given.get("vendor_id") or given.get("vendor_name"))
    if pages and not numbers and vendor is None:
        raise NotACertificate(NO_NUMBER)
    for page in pages:
        _refuse_another(page, _owners(page, owners), vendor, is_named=is_named)
    of_pages = {each for page in pages for each in _owners(page, owners)}
    only = of_pages.pop() if len(of_pages) == 1 else None
    return [Page(page, vendor.id if vendor else _owner(page, owners, only)) for page in pages]


def named(session: Session, caller: Caller, given: Given) -> StoredVendor | None:
    """The vendor that the caller names, where it is on file."""
    said = given.get("vendor_name")
    return vendors.find(
        session, caller.account_id, given.get("vendor_id"), normalise(said) if said else None
    )


def _owners(page: EndorsementPage, owners: dict[str, set[str]]) -> set[str]:
    return owners[plain_number(page.policy_number)] if page.policy_number else set()


def _owner(page: EndorsementPage, owners: dict[str, set[str]], only: str | None) -> str | None:
    mine = _owners(page, owners)
    if page.policy_number is None:
        return only
    return next(iter(mine)) if len(mine) == 1 else None


def _refuse_another(
    page: EndorsementPage, owners: set[str], vendor: StoredVendor | None, *, is_named: bool
) -> None:
    policy = str(page.policy_number)[:40]
    if is_named and owners and (vendor is None or vendor.id not in owners):
        raise InvalidInput(OF_ANOTHER.format(policy=policy), field="vendor_id")
    if not is_named and len(owners) > 1:
        raise InvalidInput(SEVERAL.format(policy=policy), field="vendor_id")


def keep(
    session: Session,
    caller: Caller,
    stored: StoredDocument,
    pages: Sequence[Page],
    services: Services,
) -> list[str]:
    """Keep the pages in the session's transaction; the ids of the certificates that they are about.

    What was checked before and is touched by a new page is checked again by the worker.
    """
    vendors.hold(session, [page.vendor_id for page in pages])
    before = {row.page: row.vendor_id for row in _kept(session, caller, stored)}
    touched: list[str | None] = []
    rows = []
    for page in pages:
        row, is_changed = endorsement_pages.save(
            session,
            caller.account_id,
            stored,
            page.said,
            vendor_id=_now_of(before.get(page.said.page), page.vendor_id),
            reader_version=READER_VERSION,
            now=services.clock(),
        )
        rows.append(row)
        touched += [before.get(row.page), row.vendor_id] if is_changed else []
    for vendor_id in dict.fromkeys(filter(None, touched)):
        recheck_certificate.vendor_soon(session, caller, vendor_id, services)
    return _about(session, caller, rows)


def _kept(
    session: Session, caller: Caller, stored: StoredDocument
) -> Sequence[StoredEndorsementPage]:
    return endorsement_pages.of_document(session, caller.account_id, stored.id)


def _now_of(before: str | None, vendor_id: str | None) -> str | None:
    """Whoever has only a link may not hand over what is another vendor's."""
    if before is not None and actor.present().through is Through.UPLOAD_LINK:
        return before
    return vendor_id


def _about(session: Session, caller: Caller, rows: Sequence[StoredEndorsementPage]) -> list[str]:
    """The certificates that still speak for the pages' policies, the newest first; of a vendor
    without one of these, its newest."""
    found: list[str] = []
    for vendor_id in dict.fromkeys(row.vendor_id for row in rows if row.vendor_id):
        policies = {row.policy for row in rows if row.vendor_id == vendor_id}
        lines = standing.lines(session, caller.account_id, vendor_id)[::-1]
        about = [
            line.certificate_id
            for line in lines
            if line.policy_number and plain_number(line.policy_number) in policies
        ]
        found += about or [line.certificate_id for line in lines[:1]]
    return list(dict.fromkeys(found))


def what_was_kept(found: Found) -> str:
    """What to tell of pages that no certificate on file is for."""
    numbers = dict.fromkeys(p.policy_number for p in found.endorsements if p.policy_number)
    policy = f"policy {next(iter(numbers))[:40]}" if numbers else "a policy that is not printed"
    return KEPT.format(policy=policy)
