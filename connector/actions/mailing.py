"""A mail on its way: looked up first, sent to whom it is still due, and noted for each of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address

from sqlalchemy.orm import Session

from connector.actions.services import Caller, Services
from connector.delivery import MailStatus, PushStatus, Receipt
from connector.destinations.email.deliver import deliver
from connector.destinations.email.message import Mail
from connector.destinations.email.server import MailServer
from connector.errors import DestinationRefused, NotConnected, shorten
from connector.settings import Settings
from connector.storage import mails
from connector.storage.mails import Letter, StoredMail

DESTINATION = "email"


@dataclass(frozen=True, slots=True)
class Sending:
    """A mail with what is kept of it. `roles` says of each recipient whom it stands for."""

    mail: Mail
    letter: Letter
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoredJournal:
    """The journal of one mail, in the database: each note is a transaction of its own."""

    caller: Caller
    about: str
    services: Services

    def note(self, recipient: str, status: MailStatus, why: str | None = None) -> None:
        with self.services.sessions() as session, session.begin():
            mails.note(
                session,
                self.caller.account_id,
                self.about,
                recipient,
                status,
                why,
                self.services.clock(),
            )


def mail_server(settings: Settings) -> MailServer:
    """The mail server of the settings. NotConnected when there is none."""
    if not settings.smtp_host or not settings.mail_from:
        missing = "SMTP_HOST" if not settings.smtp_host else "MAIL_FROM"
        raise NotConnected(
            f"No mail can be sent: {missing} is not set. docs/email.md says how; or send the "
            "notice with the Gmail or Outlook step of your automation."
        )
    return MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password,
        settings.smtp_ca_file,
    )


def answers_go_to(sender: Address) -> str:
    """What to say where the office has given no address of its own for answers (Reply-To)."""
    return (
        f"Answers to this mail go to {sender.addr_spec}; to have them elsewhere, run `connector "
        "account set --office-email ADDRESS` once."
    )


def send(caller: Caller, sending: Sending, services: Services, *, again: bool) -> Receipt:
    """Send to everybody who has not got it; the same mail never reaches anybody twice.

    `again` also sends what may have gone out already, and what says the same as an earlier mail.
    DestinationRefused when nobody takes it; errors of `deliver` besides.
    """
    server = mail_server(services.settings)
    about = sending.letter.about
    with services.locks().hold(_lock_name(caller, about), patience=120):
        with services.sessions() as session, session.begin():
            due, known = _look(session, caller, sending, services, again=again)
        if due:
            journal = StoredJournal(caller, about, services)
            deliver(sending.mail, due, server, journal, services.clock())
        with services.sessions() as session:
            rows = [mails.get(session, caller.account_id, row_id) for row_id in known]
    return _receipt(sending, rows, set(due))


def _look(
    session: Session, caller: Caller, sending: Sending, services: Services, *, again: bool
) -> tuple[list[str], list[str]]:
    """Who is due, and the rows of all: where the same was said before, the row of that mail."""
    due, known = [], []
    for recipient, role in sending.roles.items():
        alike = mails.sent_alike(session, caller.account_id, sending.letter, recipient)
        if alike is not None and not again:
            known.append(alike.id)
            continue
        row = mails.begin(
            session, caller.account_id, sending.letter, recipient, role, services.clock()
        )
        known.append(row.id)
        is_open = row.status in (MailStatus.WAITING, MailStatus.REFUSED)
        if is_open or (row.status == MailStatus.UNKNOWN and again):
            due.append(recipient)
    return due, known


def _receipt(sending: Sending, rows: Sequence[StoredMail], due: set[str]) -> Receipt:
    sent = [row for row in rows if row.status == MailStatus.SENT]
    new = [row for row in sent if row.recipient in due]
    trouble = [row for row in rows if row.status != MailStatus.SENT]
    if not sent and trouble and all(row.status == MailStatus.REFUSED for row in trouble):
        raise DestinationRefused(" ".join(map(_said, trouble)))
    status = PushStatus.PUSHED if new else PushStatus.UNCHANGED
    return Receipt(
        DESTINATION,
        PushStatus.PREPARED if trouble else status,
        records_created=len(new),
        records_unchanged=len(sent) - len(new),
        external_ids=tuple(dict.fromkeys(row.message_id for row in sent)),
        next_step=shorten(" ".join(map(_said, trouble))) or None,
    )


def _said(row: StoredMail) -> str:
    if row.status == MailStatus.REFUSED:
        return (
            f"{row.recipient} was refused ({row.why}). Correct the address, then send it again; "
            "whoever got it gets nothing twice."
        )
    return (
        f"Nobody knows whether {row.recipient} got the mail. Ask there; if not, send it again "
        "with “Send again”."
    )


def _lock_name(caller: Caller, about: str) -> str:
    return "mail-" + hashlib.sha256(f"{caller.account_id}/{about}".encode()).hexdigest()[:32]
