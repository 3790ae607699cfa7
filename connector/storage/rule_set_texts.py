"""Rule sets as they stood when a verdict was given: name, version, digest and whole text."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from connector.certificate.field import Scalar
from connector.errors import Misconfigured
from connector.storage import accounts, audit
from connector.storage.audit import Act
from connector.storage.schema import Row, insert_missing


class RuleSetText(Row):
    """The same for all accounts. A version has one digest for ever."""

    __tablename__ = "rule_set_texts"
    __table_args__ = (UniqueConstraint("name", "version"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int]
    text: Mapped[str]
    first_used_at: Mapped[datetime]


def keep(
    session: Session, name: str, version: int, *, digest: str, text: str, now: datetime
) -> RuleSetText:
    """Keep the text of a rule set. Misconfigured when this version was kept with other content."""
    new = {"digest": digest, "name": name, "version": version, "text": text, "first_used_at": now}
    if insert_missing(session, RuleSetText, new, ["name", "version"]):
        _tell_everyone(session, name, version, digest, now)
    kept = session.scalars(
        select(RuleSetText).where(RuleSetText.name == name, RuleSetText.version == version)
    ).one()
    if kept.digest != digest:
        raise Misconfigured(
            f"The rules of {name} were changed, in its own file or in one that it extends, but its "
            f"version is still {version}. Raise it, so that earlier verdicts keep their meaning."
        )
    return kept


def _tell_everyone(session: Session, name: str, version: int, digest: str, now: datetime) -> None:
    """A version that is new applies to every account's checks from now on."""
    said: dict[str, Scalar] = {"version": version, "rules_digest": digest}
    for account in accounts.everyone(session):
        audit.record(session, account.id, Act.RULE_SET_TAKEN, now, subject=name, details=said)


def by_digest(session: Session, digest: str) -> RuleSetText | None:
    """The rule set behind a verdict."""
    return session.get(RuleSetText, digest)
