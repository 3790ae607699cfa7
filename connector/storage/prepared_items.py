"""Prepared items: what a person still has to carry into a system that takes nothing by itself.

Each is numbered. A packet is an item with everything older of its kind that nobody has
acknowledged; of one subcontractor the newest of the same coverage counts. So the next packet holds only what
changed since the last acknowledged one, and a link once given keeps showing what it showed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.delivery import PushStatus
from connector.errors import NotFound
from connector.storage.pushes import StoredPush
from connector.storage.schema import Row, new_id


class StoredItem(Row):
    """`subject` is the subcontractor, in one project where the system keeps them apart; `content`
    is what the files are written from, `lines` in it the coverage lines that it speaks for.

    `acknowledged_with` is the number of the item whose packet was acknowledged, its own or a
    newer one's.
    """

    __tablename__ = "prepared_items"
    __table_args__ = (
        Index("ix_prepared_items_account_id_kind", "account_id", "destination", "mode", "number"),
        Index("ix_prepared_items_push_id", "push_id"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    push_id: Mapped[str] = mapped_column(ForeignKey("pushes.id"))
    destination: Mapped[str]
    mode: Mapped[str]
    subject: Mapped[str]
    digest: Mapped[str]
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    acknowledged_with: Mapped[int | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is carried over together: one destination in one of its ways."""

    destination: str
    mode: str


def add(
    session: Session,
    account_id: str,
    kind: Kind,
    *,
    push_id: str,
    subject: str,
    digest: str,
    content: Mapping[str, Any],
    now: datetime,
) -> StoredItem:
    """A new item, the newest of its subject."""
    item = StoredItem(
        id=new_id("prep"),
        account_id=account_id,
        push_id=push_id,
        destination=kind.destination,
        mode=kind.mode,
        subject=subject,
        digest=digest,
        content=dict(content),
        created_at=now,
    )
    session.add(item)
    session.flush()
    return item


def get(session: Session, account_id: str, item_id: str) -> StoredItem:
    """The item. NotFound when this account has none of this id."""
    found = select(StoredItem).where(StoredItem.account_id == account_id, StoredItem.id == item_id)
    item = session.scalars(found).one_or_none()
    if item is None:
        raise NotFound("These files are no longer kept. Push the certificate again.")
    return item


def standing(session: Session, account_id: str, kind: Kind, subject: str) -> list[StoredItem]:
    """The subject's items that no newer one replaces, acknowledged or not."""
    found = _of(account_id, kind).where(StoredItem.subject == subject)
    return _not_replaced(session.scalars(found.order_by(StoredItem.number)))


def replaces(newer: StoredItem, older: StoredItem) -> bool:
    """Whether the older item has nothing left to say: two brokers may each insure one line."""
    said, before = newer.content.get("lines", ()), older.content.get("lines", ())
    return newer.subject == older.subject and set(before) <= set(said)


def _not_replaced(items: Iterable[StoredItem]) -> list[StoredItem]:
    """In the order of their numbers."""
    left: list[StoredItem] = []
    for item in items:
        left = [each for each in left if not replaces(item, each)] + [item]
    return left


def of_push(session: Session, account_id: str, push_id: str) -> StoredItem | None:
    """The newest item that a push prepared."""
    found = select(StoredItem).where(
        StoredItem.account_id == account_id, StoredItem.push_id == push_id
    )
    return session.scalars(found.order_by(StoredItem.number.desc()).limit(1)).first()


def packet(session: Session, item: StoredItem) -> list[StoredItem]:
    """What is carried over with this item: see above. In the order of their numbers."""
    older = _of(item.account_id, Kind(item.destination, item.mode)).where(
        StoredItem.number <= item.number,
        or_(StoredItem.acknowledged_with.is_(None), StoredItem.acknowledged_with >= item.number),
    )
    return _not_replaced(session.scalars(older.order_by(StoredItem.number)))


def carried_before(session: Session, item: StoredItem, subject: str) -> list[StoredItem]:
    """What stands acknowledged of a subject, in packets before this item's."""
    found = _of(item.account_id, Kind(item.destination, item.mode)).where(
        StoredItem.subject == subject, StoredItem.acknowledged_with < item.number
    )
    return _not_replaced(session.scalars(found.order_by(StoredItem.number)))


def waiting(
    session: Session,
    account_id: str,
    *,
    destination: str | None,
    mode: str | None,
    before: int | None,
    limit: int,
) -> Sequence[StoredItem]:
    """What nobody has acknowledged or overtaken, of each push the newest; the newest first."""
    newest = (
        select(func.max(StoredItem.number))
        .join(StoredPush, StoredPush.id == StoredItem.push_id)
        .where(StoredPush.account_id == account_id, StoredPush.status == PushStatus.PREPARED)
        .group_by(StoredItem.push_id)
    )
    found = select(StoredItem).where(
        StoredItem.number.in_(newest), StoredItem.acknowledged_with.is_(None)
    )
    if destination is not None:
        found = found.where(StoredItem.destination == destination)
    if mode is not None:
        found = found.where(StoredItem.mode == mode)
    if before is not None:
        found = found.where(StoredItem.number < before)
    return session.scalars(found.order_by(StoredItem.number.desc()).limit(limit)).all()


def acknowledge(
    session: Session,
    item: StoredItem,
    by: str | None,
    now: datetime,
    *,
    alone: bool,
    but: Collection[str] = (),
) -> Sequence[StoredItem]:
    """Note that a person carried the item's packet over; the items that this settled.

    `alone`: only this one, where nothing is carried over together. `but`: what was left out.
    """
    found = _of(item.account_id, Kind(item.destination, item.mode)).where(
        StoredItem.number <= item.number, StoredItem.acknowledged_with.is_(None)
    )
    if alone:
        found = found.where(StoredItem.number == item.number)
    if but:
        found = found.where(StoredItem.id.not_in(but))
    settled = session.scalars(found.order_by(StoredItem.number).with_for_update()).all()
    for each in settled:
        each.acknowledged_with, each.acknowledged_at = item.number, now
        each.acknowledged_by = by
    return settled


def _of(account_id: str, kind: Kind) -> Select[StoredItem]:
    return select(StoredItem).where(
        StoredItem.account_id == account_id,
        StoredItem.destination == kind.destination,
        StoredItem.mode == kind.mode,
    )
