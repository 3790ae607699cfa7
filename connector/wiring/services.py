"""Everything a web or worker process works with, built once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session, sessionmaker

from connector.actions import procore_connection, procore_login
from connector.actions.registry import ACTIONS
from connector.actions.services import Caller, Services
from connector.checking.rule_set import load_rule_sets
from connector.delivery import Connection, RequestBudget
from connector.destinations.google_sheets import login as google_login
from connector.errors import Misconfigured, NotConnected
from connector.jobs import hand_over
from connector.jobs.announce import announce
from connector.outbound import Outbound
from connector.settings import Settings
from connector.storage.connections import Secrets, StoredConnection
from connector.storage.database import connect, readers_of, sessions_of
from connector.storage.document_store import DocumentStore, FolderStore
from connector.storage.events import EventType
from connector.storage.jobs import Job
from connector.wiring import procore
from connector.wiring.reader import ChildReader
from connector.wiring.request_budget import SharedBudget
from connector.wiring.tokens import StoredTokens

PROCORE = (procore_connection.DESTINATION, procore_login.UNFINISHED)
"""The destinations of connections to Procore."""


def services(settings: Settings) -> Services:
    """Services over these settings. Misconfigured or BrokenRuleSet end the start."""
    sessions = sessions_of(connect(settings.database_url))
    outbound = Outbound(
        allow_http=settings.allow_http_fetch, allow_private=settings.allow_private_fetch
    )

    def open_connection(stored: StoredConnection) -> Connection:
        tokens = StoredTokens(stored, settings, sessions, exchange(stored, settings, outbound), now)
        return Connection(stored.destination, stored.settings, tokens, budget(stored, sessions))

    return Services(
        settings=settings,
        sessions=sessions,
        readers=readers_of(sessions),
        documents=document_store(settings),
        outbound=outbound,
        rule_sets=load_rule_sets(settings.rules_dir),
        reader=ChildReader(settings),
        connect=open_connection,
        enqueue=enqueue,
        announce=tell,
        clock=now,
    )


def budget(stored: StoredConnection, sessions: sessionmaker[Session]) -> RequestBudget | None:
    """The budget that all processes share: Procore counts the requests of an app in a company."""
    if stored.destination not in PROCORE:
        return None
    about = stored.settings
    return SharedBudget(sessions, f"procore:{about.get('api_url', '')}:{about.get('company_id')}")


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def document_folder(settings: Settings) -> Path | None:
    """The folder that documents are kept in; None when they are in a bucket."""
    parts = urlsplit(settings.documents_url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def document_store(settings: Settings) -> DocumentStore:
    """The store that DOCUMENTS_URL names."""
    folder = document_folder(settings)
    if folder is not None:
        return FolderStore(folder)
    parts = urlsplit(settings.documents_url)
    if parts.scheme == "s3" and parts.hostname:
        from connector.storage.s3_store import S3Store  # noqa: PLC0415 - boto3 is slow to load

        return S3Store(
            parts.hostname,
            unquote(parts.path),
            endpoint=settings.s3_endpoint_url,
            region=settings.s3_region,
            key_id=settings.s3_access_key_id,
            secret=settings.s3_secret_access_key,
        )
    raise Misconfigured(
        "DOCUMENTS_URL must start with file:// or s3://, for example file:///var/documents or "
        "s3://my-bucket/documents."
    )


def exchange(
    stored: StoredConnection, settings: Settings, outbound: Outbound
) -> Callable[[Secrets], Secrets]:
    """How a connection's tokens are renewed, by its destination."""

    if stored.destination in PROCORE:
        return procore.renewal(stored.settings, settings, outbound)
    if stored.destination == "google_sheets":
        return lambda known: google_login.renew(known, outbound)

    def refuse(_: Secrets) -> Secrets:
        raise NotConnected(f"The login of {stored.name} has ended. Connect it again.")

    return refuse


def tell(
    session: Session, account_id: str, event: EventType, subject: str, flat: Mapping[str, Any]
) -> None:
    """Record an event and let its hooks be called, in the session's transaction."""
    announce(session, account_id, event, subject, flat, now=now())


def enqueue(session: Session, caller: Caller, name: str, sent: Mapping[str, object]) -> Job:
    """A follow-up job in the session's transaction."""
    return hand_over.hand_over(session, ACTIONS[name], caller, sent, None, now()).job
