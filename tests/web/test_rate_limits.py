"""Too many requests of one key or address are refused with a sentence, in memory and in a database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from limits import parse

from connector.actions.services import Services
from connector.storage import api_keys
from connector.web import rate_limits
from connector.web.app import create_app
from tests.web.conftest import Caller, new_caller

FEW = 12
WRONG = int(rate_limits.WRONG_KEYS.split()[0])


def limited(services: Services, **limits: int) -> Services:
    return replace(services, settings=replace(services.settings, **limits))


def key_of(services: Services, account_id: str, **given: Any) -> dict[str, str]:
    """One more key of the account, as the header that carries it."""
    with services.sessions() as session, session.begin():
        _, secret = api_keys.create(session, account_id, "another", services.clock(), **given)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def hurried(services: Services) -> Caller:
    """A client whose key may ask a few times in a minute."""
    return new_caller(limited(services, requests_per_key=FEW), "Office")


def test_a_key_that_asks_too_often_is_told_to_wait_and_nothing_is_done(hurried: Caller) -> None:
    answers = [hurried.get("/v1/account") for _ in range(FEW + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    refused = answers[-1]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    error = refused.get_json()["error"]
    assert (error["code"], error["halt"]) == ("rate_limited", False)
    assert "wait a minute" in error["message"]


def test_the_same_key_written_otherwise_is_the_same_key(hurried: Caller) -> None:
    seen = []
    for number in range(FEW + 1):
        written = {
            "Authorization": f"{'Bearer' if number % 2 else 'bearer'} {' ' * number}{hurried.key}"
        }
        seen.append(hurried.client.get("/v1/account", headers=written).status_code)
    assert seen == [200] * FEW + [429]


def test_another_key_is_not_held_back(services: Services) -> None:
    few = limited(services, requests_per_key=FEW)
    busy, calm = new_caller(few, "Office"), new_caller(few, "Another office")
    calm.client = busy.client
    for _ in range(FEW + 1):
        busy.get("/v1/account")
    assert busy.get("/v1/account").status_code == 429
    assert calm.get("/v1/account").status_code == 200


def test_an_address_is_counted_where_no_good_key_is_sent(services: Services) -> None:
    one = new_caller(limited(services, requests_per_address=FEW), "Office")
    for number in range(FEW):
        one.client.get("/v1/account", headers={"Authorization": f"Bearer {number}"})
    assert one.client.get("/v1/openapi.json").status_code == 429
    assert one.client.get("/login").status_code == 429


def test_one_network_of_version_6_is_one_address(services: Services) -> None:
    one = new_caller(limited(services, requests_per_address=FEW), "Office")
    seen = [asked_from(one, f"2001:db8:1:2::{number:x}") for number in range(FEW + 1)]
    assert seen == [200] * FEW + [429]
    assert asked_from(one, "2001:db8:1:3::1") == 200


def asked_from(one: Caller, address: str) -> int:
    there = {"REMOTE_ADDR": address}
    return int(one.client.get("/v1/openapi.json", environ_overrides=there).status_code)


def wrong_key(one: Caller, number: int) -> Any:
    return one.client.get("/v1/account", headers={"Authorization": f"Bearer coi_{number}"})


def test_whoever_tries_keys_is_shut_out_and_good_keys_of_the_same_address_are_not(
    services: Services,
) -> None:
    guesser = new_caller(services, "Office")
    in_use, new = (key_of(services, guesser.account_id) for _ in range(2))
    assert guesser.client.get("/v1/account", headers=in_use).status_code == 200
    seen = [wrong_key(guesser, number).status_code for number in range(WRONG + 5)]
    assert seen == [401] * WRONG + [429] * 5
    for good in (in_use, new):
        assert guesser.client.get("/v1/account", headers=good).status_code == 200
    assert wrong_key(guesser, 0).status_code == 429, "a good one in between changes nothing"
    assert guesser.client.get("/login").status_code == 200


def test_a_refused_guess_says_nothing_of_the_key(services: Services) -> None:
    one = new_caller(services, "Office")
    for number in range(WRONG):
        wrong_key(one, number)
    ended = key_of(services, one.account_id, expires_at=services.clock())
    half = {"Authorization": f"Bearer {one.key[:-1]}"}
    refusals = [
        one.client.get("/v1/account", headers=headers)
        for headers in (ended, half, {"Authorization": "Bearer coi_x"})
    ]
    assert {answer.status_code for answer in refusals} == {429}
    assert len({answer.text for answer in refusals}) == 1
    assert not any("WWW-Authenticate" in answer.headers for answer in refusals)


def test_beyond_some_first_sights_no_key_is_looked_up_and_one_in_use_still_passes(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "_FIRST_SIGHTS", parse(f"{WRONG + 3} per minute"))
    one = new_caller(services, "Office")
    in_use, new = (key_of(services, one.account_id) for _ in range(2))
    assert one.client.get("/v1/account", headers=in_use).status_code == 200
    for number in range(WRONG + 2):
        wrong_key(one, number)
    assert one.client.get("/v1/account", headers=new).status_code == 429, "right or wrong: not told"
    assert one.client.get("/v1/account", headers=in_use).status_code == 200


def test_an_ended_key_is_no_longer_proven() -> None:
    moment = [0.0]
    proven = rate_limits.Proven(lambda: moment[0])
    proven.note("a", is_good=True)
    proven.note("b", is_good=True)
    proven.note("b", is_good=False)
    assert ("a" in proven, "b" in proven) == (True, False)
    moment[0] = rate_limits.PROVEN_FOR
    assert "a" not in proven


def test_the_token_of_the_figures_is_compared_a_few_times_a_minute(services: Services) -> None:
    token = {"Authorization": "Bearer figures-please"}
    settings = replace(services.settings, metrics_token="figures-please")
    client = create_app(replace(services, settings=settings)).test_client()
    for _ in range(30):
        assert client.get("/metrics", headers=token).status_code == 200
    allowed = int(rate_limits.WRONG_TOKENS.split()[0])
    for number in range(allowed):
        wrong = client.get("/metrics", headers={"Authorization": f"Bearer {number}"})
        assert wrong.status_code == 404
    assert client.get("/metrics", headers=token).status_code == 429, "right or wrong: not told"
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    found = client.get("/metrics", headers=token, environ_overrides=elsewhere)
    assert found.status_code == 200


def test_good_requests_do_not_count_as_tried_keys(caller: Caller) -> None:
    assert {caller.get("/v1/account").status_code for _ in range(WRONG + 5)} == {200}


def test_health_is_never_held_back(services: Services) -> None:
    one = new_caller(limited(services, requests_per_address=FEW), "Office")
    assert {one.client.get("/health").status_code for _ in range(FEW + 5)} == {200}


def test_all_processes_of_all_machines_count_together_in_the_database(services: Services) -> None:
    settings = replace(
        services.settings, database_url="postgresql+psycopg://elsewhere", requests_per_key=FEW
    )
    shared = replace(services, settings=settings)
    first, second = new_caller(shared, "Office"), create_app(shared).test_client()
    for _ in range(FEW):
        assert first.get("/v1/account").status_code == 200
    assert second.get("/v1/account", headers=first.headers).status_code == 429


def test_a_window_in_the_database_ends_and_can_be_cleared(services: Services) -> None:
    moment = [1000.0]
    counts = rate_limits.DatabaseCounts(sessions=services.sessions, clock=lambda: moment[0])
    assert [counts.incr("a", 60), counts.incr("a", 60)] == [1, 2]
    assert (counts.get("a"), counts.get_expiry("a"), counts.check()) == (2, 1060.0, True)
    moment[0] = 1060.0
    assert counts.get("a") == 0
    assert counts.incr("a", 60) == 1
    counts.clear("a")
    assert counts.get("a") == 0
    counts.incr("b", 60)
    moment[0] = 2000.0
    assert counts.reset() == 1
