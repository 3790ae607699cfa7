"""All rows that are about one vendor: what an export holds is exactly what an erasure removes.

Most are found by ids. Jobs and events keep whole inputs and answers, so they are looked through
for the vendor's ids, names, address and policy numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from connector.certificate.endorsement_page import plain_number
from connector.certificate.names import normalise
from connector.storage.arrivals import StoredArrival
from connector.storage.audit import AuditEntry
from connector.storage.board_rows import StoredBoardRow
from connector.storage.cancellations import StoredCancellation
from connector.storage.certificates import StoredCertificate
from connector.storage.checks import StoredCheck
from connector.storage.corrections import StoredCorrection
from connector.storage.cover_sheets import CoverSheet
from connector.storage.coverage_lines import CoverageLine
from connector.storage.documents import StoredDocument
from connector.storage.endorsement_pages import StoredEndorsementPage
from connector.storage.events import StoredEvent
from connector.storage.exemptions import StoredExemption
from connector.storage.jobs import Job
from connector.storage.logins import Login
from connector.storage.mails import StoredMail
from connector.storage.payment_holds import PaymentHold
from connector.storage.prepared_items import StoredItem
from connector.storage.procore_files import ProcoreFile
from connector.storage.pushes import StoredPush
from connector.storage.schema import AnyRow, Row
from connector.storage.sent_links import SentLink
from connector.storage.vendor_matches import VendorMatch
from connector.storage.vendors import StoredVendor
from connector.storage.waivers import StoredWaiver

SHORTEST_WORD = 4
"""A shorter name or number is found in too much that is about somebody else."""

_AT_ONCE = 500


@dataclass(frozen=True)
class VendorData:
    """By table, the rows about a vendor; `words` are the names, address and numbers it is known by.

    `shared` are documents in which something of another vendor came too: these stay.
    """

    vendor: StoredVendor
    words: frozenset[str]
    rows: dict[type[Row], Sequence[Row]]
    shared: list[str]

    def ids(self, table: type[Row]) -> list[str]:
        return [str(row.id) for row in self.rows[table]]  # type: ignore[attr-defined]


def gather(session: Session, vendor: StoredVendor) -> VendorData:
    """Everything of this vendor in its account."""
    found = VendorData(vendor, frozenset(), {StoredVendor: [vendor]}, [])
    _certificates(session, found)
    _what_follows(session, found)
    _beside(session, found)
    _documents(session, found)
    whole = VendorData(vendor, frozenset(_words(found)), found.rows, found.shared)
    _looked_through(session, whole)
    return whole


def _certificates(session: Session, found: VendorData) -> None:
    """Its own, and those of exactly its name that were never given to any vendor."""
    vendor, row = found.vendor, StoredCertificate
    unassigned = select(row).where(row.account_id == vendor.account_id, row.vendor_id.is_(None))
    named = [
        each
        for each in session.scalars(unassigned)
        if each.insured_name and normalise(each.insured_name) == vendor.normalised_name
    ]
    found.rows[row] = [*_rows(session, row, found, row.vendor_id == vendor.id), *named]


def _what_follows(session: Session, found: VendorData) -> None:
    """From its certificates: corrections, lines, checks, pushes, mails, what was prepared."""
    about, vendor = found.ids(StoredCertificate), found.vendor

    def of_certificates(table: type, *more: ColumnElement[bool]) -> None:
        among = table.certificate_id.in_(about)  # type: ignore[attr-defined]
        found.rows[table] = _rows(session, table, found, or_(among, *more))

    of_certificates(StoredCorrection)
    of_certificates(CoverageLine, CoverageLine.vendor_id == vendor.id)
    of_certificates(StoredCheck, StoredCheck.vendor_id == vendor.id)
    checked = found.ids(StoredCheck)
    of_certificates(StoredPush, StoredPush.check_id.in_(checked))
    of_certificates(StoredMail, StoredMail.check_id.in_(checked))
    sent = StoredItem.push_id.in_(found.ids(StoredPush))
    found.rows[StoredItem] = _rows(session, StoredItem, found, sent)
    one = Login.only_certificate_id.in_(about)
    found.rows[Login] = _rows(session, Login, found, one)
    told = or_(AuditEntry.certificate_id.in_(about), AuditEntry.vendor_id == vendor.id)
    found.rows[AuditEntry] = _rows(session, AuditEntry, found, told)


def _beside(session: Session, found: VendorData) -> None:
    """What names the vendor itself."""
    vendor = found.vendor
    about = SentLink.certificate_id.in_(found.ids(StoredCertificate))
    its_own = or_(SentLink.vendor_id == vendor.id, about)
    found.rows[SentLink] = _rows(session, SentLink, found, its_own)
    for table in (StoredWaiver, StoredBoardRow, StoredArrival, VendorMatch):
        mine = table.vendor_id == vendor.id
        found.rows[table] = _rows(session, table, found, mine)
    places = {(each.place, each.external_id) for each in _of(found, VendorMatch)}
    held = _rows(session, PaymentHold, found, PaymentHold.account_id == vendor.account_id)
    found.rows[PaymentHold] = [h for h in held if (h.place, h.external_vendor_id) in places]
    known_by = [vendor.id, vendor.external_id, vendor.normalised_name, vendor.name]
    found.rows[CoverSheet] = [
        sheet
        for sheet in _every(session, CoverSheet, found)
        if sheet.vendor in known_by or normalise(sheet.vendor_name) == vendor.normalised_name
    ]
    _notices(session, found)


def _notices(session: Session, found: VendorData) -> None:
    """Cancellations, exemptions and endorsement pages that came for it, or that name it or its
    policy and came for nobody."""
    vendor = found.vendor
    policies = [line.policy_number for line in _of(found, CoverageLine) if line.policy_number]

    def is_its(name: str | None, numbers: bool) -> bool:
        return numbers or (name is not None and normalise(name) == vendor.normalised_name)

    cancelled = StoredCancellation
    found.rows[cancelled] = [
        row
        for row in _rows(session, cancelled, found, _its_or_nobodys(cancelled, vendor))
        if row.vendor_id or is_its(row.insured, any(map(row.notice.names, policies)))
    ]
    found.rows[StoredExemption] = [
        row
        for row in _rows(session, StoredExemption, found, _its_or_nobodys(StoredExemption, vendor))
        if row.vendor_id or is_its(row.name, numbers=False)
    ]
    page, numbers = StoredEndorsementPage, set(map(plain_number, policies))
    found.rows[page] = [
        row
        for row in _rows(session, page, found, _its_or_nobodys(page, vendor))
        if row.vendor_id or is_its(row.said.insured, row.policy in numbers)
    ]


def _its_or_nobodys(
    table: type[StoredCancellation] | type[StoredExemption] | type[StoredEndorsementPage],
    vendor: StoredVendor,
) -> ColumnElement[bool]:
    return or_(table.vendor_id == vendor.id, table.vendor_id.is_(None))


def _documents(session: Session, found: VendorData) -> None:
    """What it all came in, unless something of another vendor came in the same document."""
    tables = (StoredCertificate, StoredCancellation, StoredExemption, StoredEndorsementPage)
    used = {str(row.document_id) for table in tables for row in found.rows[table]}  # type: ignore[attr-defined]
    shared: set[str] = set()
    for table in tables:
        mine = set(found.ids(table))
        there = select(table.id, table.document_id).where(
            table.account_id == found.vendor.account_id, table.document_id.in_(used)
        )
        shared |= {document for id, document in session.execute(there) if id not in mine}
    found.shared.extend(sorted(shared))
    own = StoredDocument.id.in_(used - shared)
    found.rows[StoredDocument] = _rows(session, StoredDocument, found, own)


def _words(found: VendorData) -> Iterator[str]:
    """Names, address and numbers that stand for this vendor wherever they are written."""
    vendor = found.vendor
    said: list[str | None] = [vendor.name, vendor.normalised_name, vendor.email, vendor.ein]
    said += [row.insured_name for row in _of(found, StoredCertificate)]
    said += [line.policy_number for line in _of(found, CoverageLine)]
    for word in said:
        if word and len(word) >= SHORTEST_WORD:
            yield word


_ABOUT_NO_VENDOR = ("key.", "hook.", "connection.", "account.")
"""Acts that no vendor's name may empty: a vendor is called as a document says."""

_NAMING = re.compile(r"name|insured|vendor|email|number|holder|ein", re.IGNORECASE)
_COMMON = re.compile(r"[a-z_]+|\d{1,5}")
"""A word that may be one of ours ("compliant", "2026"): it counts only where a name stands."""


def _speaker(words: Iterable[str]) -> Callable[..., bool]:
    """Whether any text in some data says one of these words, as a whole word; keys say nothing.

    Names and numbers come from documents: a firm called "null" or "status" must not reach what
    is about others.
    """
    plain = {word.casefold() for word in words}
    common = {word for word in plain if _COMMON.fullmatch(word)}
    anywhere, in_names = _whole(plain - common), _whole(plain)

    def says(*parts: object) -> bool:
        return any(
            (in_names if _NAMING.search(key) else anywhere).search(text.casefold())
            for part in parts
            for key, text in _texts(part, "")
        )

    return says


def _whole(words: Iterable[str]) -> re.Pattern[str]:
    either = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if either else r"(?!)")


def _texts(value: object, key: str) -> Iterator[tuple[str, str]]:
    """Every text in it with the key that it stands under."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, str(name))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, key)


def _looked_through(session: Session, found: VendorData) -> None:
    """Events and jobs that say anything of it, and the deliveries of these events."""
    ids = [found.vendor.id, *found.ids(StoredCertificate), *found.ids(StoredCheck)]
    ids += [*found.ids(StoredPush), *(row.sha256 for row in _of(found, StoredDocument))]
    says = _speaker([*ids, *found.words])
    found.rows[StoredEvent] = [
        row for row in _every(session, StoredEvent, found) if says(row.subject, row.flat)
    ]
    told = set(found.ids(StoredEvent))
    arrived = {row.job_id for row in _of(found, StoredArrival)}
    found.rows[Job] = [
        row
        for row in _every(session, Job, found)
        if row.id in arrived
        or row.given.get("event_id") in told
        or says(row.given, row.answer, row.error, row.idempotency_key)
    ]
    known = {row.id for row in _of(found, AuditEntry)}
    named = (
        row
        for row in _every(session, AuditEntry, found)
        if not row.act.startswith(_ABOUT_NO_VENDOR) and says(row.who, row.details)
    )
    more = [row for row in named if row.id not in known]
    found.rows[AuditEntry] = [*found.rows[AuditEntry], *more]
    files = ProcoreFile.job_id.in_(found.ids(Job))
    found.rows[ProcoreFile] = _rows(session, ProcoreFile, found, files)


def _every(session: Session, table: type[AnyRow], found: VendorData) -> Iterator[AnyRow]:
    """All of the account's rows, few in memory at a time."""
    mine = select(table).where(table.account_id == found.vendor.account_id)  # type: ignore[attr-defined]
    yield from session.scalars(mine.execution_options(yield_per=_AT_ONCE))


def _rows(
    session: Session, table: type[AnyRow], found: VendorData, wanted: ColumnElement[bool]
) -> list[AnyRow]:
    mine = select(table).where(table.account_id == found.vendor.account_id, wanted)  # type: ignore[attr-defined]
    return list(session.scalars(mine))


def _of(found: VendorData, table: type[AnyRow]) -> Sequence[AnyRow]:
    return found.rows[table]  # type: ignore[return-value]
