"""An installation of the service for tests and measurements: database, account, key, connection."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from connector.settings import Settings, ensure_secret
from connector.settings import load as load_settings
from connector.storage import accounts, api_keys, connections
from connector.storage.database import connect, sessions_of
from connector.storage.migrate import migrate
from tests.service.running import Service, free_port
from tests.simulators.procore.world import COMPANY, TOKEN

HOLDER = "Summit Builders Inc"


@contextmanager
def installed(folder: Path, procore_url: str | None, there: Mapping[str, str]) -> Iterator[Service]:
    """The service in this folder, not yet started; whatever of it runs at the end is stopped.

    `there` are more settings. Its account is connected to the Procore of that address, if any.
    """
    environ = {
        **os.environ,
        "CONNECTOR_DATA_DIR": str(folder / "data"),
        "PORT": str(free_port()),
        "ANSWER_WITHIN": "10",
        "ALLOW_HTTP_FETCH": "on",
        "ALLOW_PRIVATE_FETCH": "127.0.0.1",
        **there,
    }
    settings = ensure_secret(load_settings(environ))
    migrate(settings.database_url)
    made = _with_account(environ, settings, procore_url)
    try:
        yield made
    finally:
        for each in made.family:
            each.end()


def _with_account(environ: dict[str, str], settings: Settings, procore_url: str | None) -> Service:
    now = datetime.now(UTC)
    engine = connect(settings.database_url)
    with sessions_of(engine)() as session, session.begin():
        account = accounts.create(session, "Office", now, legal_names=(HOLDER,))
        if procore_url is not None:
            connections.create(
                session,
                account.id,
                "procore",
                name="Procore",
                settings={"company_id": COMPANY, "api_url": procore_url},
                secrets={"access_token": TOKEN},
                keys=settings.secret_keys,
                now=now,
            )
        _, key = api_keys.create(session, account.id, "test", now)
    engine.dispose()
    return Service(environ, settings, key, account.id)
