"""A mail to oneself: whether notices can go out, and where answers to them arrive."""

from __future__ import annotations

import secrets
from datetime import datetime

from connector.actions.mailing import answers_go_to, mail_server
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


def send_test(recipient: str, office: str | None, settings: Settings, now: datetime) -> str:
    """Send it; a sentence on where it went and where answers go, to `office` if there is one.

    NotConnected, DestinationRefused, DestinationUnavailable say what is missing.
    """
    server = mail_server(settings)
    to = address(recipient.strip(), "E-mail address")
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
    deliver(letter, [to], server, outcome, now)
    if outcome.status is not MailStatus.SENT:
        raise DestinationRefused(f"The mail to {to} was not taken: {outcome.why}.")
    answers = f"Answers go to {office}." if office else answers_go_to(letter.sender)
    return f"Sent to {to} through {server.host}. Look for it there.\n{answers}"
