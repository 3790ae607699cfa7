"""Accounts: a contractor's office, with its time zone, its own legal names and settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.errors import NotFound
from connector.storage.locks import alone
from connector.storage.schema import Row, new_id

FIRST_ACCOUNT = "My company"
"""Whoever names no account means this one."""

DEFAULT_TIME_ZONE = "America/New_York"


class Account(Row):
    """`legal_names` are the contractor's own, compared with the certificate holder."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    time_zone: Mapped[str] = mapped_column(default=DEFAULT_TIME_ZONE)
    legal_names: Mapped[list[str]] = mapped_column(default=list)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


def create(
    session: Session,
    name: str,
    now: datetime,
    *,
    time_zone: str = DEFAULT_TIME_ZONE,
    legal_names: tuple[str, ...] = (),
) -> Account:
    """A new account."""
    account = Account(
        id=new_id("acct"),
        name=name,
        time_zone=time_zone,
        legal_names=list(legal_names),
        settings={},
        created_at=now,
    )
    session.add(account)
    session.flush()
    return account


def get(session: Session, account_id: str) -> Account:
    """The account. NotFound when there is none."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def by_name(session: Session, name: str) -> Account | None:
    """The oldest account of this name."""
    found = select(Account).where(Account.name == name).order_by(Account.created_at).limit(1)
    return session.scalars(found).first()


def named(session: Session, name: str, now: datetime) -> Account:
    """The account of this name, made when it is new."""
    found = by_name(session, name)
    if found is None:
        alone(session, "account of a new name")  # of two who come at once, one makes it
        found = by_name(session, name) or create(session, name, now)
    return found


def everyone(session: Session) -> list[Account]:
    """All accounts, for the daily work; no request may list them."""
    return list(session.scalars(select(Account).order_by(Account.created_at, Account.id)))
