"""Every example beside a shipped rule set is a test."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from connector.checking.examples import Example, load_examples, run_example
from connector.checking.rule_set import RuleSet, load_rule_set

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
