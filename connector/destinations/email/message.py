"""One mail as RFC 5322 bytes: the standard library's message, its policy refusing broken headers."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from connector.certificate.values import tidy

POLICY = SMTP.clone(cte_type="7bit", max_line_length=250)
"""Seven bits on the way, so that no mail server has to be asked what it can carry; a subject on one
line, because some mail programs show a folded one with a gap."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; `media_type` like application/pdf."""

    data: bytes
    name: str
    media_type: str = "application/pdf"


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent. `about` makes it the same mail: its Message-ID is derived from it.

    `to` and `cc` are shown to all recipients. `html` has been written by us, with every value
    from outside escaped.
    """

    about: str
    sender: Address
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    html: str | None = None
    reply_to: str | None = None
    attachments: Sequence[Attachment] = ()

    @property
    def message_id(self) -> str:
        """The same for the same mail, so that a mail system that got it twice shows it once."""
        digest = hashlib.sha256(self.about.encode()).hexdigest()[:40]
        return f"<{digest}@{self.sender.domain}>"


def compose(mail: Mail, now: datetime) -> bytes:
    """The mail as it goes over the wire."""
    message = EmailMessage(POLICY)
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.to)
    if mail.cc:
        message["Cc"] = ", ".join(mail.cc)
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    message["Subject"] = one_line(mail.subject)
    message["Date"] = now
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_printable(mail.text))
    if mail.html is not None:
        message.add_alternative(_printable(mail.html), subtype="html")
    for each in mail.attachments:
        main, _, sub = each.media_type.partition("/")
        message.add_attachment(each.data, maintype=main, subtype=sub, filename=one_line(each.name))
    return message.as_bytes()


def one_line(text: str) -> str:
    """Text without line breaks, control characters or marks that turn its direction."""
    shown = (sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)
    return tidy("".join(shown))


def _printable(text: str) -> str:
    """Text without the characters that no mail can hold."""
    return "".join(
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")
    )
