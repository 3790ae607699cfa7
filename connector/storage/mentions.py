"""Where names still stand after an erasure: counted and told, never changed.

A word of free text, or another firm's name, may be the same by chance; only a person can say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    String,
    Table,
    Text,
    cast,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from connector.storage import accounts
from connector.storage.audit import AuditEntry
from connector.storage.schema import Row

SHORTEST = 4
"""A shorter name or number stands in too much that is about somebody else."""

_AT_ONCE = 500
_MOST_RUNS = 50
_PLAIN = re.compile(r"[^a-z0-9]+|ss")
"""What is not the same in every way of writing: an ß may be looked for as ss."""
_AUDIT = AuditEntry.__tablename__


def whole_words(names: Iterable[str]) -> re.Pattern[str]:
    """These names, each as whole words of a text."""
    words = sorted({name for name in names if len(name) >= SHORTEST}, key=len, reverse=True)
    either = "|".join(re.escape(word) for word in words)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if either else r"(?!)", re.IGNORECASE)


def count(session: Session, account_id: str, names: Iterable[str]) -> dict[str, int]:
    """How many of the account's rows of which table say one of the names."""
    names = list(names)
    words, found = whole_words(names), dict[str, int]()
    for table in Row.metadata.sorted_tables:
        if "account_id" not in table.columns:
            continue
        number = sum(
            any(words.search(str(value)) for value in row.values() if value is not None)
            for _, row in rows(session, table, _texts(table), account_id, names)
        )
        if number:
            found[table.name] = number
    account = accounts.get(session, account_id)
    if words.search(f"{account.name} {account.legal_names} {account.settings}"):
        found["accounts"] = 1
    return found


def sentence(found: dict[str, int]) -> str | None:
    """What was found, for a person; None where nothing was."""
    if not found:
        return None
    where = ", ".join(f"{number} {table.replace('_', ' ')}" for table, number in found.items())
    return (
        f"The name or a number still stands in free text, or as somebody else's: {where}. Nothing of "
        "that is changed by itself."
    )


def rows(
    session: Session,
    table: Table,
    columns: list[Column[Any]],
    account_id: str,
    names: Iterable[str],
) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Each row of the account that may say one of the names in these columns: what finds it again,
    and the columns. The database leaves out most of the others, which spares reading them all.
    """
    keys, called = list(table.primary_key.columns), [column.name for column in columns]
    mine = select(*keys, *columns).where(table.c.account_id == account_id, _may_say(columns, names))
    for some in session.execute(mine).partitions(_AT_ONCE):
        for row in some:
            at = [column == row[i] for i, column in enumerate(keys)]
            yield at, dict(zip(called, row[len(keys) :], strict=True))


def _may_say(columns: list[Column[Any]], names: Iterable[str]) -> ColumnElement[bool]:
    """By each name's longest run of plain letters, which JSON and every database keep as they are."""
    runs = {max(_PLAIN.split(name.lower()), key=len) for name in names}
    if not runs or "" in runs or len(runs) > _MOST_RUNS:
        return true()
    texts = [func.lower(cast(column, Text)) for column in columns]
    return or_(*(text.contains(run, autoescape=True) for text in texts for run in runs))


def _texts(table: Table) -> list[Column[Any]]:
    """What a person reads; of the audit log not what names rule sets and ids."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, JSON | String)
        and (table.name != _AUDIT or column.name in ("who", "through_name", "details"))
    ]
