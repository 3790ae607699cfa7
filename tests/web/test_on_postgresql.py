"""What PostgreSQL refuses and SQLite takes is answered as the input's fault, in words."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from connector.actions.services import Reader
from connector.settings import load as load_settings
from connector.wiring import services as make_services
from tests.storage.databases import (  # noqa: F401 - fixtures
    Database,
    postgresql_database,
    postgresql_server,
    postgresql_template,
)
from tests.web.conftest import Caller, new_caller


@pytest.fixture
def on_postgresql(
    tmp_path: Path,
    reader: Reader,
    postgresql_database: Database,  # noqa: F811 - the fixture
) -> Iterator[Caller]:
    environ = {
        "CONNECTOR_DATA_DIR": str(tmp_path),
        "DATABASE_URL": postgresql_database.url,
        "CONNECTOR_SECRET_KEY": Fernet.generate_key().decode(),
        "ANSWER_WITHIN": "1",
    }
    made = replace(make_services(load_settings(environ)), reader=reader)
    yield new_caller(made, "Another office")
    made.sessions.kw["bind"].dispose()


@pytest.mark.parametrize("name", ["no\x00text", secrets.token_urlsafe(6000)])
def test_a_name_that_cannot_be_kept_is_no_outage(
    on_postgresql: Caller, certificates: tuple[Path, Path], name: str
) -> None:
    answer = on_postgresql.send("parse_certificate", certificates[0], vendor_name=name)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "invalid_input")
    assert "database" not in answer.json["error"]["message"]
    assert on_postgresql.get("/v1/certificates").json["items"] == []


def test_numbers_of_thirty_digits_are_no_outage(on_postgresql: Caller, caller: Caller) -> None:
    for who in (on_postgresql, caller):
        answer = who.get(f"/v1/certificates?cursor={10**30}")
        assert answer.status_code == 422
