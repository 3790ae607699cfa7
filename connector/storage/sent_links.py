"""Links that were sent to people outside: for a vendor to send its certificate, for a reviewer to look.

A link's token carries only the id of its row, so that the office sees which links are out, and can
take each of them back. A link ends with whoever made it: a person who is let in no more, a key
that is ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Select, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.errors import NotFound
from connector.storage import actor
from connector.storage.actor import Through
from connector.storage.schema import Row, new_id
from connector.storage.users import User


class LinkKind(StrEnum):
    """What a link is for."""

    UPLOAD = "upload"
    REVIEW = "review"


class LinkState(StrEnum):
    """How a link stands."""

    OPEN = "open"
    EXPIRED = "expired"
    ENDED = "ended"


MAKER_LET_OUT = "whoever made it is let in no more"
KEY_ENDED = "the key that made it is ended"


class SentLink(Row):
    """An upload link names a vendor (and a project, or "" for all), a review link a certificate
    (whose vendor may become another) and the `person` who is asked.

    `user_id` or `key_id` is who made it; neither for the command line. `ended_why` is set where
    nobody took it back by itself.
    """

    __tablename__ = "sent_links"
    __table_args__ = (
        Index("ix_sent_links_account_id_number", "account_id", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str]
    vendor_id: Mapped[str | None] = mapped_column(ForeignKey("vendors.id"), index=True)
    certificate_id: Mapped[str | None] = mapped_column(ForeignKey("certificates.id"), index=True)
    project: Mapped[str] = mapped_column(default="")
    person: Mapped[str | None]
    made_by: Mapped[str | None]
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    key_id: Mapped[str | None] = mapped_column(ForeignKey("api_keys.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_why: Mapped[str | None]

    def state(self, now: datetime) -> LinkState:
        if self.ended_at is not None:
            return LinkState.ENDED
        return LinkState.EXPIRED if now >= self.expires_at else LinkState.OPEN


def make(
    session: Session,
    account_id: str,
    kind: LinkKind,
    now: datetime,
    lasts: timedelta,
    *,
    vendor_id: str | None = None,
    certificate_id: str | None = None,
    project: str = "",
    person: str | None = None,
    no_later_than: datetime | None = None,
) -> SentLink:
    """A new link, made by whoever acts now; `no_later_than` is the end of a key that makes it."""
    maker = actor.present()
    link = SentLink(
        id=new_id("link"),
        account_id=account_id,
        kind=kind.value,
        vendor_id=vendor_id,
        certificate_id=certificate_id,
        project=project,
        person=person,
        made_by=maker.name,
        user_id=maker.id if maker.through is Through.PAGE else None,
        key_id=maker.id if maker.through is Through.API_KEY else None,
        created_at=now,
        expires_at=min(now + lasts, no_later_than or datetime.max.replace(tzinfo=UTC)),
    )
    session.add(link)
    session.flush()
    return link


def get(session: Session, account_id: str, link_id: str) -> SentLink:
    """The link. NotFound when this account has none of this id."""
    found = select(SentLink).where(SentLink.account_id == account_id, SentLink.id == link_id)
    link = session.scalars(found).one_or_none()
    if link is None:
        raise NotFound("There is no such link in this account.")
    return link


def by_token(session: Session, kind: LinkKind, link_id: str) -> SentLink | None:
    """The link whose id stands in a token that we signed, unless it has been ended."""
    found = select(SentLink).where(SentLink.id == link_id, SentLink.kind == kind.value)
    link = session.scalars(found).one_or_none()
    return link if link is not None and not is_ended(session, link) else None


def is_ended(session: Session, link: SentLink) -> bool:
    """Whether it was taken back, or whoever made it is gone."""
    if link.ended_at is not None:
        return True
    maker = session.get(User, link.user_id) if link.user_id else None
    return maker is not None and maker.ended_at is not None


def search(
    session: Session,
    account_id: str,
    *,
    vendor_id: str | None = None,
    certificate_id: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[SentLink]:
    """The account's links, newest first. The next page is `before` the last number."""
    found = select(SentLink).where(SentLink.account_id == account_id)
    if vendor_id is not None:
        found = found.where(SentLink.vendor_id == vendor_id)
    if certificate_id is not None:
        found = found.where(SentLink.certificate_id == certificate_id)
    if before is not None:
        found = found.where(SentLink.number < before)
    return session.scalars(found.order_by(SentLink.number.desc()).limit(limit)).all()


def end(link: SentLink, now: datetime, why: str | None = None) -> None:
    """It opens nothing any more. Ending it twice keeps the first moment and reason."""
    if link.ended_at is None:
        link.ended_at, link.ended_by, link.ended_why = now, actor.present().name, why


def end_of_person(session: Session, user: User, now: datetime) -> None:
    """Links end with the person who made them."""
    mine = select(SentLink).where(SentLink.user_id == user.id, SentLink.ended_at.is_(None))
    for link in session.scalars(mine):
        end(link, now, MAKER_LET_OUT)


def end_of_key(session: Session, key_id: str, now: datetime) -> None:
    """Links end with the key that made them."""
    mine = select(SentLink).where(SentLink.key_id == key_id, SentLink.ended_at.is_(None))
    for link in session.scalars(mine):
        end(link, now, KEY_ENDED)


def pass_on(session: Session, key_id: str, new_key_id: str) -> None:
    """A key is replaced: the links that it made are the new one's, and go on."""
    mine = update(SentLink).where(SentLink.key_id == key_id)
    session.execute(mine.values(key_id=new_key_id))


def forget_over(
    session: Session, account_id: str, before: datetime, *, besides: Select[str | None]
) -> int:
    """Remove links that were over before this moment, but for these. How many."""
    old = delete(SentLink).where(
        SentLink.account_id == account_id,
        or_(SentLink.ended_at < before, SentLink.expires_at < before),
        SentLink.id.not_in(besides),
    )
    return len(session.scalars(old.returning(SentLink.id)).all())
