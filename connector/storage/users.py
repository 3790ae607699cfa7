"""Users: the people of an office who may open the pages, each with one role."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.certificate.field import Scalar
from connector.errors import InvalidInput, NotFound
from connector.storage import audit
from connector.storage.audit import Act, AuditEntry
from connector.storage.schema import Row, insert_missing, new_id

LONGEST_EMAIL = 254


class Role(StrEnum):
    """What a person may do; each role may do what the one before it may."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    ADMIN = "admin"

    def may(self, needed: Role) -> bool:
        """Whether this role is `needed` or above it."""
        order = tuple(Role)
        return order.index(self) >= order.index(needed)


class User(Row):
    """A person. `email` is in small letters and belongs to one account only.

    `password` is an argon2id digest; None until the person has chosen one.
    """

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password: Mapped[str | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def add(
    session: Session, account_id: str, email: str, *, name: str, role: Role, now: datetime
) -> User:
    """A new person, or one who was there before and comes back. InvalidInput for a taken address."""
    plain = plain_email(email)
    new = {
        "id": new_id("user"),
        "account_id": account_id,
        "email": plain,
        "name": name,
        "role": role.value,
        "created_at": now,
    }
    insert_missing(session, User, new, ["email"])
    user = session.scalars(select(User).where(User.email == plain)).one()
    if user.account_id != account_id or (user.id != new["id"] and user.ended_at is None):
        raise InvalidInput(f"{plain} has a login already. Use another address.", field="email")
    if user.ended_at is not None:
        user.password = user.ended_at = None
    user.name, user.role = name, role.value
    said: dict[str, Scalar] = {"email": plain, "role": role.value}
    audit.record(session, account_id, Act.PERSON_ADDED, now, subject=user.id, details=said)
    return user


def plain_email(given: str) -> str:
    """The address in small letters. InvalidInput when it cannot be one."""
    plain = given.strip().lower()
    name, at, host = plain.rpartition("@")
    is_whole = bool(name and at and "." in host.strip("."))
    if not is_whole or not plain.isprintable() or " " in plain or len(plain) > LONGEST_EMAIL:
        raise InvalidInput(
            f"“{given[:60]}” is no e-mail address. Write it like dana@summit.example.",
            field="email",
        )
    return plain


def by_email(session: Session, email: str) -> User | None:
    """The person of this address, unless their login was ended."""
    found = select(User).where(User.email == email.strip().lower(), User.ended_at.is_(None))
    return session.scalars(found).one_or_none()


def whose_address(session: Session, email: str) -> User | None:
    """The person of this address, those who were let out too."""
    found = select(User).where(User.email == email.strip().lower())
    return session.scalars(found).one_or_none()


def get(session: Session, account_id: str, user_id: str) -> User:
    """The person. NotFound when this account has none of this id."""
    found = select(User).where(User.account_id == account_id, User.id == user_id)
    user = session.scalars(found).one_or_none()
    if user is None:
        raise NotFound("There is no such person in this account.")
    return user


def of_account(session: Session, account_id: str) -> list[User]:
    """The account's people by name, those whose login was ended too."""
    found = select(User).where(User.account_id == account_id)
    return list(session.scalars(found.order_by(User.name, User.email)))


def is_there_anyone(session: Session) -> bool:
    """Whether anybody was ever let in: the link for the first person opens nothing after that.

    Also when all who were have been erased: then the command line lets somebody in.
    """
    if session.scalar(select(User.id).limit(1)) is not None:
        return True
    ever = select(AuditEntry.id).where(AuditEntry.act == Act.PERSON_ADDED.value)
    return session.scalar(ever.limit(1)) is not None
