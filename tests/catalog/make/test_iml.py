"""The interpreter gives what Make's documentation says, and refuses everything else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.catalog.make.iml import UNDEFINED, NotUnderstood, evaluate

SCOPE: dict[str, Any] = {
    "body": {"id": 7, "name": "Northfield", "empty": "", "none": None, "yes": True, "no": False},
    "headers": {"retry-after": "30"},
    "parameters": {"pairs": [{"key": "a", "value": "1"}]},
}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("plain", "plain"),
        ("{{body.id}}", 7),
        ("id {{body.id}}!", "id 7!"),
        ("{{body.yes}} {{body.no}}", "true false"),
        ("[{{body.none}}]", "[]"),
        ("{{body.absent.deeper}}", UNDEFINED),
        ("{{headers.`retry-after`}}", "30"),
        ("{{body.id == 7 && body.name != 'x'}}", True),
        ("{{body.none == null || body.id == 8}}", True),
        ("{{body.absent == null}}", True),
        ("{{!body.no}}", True),
        ("{{(body.id == 8 || body.id == 7) && body.yes}}", True),
        ("{{if(body.yes, 'one', 'other')}}", "one"),
        ("{{ifempty(body.empty, 60)}}", 60),
        ("{{ifempty(body.absent, '')}}", ""),
        ("{{toCollection(parameters.pairs, 'key', 'value')}}", {"a": "1"}),
        ("{{toCollection(parameters.absent, 'key', 'value')}}", UNDEFINED),
        ("{{parseDate(body.absent, 'YYYY-MM-DDTHH:mm:ssZ')}}", None),
    ],
)
def test_what_we_use_is_understood(written: str, value: Any) -> None:
    assert evaluate(written, SCOPE) == value


def test_a_moment_becomes_a_date() -> None:
    scope = {"body": {"at": "2026-03-02T15:04:05Z"}}
    found = evaluate("{{parseDate(body.at, 'YYYY-MM-DDTHH:mm:ssZ')}}", scope)
    assert found == datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)


def test_what_is_undefined_vanishes_from_a_collection_and_null_stays() -> None:
    written = {"a": "{{body.absent}}", "b": "{{body.none}}", "c": ["{{body.id}}"]}
    assert evaluate(written, SCOPE) == {"b": None, "c": [7]}


def test_a_spread_keeps_the_order_and_later_keys_replace() -> None:
    written = {"{{...}}": "{{body}}", "name": "other"}
    assert list(evaluate(written, SCOPE)) == list(SCOPE["body"])
    assert evaluate(written, SCOPE)["name"] == "other"


@pytest.mark.parametrize(
    "written",
    [
        "{{if(body.yes; 1; 2)}}",
        "{{[1, 2]}}",
        "{{body.items[1]}}",
        "{{upper(body.name)}}",
        "{{unknown.path}}",
        "{{body.id + 1}}",
        "{{body.id > 1}}",
        '{{body.name == "x"}}',
        "{{body.id == }}",
        "{{body.id body.name}}",
        "{{if(body.yes 1, 2)}}",
        "{{body.id",
        "text }} text",
        "x {{body}} y",
        "{{parseDate(body.name, 'X')}}",
        "{{body.yes == 'true'}}",
        "{{ifempty(body.no, 1)}}",
        "{{body.'name'}}",
    ],
)
def test_what_we_do_not_use_is_refused(written: str) -> None:
    with pytest.raises(NotUnderstood):
        evaluate(written, SCOPE)


@pytest.mark.parametrize("written", [{"{{body.name}}": 1}, {"{{...}}": "{{body.name}}"}])
def test_keys_made_of_values_are_refused(written: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood):
        evaluate(written, SCOPE)
