"""Finished answers on their way to whoever asked for them: Zapier's callback, Make's webhook, any URL.

Delivered at least once. The receiver can tell a repetition by the header `webhook-id`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from re import fullmatch
from typing import Any, Protocol

from sqlalchemy.orm import Session, sessionmaker

from connector.errors import DestinationRefused, DestinationUnavailable
from connector.jobs.announce import host_of
from connector.outbound.reply import Reply
from connector.storage import jobs
from connector.storage.jobs import Job

_TRY_AGAIN = {408, 425, 429}


class Door(Protocol):
    """The guarded way out; `connector.outbound.Outbound` is one."""

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        body: bytes | None = None,
    ) -> Reply: ...


class Services(Protocol):
    """What sending needs of `connector.actions.services.Services`."""

    @property
    def sessions(self) -> sessionmaker[Session]: ...

    @property
    def outbound(self) -> Door: ...


def send(
    account_id: str,
    given: Mapping[str, Any],
    services: Services,
    answer_of: Callable[[Job], Mapping[str, Any]],
) -> dict[str, Any]:
    """POST the job's finished flat object to its callback URL, the error case too.

    Nothing when the job was started again meanwhile: its next end is told by a job of its own.
    """
    with services.sessions() as session:
        job = jobs.get(session, account_id, given["job_id"])
    if job.callback_url is None or not job.is_ended:
        return {"status": None}
    reply = services.outbound.request(
        "POST",
        job.callback_url,
        headers={"webhook-id": f"{job.id}:{job.dispatch}"},
        json=dict(answer_of(job)),
    )
    require_taken(reply, host_of(job.callback_url))
    return {"status": reply.status}


def require_taken(reply: Reply, host: str) -> None:
    """Return when the receiver took it; DestinationUnavailable or DestinationRefused otherwise."""
    if reply.is_success:
        return
    if reply.status in _TRY_AGAIN or reply.status >= 500:
        raise DestinationUnavailable(
            f"{host} answered {reply.status}. It is tried again later.",
            retry_after=_seconds(reply.headers.get("Retry-After")),
        )
    raise DestinationRefused(
        f"{host} refused the message with status {reply.status}. Check that the address still exists."
    )


def _seconds(header: str | None) -> float | None:
    """Retry-After in seconds; its form as a date is rare and left to our own patience."""
    return float(header) if header and fullmatch(r"(?a)\d{1,9}", header) else None
