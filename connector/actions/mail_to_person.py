"""A mail to one person of the office, about the connector itself; nothing of it is kept."""

from __future__ import annotations

import secrets
from datetime import datetime

from connector.actions.mailing import mail_server
from connector.delivery import MailStatus
from connector.destinations.email.addresses import address, sender
from connector.destinations.email.deliver import deliver
from connector.destinations.email.message import Mail
from connector.errors import DestinationRefused
from connector.settings import Settings


class _Outcome:
    """A journal that only remembers how it ended."""

    status, why = MailStatus.WAITING, ""

    def note(self, recipient: str, status: MailStatus, why: str | None = None) -> None:
        self.status, self.why = status, why or ""


def mail_to(
    recipient: str,
    subject: str,
    text: str,
    settings: Settings,
    now: datetime,
    reply_to: str | None = None,
) -> str:
    """Send it; the address that it went to.

    NotConnected, DestinationRefused, DestinationUnavailable say what is missing.
    """
    server = mail_server(settings)
    to = address(recipient.strip(), "E-mail address")
    letter = Mail(
        about=f"person {secrets.token_hex(8)}",
        sender=sender(settings.mail_from),
        to=(to,),
        cc=(),
        subject=subject,
        text=text,
        reply_to=reply_to,
    )
    outcome = _Outcome()
    deliver(letter, [to], server, outcome, now)
    if outcome.status is not MailStatus.SENT:
        raise DestinationRefused(f"The mail to {to} was not taken: {outcome.why}.")
    return to
