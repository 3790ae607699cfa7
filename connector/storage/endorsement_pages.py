"""Endorsement pages that came without a certificate: one row per document and page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.certificate.endorsement_page import (
    EndorsementPage,
    page_from_json,
    page_to_json,
    plain_number,
)
from connector.storage.coverage_lines import CoverageLine
from connector.storage.documents import StoredDocument
from connector.storage.schema import Row, insert_missing, new_id


class StoredEndorsementPage(Row):
    """`vendor_id` is whose it is, where somebody said so or one vendor alone had the policy; else it
    is that of the only vendor with a certificate of `policy`, the number's letters and digits.
    """

    __tablename__ = "endorsement_pages"
    __table_args__ = (
        UniqueConstraint("account_id", "document_id", "page"),
        Index("ix_endorsement_pages_account_id_vendor_id", "account_id", "vendor_id"),
        Index("ix_endorsement_pages_account_id_policy", "account_id", "policy"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    vendor_id: Mapped[str | None] = mapped_column(ForeignKey("vendors.id"))
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    page: Mapped[int]
    policy: Mapped[str | None]
    body: Mapped[dict[str, Any]]
    reader_version: Mapped[int]
    created_at: Mapped[datetime]

    @property
    def said(self) -> EndorsementPage:
        """What the page says."""
        return page_from_json(self.body)


def save(
    session: Session,
    account_id: str,
    document: StoredDocument,
    said: EndorsementPage,
    *,
    vendor_id: str | None,
    reader_version: int,
    now: datetime,
) -> tuple[StoredEndorsementPage, bool]:
    """Keep a page, once per document and page; whether that changed anything.

    A newer reader's reading replaces an older one's; without a vendor it stays whose it was.
    """
    policy = plain_number(said.policy_number) if said.policy_number else None
    new = {
        "id": new_id("endo"),
        "account_id": account_id,
        "document_id": document.id,
        "page": said.page,
        "policy": policy,
        "body": page_to_json(said),
        "reader_version": reader_version,
        "created_at": now,
    }
    unique = ["account_id", "document_id", "page"]
    is_new = insert_missing(session, StoredEndorsementPage, new, unique)
    row = next(
        each for each in of_document(session, account_id, document.id) if each.page == said.page
    )
    before = (row.vendor_id, row.body)
    if reader_version > row.reader_version:
        row.policy, row.body, row.reader_version = policy, page_to_json(said), reader_version
    row.vendor_id = vendor_id or row.vendor_id
    session.flush()
    return row, is_new or before != (row.vendor_id, row.body)


def of_document(
    session: Session, account_id: str, document_id: str
) -> Sequence[StoredEndorsementPage]:
    """The pages of a document, in order."""
    found = select(StoredEndorsementPage).where(
        StoredEndorsementPage.account_id == account_id,
        StoredEndorsementPage.document_id == document_id,
    )
    return session.scalars(found.order_by(StoredEndorsementPage.page)).all()


def by_vendor(session: Session, account_id: str) -> dict[str, list[StoredEndorsementPage]]:
    """Every page by the vendor that it counts for, the first one first; nobody's are left out."""
    found = select(StoredEndorsementPage).where(StoredEndorsementPage.account_id == account_id)
    rows = session.scalars(found.order_by(*_IN_ORDER)).all()
    nobodys = {row.policy for row in rows if row.vendor_id is None and row.policy}
    owners = owners_of(session, account_id, nobodys) if nobodys else {}
    pages: dict[str, list[StoredEndorsementPage]] = defaultdict(list)
    for row in rows:
        of_policy = owners.get(row.policy or "", set())
        owner = row.vendor_id or (next(iter(of_policy)) if len(of_policy) == 1 else None)
        if owner:
            pages[owner].append(row)
    return pages


def of_vendor(session: Session, account_id: str, vendor_id: str) -> list[StoredEndorsementPage]:
    """The vendor's pages: those said to be its own, and nobody's that are for a policy that it
    alone has; the first one first."""
    row = StoredEndorsementPage
    mine = policies(session, account_id, vendor_id)
    nobodys = row.vendor_id.is_(None) & row.policy.in_(mine)
    found = select(row).where(
        row.account_id == account_id, or_(row.vendor_id == vendor_id, nobodys)
    )
    rows = session.scalars(found.order_by(*_IN_ORDER)).all()
    if all(each.vendor_id for each in rows):
        return list(rows)
    owners = owners_of(session, account_id, {each.policy for each in rows if each.policy})
    return [each for each in rows if each.vendor_id or owners[each.policy or ""] == {vendor_id}]


def follow(
    session: Session,
    account_id: str,
    document_id: str,
    before: str | None,
    vendor_id: str | None,
) -> None:
    """Let pages go with a certificate that was assigned anew: those of its document, and those of
    policies that are no longer the vendor `before`'s and now are this one's."""
    if vendor_id is None or before == vendor_id:
        return
    row = StoredEndorsementPage
    of_document = row.document_id == document_id
    mine = select(row).where(row.account_id == account_id)
    if before is None:
        mine = mine.where(row.vendor_id.is_(None), of_document)
    else:
        gone = policies(session, account_id, vendor_id) - policies(session, account_id, before)
        mine = mine.where(row.vendor_id == before, or_(of_document, row.policy.in_(gone)))
    for page in session.scalars(mine):
        page.vendor_id = vendor_id


def policies(session: Session, account_id: str, vendor_id: str) -> set[str]:
    """The policy numbers on the vendor's certificates, old ones too, by letters and digits."""
    found = select(CoverageLine.policy_number).where(
        CoverageLine.account_id == account_id, CoverageLine.vendor_id == vendor_id
    )
    return {plain_number(number) for number in session.scalars(found) if number}


def owners_of(session: Session, account_id: str, wanted: Collection[str]) -> dict[str, set[str]]:
    """Of policy numbers, by letters and digits, the vendors whose certificates show them."""
    owners: dict[str, set[str]] = {number: set() for number in wanted}
    line = CoverageLine
    found = select(line.policy_number, line.vendor_id).where(
        line.account_id == account_id, line.vendor_id.is_not(None), line.policy_number.is_not(None)
    )
    for number, vendor_id in session.execute(found.distinct()):
        if (plain := plain_number(number or "")) in owners and vendor_id:
            owners[plain].add(vendor_id)
    return owners


_IN_ORDER = (StoredEndorsementPage.created_at, StoredEndorsementPage.document_id, StoredEndorsementPage.page)  # fmt: skip
