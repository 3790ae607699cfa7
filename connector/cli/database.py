"""`connector db`: migrations, backups."""

from __future__ import annotations

import os
from pathlib import Path

import click

from connector.cli import commands
from connector.cli.serve import settings_of
from connector.settings import load as load_settings
from connector.storage.backup import backup, restore
from connector.storage.database import connect
from connector.storage.erase_vendor import compact
from connector.storage.migrate import migrate
from connector.wiring.services import document_folder

_ADVICE = "Whoever has it has everything: keep it like a key."
_NOWHERE = Path("/nonexistent")


@commands.group()
def db() -> None:
    """The database."""


@db.command(name="migrate")
def migrate_database() -> None:
    """Create or upgrade the tables (a Procfile's release process)."""
    migrate(settings_of().database_url)
    click.echo("The database is up to date.")


@db.command(name="backup")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def back_up(target: Path) -> None:
    """Write database, documents, local logs and key into the file TARGET, while the service goes on."""
    settings = settings_of()
    folder = document_folder(settings)
    count = backup(settings.database_url, settings.data_dir, folder or _NOWHERE, target)
    click.echo(f"{target} holds the database, the key and {count} documents. {_ADVICE}")
    if folder is None:
        click.echo("The documents are in a bucket and not in this file. Back that up too.")


@db.command(name="restore")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def put_back(source: Path) -> None:
    """Put back what `connector db backup` wrote to SOURCE. The service must be stopped."""
    settings = load_settings(os.environ)
    folder = document_folder(settings) or settings.data_dir / "documents"
    count = restore(source, settings.database_url, settings.data_dir, folder)
    click.echo(f"The database, the key and {count} documents are back. Start the service again.")


@db.command(name="compact")
def compact_database() -> None:
    """Rewrite the database file without what was deleted; for a quiet hour."""
    engine = connect(settings_of().database_url)
    try:
        done = compact(engine)
    finally:
        engine.dispose()
    click.echo("Done." if done else "The database is busy. Try again in a quiet hour.")
