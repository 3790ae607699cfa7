"""Notices of cancellation, exemptions and lone endorsement pages of a document: kept, and what they
reopen checked again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from connector.actions import endorsements_on_file, recheck_certificate
from connector.actions.action import Given
from connector.actions.endorsements_on_file import Page
from connector.actions.services import Caller, Services
from connector.certificate.names import normalise
from connector.certificate.notices import CancellationNotice, ExemptionNotice
from connector.extraction.reader import Found
from connector.storage import cancellations, certificates, exemptions, standing, vendors
from connector.storage.certificates import StoredCertificate
from connector.storage.documents import StoredDocument


def keep(
    session: Session,
    caller: Caller,
    stored: StoredDocument,
    found: Found,
    rows: Sequence[StoredCertificate],
    pages: Sequence[Page],
    given: Given,
    services: Services,
) -> list[StoredCertificate]:
    """Keep the document's notices in the session's transaction; the certificates they are about.

    `rows` are the certificates of the same document, `pages` its lone endorsement pages. What was
    checked before and is touched by a new notice is checked again by the worker.
    """
    touched = endorsements_on_file.keep(session, caller, stored, pages, services)
    for cancelled in found.cancellations:
        touched += _keep_cancellation(session, caller, stored, cancelled, rows, given, services)
    for exempt in found.exemptions:
        touched += _keep_exemption(session, caller, stored, exempt, rows, given, services)
    return [certificates.get(session, caller.account_id, each) for each in dict.fromkeys(touched)]


def _keep_cancellation(
    session: Session,
    caller: Caller,
    stored: StoredDocument,
    notice: CancellationNotice,
    rows: Sequence[StoredCertificate],
    given: Given,
    services: Services,
) -> list[str]:
    vendor_id = _vendor(session, caller, rows, given, notice.insured)
    _, is_new = cancellations.save(
        session, caller.account_id, stored, notice, vendor_id=vendor_id, now=services.clock()
    )
    about = touched_by(session, caller.account_id, notice, vendor_id)
    if is_new:
        recheck_certificate.soon(session, caller, about, services)
    return about


def touched_by(
    session: Session, account_id: str, notice: CancellationNotice, vendor_id: str | None
) -> list[str]:
    """The certificates that a notice is about: those that still speak for a policy it names; all
    of the vendor it came for, where nobody knows which policy that is."""
    lines = standing.lines(session, account_id)
    about = [
        line.certificate_id
        for line in lines
        if line.policy_number is not None and notice.names(line.policy_number)
    ]
    if not about and vendor_id is not None and not notice.is_number_sure:
        about = [line.certificate_id for line in lines if line.vendor_id == vendor_id]
    return list(dict.fromkeys(about))


def _keep_exemption(
    session: Session,
    caller: Caller,
    stored: StoredDocument,
    notice: ExemptionNotice,
    rows: Sequence[StoredCertificate],
    given: Given,
    services: Services,
) -> list[str]:
    vendor_id = _vendor(session, caller, rows, given, notice.name)
    _, is_new = exemptions.save(
        session, caller.account_id, stored, notice, vendor_id=vendor_id, now=services.clock()
    )
    if vendor_id is None:
        return []
    about = standing.of_vendor(session, caller.account_id, vendor_id)
    if is_new:
        recheck_certificate.soon(session, caller, about, services)
    return about


def _vendor(
    session: Session,
    caller: Caller,
    rows: Sequence[StoredCertificate],
    given: Given,
    name: str | None,
) -> str | None:
    """Whose notice it is: the caller's vendor, else that of the document's certificates, else the
    only vendor of exactly the name on the page."""
    vendor = endorsements_on_file.named(session, caller, given)
    if vendor is not None:
        return vendor.id
    of_document = {row.vendor_id for row in rows if row.vendor_id is not None}
    if len(of_document) == 1:
        return of_document.pop()
    named = vendors.find(session, caller.account_id, None, normalise(name)) if name else None
    return named.id if named else None
