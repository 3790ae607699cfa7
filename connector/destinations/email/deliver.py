"""A mail to each of its recipients, one after the other, each at most once.

SMTP has no way to look whether a mail arrived. So the journal says "sending" before the text goes
out and what came of it right after; whoever finds "sending" left over knows that nobody knows.
"""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from connector.delivery import MailStatus
from connector.destinations.email.message import Mail, compose
from connector.destinations.email.server import MailServer, opened, said, unavailable
from connector.errors import DestinationRefused, DestinationUnavailable

SILENT = "The mail server fell silent while it took the mail, so nobody knows whether it went out."


class Journal(Protocol):
    """Where it is kept what became of a mail. Each call is on disk when it returns."""

    def note(self, recipient: str, status: MailStatus, why: str | None = None) -> None: ...


def deliver(
    mail: Mail, recipients: Sequence[str], server: MailServer, journal: Journal, now: datetime
) -> None:
    """Hand the mail over for each of these recipients; the journal says what came of each.

    NotConnected and DestinationRefused when no mail can be sent like this, DestinationUnavailable
    when it can be tried again: whoever has been served by then is in the journal. A recipient
    that is not taken for now keeps no other from the mail.
    """
    raw = compose(mail, now)
    later: DestinationUnavailable | None = None
    for recipient in recipients:
        try:
            with opened(server) as smtp:
                _hand_over(smtp, mail, raw, recipient, server, journal)
        except DestinationUnavailable as why:
            later = why
    if later is not None:
        raise later


def _hand_over(
    smtp: smtplib.SMTP,
    mail: Mail,
    raw: bytes,
    recipient: str,
    server: MailServer,
    journal: Journal,
) -> None:
    try:
        code, answer = smtp.mail(mail.sender.addr_spec, _options(smtp, raw))
        if code != 250:
            raise _refused_sender(mail, server, code, answer)
        code, answer = smtp.rcpt(recipient)
    except (smtplib.SMTPException, OSError) as why:
        raise unavailable(server) from why
    if code not in (250, 251):
        _not_taken(recipient, server, journal, code, answer)
        return
    journal.note(recipient, MailStatus.SENDING)
    try:
        code, answer = smtp.data(raw)
    except smtplib.SMTPDataError as why:  # refused before a word of the mail was sent
        code, answer = why.smtp_code, _bytes(why.smtp_error)
    except (smtplib.SMTPException, OSError):
        journal.note(recipient, MailStatus.UNKNOWN, SILENT)
        return
    if code == 250:
        journal.note(recipient, MailStatus.SENT)
    else:
        _not_taken(recipient, server, journal, code, answer)


def _options(smtp: smtplib.SMTP, raw: bytes) -> tuple[str, ...]:
    """The mail's size, where the server wants to know it beforehand."""
    return (f"SIZE={len(raw)}",) if smtp.has_extn("size") else ()


def _not_taken(
    recipient: str, server: MailServer, journal: Journal, code: int, answer: bytes
) -> None:
    """A no for good is noted; a no for now is raised, and the mail waits."""
    if 500 <= code < 600:
        journal.note(recipient, MailStatus.REFUSED, f"{code} {said(answer)}")
        return
    journal.note(recipient, MailStatus.WAITING, f"{code} {said(answer)}")
    raise DestinationUnavailable(
        f"The mail server does not take the mail to {recipient} for now ({code} {said(answer)}). "
        "It is tried again by itself."
    )


def _refused_sender(
    mail: Mail, server: MailServer, code: int, answer: bytes
) -> DestinationRefused | DestinationUnavailable:
    if not 500 <= code < 600:
        return unavailable(server)
    return DestinationRefused(
        f"The mail server does not let us send as {mail.sender.addr_spec} "
        f"({code} {said(answer)}). Check MAIL_FROM and SMTP_USER."
    )


def _bytes(answer: bytes | str) -> bytes:
    return answer if isinstance(answer, bytes) else answer.encode()
