"""API keys: shown once, kept only as a digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.errors import Forbidden, NotFound
from connector.storage import sent_links
from connector.storage.actor import Through
from connector.storage.audit import Act, AuditEntry
from connector.storage.schema import Row, new_id
from connector.storage.users import User

_SECRET_BYTES = 32
_PREFIX_LENGTH = 12
_USE_NOTED_EVERY = timedelta(minutes=1)
"""A busy key would otherwise write to the database with every request."""


class Scope(StrEnum):
    """What a key may do. `admin` is for what changes the verdict of every certificate."""

    READ = "read"
    ACT = "act"
    ADMIN = "admin"


USUAL = (Scope.READ, Scope.ACT)
"""All that Zapier, Make and n8n need."""


class ApiKey(Row):
    """`prefix` is the secret's beginning, enough for a person to recognise a key by; no `scopes`
    at all means every one: so were keys made before there were any.

    The digest is plain SHA-256: the secret is 256 random bits, so there is nothing to guess and
    nothing that a slow password hash would make harder, while every request must compute it.
    """

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str]
    prefix: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    def may(self, scope: Scope) -> bool:
        return not self.scopes or scope in self.scopes


def create(
    session: Session,
    account_id: str,
    name: str,
    now: datetime,
    *,
    scopes: Iterable[Scope] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is never to be had again."""
    secret = "coi_" + secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey(
        id=new_id("key"),
        account_id=account_id,
        name=name,
        prefix=secret[:_PREFIX_LENGTH],
        digest=_digest(secret),
        scopes=sorted({str(scope) for scope in scopes}),
        created_at=now,
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    return key, secret


def find(session: Session, secret: str, now: datetime) -> ApiKey | None:
    """The key with this secret, unless it was revoked or has expired; a session for reading will do.

    Looked up by its beginning and compared in constant time, so that how long an answer takes
    says nothing about how much of a guess was right.
    """
    digest = _digest(secret)
    candidates = session.scalars(select(ApiKey).where(ApiKey.prefix == secret[:_PREFIX_LENGTH]))
    for key in candidates:
        if hmac.compare_digest(key.digest, digest) and _is_valid(key, now):
            return key
    return None


def is_use_to_be_noted(key: ApiKey, now: datetime) -> bool:
    """Not with every request: a write takes its turn behind others."""
    return key.last_used_at is None or now - key.last_used_at >= _USE_NOTED_EVERY


def note_use(session: Session, key_id: str, now: datetime) -> None:
    session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=now))


def replace(
    session: Session, account_id: str, key_id: str, now: datetime, *, overlap: timedelta
) -> tuple[ApiKey, str]:
    """A new key with the old one's name and scopes, and its secret.

    The old one goes on opening for `overlap`, so that every Zap can be changed without a gap; it
    never lives longer than it would have, nor does the new one. Forbidden for a key that is ended.
    """
    old = _of(session, account_id, key_id)
    if not _is_valid(old, now):
        raise Forbidden("This key is ended. Make a new one with `connector keys create NAME`.")
    made = create(
        session, account_id, old.name, now, scopes=map(Scope, old.scopes), expires_at=old.expires_at
    )
    sent_links.pass_on(session, old.id, made[0].id)
    ends = now + overlap
    old.expires_at = min(ends, old.expires_at) if old.expires_at else ends
    return made


def revoke(session: Session, account_id: str, key_id: str, now: datetime) -> ApiKey:
    """The key, no longer valid, and the links that it made. Revoking twice keeps the first moment."""
    key = _of(session, account_id, key_id)
    key.revoked_at = key.revoked_at or now
    sent_links.end_of_key(session, key.id, now)
    return key


def _of(session: Session, account_id: str, key_id: str) -> ApiKey:
    found = select(ApiKey).where(ApiKey.account_id == account_id, ApiKey.id == key_id)
    key = session.scalars(found).one_or_none()
    if key is None:
        raise NotFound("There is no such key in this account.")
    return key


def of_account(session: Session, account_id: str) -> list[ApiKey]:
    """The account's keys, newest first, revoked ones too."""
    found = select(ApiKey).where(ApiKey.account_id == account_id)
    return list(session.scalars(found.order_by(ApiKey.created_at.desc(), ApiKey.id)))


def made_by(session: Session, user: User, now: datetime) -> list[ApiKey]:
    """The keys, good still, that this person made on the pages, and so has seen."""
    seen = select(AuditEntry.subject).where(
        AuditEntry.account_id == user.account_id,
        AuditEntry.act == Act.KEY_MADE.value,
        AuditEntry.through == Through.PAGE.value,
        AuditEntry.through_id == user.id,
    )
    found = select(ApiKey).where(ApiKey.account_id == user.account_id, ApiKey.id.in_(seen))
    return [key for key in session.scalars(found.order_by(ApiKey.name)) if _is_valid(key, now)]


def _is_valid(key: ApiKey, now: datetime) -> bool:
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
