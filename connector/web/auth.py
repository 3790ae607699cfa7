"""Who is calling: the account behind `Authorization: Bearer KEY`. There is no off switch."""

from __future__ import annotations

from flask import current_app, g, request

from connector.actions.services import Caller, Services
from connector.errors import Forbidden, NotAuthorized
from connector.storage import actor, api_keys
from connector.storage.actor import Actor, Through
from connector.storage.api_keys import ApiKey, Scope


def services() -> Services:
    """The services this app was made with."""
    found: Services = current_app.extensions["services"]
    return found


def caller(needs: Scope | None = None) -> Caller:
    """The account of this request's key.

    NotAuthorized when there is none or it is wrong; Forbidden when the key may not do this: by
    itself a request needs `read` to look at something and `act` to change it.
    """
    if "key" not in g:
        g.key = _key()
    key: ApiKey = g.key
    _require(key, needs or (Scope.READ if request.method in ("GET", "HEAD") else Scope.ACT))
    return Caller(account_id=key.account_id)


def _require(key: ApiKey, scope: Scope) -> None:
    if not key.may(scope):
        raise Forbidden(
            f"The key “{key.name[:40]}” may not do this: it lacks the right “{scope}”. Use another "
            f"key, or make one: `connector keys create NAME --scope {scope}`."
        )


def _key() -> ApiKey:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise NotAuthorized(
            "An API key is missing. Send the header “Authorization: Bearer YOUR-KEY”; "
            "`connector keys create NAME` makes a key."
        )
    with services().sessions() as session, session.begin():
        key = api_keys.find(session, secret.strip(), now=services().clock())
        if key is None:
            raise NotAuthorized(
                "This API key is not known. It may have been mistyped, replaced or have expired; "
                "`connector keys create NAME` makes a new one."
            )
        session.flush()
        session.expunge(key)
        actor.begin(Actor(Through.API_KEY, key.id, key.name))
        return key
