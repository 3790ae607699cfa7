"""Hooks: who is told when something happens (Zapier's and Make's instant triggers)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.errors import NotFound
from connector.storage.api_keys import ApiKey
from connector.storage.audit import Act, AuditEntry
from connector.storage.events import EventType
from connector.storage.schema import Row, new_id
from connector.storage.sealing import reseal, seal, unseal

DEFAULT_DAYS = 30
"""How long before an expiration an expiring hook is told, unless it says otherwise."""

HIDDEN = "***"
"""What stands for the rest of an address that not everybody may know."""


class Hook(Row):
    """`filters` are keys of the flat object and the values they must have; `days` is for expiring.

    `secret` is sealed: it signs every message. `removed_why` tells a subscription that was ended
    by us (the receiver answered 410) from one that its owner ended.
    """

    __tablename__ = "hooks"
    __table_args__ = (Index("ix_hooks_account_id_event", "account_id", "event"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    event: Mapped[str]
    target_url: Mapped[str]
    filters: Mapped[dict[str, Any]]
    days: Mapped[int]
    secret: Mapped[str]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_why: Mapped[str | None]

    @property
    def place(self) -> str:
        """Where it goes, without what lets its holder in: of Zapier's and Make's the path is the key."""
        parts = urlsplit(self.target_url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/{HIDDEN}"

    def wants(self, flat: Mapping[str, Any], days: int | None = None) -> bool:
        """Whether the hook is to be told of this."""
        if days is not None and days != self.days:
            return False
        return all(flat.get(key) == value for key, value in self.filters.items())


def create(
    session: Session,
    account_id: str,
    event: EventType,
    target_url: str,
    *,
    keys: Sequence[str],
    now: datetime,
    filters: Mapping[str, Any] | None = None,
    days: int = DEFAULT_DAYS,
) -> tuple[Hook, str]:
    """A new hook and its signing secret (`whsec_…`, as Standard Webhooks write it)."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    hook = Hook(
        id=new_id("hook"),
        account_id=account_id,
        event=event.value,
        target_url=target_url,
        filters=dict(filters or {}),
        days=days,
        secret=seal(secret, keys),
        created_at=now,
    )
    session.add(hook)
    session.flush()
    return hook, secret


def get(session: Session, account_id: str, hook_id: str) -> Hook:
    """The hook, a removed one too. NotFound when this account has none of this id."""
    found = select(Hook).where(Hook.account_id == account_id, Hook.id == hook_id)
    hook = session.scalars(found).one_or_none()
    if hook is None:
        raise NotFound(f"There is no hook {hook_id[:40]} in this account.")
    return hook


def by_ids(session: Session, account_id: str, hook_ids: Collection[str]) -> dict[str, Hook]:
    """The account's hooks of these ids, removed ones too."""
    found = select(Hook).where(Hook.account_id == account_id, Hook.id.in_(hook_ids))
    return {hook.id: hook for hook in session.scalars(found)}


def active(session: Session, account_id: str, event: EventType | None = None) -> Sequence[Hook]:
    """The account's hooks that are still told, the oldest first."""
    found = select(Hook).where(Hook.account_id == account_id, Hook.removed_at.is_(None))
    if event is not None:
        found = found.where(Hook.event == event.value)
    return session.scalars(found.order_by(Hook.created_at, Hook.id)).all()


def of_revoked_keys(session: Session, account_id: str) -> list[Hook]:
    """The hooks that are told of events still, though the key that subscribed them is revoked."""
    subscribed = (
        select(AuditEntry.subject)
        .join(ApiKey, ApiKey.id == AuditEntry.through_id)
        .where(
            AuditEntry.account_id == account_id,
            AuditEntry.act == Act.HOOK_MADE.value,
            ApiKey.account_id == account_id,
            ApiKey.revoked_at.is_not(None),
        )
    )
    found = select(Hook).where(
        Hook.account_id == account_id, Hook.removed_at.is_(None), Hook.id.in_(subscribed)
    )
    return list(session.scalars(found.order_by(Hook.created_at, Hook.id)))


def remove(
    session: Session, account_id: str, hook_id: str, now: datetime, why: str | None = None
) -> None:
    """End a subscription. Ending it twice, or one that never was, is no error."""
    found = select(Hook).where(Hook.account_id == account_id, Hook.id == hook_id)
    hook = session.scalars(found).one_or_none()
    if hook is not None and hook.removed_at is None:
        hook.removed_at, hook.removed_why = now, why


def secret_of(hook: Hook, keys: Sequence[str]) -> str:
    """What the hook's messages are signed with."""
    return unseal(hook.secret, keys, f"The signing secret of hook {hook.id}")


def reseal_all(session: Session, keys: Sequence[str]) -> int:
    """Encrypt every signing secret with the newest key, so that old keys can go. How many."""
    rows = session.scalars(select(Hook).with_for_update()).all()
    for row in rows:
        row.secret = reseal(row.secret, keys)
    return len(rows)
