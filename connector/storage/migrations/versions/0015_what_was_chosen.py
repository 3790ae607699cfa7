"""What a caller chose for a push; a cover sheet's project."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_UNIQUE = "uq_cover_sheets_account_id_vendor_item"


def upgrade() -> None:
    op.add_column("pushes", sa.Column("chosen", sa.JSON(), nullable=True))
    with op.batch_alter_table("cover_sheets") as table:
        table.add_column(sa.Column("project", sa.String(), nullable=False, server_default=""))
        table.drop_constraint(_UNIQUE, type_="unique")
        table.create_unique_constraint(
            op.f("uq_cover_sheets_account_id_vendor_project_item"),
            ["account_id", "vendor", "project", "item"],
        )
