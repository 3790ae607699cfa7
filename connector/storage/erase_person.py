"""A person removed from where people's names stand: who waived, corrected, asked, logged in.

Looked for in the columns and keys that say who did something, by the exact name or address. What
free text says is counted and told, not changed: a firm may be called like a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Table, delete, select, update
from sqlalchemy.orm import Session

from connector.certificate.values import tidy
from connector.errors import InvalidInput
from connector.storage import audit, erasures, mentions, sent_links
from connector.storage.audit import Act, AuditEntry
from connector.storage.erase_account import tables
from connector.storage.login_links import LoginLink
from connector.storage.logins import Login
from connector.storage.schema import new_id
from connector.storage.sent_links import SentLink
from connector.storage.users import User

NOBODY = "(erased)"
BY_LINK = " (by link)"
"""How a reviewer who came by a link signs."""
_WHO = re.compile(r"(^|_)by$|^who$|^person$")
_SENTENCES = ("waived_by", "waived_text")
"""Where a verdict says "Waived by …"."""
_AT_ONCE = 500


@dataclass(frozen=True)
class Person:
    """`user_id` is None for somebody who never logged in: who was named in a waiver, or asked by link."""

    account_id: str
    user_id: str | None
    names: frozenset[str]

    def is_named(self, text: object) -> bool:
        return isinstance(text, str) and tidy(text).casefold() in self.names


@dataclass
class Gone:
    """How many rows of which table no longer name the person; `left` still do in free text, where
    that was looked for.
    """

    counts: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)

    def add(self, table: str, number: int = 1) -> None:
        if number:
            self.counts[table] = self.counts.get(table, 0) + number


def person(session: Session, account_id: str, called: str) -> Person:
    """Who is meant by an address of a login, also an ended one, else by a name as it was signed."""
    plain = tidy(called).casefold()
    found = select(User).where(User.account_id == account_id, User.email == plain)
    user = session.scalars(found).one_or_none()
    if user is None:
        _require_no_login(session, account_id, plain)
    names = {plain} if user is None else {user.email, tidy(user.name).casefold()}
    names |= {name + BY_LINK for name in names}
    return Person(account_id, user.id if user else None, frozenset(names))


def _require_no_login(session: Session, account_id: str, plain: str) -> None:
    """InvalidInput where the name is that of a login: its address says who is meant."""
    for user in session.scalars(select(User).where(User.account_id == account_id)):
        if tidy(user.name).casefold() == plain:
            raise InvalidInput(
                f"{user.name} logs in as {user.email}. Name the address.", field="who"
            )


def erase(session: Session, who: Person, now: datetime) -> Gone:
    """Remove the name in the session's transaction; acts and moments stay, and that it was done."""
    gone = Gone()
    _empty_entries(session, who, now, gone)
    _remove_login(session, who, now, gone)
    session.flush()
    for table in tables():
        _in_columns(session, table, who, gone)
        _in_json(session, table, who, gone)
    now_gone, act = gone.counts, Act.PERSON_ERASED
    audit.record(session, who.account_id, act, now, subject=who.user_id, details=now_gone)
    session.flush()
    return gone


def _searched(who: Person) -> frozenset[str]:
    """The names, and the id that an answer or input may hold beside another name."""
    return who.names | ({who.user_id} if who.user_id else set())


def _empty_entries(session: Session, who: Person, now: datetime, gone: Gone) -> None:
    """Of the audit log: the name as actor; what an entry says where it says the name."""
    erasure = erasures.begin(session, who.account_id, who.user_id or new_id("person"), now)
    mine = select(AuditEntry).where(AuditEntry.account_id == who.account_id)
    for row in session.scalars(mine.execution_options(yield_per=_AT_ONCE)):
        is_own = who.user_id is not None and who.user_id in (row.through_id, row.subject)
        is_namesake = (row.through_id or "").startswith("user_") and row.through_id != who.user_id
        emptied = {
            "who": who.is_named(row.who) and not is_namesake,
            "through_name": who.is_named(row.through_name) and not is_namesake,
            "details": _tells(row, who, is_own=is_own),
        }
        values = {name: None for name, is_so in emptied.items() if is_so and getattr(row, name)}
        if values:
            change = update(AuditEntry).where(AuditEntry.number == row.number).values(**values)
            session.execute(change.execution_options(synchronize_session=False))
            gone.add("audit_entries")
        session.expunge(row)
    erasure.is_open, erasure.counts = False, {}
    session.flush()


def _tells(row: AuditEntry, who: Person, *, is_own: bool) -> bool:
    """Whether what an entry says is, or mentions, the person; a lone word may be a firm's."""
    texts = [str(value) for value in (row.details or {}).values()]
    if is_own and row.subject == who.user_id:
        return bool(texts)
    distinctive = [name for name in who.names if " " in name or "@" in name]
    words = mentions.whole_words(distinctive)
    return any(who.is_named(text) or words.search(text) for text in texts)


def _remove_login(session: Session, who: Person, now: datetime, gone: Gone) -> None:
    if who.user_id is None:
        return
    user = session.get_one(User, who.user_id)
    sent_links.end_of_person(session, user, now)
    session.flush()
    mine = update(SentLink).where(SentLink.user_id == user.id).values(user_id=None, made_by=NOBODY)
    session.execute(mine)
    for table in (Login, LoginLink):
        removed = session.execute(delete(table).where(table.user_id == user.id))
        gone.add(table.__tablename__, removed.rowcount)  # type: ignore[attr-defined]
    session.execute(delete(User).where(User.id == user.id))
    gone.add("users")


def _in_columns(session: Session, table: Table, who: Person, gone: Gone) -> None:
    """Columns that say who."""
    for column in table.columns:
        if not (isinstance(column.type, String) and _WHO.search(column.name)):
            continue
        mine = select(column).where(table.c.account_id == who.account_id, column.is_not(None))
        named = [text for text in session.scalars(mine.distinct()) if who.is_named(text)]
        here = table.c.account_id == who.account_id
        change = update(table).where(here, column.in_(named)).values({column.name: NOBODY})
        gone.add(table.name, session.execute(change).rowcount)  # type: ignore[attr-defined]


def _in_json(session: Session, table: Table, who: Person, gone: Gone) -> None:
    """Keys that say who, in answers, inputs, verdicts and events."""
    columns = [column for column in table.columns if isinstance(column.type, JSON)]
    if not columns:
        return
    found = list(mentions.rows(session, table, columns, who.account_id, _searched(who)))
    for key, row in found:
        new = {name: _without(value, "", who) for name, value in row.items()}
        changed = {name: value for name, value in new.items() if value != row[name]}
        if changed:
            session.execute(update(table).where(*key).values(changed))
            gone.add(table.name)


def _without(value: object, key: str, who: Person) -> Any:
    """The same JSON with nobody where the person stood."""
    if isinstance(value, Mapping):
        if "through" in value and who.user_id and value.get("id") == who.user_id:
            value = {**value, "name": None}
        return {name: _without(inner, str(name), who) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, key, who) for inner in value]
    if not isinstance(value, str):
        return value
    if _WHO.search(key) and who.is_named(value):
        return NOBODY
    if key in _SENTENCES:
        return _waived_by(who).sub(rf"\1{NOBODY}", value)
    return value


def _waived_by(who: Person) -> re.Pattern[str]:
    either = "|".join(re.escape(name) for name in sorted(who.names, key=len, reverse=True))
    return re.compile(rf"(Waived by )(?:{either})(?!\w)", re.IGNORECASE)
