"""A mail to oneself: whether notices can go out, and where answers to them arrive."""

from __future__ import annotations

from datetime import datetime

from connector.actions.mail_to_person import mail_to
from connector.actions.mailing import answers_go_to
from connector.destinations.email.addresses import sender
from connector.settings import Settings

TEXT = "Deficiency notices will go out the way this mail came. Answer it to see where answers go.\n"


def send_test(recipient: str, office: str | None, settings: Settings, now: datetime) -> str:
    """Send it; a sentence on where it went and where answers go, to `office` if there is one.

    NotConnected, DestinationRefused, DestinationUnavailable say what is missing.
    """
    subject = "The connector can send mail"
    to = mail_to(recipient, subject, TEXT, settings, now, office)
    answers = f"Answers go to {office}." if office else answers_go_to(sender(settings.mail_from))
    return f"Sent to {to} through {settings.smtp_host}. Look for it there.\n{answers}"
