"""Texts and numbers far longer than anybody writes: refused or searched in moments, never a fault.

Made from our own description, so that a new action or list is tried by itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from connector.actions.inputs import LONGEST, LONGEST_NAME, Addresses
from connector.actions.services import Services
from tests.web.conftest import Caller, new_caller
from tests.web.test_rate_limits import limited

PATIENCE = 15.0
"""Seconds for one answer on a busy machine; the slowest took more than a minute once."""
LONGEST_QUERY = 3_900

TEXTS = {
    "letters": "A" * LONGEST,
    "far too many letters": "A" * 100_000,
    "signs of a search": "%_" * (LONGEST // 2),
    "signs of four bytes": "\U0001f984" * (LONGEST - 1),
    "digits": "1" * 6_000,
    "more digits than a database has": "9" * 19,
    "a number that no database holds": "999,999,999,999,999,999,999,999",
    "a grouped number": "1" + ",111" * 2_000,
    "beginnings of addresses": "<" * (LONGEST - 1),
    "many addresses": "a<b>" * (LONGEST // 4),
    "many at signs": "a@" * (LONGEST // 2),
    "one label": "a@" + "a" * 9_000 + ".com",
}


@pytest.fixture
def patient(services: Services) -> Caller:
    return new_caller(limited(services, requests_per_key=10**6), "Office")


def bodies(described: dict[str, Any], text: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Method, path and a body in which one field is the text."""
    schemas = described["components"]["schemas"]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema", {})
            schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
            for name in schema.get("properties", {}):
                rest = dict.fromkeys(schema.get("required", ()), "x")
                yield method, path.replace("{", "").replace("}", ""), {**rest, name: text}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_long_text_in_any_field_is_answered_at_once_and_is_no_fault(
    patient: Caller, kind: str, record_property: Any
) -> None:
    described = patient.get("/v1/openapi.json").get_json()
    tried = 0
    for method, path, body in bodies(described, TEXTS[kind]):
        began = time.monotonic()
        answer = patient.client.open(path, method=method, json=body, headers=patient.headers)
        name = next(key for key, value in body.items() if value == TEXTS[kind])
        assert answer.status_code < 500, (path, name, answer.text)
        assert time.monotonic() - began < PATIENCE, (path, name)
        tried += 1
    assert tried > 100
    record_property("requests", tried)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_long_text_in_any_filter_is_no_fault(patient: Caller, kind: str) -> None:
    described = patient.get("/v1/openapi.json").get_json()
    for path, operations in described["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", ()):
            if parameter["in"] != "query" or "{" in path:
                continue
            text = TEXTS[kind][:LONGEST_QUERY]  # an address is not longer
            answer = patient.get(path, query_string={parameter["name"]: text})
            assert answer.status_code < 500, (path, parameter["name"], answer.text)


def test_too_long_is_said_with_the_most_that_is_taken(patient: Caller) -> None:
    for field, text in (("insured_name", "A" * 20_000), ("vendor_name", "A" * 20_000)):
        answer = patient.post("/v1/actions/find_certificate", json={field: text})
        assert answer.status_code == 422
        assert f"write at most {LONGEST:,} letters" in answer.get_json()["error"]["message"]
    key = {"Idempotency-Key": "k" * (LONGEST_NAME + 1), **patient.headers}
    answer = patient.client.post("/v1/actions/check_certificate", json={}, headers=key)
    assert "at most 300 letters" in answer.get_json()["error"]["message"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Joe Smith <joe@a.example>", "joe@a.example"),
        ("<joe@a.example>; Ann <ann@a.example>", "joe@a.example; ann@a.example"),
        ("joe@a.example", "joe@a.example"),
    ],
)
def test_an_address_with_a_name_is_its_address(said: str, kept: str) -> None:
    assert Addresses().deserialize(said) == kept
