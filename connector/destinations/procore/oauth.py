"""Logging in to Procore: where to send the person, and codes or refresh tokens for tokens.

Nothing is kept here. `Secrets` are what the caller encrypts and stores: access_token,
refresh_token (None for a service account) and expires_at in Unix seconds. A refresh token is good
for one use and the old pair dies with it, so the caller stores what comes before using it.
Source: procore/documentation, oauth/.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias
from urllib.parse import urlencode

from connector.destinations.procore.client import PATIENCE, RECONNECT
from connector.destinations.procore.refusals import explain
from connector.errors import DestinationUnavailable, FetchFailed, NotConnected, TooLarge
from connector.outbound import Outbound, Reply

Secrets: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Environment:
    """A Procore installation: where people log in and where the API answers."""

    label: str
    login_url: str
    api_url: str


ENVIRONMENTS: Mapping[str, Environment] = MappingProxyType(
    {
        "production": Environment(
            "Production", "https://login.procore.com", "https://api.procore.com"
        ),
        "sandbox": Environment(
            "Developer sandbox", "https://login-sandbox.procore.com", "https://sandbox.procore.com"
        ),
        "monthly_sandbox": Environment(
            "Monthly sandbox",
            "https://login-sandbox-monthly.procore.com",
            "https://api-monthly.procore.com",
        ),
    }
)
"""Tokens of one are worth nothing in another. An on-demand sandbox is reached like production."""


@dataclass(frozen=True, slots=True)
class App:
    """Our app as registered in Procore's developer portal."""

    client_id: str
    client_secret: str
    redirect_uri: str


def new_state() -> str:
    """A value that comes back with the code: it ties the answer to the browser that asked."""
    return secrets.token_urlsafe(32)


def new_verifier() -> str:
    """A PKCE verifier; only its digest travels through the browser."""
    return secrets.token_urlsafe(64)


def authorize_url(
    environment: Environment, app: App, state: str, verifier: str | None = None
) -> str:
    """Where the person's browser goes. Without a verifier no PKCE is asked for."""
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "state": state,
    }
    if verifier:
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return f"{environment.login_url}/oauth/authorize?{urlencode(query)}"


def exchange_code(
    environment: Environment, app: App, code: str, verifier: str | None, http: Outbound, now: float
) -> Secrets:
    """Tokens for the code that came back; it is good once and for ten minutes."""
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": app.redirect_uri}
    if verifier:
        grant["code_verifier"] = verifier
    return _exchange(environment, app, grant, http, now)


def log_in_as_service(environment: Environment, app: App, http: Outbound, now: float) -> Secrets:
    """Tokens of the app's own service account; there is no refresh token, so it is done anew."""
    return _exchange(environment, app, {"grant_type": "client_credentials"}, http, now)


def renew(
    known: Mapping[str, Any], environment: Environment, app: App, http: Outbound, now: float
) -> Secrets:
    """Fresh tokens in place of `known`. NotConnected when the person must log in again.

    When the answer is lost, DestinationUnavailable is raised; the next attempt then learns
    whether the old refresh token still lives.
    """
    token = known.get("refresh_token")
    if not token:
        return log_in_as_service(environment, app, http, now)
    grant = {"grant_type": "refresh_token", "refresh_token": str(token)}
    return _exchange(environment, app, grant, http, now)


def revoke(environment: Environment, app: App, known: Mapping[str, Any], http: Outbound) -> None:
    """Ends both tokens at Procore."""
    body = {
        "token": known["access_token"],
        "client_id": app.client_id,
        "client_secret": app.client_secret,
    }
    _post(environment, "/oauth/revoke", body, http)


def _exchange(
    environment: Environment, app: App, grant: Mapping[str, str], http: Outbound, now: float
) -> Secrets:
    body = {**grant, "client_id": app.client_id, "client_secret": app.client_secret}
    answer = _post(environment, "/oauth/token", body, http)
    try:
        said = answer.json()
        return {
            "access_token": str(said["access_token"]),
            "refresh_token": said.get("refresh_token"),
            "expires_at": now + float(said["expires_in"]),
        }
    except (ValueError, KeyError, TypeError) as error:
        raise DestinationUnavailable(
            "Procore's login answered something else than tokens. Try again in a minute."
        ) from error


def _post(environment: Environment, path: str, body: Mapping[str, Any], http: Outbound) -> Reply:
    try:
        answer = http.request(
            "POST",
            environment.login_url + path,
            headers={"Accept": "application/json"},
            json=dict(body),
            patience=PATIENCE,
        )
    except (FetchFailed, TooLarge) as error:
        raise DestinationUnavailable("Procore's login did not answer. Try again.") from error
    if answer.is_success:
        return answer
    if answer.status == 429 or answer.status >= 500:
        raise DestinationUnavailable("Procore's login is busy. Try again in a minute.")
    if b"invalid_client" in answer.data:
        raise NotConnected(
            "Procore does not accept the app's client id and secret. Compare them with the "
            "developer portal, and the environment (production or sandbox) with them."
        )
    raise NotConnected(f"{RECONNECT} It says: {explain(answer.data) or answer.status}")
