"""What a key may do: read, act, admin; and a key's end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connector.actions.services import Services
from connector.jobs.announce import announce
from connector.storage import api_keys, hooks
from connector.storage.api_keys import Scope
from connector.storage.events import EventType
from tests.web.conftest import Caller


def with_key(services: Services, caller: Caller, *scopes: Scope) -> Caller:
    with services.sessions() as session, session.begin():
        _, secret = api_keys.create(
            session, caller.account_id, "Zapier", services.clock(), scopes=scopes
        )
    return replace(caller, key=secret)


def test_a_key_that_may_read_looks_at_everything_and_changes_nothing(
    services: Services, caller: Caller, certificates: tuple[Path, Path]
) -> None:
    reader = with_key(services, caller, Scope.READ)
    assert reader.get("/v1/certificates").status_code == 200
    search = {"vendor_name": "Northfield"}
    assert reader.post("/v1/actions/find_certificate", json=search).status_code == 200
    refused = reader.send("parse_certificate", certificates[0])
    assert refused.status_code == 403
    error = refused.get_json()["error"]
    assert error["code"] == "forbidden"
    assert "“Zapier”" in error["message"]
    assert "--scope act" in error["message"]
    assert caller.get("/v1/certificates").get_json()["items"] == [], "nothing was kept"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/hooks"),
        ("DELETE", "/v1/hooks/hook_1"),
        ("POST", "/v1/jobs/job_1/retry"),
        ("POST", "/v1/jobs/job_1/cancel"),
        ("PUT", "/v1/jobs/job_1/callback"),
        ("POST", "/v1/hook_deliveries/job_1/resend"),
        ("POST", "/v1/certificates/cert_1/corrections"),
    ],
)
def test_what_changes_something_needs_a_key_that_may_act(
    services: Services, caller: Caller, method: str, path: str
) -> None:
    reader = with_key(services, caller, Scope.READ)
    answer = reader.client.open(path, method=method, headers=reader.headers, json={})
    assert answer.status_code == 403
    usual = with_key(services, caller, *api_keys.USUAL)
    answer = usual.client.open(path, method=method, headers=usual.headers, json={})
    assert answer.status_code != 403


@pytest.mark.parametrize("path", ["/v1/insurer_ratings", "/v1/notice_templates"])
def test_what_changes_every_verdict_or_notice_needs_a_key_of_an_admin(
    services: Services, caller: Caller, path: str
) -> None:
    usual = with_key(services, caller, *api_keys.USUAL)
    assert usual.client.put(path, headers=usual.headers, json={}).status_code == 403
    admin = with_key(services, caller, Scope.ADMIN)
    assert admin.client.put(path, headers=admin.headers, json={}).status_code != 403


def test_trying_a_rule_set_changes_nothing_and_needs_no_more_than_reading(
    services: Services, caller: Caller
) -> None:
    reader = with_key(services, caller, Scope.READ)
    assert reader.post("/v1/rule_sets/try", json={}).status_code == 422


def test_a_key_from_before_there_were_scopes_may_do_everything(
    services: Services, caller: Caller
) -> None:
    old = with_key(services, caller)
    answer = old.client.put("/v1/notice_templates", headers=old.headers, json={})
    assert answer.status_code == 200


def test_a_replaced_key_opens_until_its_time_is_over(services: Services, caller: Caller) -> None:
    with services.sessions() as session, session.begin():
        old, old_secret = api_keys.create(
            session, caller.account_id, "Zapier", services.clock(), scopes=api_keys.USUAL
        )
        new, new_secret = api_keys.replace(
            session, caller.account_id, old.id, services.clock(), overlap=timedelta(0)
        )
        assert (new.name, new.scopes) == (old.name, old.scopes)
    assert replace(caller, key=old_secret).get("/v1/account").status_code == 401
    assert replace(caller, key=new_secret).get("/v1/account").status_code == 200


ZAP = "https://hooks.zapier.com/hooks/standard/123/s3cret/?token=s3cret"


def test_a_key_that_only_reads_sees_of_a_hook_where_it_leads_and_not_how_to_post_there(
    services: Services, caller: Caller
) -> None:
    zapier = with_key(services, caller, *api_keys.USUAL)
    made = zapier.post("/v1/hooks", json={"target_url": ZAP, "event": "push.failed"})
    assert (made.status_code, made.get_json()["target_url"]) == (201, ZAP)
    with services.sessions() as session, session.begin():
        announce(
            session, caller.account_id, EventType.PUSH_FAILED, "push_1", {"push_id": "push_1"},
            now=services.clock(),
        )  # fmt: skip
    reader = with_key(services, caller, Scope.READ)
    (seen,) = reader.get("/v1/hooks").get_json()["items"]
    assert seen["target_url"] == "https://hooks.zapier.com/***"
    (whole,) = zapier.get("/v1/hooks").get_json()["items"]
    assert whole["target_url"] == ZAP
    for one in (reader, zapier):
        answer = one.get("/v1/hook_deliveries")
        (row,) = answer.get_json()["items"]
        assert row["target_url"] == "https://hooks.zapier.com/***"
        assert "s3cret" not in answer.text
    assert (
        reader.client.delete(f"/v1/hooks/{seen['id']}", headers=reader.headers).status_code == 403
    )
    ended = zapier.client.delete(f"/v1/hooks/{seen['id']}", headers=zapier.headers)
    assert ended.status_code == 200


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        (
            "https://user:s3cret@hooks.example.com:8443/a?b=c#d",
            "https://hooks.example.com:8443/***",
        ),
        ("https://[2001:db8::1]:99/a", "https://[2001:db8::1]:99/***"),
        ("https://hooks.example.com", "https://hooks.example.com/***"),
    ],
)
def test_no_part_of_a_hooks_address_but_its_host_is_shown(target: str, shown: str) -> None:
    assert hooks.Hook(target_url=target).place == shown
