"""Who acts: the person, key or program behind whatever is written just now.

Set where somebody comes in (a request, a page, a command, a job) and read where the audit log is
written. It is kept beside the call, not in it, so that no function in between can leave it out or
name somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Through(StrEnum):
    """The door somebody came in by."""

    API_KEY = "api_key"
    PAGE = "page"
    COMMAND_LINE = "command_line"
    UPLOAD_LINK = "upload_link"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is that of the key or the user; `name` what a person knows it by."""

    through: Through
    id: str | None = None
    name: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For a job, which goes on in another process."""
        return asdict(self)


SERVICE = Actor(Through.SERVICE)
"""What happens by itself: on its day, or because another system told of something."""

_acting: ContextVar[Actor] = ContextVar("acting", default=SERVICE)


def present() -> Actor:
    """Who acts now."""
    return _acting.get()


def begin(actor: Actor) -> None:
    """From now on, in this thread or task, it is this one who acts."""
    _acting.set(actor)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """This one acts until the block ends."""
    token = _acting.set(actor)
    try:
        yield
    finally:
        _acting.reset(token)


def from_json(kept: Mapping[str, Any] | None) -> Actor:
    """The one a job was accepted for; jobs from before this was kept are the service's own."""
    if not kept:
        return SERVICE
    return Actor(Through(kept["through"]), kept.get("id"), kept.get("name"))
