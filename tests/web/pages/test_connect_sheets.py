"""The spreadsheet of the log is connected, tried and forgotten on a page."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from connector.actions.services import Services
from connector.storage import connections
from tests.simulators.google_sheets.connection import connect_account
from tests.simulators.google_sheets.server import ROBOT, SPREADSHEET, SheetsSimulator
from tests.web.pages.conftest import Browser

LINK = f"https://docs.google.com/spreadsheets/d/{SPREADSHEET}/edit#gid=0"


@pytest.fixture
def google() -> Iterator[SheetsSimulator]:
    with SheetsSimulator() as running:
        yield running


def stored(services: Services, office: str) -> connections.StoredConnection | None:
    with services.readers() as session:
        return connections.of_destination(session, office, "google_sheets")


def test_it_is_connected_by_its_link_and_a_chosen_key_file_and_names_the_address_to_share_with(
    services: Services, office: str, admin: Browser, google: SheetsSimulator
) -> None:
    admin.get("/connect/sheets")
    key = (io.BytesIO(json.dumps(google.key_file()).encode()), "key.json")
    page = admin.send("/connect/sheets", spreadsheet=LINK, key_file=key, real_dates="on")
    assert page.status_code == 200
    assert ROBOT in page.text
    assert "share the spreadsheet with this address" in page.text
    assert "private_key" not in page.text
    found = stored(services, office)
    assert found is not None
    assert found.settings["spreadsheet"] == SPREADSHEET
    assert (found.settings["real_dates"], found.settings["row_per_line"]) == (True, False)
    assert "PRIVATE KEY" not in (found.secrets or ""), "it is kept encrypted"


@pytest.mark.parametrize(
    ("given", "said"),
    [({"key_text": ""}, "Choose the key file"), ({"key_text": "{}"}, "no key file of a Google service account"), ({"spreadsheet": "my sheet"}, "link")],
)  # fmt: skip
def test_what_cannot_be_is_said_and_the_link_stays_typed(
    services: Services, office: str, admin: Browser, google: SheetsSimulator,
    given: dict[str, str], said: str,
) -> None:  # fmt: skip
    admin.get("/connect/sheets")
    good = {"spreadsheet": LINK, "key_text": json.dumps(google.key_file()), "worksheet": "COIs"}
    page = admin.send("/connect/sheets", **{**good, **given})
    assert page.status_code == 422
    assert said in page.text
    assert 'role="alert"' in page.text
    assert 'value="COIs"' in page.text
    assert stored(services, office) is None


def test_a_try_says_that_it_works_or_what_is_missing(
    services: Services, office: str, admin: Browser, google: SheetsSimulator
) -> None:
    keys, now = services.settings.secret_keys, services.clock()
    with services.sessions() as session, session.begin():
        connect_account(session, office, google, keys=keys, now=now)
    admin.get("/connect/sheets")
    assert "The log can be written" in admin.send("/connect/sheets/try").text
    google.spreadsheet.shared_with.clear()
    page = admin.send("/connect/sheets/try")
    assert page.status_code == 422
    assert ROBOT in page.text


def test_disconnected_it_is_forgotten_with_its_key(
    services: Services, office: str, admin: Browser, google: SheetsSimulator
) -> None:
    keys, now = services.settings.secret_keys, services.clock()
    with services.sessions() as session, session.begin():
        connect_account(session, office, google, keys=keys, now=now)
    admin.get("/connect/sheets")
    assert "forgotten" in admin.send("/connect/sheets/disconnect").text
    assert stored(services, office) is None
    assert admin.send("/connect/sheets/try").status_code == 422
