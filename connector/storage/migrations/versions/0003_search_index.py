"""One index that holds all that certificates are searched by: a search reads no certificate's body."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.drop_index("ix_certificates_account_id_number", "certificates")
    op.create_index(
        "ix_certificates_search",
        "certificates",
        [
            "account_id",
            "number",
            "insured_name",
            "vendor_id",
            "document_id",
            "needs_review",
            "earliest_expiration",
        ],
    )
