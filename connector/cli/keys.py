"""`connector keys`: API keys made, listed and ended."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from cryptography.fernet import Fernet
from sqlalchemy.orm import Session, sessionmaker

from connector.cli import commands
from connector.cli.serve import settings_of
from connector.settings import Settings
from connector.storage import accounts, api_keys
from connector.storage.accounts import Account
from connector.storage.database import connect, sessions_of
from connector.storage.migrate import migrate

FIRST_ACCOUNT = "My company"


@commands.group()
def keys() -> None:
    """API keys for Zapier, Make and other callers."""


@keys.command()
@click.argument("name")
@click.option("--account", default=FIRST_ACCOUNT, help="The account; made when it is new.")
def create(name: str, account: str) -> None:
    """Make a key called NAME and print it alone on the last line. It is shown only this once."""
    with sessions_here(settings_of())() as session, session.begin():
        owner = account_named(session, account)
        _, secret = api_keys.create(session, owner.id, name, datetime.now(UTC))
        click.echo(
            f"The key “{name}” of {owner.name}. Keep it safe; it is not shown again.", err=True
        )
    click.echo(secret)


@keys.command(name="list")
@click.option("--account", default=FIRST_ACCOUNT)
def list_keys(account: str) -> None:
    """Show the account's keys: name, beginning, last use. Never the keys themselves."""
    with sessions_here(settings_of())() as session:
        for key in api_keys.of_account(session, account_named(session, account).id):
            state = "ended" if key.revoked_at else "valid"
            used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never"
            click.echo(f"{key.id}  {key.prefix}…  {state}  last used {used}  {key.name}")


@keys.command()
@click.argument("key_id")
@click.option("--account", default=FIRST_ACCOUNT)
def end(key_id: str, account: str) -> None:
    """End the key KEY_ID (see `connector keys list`); callers with it get 401 from now on."""
    with sessions_here(settings_of())() as session, session.begin():
        api_keys.revoke(session, account_named(session, account).id, key_id, datetime.now(UTC))
    click.echo("The key is ended.")


@keys.command()
def secret() -> None:
    """Print a new CONNECTOR_SECRET_KEY, which encrypts stored tokens."""
    click.echo(Fernet.generate_key().decode())


def sessions_here(settings: Settings) -> sessionmaker[Session]:
    """Sessions over the settings' database, brought up to date first."""
    migrate(settings.database_url)
    return sessions_of(connect(settings.database_url))


def account_named(session: Session, name: str) -> Account:
    """The account called `name`, made when it is new."""
    found = accounts.by_name(session, name)
    return found or accounts.create(session, name, datetime.now(UTC))
