"""`connector mail`: try whether notices can go out."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import click

from connector.cli import commands
from connector.cli.keys import FIRST_ACCOUNT, account_named, sessions_here
from connector.cli.serve import settings_of
from connector.delivery import MailStatus
from connector.errors import DestinationRefused
from connector.settings import Settings


@commands.group()
def mail() -> None:
    """Deficiency notices by mail."""


@mail.command()
@click.option("--to", "recipient", required=True, help="Your own address.")
@click.option("--account", default=FIRST_ACCOUNT, show_default=True)
def test(recipient: str, account: str) -> None:
    """Send a mail to yourself, or say in a sentence what is missing."""
    from connector.actions.mailing import answers_go_to, mail_server
    from connector.destinations.email.addresses import address, sender
    from connector.destinations.email.deliver import deliver
    from connector.destinations.email.message import Mail

    settings = settings_of()
    server = mail_server(settings)
    to = address(recipient.strip(), "--to")
    office = _office_email(settings, account)
    letter = Mail(
        about=f"test {secrets.token_hex(8)}",
        sender=sender(settings.mail_from),
        to=(to,),
        cc=(),
        subject="The connector can send mail",
        text="Deficiency notices will go out the way this mail came. Answer it to see where "
        "answers go.\n",
        reply_to=office,
    )
    outcome = _Outcome()
    deliver(letter, [to], server, outcome, datetime.now(UTC))
    if outcome.status is not MailStatus.SENT:
        raise DestinationRefused(f"The mail to {to} was not taken: {outcome.why}.")
    click.echo(f"Sent to {to} through {server.host}. Look for it there.")
    click.echo(f"Answers go to {office}." if office else answers_go_to(letter.sender))


def _office_email(settings: Settings, account: str) -> str | None:
    """Where the account wants to be answered; None when it has not said."""
    with sessions_here(settings)() as session, session.begin():
        return account_named(session, account).settings.get("office_email")


class _Outcome:
    """A journal that only remembers how it ended."""

    status, why = MailStatus.WAITING, ""

    def note(self, recipient: str, status: MailStatus, why: str | None = None) -> None:
        self.status, self.why = status, why or ""
