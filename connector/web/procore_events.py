"""POST /v1/procore/events/{connection}: Procore tells that something changed; answered at once.

Only the fixed Authorization value proves who tells (Procore signs nothing). Any answer but 2xx makes
Procore hold back all deliveries, so what does not concern us is thanked for and dropped.
"""

from __future__ import annotations

import hmac

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from connector.destinations.procore import incoming, webhooks
from connector.errors import InvalidInput, NotAuthorized
from connector.jobs.procore_watch import accept_event, is_watched
from connector.storage.connections import StoredConnection
from connector.web.auth import services

routes = Blueprint("procore_events", __name__, url_prefix="/v1/procore/events")


@routes.post("/<connection_id>")
def receive(connection_id: str) -> ResponseReturnValue:
    """Whether it was accepted as work. A second delivery of the same event is no second work."""
    _require_procore(connection_id)
    try:
        happened = incoming.event(request.get_json(force=True, silent=True))
    except InvalidInput:
        return jsonify({"accepted": False, "why": "not understood"})
    with services().sessions() as session, session.begin():
        found = select(StoredConnection).where(StoredConnection.id == connection_id)
        stored = session.scalars(found).one_or_none()
        if stored is None or not is_watched(stored) or not _concerns(stored, happened):
            return jsonify({"accepted": False, "why": "not watched"})
        accepted = accept_event(session, stored, happened, services().clock())
        return jsonify({"accepted": not accepted.is_duplicate})


def _require_procore(connection_id: str) -> None:
    """NotAuthorized for anybody else, compared in constant time."""
    given = request.headers.get("Authorization", "").encode()
    good = webhooks.authorizations(connection_id, services().settings.secret_keys)
    if not any(hmac.compare_digest(given, value.encode()) for value in good):
        raise NotAuthorized("Only Procore posts here. `connector procore watch` sets it up.")


def _concerns(stored: StoredConnection, happened: incoming.Event) -> bool:
    """Whether it happened in the connection's company, and not by our own hand."""
    about = stored.settings
    user_id = int(about["user_id"]) if about.get("user_id") else None
    is_own = incoming.is_own(happened, services().settings.procore_client_id, user_id)
    return str(happened.company_id) == str(about.get("company_id")) and not is_own
