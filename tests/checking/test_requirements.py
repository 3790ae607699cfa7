"""The requirement statements of real contracts, and the traps around them, each as examples.

`statements/` holds a rule set and its examples per statement, in one file; the traps are named
by the examples there and beside the shipped rule sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.checking.examples import Example, load_examples, parse_examples, run_example
from connector.checking.rule_file import RuleFile
from connector.checking.rule_set import RuleSet, parse_rule_set

RULES = Path(__file__).parents[2] / "rules"
STATEMENTS = sorted((Path(__file__).parent / "statements").glob("*.yaml"))

COVERED = {
    *(f"statement {number}" for number in range(1, 20)),
    *(f"false accept {number}" for number in range(1, 16)),
    *(f"false reject {number}" for number in range(1, 14)),
}


def _parts(path: Path) -> tuple[RuleFile, RuleFile]:
    """The rule set and its examples; blank lines keep the second's line numbers those of the file."""
    rules, examples = path.read_text("utf-8").split("\n---\n")
    return RuleFile(path.name, rules), RuleFile(
        path.name, "\n" * (rules.count("\n") + 2) + examples
    )


def _statement(path: Path) -> tuple[RuleSet, tuple[Example, ...]]:
    rules, examples = _parts(path)
    return parse_rule_set(rules, lambda name: None), parse_examples(examples, RULES)


def _all_examples() -> Iterator[Example]:
    for path in STATEMENTS:
        yield from _statement(path)[1]
    for path in RULES.glob("*.examples.yaml"):
        yield from load_examples(path)


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: path.stem)
def test_a_statement_is_checked_as_its_examples_say(path: Path) -> None:
    rule_set, examples = _statement(path)
    assert examples
    assert [difference for e in examples for difference in run_example(e, rule_set)] == []


def test_every_statement_and_every_trap_is_named_by_an_example() -> None:
    named = {words for example in _all_examples() for words in example.covers}
    assert named == COVERED
