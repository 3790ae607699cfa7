"""What the job engine has on file, read past its own library."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import MetaData, Table, select

from tests.storage.databases import Database


def engine_rows(database: Database) -> list[dict[str, Any]]:
    """The engine's rows, oldest first, as plain columns."""
    schema = None if database.is_sqlite else "dbos"
    tables = MetaData(schema=schema)
    status = Table("workflow_status", tables, autoload_with=database.engine)
    inputs = Table("workflow_input", tables, autoload_with=database.engine)
    same = inputs.c.workflow_uuid == status.c.workflow_uuid
    found = (
        select(status, inputs.c.inputs.label("given"))
        .join(inputs, same, isouter=True)
        .order_by(status.c.created_at, status.c.workflow_uuid)
    )
    with database.engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(found)]


def end_in_engine(
    database: Database, status: str | None, completed: datetime | None = None
) -> None:
    """Let the engine's workflows stand at `status`, or be unknown to it (None)."""
    schema = None if database.is_sqlite else "dbos"
    table = Table("workflow_status", MetaData(schema=schema), autoload_with=database.engine)
    with database.engine.begin() as connection:
        milliseconds = int(completed.timestamp() * 1000) if completed else None
        ended = table.update().values(status=status, completed_at=milliseconds)
        connection.execute(ended if status else table.delete())
