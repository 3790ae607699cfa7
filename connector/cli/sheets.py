"""`connector sheets`: keep an account's log in a Google spreadsheet, and try whether that works."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from connector.cli import commands
from connector.cli.keys import FIRST_ACCOUNT, account_named, sessions_here
from connector.cli.serve import settings_of
from connector.destinations.google_sheets import login
from connector.destinations.google_sheets.client import Sheets
from connector.destinations.google_sheets.preferences import (
    DESTINATION,
    preferences,
    spreadsheet_id,
)
from connector.destinations.google_sheets.tabs import require_editor
from connector.errors import NotConnected
from connector.storage import connections
from connector.wiring import services


@commands.group()
def sheets() -> None:
    """The tracking log in Google Sheets."""


@sheets.command()
@click.option("--spreadsheet", required=True, help="Its link, as the browser shows it.")
@click.option(
    "--key-file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The service account's JSON key file.",
)
@click.option("--worksheet", default="Certificates", show_default=True)
@click.option("--row-per-line", is_flag=True, help="One row per coverage line.")
@click.option("--real-dates", is_flag=True, help="Dates as real dates, not as text.")
@click.option("--expiring", is_flag=True, help="Keep a second tab with what expires next.")
@click.option("--column", "columns", multiple=True, help="Write only these columns; repeatable.")
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def connect(
    spreadsheet: str,
    key_file: Path,
    worksheet: str,
    row_per_line: bool,
    real_dates: bool,
    expiring: bool,
    columns: tuple[str, ...],
    account: str,
) -> None:
    """Keep the log there from now on. The key file's content is kept encrypted."""
    settings = settings_of()
    file = login.read_key_file(key_file.read_text(encoding="utf-8"))
    about = {
        "spreadsheet": spreadsheet_id(spreadsheet),
        "worksheet": worksheet,
        "row_per_line": row_per_line,
        "real_dates": real_dates,
        "keep_expiring": expiring,
        "columns": list(columns),
        "login": login.address_of(file),
    }
    with sessions_here(settings)() as session, session.begin():
        connections.create(
            session,
            account_named(session, account).id,
            DESTINATION,
            name="Google Sheets",
            settings=about,
            secrets={login.FILE: file, "access_token": ""},
            keys=settings.secret_keys,
            now=datetime.now(UTC),
        )
    click.echo(f"Connected. Share the spreadsheet with {about['login']} as Editor,")
    click.echo("then run `connector sheets test`.")


@sheets.command()
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def test(account: str) -> None:
    """Say whether the log can be written, or in a sentence what is missing."""
    made = services(settings_of())
    try:
        with made.sessions() as session:
            owner = account_named(session, account)
            stored = connections.of_destination(session, owner.id, DESTINATION)
        if stored is None:
            raise NotConnected(f"{account} has no spreadsheet. Run `connector sheets connect`.")
        title = require_editor(Sheets(made.connect(stored), made.outbound))
    finally:
        made.close()
    tab = preferences(stored.settings).worksheet
    click.echo(f"The log can be written: “{title}”, tab “{tab}”.")


@sheets.command()
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def disconnect(account: str) -> None:
    """Forget the spreadsheet and its key; the log goes on in the local file."""
    with sessions_here(settings_of())() as session, session.begin():
        owner = account_named(session, account)
        stored = connections.of_destination(session, owner.id, DESTINATION)
        if stored is None:
            raise NotConnected(f"{account} has no spreadsheet.")
        connections.remove(session, owner.id, stored.id, datetime.now(UTC))
    click.echo("The spreadsheet is forgotten; what stands in it stays.")
