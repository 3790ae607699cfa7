"""Too many requests of one key or address are refused with a sentence, in memory and in a database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.actions.services import Services
from connector.web import rate_limits
from connector.web.app import create_app
from tests.web.conftest import Caller, new_caller

FEW = 12


def limited(services: Services, **limits: int) -> Services:
    return replace(services, settings=replace(services.settings, **limits))


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


def test_an_address_is_counted_whatever_its_keys(services: Services) -> None:
    one = new_caller(limited(services, requests_per_address=FEW), "Office")
    for number in range(FEW):
        one.client.get("/v1/account", headers={"Authorization": f"Bearer {number}"})
    assert one.get("/v1/account").status_code == 429


def test_whoever_tries_keys_is_shut_out_and_others_are_not(caller: Caller) -> None:
    allowed = int(rate_limits.WRONG_KEYS.split()[0])
    seen = []
    for number in range(allowed + 1):
        wrong = {"Authorization": f"Bearer coi_{number}"}
        seen.append(caller.client.get("/v1/account", headers=wrong).status_code)
    assert seen == [401] * allowed + [429]
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert caller.get("/v1/account", environ_overrides=elsewhere).status_code == 200


def test_good_requests_do_not_count_as_tried_keys(caller: Caller) -> None:
    allowed = int(rate_limits.WRONG_KEYS.split()[0])
    assert {caller.get("/v1/account").status_code for _ in range(allowed + 5)} == {200}


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
