"""What is written into Procore and what types are called: kept by a form, all of it or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from connector.actions.services import Services
from tests.simulators.procore.world import PROJECT
from tests.web.pages.conftest import Browser
from tests.web.pages.test_connect_procore import (
    allowed,
    chosen,
    procore,  # noqa: F401 - the fixture
    services,  # noqa: F401 - the fixture
    stored,
)

PAGE = "/connect/procore/settings"


@pytest.fixture
def connected(admin: Browser) -> Browser:
    admin.get(allowed(admin))
    chosen(admin)
    admin.get(PAGE)
    return admin


def kept(services: Services, browser: Browser) -> dict[str, Any]:  # noqa: F811
    found = stored(services, browser.account_id)
    assert found is not None
    return found.settings


def test_switches_and_names_are_kept_and_shown(services: Services, connected: Browser) -> None:  # noqa: F811
    sent = connected.send(
        PAGE, gate_commitments="on", file_in_documents="on", documents_folder_id="5000000077",
        type_auto_liability=" Auto ", type_cyber="Cyber Liability",
    )  # fmt: skip
    assert (sent.status_code, sent.location) == (303, f"{PAGE}?kept=1")
    settings = kept(services, connected)
    assert (settings["gate_commitments"], settings["hold_payments"]) == (True, False)
    assert settings["documents_folder_id"] == 5_000_000_077
    assert settings["insurance_types"] == {"auto_liability": "Auto"}
    assert settings["project_id"] == PROJECT
    page = connected.get(f"{PAGE}?kept=1").text
    assert "Kept." in page
    assert 'value="Auto"' in page
    assert page.count(" checked") == 2

    connected.send(PAGE)
    settings = kept(services, connected)
    assert not any(settings[name] for name in ("gate_commitments", "file_in_documents"))
    assert settings["insurance_types"] == {}


def test_what_does_not_fit_is_said_and_nothing_is_kept(
    services: Services,  # noqa: F811
    connected: Browser,
) -> None:
    before = kept(services, connected)
    sent = connected.send(PAGE, file_in_documents="on", documents_folder_id="Insurance")
    assert sent.status_code == 422
    assert "must be a number" in sent.text
    assert 'value="Insurance"' in sent.text, "what was typed stays"
    assert kept(services, connected) == before


def test_without_a_project_what_takes_one_stays_off(
    services: Services,  # noqa: F811
    admin: Browser,
) -> None:
    admin.get(allowed(admin))
    chosen(admin, "")
    assert admin.get(PAGE).text.count("Only for a connection to a project.") == 3
    assert admin.send(PAGE, gate_commitments="on", send_undecided="on").status_code == 303
    settings = kept(services, admin)
    assert (settings.get("gate_commitments"), settings["send_undecided"]) == (None, True)


def test_without_a_connection_it_leads_to_connecting(admin: Browser) -> None:
    assert admin.get(PAGE).location == "/connect/procore"


def test_only_administrators_change_it(reviewer: Browser) -> None:
    assert reviewer.get(PAGE).status_code == 403
