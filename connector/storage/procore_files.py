"""Files in Procore that were looked at: each version once, whatever became of it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.storage.schema import Row, insert_missing

OURS = "filed by us"


def content_key(data: bytes) -> str:
    """The key under which bytes that we filed there are known, whatever they are called."""
    return f"content-{hashlib.sha256(data).hexdigest()}"


class ProcoreFile(Row):
    """`place` is the company in its installation, `key` the very version of a file there, or the
    content of one that we filed.

    `job_id` is the job that processes it; `why_not` says why it was not taken, if it was not.
    """

    __tablename__ = "procore_files"
    __table_args__ = (
        UniqueConstraint("account_id", "place", "key"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    place: Mapped[str]
    key: Mapped[str]
    name: Mapped[str]
    job_id: Mapped[str | None]
    why_not: Mapped[str | None]
    seen_at: Mapped[datetime]


def is_known(session: Session, account_id: str, place: str, key: str) -> bool:
    """Whether this version was looked at before."""
    found = select(ProcoreFile.number).where(
        ProcoreFile.account_id == account_id, ProcoreFile.place == place, ProcoreFile.key == key
    )
    return session.scalar(found) is not None


def note(
    session: Session,
    account_id: str,
    place: str,
    key: str,
    now: datetime,
    *,
    name: str,
    job_id: str | None = None,
    why_not: str | None = None,
) -> None:
    """It was looked at; noted once."""
    new = {"account_id": account_id, "place": place, "key": key, "seen_at": now}
    new |= {"name": name, "job_id": job_id, "why_not": why_not}
    insert_missing(session, ProcoreFile, new, ["account_id", "place", "key"])
