"""What actions work with: made once per process by wiring.py, passed in by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, sessionmaker

from connector.certificate.model import Certificate
from connector.checking.rule_set import RuleSet
from connector.documents.document import Document
from connector.outbound import Outbound
from connector.settings import Settings
from connector.storage.accounts import Account
from connector.storage.document_store import DocumentStore


@dataclass(frozen=True)
class Services:
    """`read` reads a document in a child process; `clock` answers the present moment in UTC."""

    settings: Settings
    sessions: sessionmaker[Session]
    documents: DocumentStore
    outbound: Outbound
    rule_sets: Mapping[str, RuleSet]
    read: Callable[[Document], list[Certificate]]
    clock: Callable[[], datetime]

    def today(self, account: Account) -> date:
        """The account's today: a policy ends at 12:01 a.m. where the contractor is."""
        return self.clock().astimezone(ZoneInfo(account.time_zone)).date()

    def page_url(self, path: str) -> str:
        """A page of ours as the outside sees it."""
        return f"{self.settings.public_url}{path}"
