"""The audit log, which the database itself keeps from being changed; erasures; who a job is for.

An UPDATE is let through only while an erasure of the account is open, and only if it empties what
an entry says (`details`, `who`); an erasure is open within its own transaction alone. A DELETE
never is. On SQLite, INSERT OR REPLACE would delete without asking the DELETE trigger.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0022"

REFUSED = "the audit log is never changed"
KEPT = (
    "number", "id", "account_id", "at", "act", "through", "through_id", "subject",
    "vendor_id", "certificate_id",
)  # fmt: skip
EMPTIED = ("who", "through_name", "details")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("acting", sa.JSON(), nullable=True))
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("vendor_id", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_erasures_account_id_accounts")
        ),
    )
    op.create_index(op.f("ix_erasures_account_id"), "erasures", ["account_id"])
    _entries()
    if op.get_bind().dialect.name == "postgresql":
        _keep_in_postgresql()
    else:
        _keep_in_sqlite()


def _entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=True),
        sa.Column("through", sa.String(), nullable=False),
        sa.Column("through_id", sa.String(), nullable=True),
        sa.Column("through_name", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("vendor_id", sa.String(), nullable=True),
        sa.Column("certificate_id", sa.String(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("id", name=op.f("uq_audit_entries_id")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_audit_entries_account_id_accounts")
        ),
        sqlite_autoincrement=True,
    )
    for columns in (
        ["account_id", "number"],
        ["account_id", "vendor_id", "number"],
        ["certificate_id", "number"],
    ):
        name = f"ix_audit_entries_{'_'.join(columns)}"
        op.create_index(op.f(name), "audit_entries", columns)


def _is_emptied(same: str) -> str:
    """The one change that is let through. `same` compares two values, either of which may be null."""
    kept = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in KEPT)
    emptied = " AND ".join(
        f"(NEW.{column} IS NULL OR CAST(NEW.{column} AS TEXT) {same} CAST(OLD.{column} AS TEXT))"
        for column in EMPTIED
    )
    erasing = (
        "EXISTS (SELECT 1 FROM erasures WHERE erasures.account_id = OLD.account_id "
        "AND erasures.is_open)"
    )
    return f"{kept} AND {emptied} AND {erasing}"


def _keep_in_sqlite() -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    op.execute(f"CREATE TRIGGER audit_entries_delete BEFORE DELETE ON audit_entries {refuse}")
    op.execute(
        "CREATE TRIGGER audit_entries_update BEFORE UPDATE ON audit_entries "
        f"WHEN NOT ({_is_emptied('IS')}) {refuse}"
    )
    taken = "SELECT 1 FROM audit_entries WHERE id = NEW.id OR number = NEW.number"
    op.execute(
        "CREATE TRIGGER audit_entries_replace BEFORE INSERT ON audit_entries "
        f"WHEN EXISTS ({taken}) {refuse}"
    )


def _keep_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_delete BEFORE DELETE OR TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()"
    )
    op.execute(
        "CREATE FUNCTION audit_entries_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT ({_is_emptied('IS NOT DISTINCT FROM')}) THEN "
        f"RAISE EXCEPTION '{REFUSED}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_update BEFORE UPDATE ON audit_entries "
        "FOR EACH ROW EXECUTE FUNCTION audit_entries_update()"
    )
