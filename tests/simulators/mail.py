"""A mail server on 127.0.0.1, by aiosmtpd over a real socket, with the faults that mail servers have."""

from __future__ import annotations

import asyncio
import ssl
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "certificates@summit.example", "an app password"


@dataclass
class Delivered:
    """A mail that was taken."""

    recipients: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return cast(EmailMessage, message_from_bytes(self.raw, policy=default))


@dataclass
class Orders:
    """How the server behaves. The answers by recipient come to RCPT; `after_data` to the text."""

    by_recipient: dict[str, str] = field(default_factory=dict)
    to_sender: str = "250 OK"
    after_data: str = "250 OK"
    falls_silent_after_data: bool = False
    hangs_up_after_data: bool = False


class MailSimulator:
    """Takes mail and keeps it. `context` speaks TLS: by STARTTLS, or from the first byte on."""

    def __init__(
        self,
        context: ssl.SSLContext | None = None,
        *,
        from_first_byte: bool = False,
        wants_login: bool = False,
    ) -> None:
        self.orders = Orders()
        self.delivered: list[Delivered] = []
        self._context, self._from_first_byte = context, from_first_byte
        self._wants_login = wants_login
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._released = asyncio.Event()
        self.port = 0

    def __enter__(self) -> MailSimulator:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(30)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()

    def to(self, recipient: str) -> list[EmailMessage]:
        """The messages that this recipient got."""
        return [mail.message for mail in self.delivered if recipient in mail.recipients]

    async def _start(self) -> asyncio.Server:
        return await self._loop.create_server(
            self._protocol,
            "127.0.0.1",
            0,
            ssl=self._context if self._from_first_byte else None,
        )

    async def _end(self) -> None:
        self._released.set()
        self._server.close()
        others = asyncio.all_tasks(self._loop) - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _protocol(self) -> SMTP:
        server = SMTP(
            self,
            hostname="mail.summit.example",
            tls_context=None if self._from_first_byte else self._context,
            require_starttls=self._context is not None and not self._from_first_byte,
            auth_required=self._wants_login,
            authenticator=self._authenticate,
            loop=self._loop,
        )
        if self._from_first_byte:
            server._auth_require_tls = False  # it only knows of TLS that began with STARTTLS
        return server

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        known = isinstance(data, LoginPassword) and (data.login, data.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        return AuthResult(success=known, handled=False)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.orders.to_sender

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.orders.by_recipient.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.orders.after_data.startswith("250"):
            self.delivered.append(
                Delivered(list(envelope.rcpt_tos), bytes(envelope.content or b""))
            )
        if self.orders.falls_silent_after_data:
            await self._released.wait()
        if self.orders.hangs_up_after_data:
            server.transport.close()
        return self.orders.after_data
