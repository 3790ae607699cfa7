"""The schema for editors agrees with the loader and with the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from connector.certificate.fields import BY_PATH
from connector.checking.rule_set import load_rule_sets
from connector.checking.rule_tests.table import RULE_TESTS
from connector.checking.schema import SCHEMA_FILE, rule_set_schema, schema_text
from connector.checking.subject import SUBJECTS
from tests.checking.packets import RULES

VALIDATOR = jsonschema.Draft202012Validator(rule_set_schema())
SHIPPED = sorted(p for p in RULES.glob("*.yaml") if not p.name.endswith(".examples.yaml"))
STATEMENTS = sorted((Path(__file__).parent / "statements").glob("*.yaml"))


def test_the_schema_beside_the_rule_sets_is_current() -> None:
    assert (RULES / SCHEMA_FILE).read_text("utf-8") == schema_text()


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(rule_set_schema())


@pytest.mark.parametrize("path", [*SHIPPED, *STATEMENTS], ids=lambda path: path.stem)
def test_what_the_loader_takes_the_schema_takes(path: Path) -> None:
    text = path.read_text("utf-8").split("\n---\n")[0]
    assert [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(text))] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_rule_set_names_its_schema_in_the_first_line(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA_FILE}"


@pytest.mark.parametrize(
    "rule",
    [
        {"id": "x", "require": "general_liability.each_occurrence", "is_checked": True},
        {"id": "x", "require": "general_liability.each_occurence", "at_least": 5},
        {"id": "x", "require": "general_liability.each_occurrence", "at_least": "5"},
        {"id": "x", "require": "general_liability.each_occurrence"},
        {"id": "x", "require": "general_liability.each_occurrence", "at_least": 5, "at_most": 6},
        {"id": "x", "require": "auto_liability", "is_present": True, "when": {"trades": "a"}},
        {"require": "auto_liability", "is_present": True},
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(rule: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid({"rule_set": "x", "version": 1, "rules": [rule]})


def test_every_path_that_a_shipped_rule_tests_is_critical_in_the_model() -> None:
    tested = {
        path
        for rule_set in load_rule_sets(RULES).values()
        for rule in rule_set.rules
        for path in RULE_TESTS[rule.test].boxes(rule.subject)
    }
    assert {path for path in tested if not BY_PATH[path].critical} == set()


def test_every_box_a_test_looks_at_is_in_the_model() -> None:
    for test in RULE_TESTS.values():
        for path in test.paths:
            assert set(test.boxes(SUBJECTS[path])) <= set(BY_PATH), (test.word, path)
