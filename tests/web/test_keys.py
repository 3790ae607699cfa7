"""What a key may do: read, act, admin; and a key's end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connector.actions.services import Services
from connector.storage import api_keys
from connector.storage.api_keys import Scope
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
