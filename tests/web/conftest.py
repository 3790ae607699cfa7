"""The service's web side over a fresh database: an account, its key, and a client that sends it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from connector.actions.services import Reader, Services
from connector.settings import ensure_secret
from connector.settings import load as load_settings
from connector.storage import accounts, api_keys
from connector.storage.migrate import migrate
from connector.web.app import create_app
from connector.wiring import services as make_services
from connector.wiring.reader import ChildReader
from demo.draw import draw_demo
from tests.storage.databases import (  # noqa: F401 - fixtures
    postgresql_database,
    postgresql_server,
    postgresql_template,
)

HOLDER = "Summit Builders Inc"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, migrated once and copied for each test."""
    path = tmp_path_factory.mktemp("migrated") / "connector.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The two bundled certificates, drawn for today: compliant, not compliant."""
    today: date = datetime.now(UTC).date()
    return draw_demo(tmp_path_factory.mktemp("certificates"), today)


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    """One warm reader for all tests: it keeps nothing between documents."""
    made = ChildReader(load_settings({}))
    yield made
    made.close()


@pytest.fixture
def services(tmp_path: Path, migrated: Path, reader: Reader) -> Iterator[Services]:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    shutil.copy(migrated, data_dir / "connector.db")
    environ = {"CONNECTOR_DATA_DIR": str(data_dir), "ANSWER_WITHIN": "1"}
    made = replace(make_services(ensure_secret(load_settings(environ))), reader=reader)
    yield made
    made.sessions.kw["bind"].dispose()


@dataclass
class Caller:
    """A client of one account."""

    client: FlaskClient
    key: str
    account_id: str

    def post(self, path: str, **given: Any) -> Any:
        return self.client.post(path, headers=self.headers, **given)

    def get(self, path: str, **given: Any) -> Any:
        return self.client.get(path, headers=self.headers, **given)

    def send(self, action: str, path: Path, **given: str) -> Any:
        """A multipart request with the file at `path`."""
        with path.open("rb") as file:
            data = {**given, "file": (file, path.name)}
            return self.post(f"/v1/actions/{action}", data=data)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


@pytest.fixture
def caller(services: Services) -> Iterator[Caller]:
    yield new_caller(services, "Office")


@pytest.fixture
def stranger(services: Services) -> Iterator[Caller]:
    """Another account of the same service."""
    yield new_caller(services, "Another office")


def new_caller(services: Services, name: str) -> Caller:
    app = create_app(services)
    with services.sessions() as session, session.begin():
        account = accounts.create(session, name, services.clock(), legal_names=(HOLDER,))
        _, key = api_keys.create(session, account.id, "test", services.clock())
    return Caller(app.test_client(), key, account.id)
