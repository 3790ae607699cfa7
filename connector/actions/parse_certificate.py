"""parse_certificate: a document in, its certificate out as flat fields."""

from __future__ import annotations

from sqlalchemy.orm import Session

from connector.actions import document_input, endorsements_on_file, notices_on_file
from connector.actions.action import Action, Flat, Given
from connector.actions.certificate_answer import answer, flat_certificate
from connector.actions.coverage_changes import tell_of_changes
from connector.actions.inputs import DocumentInput, text
from connector.actions.services import Caller, Services
from connector.actions.vendors import vendor_of
from connector.certificate.fields import FIELDS
from connector.documents.document import Document
from connector.errors import NotACertificate
from connector.extraction import READER_VERSION
from connector.extraction.reader import Found
from connector.extraction.whole import Opened
from connector.storage import (
    accounts,
    actor,
    cancellations,
    certificates,
    documents,
    endorsement_pages,
    exemptions,
)
from connector.storage.actor import Through
from connector.storage.certificates import StoredCertificate
from connector.storage.events import EventType


class Input(DocumentInput):
    vendor_id = text(
        "Vendor number",
        help="Give your own number for the subcontractor, if you have one.",
        choices_from="vendors",
    )
    vendor_name = text("Vendor name", help="Write the subcontractor's name as you know it.")


def run(given: Given, caller: Caller, services: Services) -> Flat:
    """The first certificate of the document; the same document again answers what is on file, as the
    vendor's that is named now."""
    return read(given, caller, services, hand_over=True)


def read(given: Given, caller: Caller, services: Services, *, hand_over: bool) -> Flat:
    """The same. Whoever has only a link may not hand over what is another vendor's."""
    opened: Opened = given["document"]
    document = opened.document
    with services.sessions() as session, session.begin():
        known = on_file(session, caller, document)
        if known:
            if hand_over:
                _give_to_vendor(session, caller, known, given, services)
            return answer(session, known, services) | {"is_duplicate": True}
    found = opened.found or services.reader.read(document)
    answered = _kept(document, found, given, caller, services)
    if answered is None and found.endorsements:
        # their certificate may have come while they were being kept
        answered = _kept(document, found, given, caller, services)
    if answered is None:
        raise NotACertificate(_what_was_kept(found))
    return answered


def _kept(
    document: Document, found: Found, given: Given, caller: Caller, services: Services
) -> Flat | None:
    """The answer of a document that is kept now; None where no certificate on file is about it."""
    with services.sessions() as session, session.begin():
        was_kept = _was_kept(session, caller, document)
        rows = keep(session, caller, document, found, given, services)
        flat = answer(session, rows, services) if rows else None
    return flat and flat | {"is_duplicate": was_kept and not found.certificates}


def _was_kept(session: Session, caller: Caller, document: Document) -> bool:
    """Whether the notices or endorsement pages of these very bytes are on file."""
    stored = documents.by_sha256(session, caller.account_id, document.sha256)
    tables = (endorsement_pages, cancellations, exemptions)
    return stored is not None and any(
        table.of_document(session, caller.account_id, stored.id) for table in tables
    )


def _give_to_vendor(
    session: Session,
    caller: Caller,
    rows: list[StoredCertificate],
    given: Given,
    services: Services,
) -> None:
    """Let the certificates be the vendor's that is named now: whoever sends a document again with
    another number sets right what was sent with the wrong one. Not by an upload link: a
    subcontractor that sends another's certificate must not take it away from them."""
    if not (given.get("vendor_id") or given.get("vendor_name")):
        return
    if actor.present().through is Through.UPLOAD_LINK:
        return
    account = accounts.get(session, caller.account_id)
    for row in rows:
        vendor = vendor_of(session, account, given, row.certificate, services.clock())
        if vendor is not None and vendor.id != row.vendor_id:
            certificates.assign(session, row, vendor, services.clock())
            tell_of_changes(session, row, services)


def _what_was_kept(found: Found) -> str:
    """What to tell of a document with notices that no certificate on file is about."""
    if found.endorsements:
        return endorsements_on_file.what_was_kept(found)
    if found.exemptions:
        return (
            "This is an exemption from workers' compensation; no vendor of that name has a "
            "certificate on file. It was kept. Send it again with the vendor's number."
        )
    policy = found.cancellations[0].policy_number or "a policy that could not be read"
    return (
        f"This is a notice of cancellation of {policy[:40]}, which is on no certificate on file. "
        "It was kept, and counts as soon as a certificate shows the policy."
    )


def on_file(session: Session, caller: Caller, document: Document) -> list[StoredCertificate]:
    """The certificates read from these bytes by the present reader, as they are now."""
    stored = documents.by_sha256(session, caller.account_id, document.sha256)
    if stored is None:
        return []
    rows = certificates.of_document(session, caller.account_id, stored.id)
    return rows if rows and all(row.reader_version >= READER_VERSION for row in rows) else []


def keep(
    session: Session,
    caller: Caller,
    document: Document,
    found: Found,
    given: Given,
    services: Services,
) -> list[StoredCertificate]:
    """Store the document, its certificates and notices and tell of them, all in the session's
    transaction. For a document without a certificate: those on file that its pages are about."""
    now = services.clock()
    alone = not found.certificates
    pages = endorsements_on_file.owned(session, caller, found, given) if alone else []
    services.documents.put(document.sent)
    stored = document_input.keep(session, caller, document, services)
    account = accounts.get(session, caller.account_id)
    rows = [
        certificates.save(
            session,
            caller.account_id,
            stored,
            certificate,
            now=now,
            vendor=vendor_of(session, account, given, certificate, now),
        )
        for certificate in found.certificates
    ]
    for row in rows:
        flat = flat_certificate(session, row, services)
        services.announce(session, caller.account_id, EventType.CERTIFICATE_PARSED, row.id, flat)
        tell_of_changes(session, row, services)
    pages = pages or endorsements_on_file.of_certificates(found, rows)
    about = notices_on_file.keep(session, caller, stored, found, rows, pages, given, services)
    return rows or about


ACTION = Action(
    name="parse_certificate",
    title="Parse Certificate",
    description=(
        "Reads a certificate of insurance (PDF or picture) into flat fields. Use it when you only "
        "want to know what a certificate says; nothing is checked and nothing leaves the service."
    ),
    input=Input,
    fields=FIELDS,
    run=run,
    takes_document=True,
)
