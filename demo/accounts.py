"""The demo's own account, connected to the simulated Procore, and the user's first one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connector.settings import Settings
from connector.storage import accounts, api_keys, connections
from connector.storage.accounts import FIRST_ACCOUNT
from connector.storage.database import connect, sessions_of

HOLDER = "Summit Builders Inc"
DEMO_ACCOUNT = "Demo"


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo's account and key; `first_key` is the user's own, when it was made just now."""

    account_id: str
    key: str
    first_key: str | None
    today: date


def prepare(settings: Settings, procore: Mapping[str, Any]) -> Demo:
    """A fresh demo account each time: each simulated Procore starts empty, too."""
    now = datetime.now(UTC)
    sessions = sessions_of(connect(settings.database_url))
    with sessions() as session, session.begin():
        demo = accounts.create(session, DEMO_ACCOUNT, now, legal_names=(HOLDER,))
        connections.create(
            session,
            demo.id,
            "procore",
            name="Simulated Procore",
            settings={"company_id": procore["company_id"], "api_url": procore["url"]},
            secrets={"access_token": procore["token"]},
            keys=settings.secret_keys,
            now=now,
        )
        _, key = api_keys.create(session, demo.id, "demo", now)
        first_key = None
        if accounts.by_name(session, FIRST_ACCOUNT) is None:
            own = accounts.create(session, FIRST_ACCOUNT, now)
            _, first_key = api_keys.create(session, own.id, "first key", now)
    return Demo(demo.id, key, first_key, now.astimezone(ZoneInfo(demo.time_zone)).date())
