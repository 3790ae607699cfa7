"""Which vendor of another system a vendor of ours is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "vendor_matches",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("vendor_id", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_vendor_matches_account_id"
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name="fk_vendor_matches_vendor_id"),
        sa.PrimaryKeyConstraint("number", name="pk_vendor_matches"),
        sa.UniqueConstraint(
            "account_id",
            "vendor_id",
            "place",
            name="uq_vendor_matches_account_id_vendor_id_place",
        ),
        sqlite_autoincrement=True,
    )
