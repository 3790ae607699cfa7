"""One-time links: whoever holds one may log in once as its person, or choose a new password."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Select, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage.schema import Row, new_id
from connector.storage.users import User

_SECRET_BYTES = 32


class LoginLink(Row):
    """`used_at` makes it one-time; a new link handed to the same person ends the older ones."""

    __tablename__ = "login_links"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def create(
    session: Session, user: User, lasts: timedelta, now: datetime, *, ends_older: bool = True
) -> str:
    """The secret of a new link for this person; earlier ones open nothing any more."""
    if ends_older:
        end_unused(session, user, now)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    session.add(
        LoginLink(
            id=new_id("link"),
            user_id=user.id,
            digest=_digest(secret),
            created_at=now,
            expires_at=now + lasts,
        )
    )
    session.flush()
    return secret


def end_unused(session: Session, user: User, now: datetime) -> None:
    """No link of this person opens anything any more: a new password is chosen, or access ends."""
    older = select(LoginLink).where(LoginLink.user_id == user.id, LoginLink.used_at.is_(None))
    for link in session.scalars(older):
        link.used_at = now


def person_of(session: Session, secret: str, now: datetime) -> User | None:
    """Whose link this is, while it is good; looking does not use it up."""
    link = _good(session, secret, now)
    return None if link is None else _user(session, link)


def use(session: Session, secret: str, now: datetime) -> User | None:
    """Whose link this is, and the link used up; of two who come at once, one."""
    link = _good(session, secret, now)
    user = None if link is None else _user(session, link)
    if link is None or user is None:
        return None
    link.used_at = now
    session.flush()
    return user


def forget_over(session: Session, user_ids: Select[str], before: datetime) -> int:
    """Remove these people's links whose time was over before this moment. How many."""
    old = delete(LoginLink).where(LoginLink.user_id.in_(user_ids), LoginLink.expires_at < before)
    return len(session.scalars(old.returning(LoginLink.id)).all())


def _good(session: Session, secret: str, now: datetime) -> LoginLink | None:
    found = select(LoginLink).where(LoginLink.digest == _digest(secret)).with_for_update()
    link = session.scalars(found).one_or_none()
    if link is None or link.used_at is not None or now >= link.expires_at:
        return None
    return link


def _user(session: Session, link: LoginLink) -> User | None:
    user = session.get_one(User, link.user_id)
    return user if user.ended_at is None else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
