"""Events on their way to hooks, signed as Standard Webhooks (standardwebhooks.com) describe."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session, sessionmaker

from connector.jobs.announce import host_of
from connector.storage import events, hooks
from connector.worker.callbacks import Door, require_taken

_GONE = 410


class Services(Protocol):
    """What delivering needs of `connector.actions.services.Services`."""

    @property
    def sessions(self) -> sessionmaker[Session]: ...

    @property
    def clock(self) -> Callable[[], datetime]: ...

    @property
    def outbound(self) -> Door: ...


def deliver(
    account_id: str, given: Mapping[str, Any], services: Services, keys: Sequence[str]
) -> dict[str, Any]:
    """POST the event's flat object to the hook. Answers the status, and whether the hook ended.

    The body is what polling the matching list would answer for it, so that an automation sees
    the same keys either way. 410 ends the subscription; busy and failing receivers are tried
    again for days.
    """
    with services.sessions() as session:
        hook = hooks.get(session, account_id, given["hook_id"])
        event = events.get(session, account_id, given["event_id"])
        secret = hooks.secret_of(hook, keys)
    if hook.removed_at is not None or not event.flat:
        return {"status": None, "ended": True}
    body = json.dumps(event.told, ensure_ascii=False, separators=(",", ":")).encode()
    headers = signed_headers(event.id, services.clock(), body, secret)
    reply = services.outbound.request("POST", hook.target_url, headers=headers, body=body)
    if reply.status == _GONE:
        with services.sessions() as session, session.begin():
            hooks.remove(session, account_id, hook.id, services.clock(), why="gone")
        return {"status": _GONE, "ended": True}
    require_taken(reply, host_of(hook.target_url))
    return {"status": reply.status, "ended": False}


def signed_headers(message_id: str, now: datetime, body: bytes, secret: str) -> dict[str, str]:
    """The headers by which a receiver knows that the message is ours, fresh and whole."""
    timestamp = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }
