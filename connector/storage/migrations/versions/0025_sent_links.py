"""Links that were sent to people outside are rows, so that they can be seen and taken back.

Links from before carry no id of a row, and logins by them no link: both open nothing any more.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0021"

REFERS = {
    "account_id": "accounts",
    "vendor_id": "vendors",
    "certificate_id": "certificates",
    "user_id": "users",
    "key_id": "api_keys",
}
MAY_BE_EMPTY = ("vendor_id", "certificate_id", "person", "made_by", "user_id", "key_id",
                "ended_by", "ended_why")  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "sent_links",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("id", "account_id", "kind", "project")
        ),
        *(sa.Column(name, sa.String(), nullable=True) for name in MAY_BE_EMPTY),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sent_links")),
        sa.UniqueConstraint("id", name=op.f("uq_sent_links_id")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_sent_links_{column}_{table}")
            )
            for column, table in REFERS.items()
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sent_links_account_id_number"), "sent_links", ["account_id", "number"])
    for column in ("vendor_id", "certificate_id", "user_id", "key_id"):
        op.create_index(op.f(f"ix_sent_links_{column}"), "sent_links", [column])
    with op.batch_alter_table("logins") as logins:
        logins.add_column(sa.Column("link_id", sa.String(), nullable=True))
        logins.create_foreign_key(
            op.f("fk_logins_link_id_sent_links"), "sent_links", ["link_id"], ["id"]
        )
        logins.create_index(op.f("ix_logins_link_id"), ["link_id"])
