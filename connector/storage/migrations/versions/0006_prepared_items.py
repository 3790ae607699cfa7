"""Items that a person carries into another system, and GCPay's cover sheets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "prepared_items",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("push_id", sa.String(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_with", sa.Integer(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_prepared_items_account_id"
        ),
        sa.ForeignKeyConstraint(["push_id"], ["pushes.id"], name="fk_prepared_items_push_id"),
        sa.PrimaryKeyConstraint("number", name="pk_prepared_items"),
        sa.UniqueConstraint("id", name="uq_prepared_items_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_prepared_items_account_id_kind",
        "prepared_items",
        ["account_id", "destination", "mode", "number"],
    )
    op.create_index("ix_prepared_items_push_id", "prepared_items", ["push_id"])
    op.create_table(
        "cover_sheets",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("vendor", sa.String(), nullable=False),
        sa.Column("vendor_name", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_cover_sheets_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cover_sheets"),
        sa.UniqueConstraint(
            "account_id", "vendor", "item", name="uq_cover_sheets_account_id_vendor_item"
        ),
    )
