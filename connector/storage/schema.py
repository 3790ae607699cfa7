"""What all tables share: the declarative class, moments in UTC, and ids that people can read out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import JSON, ColumnElement, DateTime, Dialect, MetaData, String, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.types import TypeDecorator

_ID_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that an id read over the phone arrives."""

_ID_LENGTH = 12
"""60 random bits: among a million ids of a kind, the chance of two alike is below one in a million."""


class Moment(TypeDecorator[datetime]):
    """A moment as an aware datetime in UTC. A naive one is refused: nobody knows what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Row(DeclarativeBase):
    """A table's row. JSON stays `json`, never `jsonb`: flat answers keep the order of their keys."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: Moment,
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        str: String,
    }


AnyRow = TypeVar("AnyRow", bound=Row)


def new_id(kind: str) -> str:
    """A new id such as `cert_7Q2M4K8T1XPA`."""
    return f"{kind}_" + "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))


def contains(text: InstrumentedAttribute[Any], part: str, dialect: str) -> ColumnElement[bool]:
    """Whether a column contains `part`, in whatever case of the letters A to Z.

    SQLite's LIKE is that by itself; lower() around every row would double the time of a search.
    """
    escaped = part.replace("/", "//").replace("%", "/%").replace("_", "/_")
    compare = text.like if dialect == "sqlite" else text.ilike
    return compare(f"%{escaped}%", escape="/")


def insert_missing(
    session: Session, table: type[Row], values: Mapping[str, Any], unique: Sequence[str]
) -> bool:
    """Insert a row unless one with the same `unique` columns is there; whether it was inserted.

    Done by the database in one statement, so that of two writers at once exactly one inserts.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(table)
        .values(dict(values))
        .on_conflict_do_nothing(index_elements=list(unique))
        .returning(*inspect(table).primary_key)
    )
    return session.execute(statement).first() is not None
