"""REST hooks: POST /v1/hooks subscribes, DELETE ends it, GET shows who is told of what."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, jsonify, request

from connector.actions.events import EVENTS, Event
from connector.actions.inputs import Input, load, text
from connector.actions.polling import notice_days
from connector.certificate.field import scalar
from connector.errors import InvalidInput
from connector.storage import hooks
from connector.storage.api_keys import Scope
from connector.storage.events import EventType
from connector.storage.hooks import Hook
from connector.web.auth import caller, may, services

routes = Blueprint("hooks", __name__, url_prefix="/v1/hooks")


class HookInput(Input):
    target_url = text("Target link", help="Where each event is posted.", required=True)
    event = text("Event", help="The event's name, for example push.failed.", required=True)
    filters = ma.fields.Dict(
        load_default=dict,
        metadata={
            "title": "Filters",
            "description": "Keys of the event and the values they must have; `expires_within` for days.",
        },
    )


@routes.post("")
def subscribe() -> Response:
    """201 with the hook and, only this once, the secret that its messages are signed with."""
    who, given = caller(), load(HookInput, request.get_json(force=True, silent=True))
    event = _event(given["event"])
    filters, days = _filters(event, given["filters"])
    with services().sessions() as session, session.begin():
        hook, secret = hooks.create(
            session,
            who.account_id,
            EventType(event.name),
            _target(given["target_url"]),
            keys=services().settings.secret_keys,
            now=services().clock(),
            filters=filters,
            days=days,
        )
        answer = jsonify(_flat(hook) | {"secret": secret})
    answer.status_code = 201
    return answer


@routes.delete("/<hook_id>")
def unsubscribe(hook_id: str) -> Response:
    """Nobody is told any more. Ending it twice, or one that never was, is no error."""
    who = caller()
    with services().sessions() as session, session.begin():
        hooks.remove(session, who.account_id, hook_id, services().clock())
    return jsonify({"id": hook_id})


@routes.get("")
def subscriptions() -> Response:
    """The account's hooks, the oldest first; without their secrets.

    Whoever knows the whole address can post there as we do: a key that only reads sees its host.
    """
    who = caller()
    is_whole = may(Scope.ACT)
    with services().sessions() as session:
        found = hooks.active(session, who.account_id)
        return jsonify({"items": [_flat(hook, is_whole) for hook in found], "next": None})


def _event(name: str) -> Event:
    found = EVENTS.get(name)
    if found is None:
        known = ", ".join(EVENTS)
        raise InvalidInput(
            f"Event: there is no event “{name[:40]}”. Known: {known}.", field="event"
        )
    return found


def _target(url: str) -> str:
    services().outbound.require_possible(url, field="target_url")
    return url


def _filters(event: Event, given: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The keys that must have these values, and the days before an expiration."""
    asked = load(event.filters, given)
    days = notice_days(asked)
    values = {key: value for key, value in given.items() if key not in asked}
    if unknown := values.keys() - {field.key for field in event.fields}:
        raise InvalidInput(f"Filters: “{min(unknown)}” is no key of {event.name}.", field="filters")
    return values, days


def _flat(hook: Hook, is_whole: bool = True) -> dict[str, Any]:
    return {
        "id": hook.id,
        "event": hook.event,
        "target_url": hook.target_url if is_whole else hook.place,
        "filters": hook.filters,
        "days": hook.days if hook.event == EventType.CERTIFICATE_EXPIRING else None,
        "created_at": scalar(hook.created_at),
    }
