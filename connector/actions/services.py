"""What actions work with: made once per process by wiring.py, passed in by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, sessionmaker

from connector.certificate.entry import Box
from connector.certificate.model import Certificate
from connector.checking.rule_set import RuleSet
from connector.delivery import Connection
from connector.documents.document import Document
from connector.extraction.reader import Found
from connector.extraction.whole import Opened, View
from connector.outbound import Outbound
from connector.settings import Settings
from connector.storage.accounts import Account
from connector.storage.connections import StoredConnection
from connector.storage.document_store import DocumentStore
from connector.storage.events import EventType
from connector.storage.jobs import Job
from connector.storage.locks import Locks


class Reader(Protocol):
    """Opens and reads documents of anyone's making, in a child process."""

    def open(self, data: bytes, name: str) -> Opened:
        """The document, read as far as it goes quickly; or a DocumentRefused that says why not."""
        ...

    def read(self, document: Document) -> Found:
        """What is in it, pictures read too; or NotACertificate."""
        ...

    def join(self, parts: Sequence[bytes]) -> bytes:
        """PDFs and pictures as one PDF, in this order; or a DocumentRefused that says why not."""
        ...

    def show(
        self, data: bytes, name: str, page: int, box: Box | None, view: View = View.PAGE
    ) -> bytes:
        """A PNG for a browser: a page (from 1), or what stands around a box of it."""
        ...

    def show_values(self, document: Document, certificate: Certificate) -> bytes:
        """A PNG of the certificate's page with its values outlined where they were read."""
        ...

    def close(self) -> None:
        """End the child processes; the next call starts new ones."""
        ...

    def notes(self) -> list[str]:
        """What is reduced on this machine, in sentences ("tesseract is not installed …")."""
        ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose work this is: every query is scoped to this account."""

    account_id: str


Enqueue = Callable[[Session, Caller, str, Mapping[str, object]], Job]
"""(session, caller, action, input as JSON): a follow-up job in the session's transaction."""

Announce = Callable[[Session, str, EventType, str, Mapping[str, Any]], object]
"""(session, account id, event, subject, flat row): tell subscribers, once per subject, in the
session's transaction."""


@dataclass(frozen=True)
class Services:
    """`connect` opens a stored connection; `clock` answers the present moment in UTC."""

    settings: Settings
    sessions: sessionmaker[Session]
    readers: sessionmaker[Session]
    documents: DocumentStore
    outbound: Outbound
    rule_sets: Mapping[str, RuleSet]
    reader: Reader
    connect: Callable[[StoredConnection], Connection]
    enqueue: Enqueue
    announce: Announce
    clock: Callable[[], datetime]

    def today(self, account: Account) -> date:
        """The account's today: a policy ends at 12:01 a.m. where the contractor is."""
        return self.clock().astimezone(ZoneInfo(account.time_zone)).date()

    def locks(self) -> Locks:
        """Locks that all processes of this installation share."""
        return Locks(self.settings.database_url, self.settings.data_dir)

    def close(self) -> None:
        """Give back the database connections and the child processes."""
        self.reader.close()
        self.sessions.kw["bind"].dispose()

    def page_url(self, path: str) -> str:
        """A page of ours as the outside sees it."""
        return f"{self.settings.public_url}{path}"
