"""Erase a person: a colleague, or whoever was named in a waiver or asked by a link."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from connector.actions.services import Caller, Services
from connector.errors import NotFound
from connector.storage import erase_person, erase_vendor, mentions
from connector.storage.erase_person import Gone

FREE_TEXT = (
    "Free text (reasons, messages, names of keys) and firms that are called alike are not changed."
)
ELSEWHERE = (
    "What went out before names the person still: mails, evidence packs, exports, what hooks were "
    "told (Zapier and Make keep histories), and your backups."
)


def plan(called: str, caller: Caller, services: Services) -> Gone:
    """What would change. NotFound when nothing names such a person."""
    with services.sessions() as session:
        gone = _erase(called, caller, services, session)
        session.rollback()
    return gone


def erase(called: str, caller: Caller, services: Services) -> Gone:
    """Remove the person of this address or name; acts, moments and verdicts stay."""
    with services.sessions() as session, session.begin():
        names = erase_person.person(session, caller.account_id, called).names
        gone = _erase(called, caller, services, session)
    with services.readers() as session:
        gone.left = mentions.count(session, caller.account_id, names)
    erase_vendor.compact(services.sessions.kw["bind"])
    return gone


def told(gone: Gone) -> Iterator[str]:
    """What is left, in sentences."""
    if found := mentions.sentence(gone.left):
        yield found
    else:
        yield FREE_TEXT
    yield ELSEWHERE


def _erase(called: str, caller: Caller, services: Services, session: Session) -> Gone:
    who = erase_person.person(session, caller.account_id, called)
    gone = erase_person.erase(session, who, services.clock())
    if not gone.counts:
        raise NotFound(f"Nobody called “{called[:60]}” is named in this account.")
    return gone
