"""The link by which the first person of an empty service lets themselves in."""

from __future__ import annotations

from datetime import datetime, timedelta

from connector import links
from connector.settings import Settings
from connector.storage.accounts import FIRST_ACCOUNT

PURPOSE = "first-person"
LASTS = timedelta(days=1)


def link(settings: Settings, now: datetime) -> str:
    """For whoever starts an empty service; being the first to find its address is not enough."""
    token = links.sign(PURPOSE, FIRST_ACCOUNT, now + LASTS, settings.secret_keys)
    return f"{settings.public_url}/first/{token}"
