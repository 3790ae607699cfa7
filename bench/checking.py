"""Checking: one evaluation, and a rule set tried over 10,000 certificates on file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from connector.checking.evaluate import evaluate
from connector.checking.examples import load_examples
from connector.checking.rule_set import load_rule_sets
from connector.checking.what_if import OnFile, try_rule_set

RULES = Path(__file__).parents[1] / "rules"
EVALUATIONS = 1_000
ON_FILE = 10_000


def rows() -> Iterator[tuple[str, str]]:
    """Wall-clock figures on the certificates of the rule sets' own examples."""
    rule_sets = load_rule_sets(RULES)
    for name, rule_set in rule_sets.items():
        example = load_examples(RULES / f"{name}.examples.yaml")[0]
        started = time.perf_counter()
        for _ in range(EVALUATIONS):
            evaluate(example.packet, rule_set, example.context, example.on)
        each = (time.perf_counter() - started) / EVALUATIONS * 1e6
        yield f"one evaluation, {name}, {len(rule_set.rules)} rules", f"{each:.0f} µs"
    examples = load_examples(RULES / "standard-subcontractor.examples.yaml")
    on_file = [
        OnFile(str(number), replace(chosen.packet), chosen.context)
        for number in range(ON_FILE)
        for chosen in (examples[number % len(examples)],)
    ]
    started = time.perf_counter()
    trial = try_rule_set(rule_sets["high-risk-trades"], on_file, examples[0].on)
    seconds = time.perf_counter() - started
    yield f"a rule set tried over {trial.checked:,} certificates", f"{seconds:.1f} s"
