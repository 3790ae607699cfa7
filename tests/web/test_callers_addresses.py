"""Addresses that callers give for later: one that can never be posted to is refused at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.conftest import Caller

IMPOSSIBLE = [
    ("ftp://files.example/1", "https://"),
    ("not a link", "space"),
    ("http://hooks.example/1", "https://"),
    ("https://10.0.0.7/1", "network"),
    ("https://hooks.example:5432/1", "5432"),
    ("https://user:word@hooks.example/1", "password"),
]


@pytest.mark.parametrize(("url", "says"), IMPOSSIBLE)
def test_a_callback_that_could_never_arrive_is_refused_before_anything_is_done(
    caller: Caller, certificates: tuple[Path, Path], url: str, says: str
) -> None:
    answer = caller.send("process_certificate", certificates[0], callback_url=url)
    error = answer.json["error"]
    assert (answer.status_code, error["code"]) == (422, "address_refused")
    assert error["field"] == "callback_url"
    assert says in error["message"]
    assert caller.get("/v1/jobs").json["items"] == []


@pytest.mark.parametrize(("url", "says"), IMPOSSIBLE)
def test_so_are_a_hooks_target_and_a_callback_asked_for_later(
    caller: Caller, url: str, says: str
) -> None:
    hook = caller.post("/v1/hooks", json={"target_url": url, "event": "push.failed"})
    later = caller.client.put(
        "/v1/jobs/job_1/callback", headers=caller.headers, json={"callback_url": url}
    )
    for answer, field in ((hook, "target_url"), (later, "callback_url")):
        assert (answer.status_code, answer.json["error"]["field"]) == (422, field)
        assert says in answer.json["error"]["message"]
    assert caller.get("/v1/hooks").json["items"] == []


def test_days_may_be_a_number_or_its_digits(caller: Caller) -> None:
    for said in (14, "14"):
        hook = {
            "target_url": "https://hooks.example/1",
            "event": "certificate.expiring",
            "filters": {"expires_within": said},
        }
        assert caller.post("/v1/hooks", json=hook).json["days"] == 14


@pytest.mark.parametrize("said", [1.5, True, ["x"]])
def test_what_is_neither_is_refused_in_words(caller: Caller, said: object) -> None:
    answer = caller.post("/v1/actions/find_certificate", json={"vendor_id": said})
    assert answer.status_code == 422
    assert answer.json["error"]["message"] == "Vendor number: Write it as text."
    assert caller.post("/v1/actions/find_certificate", json={"vendor_id": 204}).status_code == 200
