"""`connector sheets`: keep an account's log in a Google spreadsheet, and try whether that works."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import click
from sqlalchemy.orm import Session

from connector.actions import sheets_connection
from connector.actions.log_rows import LINE_ROW_FIELDS, ROW_FIELDS
from connector.cli import commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.prepared import wired
from connector.cli.serve import settings_of
from connector.destinations.google_sheets.preferences import (
    DESTINATION,
    Preferences,
    preferences,
)
from connector.errors import InvalidInput, NotConnected
from connector.storage import connections
from connector.storage.accounts import FIRST_ACCOUNT
from connector.storage.connections import StoredConnection


@commands.group()
def sheets() -> None:
    """The tracking log in Google Sheets."""


@sheets.command()
@click.option("--spreadsheet", required=True, help="Its link, as the browser shows it.")
@click.option(
    "--key-file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The service account's JSON key file, or the file of a Google user who allowed it.",
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
    chosen = {
        "worksheet": worksheet,
        "row_per_line": row_per_line,
        "real_dates": real_dates,
        "keep_expiring": expiring,
        "columns": _known(columns),
    }
    with sessions_here(settings)() as session, session.begin():
        stored = sheets_connection.connect(
            session,
            account_named(session, account).id,
            spreadsheet=spreadsheet,
            key_text=key_file.read_text(encoding="utf-8", errors="replace"),
            chosen=chosen,
            keys=settings.secret_keys,
            now=datetime.now(UTC),
        )
        shared_with = stored.settings["login"]
    click.echo(f"Connected. Share the spreadsheet with {shared_with} as Editor,")
    click.echo("then run `connector sheets test`.")


@sheets.command(name="set")
@click.option("--worksheet", help="The tab to write into; made when it is not there.")
@click.option(
    "--row-per-line/--row-per-certificate",
    default=None,
    help="One row per coverage line, or one per certificate. Give another --worksheet with it.",
)
@click.option("--real-dates/--text-dates", default=None, help="Real dates, or text.")
@click.option("--expiring/--no-expiring", default=None, help="Keep the tab “Expiring”, or not.")
@click.option("--column", "columns", multiple=True, help="Write only these columns; repeatable.")
@click.option("--all-columns", is_flag=True, help="Write all columns again.")
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def set_up(
    worksheet: str | None,
    row_per_line: bool | None,
    real_dates: bool | None,
    expiring: bool | None,
    columns: tuple[str, ...],
    all_columns: bool,
    account: str,
) -> None:
    """Change how the log is written; what is left out stays as it is."""
    said = {
        "worksheet": worksheet,
        "row_per_line": row_per_line,
        "real_dates": real_dates,
        "keep_expiring": expiring,
        "columns": [] if all_columns else _known(columns) or None,
    }
    with sessions_here(settings_of())() as session, session.begin():
        stored = _connection(session, account)
        changed = {name: value for name, value in said.items() if value is not None}
        _require_tabs_apart(preferences(stored.settings), preferences(stored.settings | changed))
        stored.settings = {**stored.settings, **changed}
        stored.updated_at = datetime.now(UTC)
        _print(stored)


def _require_tabs_apart(before: Preferences, after: Preferences) -> None:
    """InvalidInput when rows of both kinds would come into one tab, where they empty each other."""
    if before.row_per_line != after.row_per_line and before.worksheet == after.worksheet:
        raise InvalidInput(
            "Rows per certificate and rows per line do not go into one tab. Give another tab with it, "
            "for example --worksheet Lines.",
            field="worksheet",
        )


@sheets.command()
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def show(account: str) -> None:
    """Print where the log goes and how it is written."""
    with sessions_here(settings_of())() as session:
        _print(_connection(session, account))


def _print(stored: StoredConnection) -> None:
    chosen = preferences(stored.settings)
    click.echo(f"Spreadsheet:  {chosen.page_url}")
    click.echo(f"Tab:          {chosen.worksheet}")
    click.echo(f"Shared with:  {chosen.login}")
    click.echo(f"One row per:  {'coverage line' if chosen.row_per_line else 'certificate'}")
    click.echo(f"Dates:        {'real dates' if chosen.real_dates else 'text'}")
    click.echo(f"Tab Expiring: {'kept' if chosen.keep_expiring else 'not kept'}")
    click.echo(f"Columns:      {', '.join(chosen.columns) or 'all'}")


def _connection(session: Session, account: str) -> StoredConnection:
    """The account's spreadsheet. NotConnected when there is none."""
    owner = account_named(session, account)
    stored = connections.of_destination(session, owner.id, DESTINATION)
    if stored is None:
        raise NotConnected(f"{account} has no spreadsheet. Run `connector sheets connect`.")
    return stored


def _known(columns: tuple[str, ...]) -> list[str]:
    """The columns, each of them one that the log has. InvalidInput with the nearest one if not."""
    keys = [field.key for field in (*ROW_FIELDS, *LINE_ROW_FIELDS)]
    for name in columns:
        if name not in keys:
            near = get_close_matches(name, keys, 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise InvalidInput(f"The log has no column “{name}”.{meant}", field="columns")
    return list(columns)


@sheets.command()
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def test(account: str) -> None:
    """Say whether the log can be written, or in a sentence what is missing."""
    with wired() as services:
        with services.sessions() as session:
            stored = _connection(session, account)
        title = sheets_connection.try_writing(stored, services)
    tab = preferences(stored.settings).worksheet
    click.echo(f"The log can be written: “{title}”, tab “{tab}”.")


@sheets.command()
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def disconnect(account: str) -> None:
    """Forget the spreadsheet and its key; the log goes on in the local file."""
    with sessions_here(settings_of())() as session, session.begin():
        stored = _connection(session, account)
        connections.remove(session, stored.account_id, stored.id, datetime.now(UTC))
    click.echo("The spreadsheet is forgotten; what stands in it stays.")
