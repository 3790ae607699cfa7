"""A stored connection to Procore: which installation it belongs to, and how its tokens are renewed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from connector.destinations.procore import oauth
from connector.destinations.procore.oauth import App, Environment
from connector.outbound import Outbound
from connector.settings import Settings
from connector.storage.connections import Secrets


def environment(chosen: Mapping[str, Any], settings: Settings) -> Environment:
    """The Procore that a connection's settings name, else the one of the service's settings."""
    return Environment(
        label=str(chosen.get("environment") or "production"),
        login_url=str(chosen.get("login_url") or settings.procore_login_url),
        api_url=str(chosen.get("api_url") or settings.procore_api_url),
    )


def app(settings: Settings) -> App:
    """Our app as registered with Procore, from the service's settings."""
    return App(
        settings.procore_client_id,
        settings.procore_client_secret,
        redirect_uri=f"{settings.public_url}/connect/procore/back",
    )


def renewal(
    chosen: Mapping[str, Any], settings: Settings, outbound: Outbound
) -> Callable[[Secrets], Secrets]:
    """How the connection's tokens are renewed: by its refresh token, or as the service account."""
    installation = environment(chosen, settings)
    door = outbound.trusting(installation.login_url)

    def renew(known: Secrets) -> Secrets:
        return oauth.renew(known, installation, app(settings), door, time.time())

    return renew
