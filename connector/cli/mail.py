"""`connector mail`: try whether notices can go out."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from connector.cli import commands
from connector.cli.keys import account_named, sessions_here
from connector.cli.serve import settings_of
from connector.storage.accounts import FIRST_ACCOUNT


@commands.group()
def mail() -> None:
    """Deficiency notices by mail."""


@mail.command()
@click.option("--to", "recipient", required=True, help="Your own address.")
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def test(recipient: str, account: str) -> None:
    """Send a mail to yourself, or say in a sentence what is missing."""
    from connector.actions.mail_trial import send_test

    settings = settings_of()
    with sessions_here(settings)() as session, session.begin():
        office = account_named(session, account).settings.get("office_email")
    click.echo(send_test(recipient, office, settings, datetime.now(UTC)))
