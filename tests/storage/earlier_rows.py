"""One row in every table of an earlier schema, put in without the code of today."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    insert,
    select,
)
from sqlalchemy.types import TypeEngine

from tests.storage.databases import NOW

Rows = dict[str, dict[str, Any]]

_VALUES: tuple[tuple[type[TypeEngine[Any]], Any], ...] = (
    (Boolean, False),
    (DateTime, NOW),
    (Date, date(2027, 3, 1)),
    (JSON, {}),
    (LargeBinary, b"sealed"),
    (Integer, 1),
    (Float, 1.0),
)
_WORDS = {"status": "compliant", "time_zone": "America/New_York", "project": ""}
"""Text that is read as more than text; any other column of text holds its own name."""

_ENGINES_OWN = {"alembic_version"}


def put_rows(connection: Connection) -> Rows:
    """Fill each table that is there now; by table, the row as the database keeps it."""
    values: Rows = {}
    for table in _tables(connection).sorted_tables:
        values[table.name] = {column.name: _value(column, values) for column in table.columns}
        connection.execute(insert(table).values(values[table.name]))
    return read_rows(connection)


def read_rows(connection: Connection) -> Rows:
    """By table, its first row, every column of it."""
    found: Rows = {}
    for table in _tables(connection).sorted_tables:
        row = connection.execute(select(table)).mappings().first()
        found[table.name] = dict(row) if row else {}
    return found


def _tables(connection: Connection) -> MetaData:
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: name not in _ENGINES_OWN)
    return metadata


def _value(column: Column[Any], known: Rows) -> Any:
    for key in column.foreign_keys:
        return known[key.column.table.name][key.column.name]
    if isinstance(column.type, String):
        return _WORDS.get(column.name, column.name)
    return next(value for kind, value in _VALUES if isinstance(column.type, kind))
