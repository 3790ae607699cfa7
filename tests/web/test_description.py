"""The OpenAPI description names every address there is, and answers are as it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask
from openapi_spec_validator import validate
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from connector.actions.services import Services
from connector.web.app import create_app
from connector.web.description import ENDPOINTS
from tests.web.conftest import Caller
from tests.web.test_jobs import delivery, failed

FOR_OTHERS = ("pages.", "static", "procore_events.")
"""People's pages with their pictures, and the way in that Procore alone uses."""


@pytest.fixture
def described(caller: Caller) -> dict[str, Any]:
    """No key is needed to read it."""
    found: dict[str, Any] = caller.client.get("/v1/openapi.json").get_json()
    return found


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def rule_of(app: Flask, path: str, method: str) -> Rule:
    """The route that a request to the described path comes to."""
    address = path.replace("{", "").replace("}", "")
    rule, _ = app.url_map.bind("localhost").match(address, method, return_rule=True)
    return rule


def test_the_description_is_valid_openapi(described: dict[str, Any]) -> None:
    validate(described)


def test_every_described_address_exists_and_every_route_is_described(
    services: Services, described: dict[str, Any]
) -> None:
    app = create_app(services)
    reached = set()
    for path, method, _ in operations(described):
        try:
            reached.add((rule_of(app, path, method).rule, method))
        except HTTPException as error:
            pytest.fail(f"{method} {path} is described and answers {error.code}")
    there = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(FOR_OTHERS)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there - reached == set()


def test_parameters_of_the_path_are_described(described: dict[str, Any]) -> None:
    for path, _, operation in operations(described):
        named = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        told = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert told == named, path


def asked(caller: Caller, services: Services, paper: Path) -> dict[str, Any]:
    """The answer of each endpoint that needs nothing from outside, by its name in ENDPOINTS."""
    certificate_id = caller.send("parse_certificate", paper).get_json()["certificate_id"]
    one = f"/v1/certificates/{certificate_id}"
    rules = (services.settings.rules_dir / "standard-subcontractor.yaml").read_text()
    hook = {"target_url": "https://hooks.example/1", "event": "push.failed"}
    job = f"/v1/jobs/{failed(services, caller).id}"
    sent = delivery(services, caller)
    correction = {"field": "insured_name", "value": "Northfield Roofing LLC", "by": "Ann"}
    trial = {
        "name": "ours",
        "rules": rules.replace("rule_set: standard-subcontractor", "rule_set: ours"),
    }
    headers = caller.headers
    vendor = caller.get("/v1/vendors").get_json()["items"][0]["vendor_id"]
    link = caller.post("/v1/links", json={"vendor_id": vendor})
    at = f"/v1/links/{link.get_json()['link_id']}"
    return {
        "list_actions": caller.get("/v1/actions"),
        "get_account": caller.get("/v1/account"),
        "get_certificate": caller.get(one),
        "get_evidence": caller.get(f"{one}/evidence"),
        "correct_certificate": caller.post(f"{one}/corrections", json=correction),
        "get_job": caller.get(job),
        "retry_job": caller.post(f"{job}/retry"),
        "cancel_job": caller.post(f"{job}/cancel"),
        "resend_delivery": caller.post(f"/v1/hook_deliveries/{sent.id}/resend"),
        "vendor_coverage": caller.get("/v1/vendors/Northfield Roofing LLC/coverage"),
        "put_insurer_ratings": caller.client.put("/v1/insurer_ratings", data="naic,name,rating,size\n10001,Granite Mutual,A-,VII\n", headers=headers),
        "try_rule_set": caller.post("/v1/rule_sets/try", json=trial),
        "get_notice_templates": caller.get("/v1/notice_templates"),
        "put_notice_templates": caller.client.put("/v1/notice_templates", json={"subject": "Your certificate"}, headers=headers),
        "subscribe": caller.post("/v1/hooks", json=hook),
        "list_hooks": caller.get("/v1/hooks"),
        "unsubscribe": caller.client.delete("/v1/hooks/hook_none", headers=headers),
        "make_link": link,
        "end_link": caller.client.delete(at, headers=headers),
        "health": caller.client.get("/health"),
        "ready": caller.client.get("/ready"),
    }  # fmt: skip


NOT_ASKED = {"describe", "call_back", "download", "metrics", "vendor_evidence"}
"""The description itself, a job's answer once more, and answers that are no JSON."""


def test_answers_have_exactly_the_described_shape(
    caller: Caller, services: Services, certificates: tuple[Path, Path], described: dict[str, Any]
) -> None:
    answers = asked(caller, services, certificates[0])
    assert {*answers, *NOT_ASKED} == {endpoint.name for endpoint in ENDPOINTS}
    by_name = {operation["operationId"]: operation for _, _, operation in operations(described)}
    for name, answer in answers.items():
        told = by_name[name]["responses"].get(str(answer.status_code))
        assert told, f"{name} answered {answer.status_code}: {answer.get_data(as_text=True)[:200]}"
        schema = told["content"]["application/json"]["schema"]
        whole = {**schema, "components": described["components"]}
        jsonschema.validate(answer.get_json(), whole)
        assert_no_more_than(schema, answer.get_json(), name)


def assert_no_more_than(schema: dict[str, Any], answer: Any, name: str) -> None:
    """No key is answered that a flat object's description leaves out."""
    if "properties" not in schema:
        return
    assert set(answer) <= set(schema["properties"]), name
    if items := schema["properties"].get("items"):
        assert answer["items"], f"{name} answered an empty page, which proves nothing"
        for row in answer["items"]:
            assert_no_more_than(items["items"], row, name)
