"""Of a check: its project, and the day on which its answer becomes another by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0015"

_CHECKS = sa.table("checks", sa.column("project", sa.String()), sa.column("flat", sa.JSON()))


def upgrade() -> None:
    with op.batch_alter_table("checks") as table:
        table.add_column(sa.Column("project", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("turns_on", sa.Date(), nullable=True))
    named = _CHECKS.c.flat["project_name"].as_string()
    op.execute(sa.update(_CHECKS).values(project=sa.func.coalesce(named, "")))
    op.create_index(op.f("ix_checks_account_id_turns_on"), "checks", ["account_id", "turns_on"])
