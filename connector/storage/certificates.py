"""Certificates as they were read: one row per document and page, kept over re-readings.

The certificate itself is one JSON value; a field is no column, except what lists and searches
go by. A person's corrections outlive every re-reading.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, Text, UniqueConstraint, cast, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.certificate.entries import entries, from_json, to_json, with_entries
from connector.certificate.entry import Source
from connector.certificate.flat import earliest_expiration, needs_review
from connector.certificate.model import MODEL_VERSION, Certificate
from connector.errors import NotFound
from connector.storage import board_rows, coverage_lines, endorsement_pages
from connector.storage.board_rows import OnFile
from connector.storage.coverage_lines import CoverageLine
from connector.storage.documents import StoredDocument
from connector.storage.schema import Row, contains, insert_missing, new_id
from connector.storage.vendors import StoredVendor


class StoredCertificate(Row):
    """`number` grows with each new certificate; lists page by it, newest first."""

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("account_id", "document_id", "page"),
        Index(
            "ix_certificates_search",
            "account_id",
            "number",
            "insured_name",
            "vendor_id",
            "document_id",
            "needs_review",
            "earliest_expiration",
        ),
        Index("ix_certificates_account_id_vendor_id_number", "account_id", "vendor_id", "number"),
        Index(
            "ix_certificates_account_id_earliest_expiration", "account_id", "earliest_expiration"
        ),
        Index(
            "ix_certificates_waiting",
            "account_id",
            "id",
            sqlite_where=text("needs_review = 1"),
            postgresql_where=text("needs_review"),
        ),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    page: Mapped[int]
    vendor_id: Mapped[str | None] = mapped_column(ForeignKey("vendors.id"))
    reader_version: Mapped[int]
    model_version: Mapped[int]
    body: Mapped[dict[str, Any]]
    insured_name: Mapped[str | None]
    needs_review: Mapped[bool]
    earliest_expiration: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def certificate(self) -> Certificate:
        """What the certificate says, with our id in it."""
        return from_json(self.body)


@dataclass(frozen=True, slots=True)
class Search:
    """What a list of certificates is narrowed to; None does not narrow.

    `name` is part of the insured's name. The days, and the numbers `before` and `after`, are
    excluded themselves.
    """

    vendor_id: str | None = None
    document_id: str | None = None
    name: str | None = None
    needs_review: bool | None = None
    expires_before: date | None = None
    expires_after: date | None = None
    before: int | None = None
    after: int | None = None


def save(
    session: Session,
    account_id: str,
    document: StoredDocument,
    certificate: Certificate,
    *,
    now: datetime,
    vendor: StoredVendor | None = None,
) -> StoredCertificate:
    """Keep a reading. The same document and page keep their row, its id and its corrections.

    A reading by an older reader than the one on file changes nothing.
    """
    page = certificate.certificate_page or 1
    insert_missing(
        session,
        StoredCertificate,
        _new(account_id, document, page, now),
        ["account_id", "document_id", "page"],
    )
    row = session.scalars(
        select(StoredCertificate)
        .where(
            StoredCertificate.account_id == account_id,
            StoredCertificate.document_id == document.id,
            StoredCertificate.page == page,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    before = row.vendor_id
    if vendor is not None:
        row.vendor_id = vendor.id
    version = certificate.reader_version or 0
    if version >= row.reader_version:
        row.reader_version = version
        fill(session, row, _with_corrections(certificate, row), now)
    if before != row.vendor_id:
        endorsement_pages.follow(session, row.account_id, row.document_id, before, row.vendor_id)
        show_on_board(session, row.account_id, before)
        show_on_board(session, row.account_id, row.vendor_id)
    return row


def fill(session: Session, row: StoredCertificate, certificate: Certificate, now: datetime) -> None:
    """Let the row, what it is searched by and its coverage lines say what the certificate says."""
    named = replace(certificate, certificate_id=row.id)
    row.body = to_json(named)
    row.model_version = MODEL_VERSION
    insured = named.insured.name
    row.insured_name = insured.value
    row.needs_review = needs_review(named)
    row.earliest_expiration = earliest_expiration(named)
    row.updated_at = now
    session.flush()
    coverage_lines.rewrite(session, row.account_id, row.id, row.vendor_id, named)
    show_on_board(session, row.account_id, row.vendor_id)


def assign(session: Session, row: StoredCertificate, vendor: StoredVendor, now: datetime) -> None:
    """Whose certificate it is, once that is known."""
    if row.vendor_id == vendor.id:
        return
    before, row.vendor_id, row.updated_at = row.vendor_id, vendor.id, now
    session.flush()
    coverage_lines.rewrite(session, row.account_id, row.id, vendor.id, row.certificate)
    endorsement_pages.follow(session, row.account_id, row.document_id, before, vendor.id)
    show_on_board(session, row.account_id, before)
    show_on_board(session, row.account_id, vendor.id)


def show_on_board(session: Session, account_id: str, vendor_id: str | None) -> None:
    """Let the vendor's rows on the board say what its certificates say now."""
    if vendor_id is None:
        return
    row = StoredCertificate
    mine = select(row.number, row.id, row.needs_review, row.updated_at).where(
        row.account_id == account_id, row.vendor_id == vendor_id
    )
    found = session.execute(mine.order_by(row.number.desc())).all()
    current = _current_lines(session, account_id, vendor_id)
    counting = {number for number, _ in current} | {each.number for each in found[:1]}
    waiting = [each.id for each in found if each.needs_review and each.number in counting]
    said = OnFile(
        certificate_id=found[0].id if found else None,
        waiting_certificate_id=waiting[0] if waiting else None,
        changed_at=max((each.updated_at for each in found), default=None),
        lines_end=min((ends for _, ends in current if ends), default=None),
    )
    board_rows.note_certificates(session, account_id, vendor_id, said)


def _current_lines(
    session: Session, account_id: str, vendor_id: str
) -> list[tuple[int, date | None]]:
    """Of each line, the certificate that states it last (its number), and when it expires."""
    row, line = StoredCertificate, CoverageLine
    stated = (
        select(line.line, row.number, line.expiration_date)
        .join(row, row.id == line.certificate_id)
        .where(line.account_id == account_id, line.vendor_id == vendor_id)
        .order_by(row.number)
    )
    newest = {name: (number, ends) for name, number, ends in session.execute(stated)}
    return list(newest.values())


def get(session: Session, account_id: str, certificate_id: str) -> StoredCertificate:
    """The certificate. NotFound when this account has none of this id."""
    found = select(StoredCertificate).where(
        StoredCertificate.account_id == account_id, StoredCertificate.id == certificate_id
    )
    row = session.scalars(found).one_or_none()
    if row is None:
        raise NotFound(f"There is no certificate {certificate_id[:40]} in this account.")
    return row


def insured_names(
    session: Session, account_id: str, certificate_ids: Sequence[str]
) -> dict[str, str]:
    """Whose these certificates are, by id, where that was read."""
    if not certificate_ids:
        return {}  # SQLite would look through all of the account's
    row = StoredCertificate
    found = select(row.id, row.insured_name).where(
        row.account_id == account_id, row.id.in_(certificate_ids)
    )
    return {id: name for id, name in session.execute(found) if name}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a certificate came from: its document's name and when it was received."""

    document: str
    received_at: datetime


def origins(
    session: Session, account_id: str, vendor_ids: Sequence[str] | None = None
) -> dict[str, Origin]:
    """Where the certificates of these vendors, or all of the account's, came from, by their id."""
    row = StoredCertificate
    found = (
        select(row.id, StoredDocument.name, row.created_at)
        .join(StoredDocument, StoredDocument.id == row.document_id)
        .where(row.account_id == account_id)
    )
    if vendor_ids is not None:
        found = found.where(row.vendor_id.in_(vendor_ids))
    return {id: Origin(name, at) for id, name, at in session.execute(found)}


def of_document(session: Session, account_id: str, document_id: str) -> list[StoredCertificate]:
    """The certificates of one document, by page."""
    found = select(StoredCertificate).where(
        StoredCertificate.account_id == account_id, StoredCertificate.document_id == document_id
    )
    return list(session.scalars(found.order_by(StoredCertificate.page)))


def search(
    session: Session, account_id: str, wanted: Search = Search(), limit: int | None = 50
) -> Sequence[StoredCertificate]:
    """The account's certificates, newest first. The next page is `before` the last number.

    Found in an index that holds everything searched by; only what is answered has its body read.
    """
    of_account = select(StoredCertificate.number).where(StoredCertificate.account_id == account_id)
    found = _narrow(of_account, wanted, session.get_bind().dialect.name)
    page = found.order_by(StoredCertificate.number.desc()).limit(limit).subquery()
    rows = select(StoredCertificate).join(page, page.c.number == StoredCertificate.number)
    return session.scalars(rows.order_by(StoredCertificate.number.desc())).all()


@dataclass(frozen=True, slots=True)
class Filed:
    """A certificate without what only one row is asked for."""

    id: str
    number: int
    vendor_id: str | None
    document_id: str
    received_at: datetime
    body: str

    @property
    def owner(self) -> str:
        """Whose packet it is in: its vendor's, or its own while nobody knows the vendor."""
        return self.vendor_id or self.id

    @property
    def certificate(self) -> Certificate:
        """What it says, with the facts that only storage knows."""
        known = {"received_at": self.received_at, "record_number": self.number}
        return from_json(json.loads(self.body), certificate_id=self.id, **known)


def by_vendor(session: Session, account_id: str) -> Iterator[Filed]:
    """Every certificate of the account, vendor by vendor, each one's newest first.

    Their bodies stay text until they are looked at: thousands of objects at once would keep Python's
    garbage collector busier than the checks.
    """
    row = StoredCertificate
    body = cast(row.body, Text)
    found = (
        select(row.id, row.number, row.vendor_id, row.document_id, StoredDocument.received_at, body)
        .join(StoredDocument, StoredDocument.id == row.document_id)
        .where(row.account_id == account_id)
        .order_by(row.vendor_id, row.number.desc())
    )  # fmt: skip
    for each in session.execute(found.execution_options(yield_per=500)):
        yield Filed(*each)


def _narrow(found: Select[int], wanted: Search, dialect: str) -> Select[int]:
    row = StoredCertificate
    if wanted.vendor_id is not None:
        found = found.where(row.vendor_id == wanted.vendor_id)
    if wanted.document_id is not None:
        found = found.where(row.document_id == wanted.document_id)
    if wanted.name:
        found = found.where(contains(row.insured_name, wanted.name, dialect))
    if wanted.needs_review is not None:
        found = found.where(row.needs_review.is_(wanted.needs_review))
    if wanted.expires_before is not None:
        found = found.where(row.earliest_expiration < wanted.expires_before)
    if wanted.expires_after is not None:
        found = found.where(row.earliest_expiration > wanted.expires_after)
    if wanted.before is not None:
        found = found.where(row.number < wanted.before)
    if wanted.after is not None:
        found = found.where(row.number > wanted.after)
    return found


def _new(account_id: str, document: StoredDocument, page: int, now: datetime) -> dict[str, object]:
    return {
        "id": new_id("cert"),
        "account_id": account_id,
        "document_id": document.id,
        "page": page,
        "reader_version": 0,
        "model_version": MODEL_VERSION,
        "body": to_json(Certificate()),
        "needs_review": False,
        "created_at": now,
        "updated_at": now,
    }


def _with_corrections(certificate: Certificate, row: StoredCertificate) -> Certificate:
    """The new reading with every entry that a person had set."""
    corrected = {
        path: entry
        for path, entry in entries(row.certificate).items()
        if entry.evidence is not None and entry.evidence.source is Source.REVIEWER
    }
    return with_entries(certificate, corrected)
