"""Who is calling: the account behind `Authorization: Bearer KEY`. There is no off switch."""

from __future__ import annotations

from flask import current_app, g, request

from connector.actions.services import Caller, Services
from connector.errors import Forbidden, NotAuthorized
from connector.storage import actor, api_keys
from connector.storage.actor import Actor, Through
from connector.storage.api_keys import ApiKey, Scope

MISSING = (
    "An API key is missing. Send the header “Authorization: Bearer YOUR-KEY”; "
    "`connector keys create NAME` makes a key."
)
UNKNOWN = (
    "This API key is not known. It may have been mistyped, replaced or have expired; "
    "`connector keys create NAME` makes a new one."
)


def services() -> Services:
    """The services this app was made with."""
    found: Services = current_app.extensions["services"]
    return found


def caller(needs: Scope | None = None) -> Caller:
    """The account of this request's key.

    NotAuthorized when there is none or it is wrong; Forbidden when the key may not do this: by
    itself a request needs `read` to look at something and `act` to change it.
    """
    key = key_of_request()
    if key is None:
        raise NotAuthorized(UNKNOWN if secret_of_request() else MISSING)
    actor.begin(Actor(Through.API_KEY, key.id, key.name))
    _require(key, needs or (Scope.READ if request.method in ("GET", "HEAD") else Scope.ACT))
    return Caller(account_id=key.account_id)


def may(scope: Scope) -> bool:
    """Whether the request's key has this right."""
    key = key_of_request()
    return key is not None and key.may(scope)


def secret_of_request() -> str:
    """What was sent as a key; "" when nothing was."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def key_of_request() -> ApiKey | None:
    """The key that was sent, when it is good. Looked up once for each request."""
    if "key" not in g:
        secret = secret_of_request()
        g.key = _find(secret) if secret else None
    found: ApiKey | None = g.key
    return found


def _require(key: ApiKey, scope: Scope) -> None:
    if not key.may(scope):
        raise Forbidden(
            f"The key “{key.name[:40]}” may not do this: it lacks the right “{scope}”. Use another "
            f"key, or make one: `connector keys create NAME --scope {scope}`."
        )


def _find(secret: str) -> ApiKey | None:
    """Read without waiting for writers: whoever tries keys must not hold up the work."""
    now = services().clock()
    with services().readers() as session:
        key = api_keys.find(session, secret, now)
    if key is not None and api_keys.is_use_to_be_noted(key, now):
        with services().sessions() as session, session.begin():
            api_keys.note_use(session, key.id, now)
    return key
