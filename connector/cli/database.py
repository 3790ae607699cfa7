"""`connector db`: migrations."""

from __future__ import annotations

import click

from connector.cli import commands
from connector.cli.serve import settings_of
from connector.storage.migrate import migrate


@commands.group()
def db() -> None:
    """The database."""


@db.command(name="migrate")
def migrate_database() -> None:
    """Create or upgrade the tables (a Procfile's release process)."""
    migrate(settings_of().database_url)
    click.echo("The database is up to date.")
