"""/connect/procore against the simulated Procore: what a person clicks, and what goes wrong."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from connector.actions import procore_connection, procore_login
from connector.actions.services import Caller, Services
from connector.settings import ensure_secret, load
from connector.storage import connections
from connector.storage.connections import StoredConnection
from connector.storage.users import Role
from connector.wiring import services as make_services
from tests.actions.office import ask, work_off, work_off_all
from tests.simulators.procore.documents import add_file
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import CLIENT_ID, CLIENT_SECRET, COMPANY, PROJECT, TOKEN
from tests.web.pages.conftest import Browser, Clock, logged_in, put_certificate

PAGE = "/connect/procore"
Papers = tuple[Path, Path]


@pytest.fixture
def procore() -> Iterator[ProcoreSimulator]:
    with ProcoreSimulator() as simulator:
        yield simulator
    assert simulator.world.breaches == []


@pytest.fixture
def services(services: Services, procore: ProcoreSimulator, clock: Clock) -> Iterator[Services]:
    """The service with the app's credentials, its production being the simulator."""
    environ = {
        "CONNECTOR_DATA_DIR": str(services.settings.data_dir),
        "PROCORE_CLIENT_ID": CLIENT_ID,
        "PROCORE_CLIENT_SECRET": CLIENT_SECRET,
        "PROCORE_API_URL": procore.url,
        "PROCORE_LOGIN_URL": procore.url,
    }
    made = make_services(ensure_secret(load(environ)))
    yield replace(made, reader=services.reader, clock=clock)
    made.sessions.kw["bind"].dispose()


def stored(services: Services, account_id: str) -> StoredConnection | None:
    with services.sessions() as session:
        return connections.of_destination(session, account_id, "procore")


def allowed(browser: Browser, path: str = f"{PAGE}/login") -> str:
    """The person logs in to Procore and clicks Allow; the address it sends them back to."""
    away = browser.get(path).location
    answer = requests.get(away, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def chosen(browser: Browser, project: int | str = PROJECT) -> None:
    browser.get(f"{PAGE}/choose?company_id={COMPANY}")
    sent = browser.send(f"{PAGE}/choose", company_id=str(COMPANY), project_id=str(project))
    assert (sent.status_code, sent.location) == (303, PAGE), sent.text


@pytest.mark.parametrize("pkce", ["ignored", "enforced"])
def test_a_person_logs_in_chooses_company_and_project_and_is_connected(
    services: Services, procore: ProcoreSimulator, admin: Browser, pkce: str
) -> None:
    procore.world.switches.pkce = pkce
    procore.world.companies[8090] = {"id": 8090, "name": "Other Builders", "is_active": True}

    arrived = admin.get(allowed(admin))
    assert (arrived.status_code, arrived.location) == (303, f"{PAGE}/choose")
    assert "Other Builders" in admin.get(arrived.location).text
    assert "Lakeside Medical Center" in admin.get(f"{PAGE}/choose?company_id={COMPANY}").text
    chosen(admin)

    page = admin.get(PAGE).text
    assert "Summit Builders Inc" in page
    assert "project Lakeside Medical Center" in page
    assert "connector@summit.example" in page
    found = stored(services, admin.account_id)
    assert found is not None
    assert found.settings["company_id"] == COMPANY
    assert not [token for token in procore.world.grants if token in (found.secrets or "")]


def test_a_procore_that_refuses_pkce_is_logged_in_to_without_it(
    procore: ProcoreSimulator, admin: Browser
) -> None:
    procore.world.switches.pkce = "refused"
    away = admin.get(f"{PAGE}/login").location
    assert requests.get(away, allow_redirects=False, timeout=5).status_code == 400
    assert f"{PAGE}/login?environment=production&amp;plain=1" in admin.get(PAGE).text
    assert admin.get(allowed(admin, f"{PAGE}/login?plain=1")).location == f"{PAGE}/choose"


def test_a_refusal_of_pkce_that_comes_back_to_us_goes_on_without_it(admin: Browser) -> None:
    asked = parse_qs(urlsplit(admin.get(f"{PAGE}/login").location).query)
    assert asked["code_challenge_method"] == ["S256"]
    again = admin.get(f"{PAGE}/back?error=invalid_request&state={asked['state'][0]}")
    assert again.location == f"{PAGE}/login?plain=1&environment=production"
    assert "code_challenge" not in admin.get(again.location).location


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(
    services: Services, procore: ProcoreSimulator, admin: Browser, office: str, clock: Clock
) -> None:
    other = logged_in(services, office, "other@summit.example", Role.ADMIN)
    back = allowed(other)
    before = len(procore.world.grants)
    assert "does not belong" in admin.get(back).text, "another browser's"
    assert "does not belong" in other.get(f"{back}x").text, "another state"
    again = allowed(other)
    clock.move(timedelta(minutes=11))
    assert "does not belong" in other.get(again).text, "too late"
    assert len(procore.world.grants) == before
    assert stored(services, office) is None


def test_an_answer_is_good_once(admin: Browser) -> None:
    back = allowed(admin)
    assert admin.get(back).status_code == 303
    assert "does not belong" in admin.get(back).text


def test_not_allowing_it_changes_nothing_and_says_so(services: Services, admin: Browser) -> None:
    state = parse_qs(urlsplit(admin.get(f"{PAGE}/login").location).query)["state"][0]
    page = admin.get(f"{PAGE}/back?error=access_denied&state={state}")
    assert "You did not allow the connection" in page.text
    assert stored(services, admin.account_id) is None


def test_the_app_connects_by_itself_with_the_number_of_its_company(
    services: Services, admin: Browser
) -> None:
    admin.get(PAGE)
    sent = admin.send(f"{PAGE}/service", environment="production", company_id=str(COMPANY))
    assert sent.location == f"{PAGE}/choose?company_id={COMPANY}"
    chosen(admin, project="")
    found = stored(services, admin.account_id)
    assert found is not None
    assert found.settings["project_id"] is None
    assert "at company level" in admin.get(PAGE).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"environment": "production", "company_id": ""}, "number must be a number"),
        ({"environment": "production", "company_id": "Summit"}, "number must be a number"),
        ({"environment": "moon", "company_id": "8089"}, "none of Procore"),
    ],
)
def test_a_form_that_cannot_be_right_says_what_is_wrong(
    admin: Browser, fields: dict[str, str], said: str
) -> None:
    admin.get(PAGE)
    assert said in admin.send(f"{PAGE}/service", **fields).text


def test_a_company_without_the_app_says_what_to_click(
    procore: ProcoreSimulator, services: Services, admin: Browser
) -> None:
    procore.world.switches.app_connected = False
    admin.get(PAGE)
    sent = admin.send(f"{PAGE}/service", environment="production", company_id=str(COMPANY))
    assert "The app is not installed in this Procore company" in admin.get(sent.location).text
    assert stored(services, admin.account_id) is None


def test_a_company_or_project_that_the_login_does_not_see_is_refused(
    services: Services, admin: Browser
) -> None:
    admin.get(allowed(admin))
    admin.get(f"{PAGE}/choose?company_id={COMPANY}")
    for given in ({"company_id": "1"}, {"company_id": str(COMPANY), "project_id": "2"}):
        assert "that are listed" in admin.send(f"{PAGE}/choose", **given).text
        admin.get(f"{PAGE}/choose?company_id={COMPANY}")
    assert stored(services, admin.account_id) is None


def test_connecting_the_same_company_again_keeps_its_settings_and_its_number(
    services: Services, admin: Browser
) -> None:
    admin.get(allowed(admin))
    chosen(admin)
    with services.sessions() as session, session.begin():
        first = connections.of_destination(session, admin.account_id, "procore")
        assert first is not None
        first.settings = {**first.settings, "gate_commitments": True}
        first.needs_login = True
    assert "Reconnect" in admin.get(PAGE).text

    admin.get(allowed(admin))
    chosen(admin)

    again = stored(services, admin.account_id)
    assert again is not None
    assert (again.id, again.needs_login) == (first.id, False)
    assert again.settings["gate_commitments"] is True
    assert again.secrets != first.secrets
    assert "Reconnect" not in admin.get(PAGE).text


def test_a_login_without_a_company_leaves_the_connection_in_use_alone(
    services: Services, admin: Browser
) -> None:
    admin.get(allowed(admin))
    chosen(admin)
    before = stored(services, admin.account_id)
    admin.get(allowed(admin))
    after = stored(services, admin.account_id)
    assert before is not None
    assert after is not None
    assert (after.id, after.secrets) == (before.id, before.secrets)


def test_a_refresh_whose_answer_was_lost_asks_the_office_to_reconnect(
    services: Services, procore: ProcoreSimulator, admin: Browser
) -> None:
    admin.get(allowed(admin))
    chosen(admin)
    for grant in procore.world.grants.values():
        grant.expires_at = 0
    procore.order(Fault.DROP_AFTER, path="/oauth/token")
    caller = Caller(admin.account_id)
    for _ in range(2):
        with services.sessions() as session:
            client = procore_connection.open_procore(session, caller, services).client
        with pytest.raises(Exception, match=r"did not answer|Connect Procore again"):
            client.get("/rest/v1.0/me")
    assert "Reconnect" in admin.get(PAGE).text


def test_many_at_once_refresh_once_and_all_go_on_with_the_new_pair(
    services: Services, procore: ProcoreSimulator, admin: Browser
) -> None:
    admin.get(allowed(admin))
    chosen(admin)
    for grant in procore.world.grants.values():
        grant.expires_at = 0
    before = len(procore.asked("POST", "/oauth/token"))
    together, seen = Barrier(4), []

    def ask() -> None:
        with services.sessions() as session:
            found = procore_connection.open_procore(session, Caller(admin.account_id), services)
        together.wait(30)
        seen.append(found.client.get("/rest/v1.0/me")["login"])

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(seen) == 4
    assert len(procore.asked("POST", "/oauth/token")) == before + 1


def test_disconnecting_ends_the_login_here_and_in_procore(
    services: Services, procore: ProcoreSimulator, admin: Browser
) -> None:
    admin.get(allowed(admin))
    chosen(admin)
    admin.get(allowed(admin))  # and a login whose company is never chosen
    before = set(procore.world.grants)
    admin.get(PAGE)
    sent = admin.send(f"{PAGE}/forget")
    assert (sent.status_code, sent.location) == (303, f"{PAGE}?ended=1")
    assert stored(services, admin.account_id) is None
    page = admin.get(sent.location).text
    assert "Disconnected." in page
    assert "Disconnect Procore" not in page
    assert len(before) - len(procore.world.grants) == 2
    assert set(procore.world.grants) == {TOKEN}


@pytest.mark.parametrize("answer", [503, 401])
def test_a_login_that_procore_cannot_end_is_forgotten_all_the_same_and_that_is_said(
    services: Services, procore: ProcoreSimulator, admin: Browser, answer: int
) -> None:
    admin.get(allowed(admin))
    chosen(admin)
    procore.order(Fault.STATUS, path="/oauth/revoke", status=answer)
    admin.get(PAGE)
    page = admin.send(f"{PAGE}/forget").text
    assert "could not be told that the login has ended" in page
    assert stored(services, admin.account_id) is None


def test_disconnecting_removes_our_webhooks(
    services: Services, procore: ProcoreSimulator, admin: Browser
) -> None:
    admin.get(allowed(admin))
    chosen(admin)
    with services.sessions() as session, session.begin():
        found = connections.of_destination(session, admin.account_id, "procore")
        assert found is not None
        found.settings = {**found.settings, "watch": True}
        address = services.page_url(f"/v1/procore/events/{found.id}")
    for number, there in ((1, address), (2, "https://other.example")):
        procore.world.hooks[number] = {
            "id": number, "namespace": "coi-connector", "destination_url": there,
            "payload_version": "v2.0", "project_id": PROJECT, "authorization": "Bearer",
        }  # fmt: skip
    admin.get(PAGE)
    admin.send(f"{PAGE}/forget")
    assert list(procore.world.hooks) == [2]


@pytest.mark.parametrize("is_down", [False, True])
def test_another_company_takes_our_webhooks_out_of_the_one_before(
    services: Services, procore: ProcoreSimulator, admin: Browser, is_down: bool
) -> None:
    procore.world.companies[8090] = {"id": 8090, "name": "Other Builders", "is_active": True}
    admin.get(allowed(admin))
    chosen(admin)
    with services.sessions() as session, session.begin():
        found = connections.of_destination(session, admin.account_id, "procore")
        assert found is not None
        found.settings = {**found.settings, "watch": True}
        address = services.page_url(f"/v1/procore/events/{found.id}")
    procore.world.hooks[1] = {
        "id": 1, "namespace": "coi-connector", "destination_url": address,
        "payload_version": "v2.0", "project_id": PROJECT, "authorization": "Bearer",
    }  # fmt: skip
    if is_down:
        procore.order(Fault.STATUS, path="webhooks", status=503)
    admin.get(allowed(admin))
    admin.get(f"{PAGE}/choose?company_id=8090")
    answer = admin.send(f"{PAGE}/choose", company_id="8090", project_id="")
    assert ("could not be removed in Procore" in answer.text) is is_down
    assert list(procore.world.hooks) == ([1] if is_down else [])
    now = stored(services, admin.account_id)
    assert now is not None
    assert now.settings["company_id"] == 8090


def test_a_connection_whose_key_is_lost_can_be_ended(services: Services, admin: Browser) -> None:
    admin.get(allowed(admin))
    chosen(admin)
    with services.sessions() as session, session.begin():
        found = connections.of_destination(session, admin.account_id, "procore")
        assert found is not None
        found.secrets = "sealed with another key"
    admin.get(PAGE)
    assert admin.send(f"{PAGE}/forget").status_code == 303
    assert stored(services, admin.account_id) is None


@pytest.mark.parametrize("path", ["", "/login", "/back", "/choose"])
def test_only_administrators_connect(reviewer: Browser, path: str) -> None:
    assert reviewer.get(f"{PAGE}{path}").status_code == 403


def test_without_the_apps_credentials_the_page_says_what_to_set(
    services: Services, office: str
) -> None:
    bare = load({"CONNECTOR_DATA_DIR": str(services.settings.data_dir)})
    without = replace(
        services, settings=replace(services.settings, procore_client_id=bare.procore_client_id)
    )
    browser = logged_in(without, office, "new@summit.example", Role.ADMIN)
    assert "PROCORE_CLIENT_ID" in browser.get(PAGE).text
    assert "are not set" in browser.get(f"{PAGE}/login").text


def test_settling_without_a_login_is_refused(services: Services, office: str) -> None:
    with services.sessions() as session, pytest.raises(Exception, match="Log in to Procore first"):
        procore_login.unfinished(session, office)


def test_picking_up_is_begun_and_ended_on_the_page(
    services: Services, procore: ProcoreSimulator, admin: Browser
) -> None:
    admin.get(allowed(admin))
    chosen(admin)
    add_file(procore.world, "old.pdf", PROJECT, f"{procore.url}/storage/old", PROJECT)
    admin.get(PAGE)
    assert "must be a number" in admin.send(f"{PAGE}/watch", folder_id="Insurance").text
    page = admin.send(f"{PAGE}/watch", folder_id=str(PROJECT), commitments="on").text
    assert "looked into: 1. Files that are there already and are left alone: 1." in page
    found = stored(services, admin.account_id)
    assert found is not None
    settings = found.settings
    assert (settings["watch"], settings["watched_folder_id"]) == (True, PROJECT)
    assert settings["watch_commitments"] is True

    procore.order(Fault.STATUS, path="webhooks", status=503)
    assert "tried again" in admin.send(f"{PAGE}/watch", end="1").text
    assert admin.send(f"{PAGE}/watch", end="1").status_code == 303
    assert "Begin to pick up" in admin.get(PAGE).text


def test_without_documents_the_page_says_that_nothing_is_found_there(
    procore: ProcoreSimulator, admin: Browser
) -> None:
    admin.get(allowed(admin))
    chosen(admin)
    procore.world.switches.documents_permission = False
    admin.get(PAGE)
    assert "Documents cannot be read" in admin.send(f"{PAGE}/watch").text


def test_a_login_that_has_ended_is_said_where_people_look_every_day(
    services: Services, admin: Browser, viewer: Browser
) -> None:
    admin.get(allowed(admin))
    chosen(admin)
    assert "no longer accepts our login" not in admin.get("/work").text
    with services.sessions() as session, session.begin():
        found = connections.of_destination(session, admin.account_id, "procore")
        assert found is not None
        found.needs_login = True
    for path in ("/", "/work", "/setup"):
        page = admin.get(path).text
        assert "Procore no longer accepts our login." in page, path
        assert f'href="{PAGE}">Log in again' in page, path
    assert "An administrator logs in again" in viewer.get("/work").text


def test_what_failed_while_the_login_had_ended_goes_out_once_it_is_made_anew(
    services: Services, procore: ProcoreSimulator, admin: Browser, certificates: Papers
) -> None:
    admin.get(allowed(admin))
    chosen(admin)
    certificate_id = put_certificate(services, admin.account_id, certificates[0].read_bytes())
    with procore.world.lock:
        procore.world.grants.clear()
    job_id = ask(services, admin.account_id, "push_to_procore", certificate_id=certificate_id)
    assert work_off(services, job_id).status == "failed"
    page = admin.get("/work").text
    assert "no longer accepts our login" in page
    assert page.count("/retry") == 1, "the push, and not its job beside it"
    never = ask(
        services, admin.account_id, "push_to_procore",
        certificate_id=certificate_id, procore_invoice_id="PA-7",
    )  # fmt: skip
    assert work_off(services, never).status == "failed"
    assert admin.get("/work").text.count("/retry") == 2, "what never came to be a push is shown"

    admin.get(allowed(admin))
    chosen(admin)
    work_off_all(services)

    assert len(procore.world.insurances) == 4
    page = admin.get("/work").text
    assert "no longer accepts our login" not in page
    assert "Everything was sent." in page
    assert "is no number of Procore" in html.unescape(page)
    admin.get(allowed(admin))
    chosen(admin)
    assert work_off_all(services) == [], "nothing is left to be sent anew"
