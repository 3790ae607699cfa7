"""`connector mail`: try whether notices can go out."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import click

from connector.cli import commands
from connector.cli.serve import settings_of
from connector.delivery import MailStatus
from connector.errors import DestinationRefused


@commands.group()
def mail() -> None:
    """Deficiency notices by mail."""


@mail.command()
@click.option("--to", "recipient", required=True, help="Your own address.")
def test(recipient: str) -> None:
    """Send a mail to yourself, or say in a sentence what is missing."""
    from connector.actions.mailing import mail_server
    from connector.destinations.email.addresses import address, sender
    from connector.destinations.email.deliver import deliver
    from connector.destinations.email.message import Mail

    settings = settings_of()
    server = mail_server(settings)
    to = address(recipient.strip(), "--to")
    letter = Mail(
        about=f"test {secrets.token_hex(8)}",
        sender=sender(settings.mail_from),
        to=(to,),
        cc=(),
        subject="The connector can send mail",
        text="Deficiency notices will go out the way this mail came.\n",
    )
    outcome = _Outcome()
    deliver(letter, [to], server, outcome, datetime.now(UTC))
    if outcome.status is not MailStatus.SENT:
        raise DestinationRefused(f"The mail to {to} was not taken: {outcome.why}.")
    click.echo(f"Sent to {to} through {server.host}. Look for it there.")


class _Outcome:
    """A journal that only remembers how it ended."""

    status, why = MailStatus.WAITING, ""

    def note(self, recipient: str, status: MailStatus, why: str | None = None) -> None:
        self.status, self.why = status, why or ""
