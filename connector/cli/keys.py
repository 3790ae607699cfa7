"""`connector keys`: API keys made, listed and ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
from cryptography.fernet import Fernet
from sqlalchemy.orm import Session, sessionmaker

from connector.cli import commands
from connector.cli.serve import settings_of
from connector.settings import Settings
from connector.storage import accounts, api_keys, connections, hooks
from connector.storage.accounts import FIRST_ACCOUNT, Account
from connector.storage.api_keys import USUAL, ApiKey, Scope
from connector.storage.database import connect, sessions_of
from connector.storage.migrate import migrate


@commands.group()
def keys() -> None:
    """API keys for Zapier, Make and other callers."""


@keys.command()
@click.argument("name")
@click.option("--account", default=FIRST_ACCOUNT, help="The account; made when it is new.")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice([scope.value for scope in Scope]),
    help="What it may do; repeat it for several. Left out: read and act, which is all that Zapier "
    "and Make need. admin puts rating tables and notice templates in place.",
)  # fmt: skip
@click.option("--days", type=click.IntRange(1), help="The key ends by itself after so many days.")
def create(name: str, account: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a key called NAME and print it alone on the last line. It is shown only this once."""
    with sessions_here(settings_of())() as session, session.begin():
        owner, now = account_named(session, account), datetime.now(UTC)
        ends = now + timedelta(days=days) if days else None
        may = [Scope(scope) for scope in scopes] or USUAL
        _, secret = api_keys.create(session, owner.id, name, now, scopes=may, expires_at=ends)
        click.echo(
            f"The key “{name}” of {owner.name}. Keep it safe; it is not shown again.", err=True
        )
    click.echo(secret)


@keys.command(name="list")
@click.option("--account", default=FIRST_ACCOUNT)
def list_keys(account: str) -> None:
    """Show the account's keys: name, beginning, rights, last use. Never the keys themselves."""
    with sessions_here(settings_of())() as session:
        for key in api_keys.of_account(session, account_named(session, account).id):
            may = ", ".join(key.scopes or Scope)
            used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never"
            state = _state(key, datetime.now(UTC))
            click.echo(f"{key.id}  {key.prefix}…  {state}  {may}  last used {used}  {key.name}")


def _state(key: ApiKey, now: datetime) -> str:
    if key.revoked_at or (key.expires_at and key.expires_at <= now):
        return "ended"
    return f"valid until {key.expires_at:%Y-%m-%d %H:%M}" if key.expires_at else "valid"


@keys.command(name="replace")
@click.argument("key_id")
@click.option("--account", default=FIRST_ACCOUNT)
@click.option("--hours", type=click.IntRange(0), default=72, show_default=True,
              help="How long the old key still works beside the new one.")  # fmt: skip
def replace_key(key_id: str, account: str, hours: int) -> None:
    """Make a new key in the place of KEY_ID, and print it alone on the last line.

    Name and rights stay; the old key ends by itself once everything had time to be changed.
    """
    with sessions_here(settings_of())() as session, session.begin():
        owner = account_named(session, account)
        _, secret = api_keys.replace(
            session, owner.id, key_id, datetime.now(UTC), overlap=timedelta(hours=hours)
        )
        click.echo(f"The old key still works for {hours} hours.", err=True)
    click.echo(secret)


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


@keys.command()
def rotate() -> None:
    """Encrypt all that is stored with the newest CONNECTOR_SECRET_KEY, so that the old ones can go.

    Before: put a new key (`connector keys secret`) in front of the old one, joined by a comma, and
    restart the service, so that it reads both. After: take the old one away and restart again.
    """
    settings = settings_of()
    with sessions_here(settings)() as session, session.begin():
        logins = connections.reseal_all(session, settings.secret_keys)
        signing = hooks.reseal_all(session, settings.secret_keys)
    click.echo(
        f"{logins} logins and {signing} signing secrets are under the newest of "
        f"{len(settings.secret_keys)} keys. The others may go; links that they signed end with them."
    )


def sessions_here(settings: Settings) -> sessionmaker[Session]:
    """Sessions over the settings' database, brought up to date first."""
    migrate(settings.database_url)
    return sessions_of(connect(settings.database_url))


def account_named(session: Session, name: str) -> Account:
    """The account called `name`, made when it is new."""
    return accounts.named(session, name, datetime.now(UTC))
