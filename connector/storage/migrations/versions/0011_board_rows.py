"""The board's rows, one per vendor and project; filled in from what is on file (see board.complete)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "board_rows",
        sa.Column("vendor_id", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("certificate_id", sa.String(), nullable=True),
        sa.Column("waiting_certificate_id", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lines_end", sa.Date(), nullable=True),
        sa.Column("check_id", sa.String(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("check_ends", sa.Date(), nullable=True),
        sa.Column("missing", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_board_rows_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendors.id"], name=op.f("fk_board_rows_vendor_id_vendors")
        ),
        sa.PrimaryKeyConstraint("vendor_id", "project", name=op.f("pk_board_rows")),
    )
    op.create_index("ix_board_rows_account_id_project", "board_rows", ["account_id", "project"])
    op.create_index(
        "ix_certificates_waiting",
        "certificates",
        ["account_id", "id"],
        sqlite_where=sa.text("needs_review = 1"),
        postgresql_where=sa.text("needs_review"),
    )
