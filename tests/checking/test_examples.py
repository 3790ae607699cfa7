"""Every example beside a shipped rule set is a test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from connector.checking.example_file import parse_examples
from connector.checking.examples import Example, load_examples, run_example
from connector.checking.rule_file import RuleFile
from connector.checking.rule_set import RuleSet, load_rule_set
from connector.errors import BrokenRuleSet

RULES = Path(__file__).parents[2] / "rules"


@cache
def _rule_set(path: Path) -> RuleSet:
    return load_rule_set(path)


def _all() -> list[tuple[Path, Example]]:
    return [
        (path, example)
        for path in sorted(RULES.glob("*.examples.yaml"))
        for example in load_examples(path)
    ]


@pytest.mark.parametrize(
    ("path", "example"),
    [pytest.param(p, e, id=f"{p.stem.split('.')[0]}: {e.name}") for p, e in _all()],
)
def test_the_rules_say_what_the_example_expects(path: Path, example: Example) -> None:
    rule_set = _rule_set(path.with_name(path.name.replace(".examples", "")))
    assert run_example(example, rule_set) == ()


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("endorsements: [{form: CG 20 10, came: yesterday}]", "A day is written as"),
        ("endorsements: [{form: CG 20 10, names: [A, B]}]", "`names` is one text"),
        ("cancellations: [{policy_number: GL-1, ends: soon}]", "A day is written as"),
        ("endorsements: [{policy_number: GL-1}]", "Something is missing"),
    ],
)
def test_what_does_not_fit_beside_a_certificate_is_refused_with_its_line(
    record: str, words: str
) -> None:
    text = (
        "rule_set: mine\non: 2026-06-15\ncertificate: {form: ACORD 25}\nexamples:\n"
        f"  - name: One\n    expect: needs_review\n    {record}\n"
    )
    with pytest.raises(BrokenRuleSet, match=words):
        parse_examples(RuleFile("mine.examples.yaml", text), Path())
