"""A correction can be taken back; a push remembers the vendor that was chosen for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("corrections", sa.Column("undone_by", sa.String(), nullable=True))
    op.add_column("corrections", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("pushes", sa.Column("known_vendor_id", sa.String(), nullable=True))
