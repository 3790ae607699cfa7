"""Payment holds that we placed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "payment_holds",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("invoice_id", sa.String(), nullable=False),
        sa.Column("external_vendor_id", sa.String(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_payment_holds_account_id"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_payment_holds"),
        sa.UniqueConstraint(
            "account_id",
            "place",
            "invoice_id",
            name="uq_payment_holds_account_id_place_invoice_id",
        ),
        sqlite_autoincrement=True,
    )
