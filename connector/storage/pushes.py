"""Pushes: what was sent to a destination and what came back, once per natural key.

The natural key is connection, target, vendor and the digest of what would be sent. The same key
again is the same push; a corrected certificate has another digest and is sent anew. A failure is
never replayed: asking again tries again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.delivery import PushStatus, Receipt, flatten_receipt
from connector.errors import ConnectorError, NotFound
from connector.storage.schema import Row, insert_missing, new_id

FINISHED = (PushStatus.PUSHED, PushStatus.UNCHANGED, PushStatus.PREPARED)


class StoredPush(Row):
    """`target` is where inside the destination (a project, a spreadsheet); `receipt` is flat.

    `known_vendor_id` is the destination's vendor that the caller chose, `chosen` what else it
    chose, as the action's input; None for what was sent before this was kept. A push with a receipt that
    is still queued was held back: it waits for a person's review.
    """

    __tablename__ = "pushes"
    __table_args__ = (
        UniqueConstraint("account_id", "natural_key"),
        Index("ix_pushes_account_id_number", "account_id", "number"),
        Index("ix_pushes_certificate_id_number", "certificate_id", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificates.id"))
    check_id: Mapped[str | None] = mapped_column(ForeignKey("checks.id"))
    connection_id: Mapped[str | None]
    destination: Mapped[str]
    target: Mapped[str]
    digest: Mapped[str]
    natural_key: Mapped[str]
    known_vendor_id: Mapped[str | None]
    chosen: Mapped[dict[str, Any] | None]
    status: Mapped[str]
    receipt: Mapped[dict[str, Any] | None]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do: it arrived, or a person has what is needed."""
        return self.status in FINISHED

    @property
    def is_held(self) -> bool:
        """Whether it waits for a person's review."""
        return self.status == PushStatus.QUEUED and self.receipt is not None


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two pushes the same. `digest` is of the content that would be sent."""

    connection_id: str | None
    destination: str
    target: str
    vendor: str
    digest: str

    def text(self) -> str:
        """The key as one value that the database can keep unique."""
        parts = [self.connection_id, self.destination, self.target, self.vendor, self.digest]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def begin(
    session: Session,
    account_id: str,
    key: Key,
    *,
    certificate_id: str,
    check_id: str | None,
    now: datetime,
    known_vendor_id: str | None = None,
    chosen: Mapping[str, Any] | None = None,
) -> tuple[StoredPush, bool]:
    """The push of this key, and whether it is new. A push that failed is queued again.

    One that was held back for review goes on under its own id with what is sent after it.
    """
    new = {
        "id": new_id("push"),
        "account_id": account_id,
        "certificate_id": certificate_id,
        "check_id": check_id,
        "connection_id": key.connection_id,
        "destination": key.destination,
        "target": key.target,
        "digest": key.digest,
        "natural_key": key.text(),
        "known_vendor_id": known_vendor_id,
        "chosen": dict(chosen or {}),
        "status": PushStatus.QUEUED.value,
        "created_at": now,
        "updated_at": now,
    }
    _go_on_with_held(session, account_id, key, certificate_id, now)
    is_new = insert_missing(session, StoredPush, new, ["account_id", "natural_key"])
    found = select(StoredPush).where(
        StoredPush.account_id == account_id, StoredPush.natural_key == key.text()
    )
    push = session.scalars(found.with_for_update()).one()
    if not push.is_finished:
        push.status, push.updated_at = PushStatus.QUEUED.value, now
        push.certificate_id, push.check_id = certificate_id, check_id
        push.known_vendor_id, push.chosen = known_vendor_id, dict(chosen or {})
    return push, is_new


def _go_on_with_held(
    session: Session, account_id: str, key: Key, certificate_id: str, now: datetime
) -> None:
    """Give the certificate's held push to this place the key of what is sent there now.

    Where that was sent before and stands there, the held push is over: nothing is left to send.
    """
    sent = by_key(session, account_id, key)
    held = select(StoredPush).where(
        StoredPush.account_id == account_id,
        StoredPush.certificate_id == certificate_id,
        StoredPush.connection_id == key.connection_id,
        StoredPush.destination == key.destination,
        StoredPush.target == key.target,
        StoredPush.status == PushStatus.QUEUED.value,
        StoredPush.receipt.is_not(None),
    )
    newest = held.order_by(StoredPush.number.desc()).limit(1).with_for_update()
    push = session.scalars(newest).first()
    if push is None or (sent is not None and sent.id == push.id):
        return
    if sent is None:
        push.natural_key, push.digest = key.text(), key.digest
    elif sent.is_finished:
        push.status, push.updated_at = PushStatus.UNCHANGED.value, now
        push.receipt = {**(push.receipt or {}), "next_step": None}
    session.flush()


def newest_of_each_place(
    session: Session, account_id: str, certificate_id: str
) -> list[StoredPush]:
    """The certificate's last push to each destination and target, the first one first."""
    found = select(StoredPush).where(
        StoredPush.account_id == account_id, StoredPush.certificate_id == certificate_id
    )
    newest = {
        (push.connection_id, push.destination, push.target): push
        for push in session.scalars(found.order_by(StoredPush.number))
    }
    return list(newest.values())


def was_pushed(session: Session, account_id: str, certificate_id: str, digest: str) -> bool:
    """Whether this content of the certificate was asked to be sent anywhere before."""
    found = select(StoredPush.id).where(
        StoredPush.account_id == account_id,
        StoredPush.certificate_id == certificate_id,
        StoredPush.digest == digest,
    )
    return session.scalar(found.limit(1)) is not None


def finish(push: StoredPush, receipt: Receipt, now: datetime) -> None:
    """What the delivery came to."""
    push.status = receipt.status.value
    push.receipt = flatten_receipt(receipt)
    push.error_code = push.error_message = None
    push.updated_at = now


def fail(push: StoredPush, error: ConnectorError, now: datetime) -> None:
    """The delivery came to nothing; the sentence says why."""
    push.status = PushStatus.FAILED.value
    push.error_code, push.error_message = error.code, error.message
    push.updated_at = now


def get(session: Session, account_id: str, push_id: str) -> StoredPush:
    """The push. NotFound when this account has none of this id."""
    found = select(StoredPush).where(StoredPush.account_id == account_id, StoredPush.id == push_id)
    push = session.scalars(found).one_or_none()
    if push is None:
        raise NotFound(f"There is no push {push_id[:40]} in this account.")
    return push


def locked(session: Session, account_id: str, push_id: str) -> StoredPush:
    """The push, kept from every other change until the transaction ends."""
    get(session, account_id, push_id)
    found = select(StoredPush).where(StoredPush.id == push_id).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).one()


def by_key(session: Session, account_id: str, key: Key) -> StoredPush | None:
    """The push of this key, if there was one."""
    found = select(StoredPush).where(
        StoredPush.account_id == account_id, StoredPush.natural_key == key.text()
    )
    return session.scalars(found).one_or_none()


def last_of_connection(session: Session, account_id: str, connection_id: str) -> StoredPush | None:
    """The connection's push that was settled last, well or badly."""
    found = select(StoredPush).where(
        StoredPush.account_id == account_id,
        StoredPush.connection_id == connection_id,
        StoredPush.status != PushStatus.QUEUED.value,
    )
    return session.scalars(found.order_by(StoredPush.updated_at.desc()).limit(1)).first()


def search(
    session: Session,
    account_id: str,
    *,
    destination: str | None = None,
    status: str | None = None,
    certificate_id: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[StoredPush]:
    """The account's pushes, newest first. The next page is `before` the last number."""
    found = select(StoredPush).where(StoredPush.account_id == account_id)
    if destination is not None:
        found = found.where(StoredPush.destination == destination)
    if status is not None:
        found = found.where(StoredPush.status == status)
    if certificate_id is not None:
        found = found.where(StoredPush.certificate_id == certificate_id)
    if before is not None:
        found = found.where(StoredPush.number < before)
    return session.scalars(found.order_by(StoredPush.number.desc()).limit(limit)).all()
