"""The mail server: a connection to it, encrypted and logged in, or a sentence that says why not."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address

import certifi

from connector.errors import DestinationUnavailable, NotConnected

SECONDS = 30.0
"""For the connection and for each answer; RFC 5321 would have minutes, a job has no such time."""

HELP = "docs/email.md says what to set."


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `security` is starttls, tls or none (this very machine only)."""

    host: str
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    seconds: float = SECONDS


@contextmanager
def opened(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection ready for mail. NotConnected when a setting is wrong, else DestinationUnavailable."""
    try:
        smtp = _connect(server)
    except ssl.SSLCertVerificationError as why:
        raise NotConnected(
            f"The certificate of the mail server {server.host} is not believed: "
            f"{why.verify_message}. Check SMTP_HOST, or set SMTP_CA_FILE for a server of your own."
        ) from why
    except ssl.SSLError as why:
        raise NotConnected(
            f"The mail server {server.host} does not speak TLS on port {server.port}. Set "
            f"SMTP_SECURITY=starttls for port 587, tls for port 465. {HELP}"
        ) from why
    except (smtplib.SMTPException, OSError) as why:
        raise unavailable(server) from why
    try:
        _log_in(smtp, server)
        yield smtp
    finally:
        _leave(smtp)


def unavailable(server: MailServer) -> DestinationUnavailable:
    return DestinationUnavailable(
        f"The mail server {server.host} does not answer as it should. It is tried again by itself."
    )


def said(answer: bytes) -> str:
    """What a mail server answered, fit to be shown."""
    return " ".join(answer.decode("utf-8", "replace").split())[:120].rstrip(".")


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.seconds, context=_context(server)
        )
    if server.security == "none" and not _is_here(server.host):
        raise NotConnected(
            "SMTP_SECURITY=none would send the mail readable through the network. It is only "
            f"taken for a mail server on this machine; set starttls or tls for {server.host}."
        )
    smtp = smtplib.SMTP(server.host, server.port, timeout=server.seconds)
    if server.security == "starttls":
        try:
            smtp.starttls(context=_context(server))
        except smtplib.SMTPNotSupportedError as why:
            smtp.close()
            raise NotConnected(
                f"The mail server {server.host} offers no encryption on port {server.port}, so "
                f"nothing is sent. Try SMTP_SECURITY=tls with SMTP_PORT=465. {HELP}"
            ) from why
        except BaseException:
            smtp.close()
            raise
    return smtp


def _log_in(smtp: smtplib.SMTP, server: MailServer) -> None:
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.user or server.password:
            smtp.login(server.user, server.password)
    except smtplib.SMTPAuthenticationError as why:
        if why.smtp_code < 500:
            raise unavailable(server) from why
        raise NotConnected(
            f"The mail server {server.host} does not accept the login of {server.user}. Check "
            "SMTP_USER and SMTP_PASSWORD; many mail systems want an app password here."
        ) from why
    except smtplib.SMTPNotSupportedError as why:
        raise NotConnected(
            f"The mail server {server.host} takes no login. Leave SMTP_USER and SMTP_PASSWORD "
            f"empty, or check SMTP_HOST and SMTP_PORT. {HELP}"
        ) from why
    except (smtplib.SMTPException, OSError) as why:
        raise unavailable(server) from why


def _leave(smtp: smtplib.SMTP) -> None:
    """What was to be said has been said; a server that is gone needs no goodbye."""
    try:
        smtp.quit()
    except (smtplib.SMTPException, OSError):
        smtp.close()


def _context(server: MailServer) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=server.ca_file or certifi.where())
    except OSError as why:
        raise NotConnected(
            f"SMTP_CA_FILE names {server.ca_file}, which holds no certificates. {HELP}"
        ) from why


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
