"""Mails: what went to whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "mails",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("certificate_id", sa.String(), nullable=False),
        sa.Column("check_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("has_attachment", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_mails_account_id"),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name="fk_mails_certificate_id"
        ),
        sa.ForeignKeyConstraint(["check_id"], ["checks.id"], name="fk_mails_check_id"),
        sa.PrimaryKeyConstraint("number", name="pk_mails"),
        sa.UniqueConstraint(
            "account_id", "about", "recipient", name="uq_mails_account_id_about_recipient"
        ),
        sa.UniqueConstraint("id", name="uq_mails_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mails_account_id_number", "mails", ["account_id", "number"])
    op.create_index("ix_mails_certificate_id_number", "mails", ["certificate_id", "number"])
