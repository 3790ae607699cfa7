"""Logins: who is logged in, in which browser, until when. The cookie's secret is kept as a digest.

Kept on the server, so that a login can be ended from here: by its person, by a new password, or
with the person's access.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage import login_links, passwords, sent_links
from connector.storage.schema import Row, new_id
from connector.storage.sent_links import LinkKind, SentLink
from connector.storage.users import Role, User

LONGEST = timedelta(days=7)
IDLE = timedelta(hours=12)
"""A login ends a week after it began, and half a day after its last use."""

_SECRET_BYTES = 32
_USE_NOTED_EVERY = timedelta(minutes=5)


class Login(Row):
    """`person` is the name that changes are signed with.

    A login by a review link has no user: it is good for one certificate, `only_certificate_id`,
    while the link `link_id` is.
    """

    __tablename__ = "logins"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    only_certificate_id: Mapped[str | None] = mapped_column(ForeignKey("certificates.id"))
    link_id: Mapped[str | None] = mapped_column(ForeignKey("sent_links.id"), index=True)
    person: Mapped[str]
    role: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def begin(session: Session, user: User, now: datetime) -> str:
    """Log a person in; the secret for the browser's cookie, which is never to be had again."""
    return _begin(session, user.account_id, user.name, Role(user.role), now, LONGEST, user=user)


def begin_review(session: Session, link: SentLink, now: datetime) -> str:
    """Let the link's reviewer look at its certificate for as long as an idle login lasts."""
    person = f"{link.person} (by link)"
    return _begin(session, link.account_id, person, Role.REVIEWER, now, IDLE, link=link)


def find(session: Session, secret: str, now: datetime) -> Login | None:
    """The login of this secret while it is good; a session for reading will do."""
    login = session.scalars(select(Login).where(Login.digest == _digest(secret))).one_or_none()
    return login if login is not None and _is_good(session, login, now) else None


def is_use_to_be_noted(login: Login, now: datetime) -> bool:
    """Not with every page: a write takes its turn behind others."""
    return now - login.last_used_at >= _USE_NOTED_EVERY


def note_use(session: Session, login_id: str, now: datetime) -> None:
    """The login was used, so that it does not end for being idle."""
    session.execute(update(Login).where(Login.id == login_id).values(last_used_at=now))


def end(session: Session, secret: str, now: datetime) -> None:
    """Log out; ending twice keeps the first moment."""
    found = select(Login).where(Login.digest == _digest(secret), Login.ended_at.is_(None))
    login = session.scalars(found).one_or_none()
    if login is not None:
        login.ended_at = now


def choose_password(session: Session, user: User, typed: str, now: datetime) -> None:
    """A new password: whoever was in by the old one, or holds a link, is out.

    InvalidInput for one that is too easily guessed; nothing is changed then.
    """
    user.password = passwords.digest(typed, user.email)
    _end_all(session, user, now)


def let_out(session: Session, user: User, now: datetime) -> None:
    """The person is let in no more, and logged out everywhere; links that they sent end with them.

    Doing it twice changes nothing.
    """
    user.ended_at = user.ended_at or now
    sent_links.end_of_person(session, user, now)
    _end_all(session, user, now)


def forget_over(session: Session, account_id: str, before: datetime) -> int:
    """Remove logins and links of the account that were over before this moment. How many.

    What was done by them stays in the audit log.
    """
    logins = delete(Login).where(
        Login.account_id == account_id, or_(Login.ended_at < before, Login.expires_at < before)
    )
    count = len(session.scalars(logins.returning(Login.id)).all())
    people = select(User.id).where(User.account_id == account_id)
    count += login_links.forget_over(session, people, before)
    used = select(Login.link_id).where(Login.link_id.is_not(None))
    return count + sent_links.forget_over(session, account_id, before, besides=used)


def _end_all(session: Session, user: User, now: datetime) -> None:
    """Log a person out everywhere; links that would let them in again end, too."""
    login_links.end_unused(session, user, now)
    session.execute(
        update(Login).where(Login.user_id == user.id, Login.ended_at.is_(None)).values(ended_at=now)
    )


def _begin(
    session: Session,
    account_id: str,
    person: str,
    role: Role,
    now: datetime,
    lasts: timedelta,
    *,
    user: User | None = None,
    link: SentLink | None = None,
) -> str:
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    session.add(
        Login(
            id=new_id("login"),
            account_id=account_id,
            user_id=user.id if user else None,
            only_certificate_id=link.certificate_id if link else None,
            link_id=link.id if link else None,
            person=person,
            role=role.value,
            digest=_digest(secret),
            created_at=now,
            last_used_at=now,
            expires_at=now + lasts,
        )
    )
    session.flush()
    return secret


def _is_good(session: Session, login: Login, now: datetime) -> bool:
    if login.ended_at is not None or now >= login.expires_at or now - login.last_used_at >= IDLE:
        return False
    if login.user_id is None:
        link_id = login.link_id or ""
        return sent_links.by_token(session, LinkKind.REVIEW, link_id) is not None
    user = session.get_one(User, login.user_id)
    return user.ended_at is None and user.role == login.role


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
