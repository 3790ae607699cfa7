"""Endorsement pages that came without a certificate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "endorsement_pages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("vendor_id", sa.String(), nullable=True),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("reader_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_endorsement_pages_account_id"),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name="fk_endorsement_pages_vendor_id"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_endorsement_pages_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_endorsement_pages"),
        sa.UniqueConstraint("account_id", "document_id", "page", name="uq_endorsement_pages_account_id_document_id_page"),
    )  # fmt: skip
    op.create_index("ix_endorsement_pages_account_id_vendor_id", "endorsement_pages", ["account_id", "vendor_id"])  # fmt: skip
    op.create_index("ix_endorsement_pages_account_id_policy", "endorsement_pages", ["account_id", "policy"])  # fmt: skip
