"""Accounts are walls: every address of the API with another account's ids answers 404.

Addresses, actions and lists are taken from the service's own description, so that a new one is
covered by being there; one that needs an id which is not prepared here fails the test.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.actions.registry import ACTIONS
from connector.actions.services import Services
from connector.storage import hooks, jobs
from connector.storage.events import EventType
from tests.actions.vendor_papers import certificate, check, notice, send
from tests.web.conftest import Caller
from tests.web.pages.conftest import failed_push
from tests.web.test_jobs import delivery, failed

ITS_OWN_KEY = {"/v1/files/{token}"}
"""Whoever has the link may come: that is what it is for."""
NO_ERROR = {("DELETE", "/v1/hooks/{hook_id}")}
"""Ending what is not there is no error, whoever asks; the hook must still be told."""
OF_SAMPLES = "/v1/openapi.json"
"""Shows the same made-up values that the papers of these tests have."""
FREE_TEXT = {"vendor_id", "rule_id"}
"""Numbers of the caller's own, and names that rule files give; so are all `procore_…_id`."""


@pytest.fixture
def theirs(services: Services, caller: Caller, tmp_path: Path) -> dict[str, str]:
    """What the first account has on file: an id of every kind."""
    folder = tmp_path / "papers"
    folder.mkdir()
    about = {"vendor_id": "V-204"}
    certificate_id = send(caller, folder, certificate(), **about).get_json()["certificate_id"]
    send(caller, folder, notice())
    waiver = {"rule_id": "gl-each-occurrence", "reason": "small job", "waived_by": "Dana"}
    waived = caller.post("/v1/actions/waive_requirement", json=waiver | about).get_json()
    (cancelled,) = caller.get("/v1/cancellations").get_json()["items"]
    with services.sessions() as session, session.begin():
        hook, _ = hooks.create(
            session, caller.account_id, EventType.CERTIFICATE_PARSED, "https://hooks.example/theirs",
            keys=services.settings.secret_keys, now=services.clock(),
        )  # fmt: skip
    return {
        "certificate_id": certificate_id,
        "check_id": check(caller, certificate_id=certificate_id)["check_id"],
        "waiver_id": waived["waiver_id"],
        "cancellation_id": cancelled["cancellation_id"],
        "push_id": failed_push(services, caller.account_id, certificate_id),
        "job_id": failed(services, caller).id,
        "delivery_id": delivery(services, caller).id,
        "hook_id": hook.id,
        "link_id": caller.post("/v1/links", json=about).get_json()["link_id"],
        "vendor": "V-204",
    }


def described(caller: Caller) -> Iterator[tuple[str, str]]:
    for path, methods in caller.get("/v1/openapi.json").get_json()["paths"].items():
        for method in methods:
            yield method.upper(), path


Note = Callable[[str, object], None]
"""pytest's record_property: `make bench-security` counts what is noted."""


def test_no_address_opens_anything_of_another_account(
    stranger: Caller, theirs: dict[str, str], record_property: Note
) -> None:
    tried = 0
    for method, path in described(stranger):
        if "{" not in path or path in ITS_OWN_KEY:
            continue
        address = path.format_map(theirs)
        answer = stranger.client.open(
            address, method=method, headers=stranger.headers,
            json={"field": "insured_name", "value": "x", "by": "x", "callback_url": "https://x.example/"},
        )  # fmt: skip
        if (method, path) not in NO_ERROR:
            assert answer.status_code == 404, f"{method} {path} answered {answer.status_code}"
        assert not told(answer, theirs, besides=address)
        tried += 1
    assert tried >= 9
    record_property("crossed", tried)


def test_no_action_touches_anything_of_another_account(
    services: Services, stranger: Caller, theirs: dict[str, str], record_property: Note
) -> None:
    tried = 0
    for action in ACTIONS.values():
        ids = {name for name in action.input().fields if name.endswith("_id")} - FREE_TEXT
        for name in sorted(each for each in ids if not each.startswith("procore_")):
            assert name in theirs, f"{action.name} takes {name}: prepare one in this test"
            words = {"reason": "x", "revoked_by": "x", "dismissed_by": "x", "waived_by": "x"}
            given = {**words, "rule_id": "gl-each-occurrence", name: theirs[name]}
            if name == "check_id":
                given["certificate_id"] = theirs["certificate_id"]
            answer = stranger.post(f"/v1/actions/{action.name}", json=given)
            assert answer.status_code == 404, f"{action.name} {name}: {answer.get_data(True)}"
            tried += 1
    assert tried >= 10
    record_property("crossed", tried)
    with services.sessions() as session:
        assert not jobs.search(session, stranger.account_id), "nothing was accepted"


def test_no_list_shows_a_row_of_another_account(
    stranger: Caller, theirs: dict[str, str], record_property: Note
) -> None:
    asked = 0
    for method, path in described(stranger):
        if method != "GET" or "{" in path or path == OF_SAMPLES:
            continue
        for query in ({}, {name: theirs[name] for name in ("certificate_id", "hook_id")}):
            answer = stranger.get(path, query_string=query)
            assert not told(answer, theirs), f"{path} {query}"
            asked += 1
    assert asked >= 40
    record_property("crossed", asked)


def test_what_the_stranger_tried_left_everything_as_it_was(
    services: Services, caller: Caller, stranger: Caller, theirs: dict[str, str]
) -> None:
    before = standing(caller)
    stranger.client.delete(f"/v1/hooks/{theirs['hook_id']}", headers=stranger.headers)
    for action in ACTIONS:
        stranger.post(f"/v1/actions/{action}", json={**theirs, "reason": "x", "revoked_by": "x"})
    assert standing(caller) == before


def standing(caller: Caller) -> str:
    lists = ("certificates", "checks", "pushes", "waivers", "cancellations", "hooks", "jobs")
    return json.dumps([caller.get(f"/v1/{name}").get_json() for name in lists])


def told(answer: Any, theirs: dict[str, str], besides: str = "") -> list[str]:
    """What of the other account stands in the answer, but for what was asked itself."""
    text = answer.get_data(as_text=True)
    marks = [*theirs.values(), "Northfield Roofing", "GL-4481902", "hooks.example/theirs"]
    return [mark for mark in marks if mark in text and mark not in besides]
