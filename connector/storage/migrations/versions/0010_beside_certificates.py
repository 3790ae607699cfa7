"""What stands beside certificates: waivers, notices of cancellation, exemptions, insurer ratings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _waivers()
    _cancellations()
    _exemptions()
    op.create_table(
        "ratings",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("naic", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rating", sa.String(), nullable=True),
        sa.Column("size", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_ratings_account_id"),
        sa.PrimaryKeyConstraint("account_id", "naic", name="pk_ratings"),
    )


def _waivers() -> None:
    op.create_table(
        "waivers",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("vendor_id", sa.String(), nullable=False),
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.String(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_waivers_account_id"),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name="fk_waivers_vendor_id"),
        sa.PrimaryKeyConstraint("number", name="pk_waivers"),
        sa.UniqueConstraint("id", name="uq_waivers_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_waivers_standing",
        "waivers",
        ["account_id", "vendor_id", "rule_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index("ix_waivers_account_id_number", "waivers", ["account_id", "number"])
    op.create_index("ix_waivers_account_id_expires", "waivers", ["account_id", "expires"])


def _cancellations() -> None:
    op.create_table(
        "cancellations",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("vendor_id", sa.String(), nullable=True),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("policy_number", sa.String(), nullable=True),
        sa.Column("is_number_sure", sa.Boolean(), nullable=False),
        sa.Column("insured", sa.String(), nullable=True),
        sa.Column("noticed", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("doubt", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_by", sa.String(), nullable=True),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_cancellations_account_id"
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name="fk_cancellations_vendor_id"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_cancellations_document_id"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_cancellations"),
        sa.UniqueConstraint("id", name="uq_cancellations_id"),
        sa.UniqueConstraint(
            "account_id", "document_id", "page", name="uq_cancellations_account_id_document_id_page"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cancellations_account_id_number", "cancellations", ["account_id", "number"])


def _exemptions() -> None:
    op.create_table(
        "exemptions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("vendor_id", sa.String(), nullable=True),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("exemption_number", sa.String(), nullable=True),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("doubt", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_exemptions_account_id"),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name="fk_exemptions_vendor_id"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_exemptions_document_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_exemptions"),
        sa.UniqueConstraint(
            "account_id", "document_id", "page", name="uq_exemptions_account_id_document_id_page"
        ),
    )
    op.create_index("ix_exemptions_account_id_vendor_id", "exemptions", ["account_id", "vendor_id"])
