"""Documents that came in: one row per account and content; the bytes are in the document store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.errors import NotFound
from connector.storage.schema import Row, insert_missing, new_id


class StoredDocument(Row):
    """`name` is the file's name as first given, `kind` its media type, `size` in bytes.

    `bytes_removed_at` is when retention took the bytes; the row stays, because certificates
    and checks refer to it.
    """

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("account_id", "sha256"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    sha256: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    size: Mapped[int]
    page_count: Mapped[int | None]
    received_at: Mapped[datetime] = mapped_column(index=True)
    bytes_removed_at: Mapped[datetime | None]


def save(
    session: Session,
    account_id: str,
    *,
    sha256: str,
    name: str,
    kind: str,
    size: int,
    page_count: int | None,
    now: datetime,
) -> StoredDocument:
    """The account's document of this content; a second upload answers the first row."""
    new = {
        "id": new_id("doc"),
        "account_id": account_id,
        "sha256": sha256,
        "name": name,
        "kind": kind,
        "size": size,
        "page_count": page_count,
        "received_at": now,
    }
    insert_missing(session, StoredDocument, new, ["account_id", "sha256"])
    document = by_sha256(session, account_id, sha256)
    if document is None:
        raise NotFound("The document was removed while it was being stored. Send it again.")
    document.page_count = document.page_count or page_count
    document.bytes_removed_at = None
    return document


def by_sha256(session: Session, account_id: str, sha256: str) -> StoredDocument | None:
    """The account's document with this content, if it was received before."""
    found = select(StoredDocument).where(
        StoredDocument.account_id == account_id, StoredDocument.sha256 == sha256
    )
    return session.scalars(found).one_or_none()


def get(session: Session, account_id: str, document_id: str) -> StoredDocument:
    """The document. NotFound when this account has none of this id."""
    found = select(StoredDocument).where(
        StoredDocument.account_id == account_id, StoredDocument.id == document_id
    )
    document = session.scalars(found).one_or_none()
    if document is None:
        raise NotFound("There is no such document in this account.")
    return document


def received(
    session: Session, account_id: str, document_ids: Collection[str]
) -> dict[str, datetime]:
    """When each of these documents of the account came."""
    found = select(StoredDocument.id, StoredDocument.received_at).where(
        StoredDocument.account_id == account_id, StoredDocument.id.in_(document_ids)
    )
    return {row.id: row.received_at for row in session.execute(found)}


def received_before(
    session: Session, account_id: str, moment: datetime, limit: int = 500
) -> Sequence[StoredDocument]:
    """Documents older than `moment` whose bytes are still kept, oldest first."""
    found = select(StoredDocument).where(
        StoredDocument.account_id == account_id,
        StoredDocument.received_at < moment,
        StoredDocument.bytes_removed_at.is_(None),
    )
    return session.scalars(found.order_by(StoredDocument.received_at).limit(limit)).all()


def is_kept_by_anyone(session: Session, sha256: str) -> bool:
    """Whether any account still keeps these bytes: the store holds each content once."""
    found = select(StoredDocument.id).where(
        StoredDocument.sha256 == sha256, StoredDocument.bytes_removed_at.is_(None)
    )
    return session.scalars(found.limit(1)).first() is not None
