"""Connections whose login has ended: said on the pages that people look at every day.

Nothing is sent or picked up by them meanwhile, and where nobody sends, nobody would notice.
"""

from __future__ import annotations

from dataclasses import dataclass

from connector.storage import connections
from connector.web.auth import services
from connector.web.pages.review_sheet import PLACES
from connector.web.pages.visitor import current_visitor

PAGES = {"procore": "/connect/procore"}
"""Where a login is made anew, for those that have a page."""


@dataclass(frozen=True, slots=True)
class EndedLogin:
    """The system, and the page where an administrator logs in again."""

    place: str
    address: str | None


def ended_logins() -> list[EndedLogin]:
    """Those of the visitor's account."""
    visitor = current_visitor()
    if visitor is None:
        return []
    with services().readers() as session:
        found = connections.with_ended_login(session, visitor.account_id)
    return [EndedLogin(PLACES.get(name, name), PAGES.get(name)) for name in found]
