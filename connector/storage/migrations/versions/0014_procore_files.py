"""Files in Procore that were looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "procore_files",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=True),
        sa.Column("why_not", sa.String(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_procore_files_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_procore_files")),
        sa.UniqueConstraint(
            "account_id", "place", "key", name=op.f("uq_procore_files_account_id_place_key")
        ),
        sqlite_autoincrement=True,
    )
