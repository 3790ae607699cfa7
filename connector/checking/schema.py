"""The JSON Schema that editors check rule files with, made from the same table of tests."""

from __future__ import annotations

import json
from typing import Any

from connector.certificate.states import STATES
from connector.checking.condition import CONTEXT_LABELS, VALUE_WORDS
from connector.checking.rule import Exemptions
from connector.checking.rule_reading import RULE_WORDS, SHORT_NAME
from connector.checking.rule_set import SET_WORDS
from connector.checking.rule_tests.rule_test import RuleTest
from connector.checking.rule_tests.table import RULE_TESTS
from connector.checking.umbrella import TOPPED_UP_LINES
from connector.checking.verdict import Severity

SCHEMA_FILE = "rule-set.schema.json"

_ID = {"type": "string", "pattern": SHORT_NAME.pattern}
_TEXT = {"type": "string", "minLength": 1}


def rule_set_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a rule set's YAML."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rule set of the COI connector",
        **_closed(_described(SET_WORDS, _set_parts()), ["rule_set", "version"]),
        "$defs": {"when": _when(), "rule": _rule()},
    }


def schema_text() -> str:
    """The schema as it stands in the file beside the rule sets."""
    return json.dumps(rule_set_schema(), indent=1, ensure_ascii=False) + "\n"


def _set_parts() -> dict[str, Any]:
    names = {"type": "object", "additionalProperties": _one_or_many(_TEXT)}
    return {
        "rule_set": _ID,
        "version": {"type": "integer", "minimum": 1},
        "title": _TEXT,
        "description": _TEXT,
        "extends": _one_or_many(_ID),
        "remove": _list(_ID),
        "umbrella_tops_up": {"type": "array", "items": {"enum": list(TOPPED_UP_LINES)}},
        "workers_compensation_exemption": {"enum": list(Exemptions)},
        "roles": _one_or_many(_TEXT),
        "names": names,
        "projects": {"type": "object", "additionalProperties": names},
        "rules": _list({"$ref": "#/$defs/rule"}),
    }


def _rule() -> dict[str, Any]:
    """A rule with exactly one test; each test lists the boxes and lines that it fits."""
    return {"oneOf": [_rule_with(test) for test in RULE_TESTS.values()]}


def _rule_with(test: RuleTest) -> dict[str, Any]:
    tier = _closed({"when": {"$ref": "#/$defs/when"}, test.word: test.schema}, ["when", test.word])
    parts = _described(
        RULE_WORDS,
        {
            "id": _ID,
            "require": {"enum": list(test.paths)},
            "severity": {"enum": list(Severity)},
            "when": {"$ref": "#/$defs/when"},
            "tiers": _list(tier),
            "note": _TEXT,
        },
    )
    own = {test.word: {**test.schema, "description": test.help}}
    return _closed(parts | own, ["id", "require", test.word])


def _when() -> dict[str, Any]:
    amount = {"type": "integer", "minimum": 0}
    parts = {word: _one_or_many(_TEXT) for word in CONTEXT_LABELS}
    parts["state"] = _one_or_many({"enum": [*STATES, *STATES.values()]})
    parts["subcontract_value"] = {
        **_closed(dict.fromkeys(VALUE_WORDS, amount), []),
        "minProperties": 1,
    }
    return {**_closed(parts, []), "minProperties": 1}


def _described(words: dict[str, str], parts: dict[str, Any]) -> dict[str, Any]:
    """The parts in the order of their words, each with its sentence; KeyError where one lacks."""
    return {word: {**parts[word], "description": sentence} for word, sentence in words.items()}


def _closed(parts: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": parts,
        "required": required,
        "additionalProperties": False,
    }


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": 1}


def _one_or_many(item: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [item, _list(item)]}
