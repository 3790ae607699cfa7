"""Who is calling: the account behind `Authorization: Bearer KEY`. There is no off switch."""

from __future__ import annotations

from flask import current_app, g, request

from connector.actions.services import Caller, Services
from connector.errors import NotAuthorized
from connector.storage import api_keys


def services() -> Services:
    """The services this app was made with."""
    found: Services = current_app.extensions["services"]
    return found


def caller() -> Caller:
    """The account of this request's key. NotAuthorized when there is none or it is wrong."""
    if "caller" not in g:
        g.caller = _caller()
    found: Caller = g.caller
    return found


def _caller() -> Caller:
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
        return Caller(account_id=key.account_id)
