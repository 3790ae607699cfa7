"""Logging in: codes, refresh tokens and service accounts against the simulated login host."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from connector.destinations.procore import oauth
from connector.destinations.procore.oauth import App, Environment
from connector.errors import DestinationUnavailable, NotConnected
from connector.outbound import Outbound
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import CLIENT_ID, CLIENT_SECRET

APP = App(CLIENT_ID, CLIENT_SECRET, "https://coi.example/connect/procore/back")
NOW = 1_780_000_000.0


@pytest.fixture
def environment(procore: ProcoreSimulator) -> Environment:
    return Environment("Simulated", procore.url, procore.url)


def consent(url: str) -> dict[str, list[str]]:
    """The person clicks Allow; what comes back to our page."""
    answer = requests.get(url, allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["Location"]).query)


@pytest.mark.parametrize(
    ("pkce", "uses"), [("ignored", True), ("enforced", True), ("refused", False)]
)
def test_a_code_becomes_tokens(
    procore: ProcoreSimulator,
    environment: Environment,
    http: Outbound,
    pkce: str,
    uses: bool,
) -> None:
    procore.world.switches.pkce = pkce
    state, verifier = oauth.new_state(), oauth.new_verifier() if uses else None

    back = consent(oauth.authorize_url(environment, APP, state, verifier))
    tokens = oauth.exchange_code(environment, APP, back["code"][0], verifier, http, NOW)

    assert back["state"] == [state]
    assert tokens["access_token"] in procore.world.grants
    assert tokens["refresh_token"]
    assert tokens["expires_at"] == NOW + 5400


def test_a_stolen_code_is_worth_nothing_without_the_verifier(
    procore: ProcoreSimulator, environment: Environment, http: Outbound
) -> None:
    procore.world.switches.pkce = "enforced"
    url = oauth.authorize_url(environment, APP, oauth.new_state(), oauth.new_verifier())

    with pytest.raises(NotConnected):
        oauth.exchange_code(
            environment, APP, consent(url)["code"][0], oauth.new_verifier(), http, NOW
        )


def test_a_code_is_good_once(environment: Environment, http: Outbound) -> None:
    code = consent(oauth.authorize_url(environment, APP, "s"))["code"][0]
    oauth.exchange_code(environment, APP, code, None, http, NOW)

    with pytest.raises(NotConnected, match="Connect Procore again"):
        oauth.exchange_code(environment, APP, code, None, http, NOW)


def test_a_refresh_gives_a_new_pair_and_ends_the_old_one(
    procore: ProcoreSimulator, environment: Environment, http: Outbound
) -> None:
    code = consent(oauth.authorize_url(environment, APP, "s"))["code"][0]
    old = oauth.exchange_code(environment, APP, code, None, http, NOW)

    new = oauth.renew(old, environment, APP, http, NOW)

    assert new["refresh_token"] != old["refresh_token"]
    assert old["access_token"] not in procore.world.grants


@pytest.mark.parametrize("shape", ["rfc6749", "prose", "legacy"])
def test_a_refresh_token_used_before_asks_to_reconnect(
    procore: ProcoreSimulator, environment: Environment, http: Outbound, shape: str
) -> None:
    procore.world.switches.oauth_error_shape = shape
    code = consent(oauth.authorize_url(environment, APP, "s"))["code"][0]
    old = oauth.exchange_code(environment, APP, code, None, http, NOW)
    oauth.renew(old, environment, APP, http, NOW)

    with pytest.raises(NotConnected, match="Connect Procore again"):
        oauth.renew(old, environment, APP, http, NOW)


def test_a_refresh_whose_answer_is_lost_is_first_retryable_then_asks_to_reconnect(
    procore: ProcoreSimulator, environment: Environment, http: Outbound
) -> None:
    code = consent(oauth.authorize_url(environment, APP, "s"))["code"][0]
    old = oauth.exchange_code(environment, APP, code, None, http, NOW)
    procore.order(Fault.DROP_AFTER, path="/oauth/token")

    with pytest.raises(DestinationUnavailable):
        oauth.renew(old, environment, APP, http, NOW)
    with pytest.raises(NotConnected):
        oauth.renew(old, environment, APP, http, NOW)


def test_a_service_account_logs_in_anew_instead_of_refreshing(
    procore: ProcoreSimulator, environment: Environment, http: Outbound
) -> None:
    first = oauth.log_in_as_service(environment, APP, http, NOW)
    second = oauth.renew(first, environment, APP, http, NOW)

    assert first["refresh_token"] is None
    assert second["access_token"] != first["access_token"]


def test_a_wrong_secret_names_the_developer_portal(
    environment: Environment, http: Outbound
) -> None:
    with pytest.raises(NotConnected, match="developer portal"):
        oauth.log_in_as_service(environment, App(CLIENT_ID, "no", ""), http, NOW)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_login_is_tried_later(
    procore: ProcoreSimulator, environment: Environment, http: Outbound, status: int
) -> None:
    procore.order(Fault.STATUS, path="/oauth/token", status=status)

    with pytest.raises(DestinationUnavailable):
        oauth.log_in_as_service(environment, APP, http, NOW)


@pytest.mark.parametrize("fault", [Fault.NOT_JSON, Fault.HALF_ANSWER])
def test_half_an_answer_is_no_token(
    procore: ProcoreSimulator, environment: Environment, http: Outbound, fault: Fault
) -> None:
    procore.order(fault, path="/oauth/token")

    with pytest.raises(DestinationUnavailable):
        oauth.log_in_as_service(environment, APP, http, NOW)


def test_revoking_ends_the_token(
    procore: ProcoreSimulator, environment: Environment, http: Outbound
) -> None:
    tokens = oauth.log_in_as_service(environment, APP, http, NOW)

    oauth.revoke(environment, APP, tokens, http)

    assert tokens["access_token"] not in procore.world.grants
