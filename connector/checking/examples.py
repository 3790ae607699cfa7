"""Examples beside a rule set prove it: `standard-subcontractor.examples.yaml` is run against
`standard-subcontractor.yaml` by the tests and by `connector rules check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connector.checking.evaluate import evaluate
from connector.checking.example_file import Example, load_examples, parse_examples
from connector.checking.rule_set import RuleSet, load_rule_set
from connector.checking.verdict import Outcome, Verdict

__all__ = ["Example", "Proof", "load_examples", "parse_examples", "prove", "run_example"]


@dataclass(frozen=True, slots=True)
class Proof:
    """One rule set: how many examples it has, and what they expected otherwise."""

    rule_set: RuleSet
    examples: int
    differences: tuple[str, ...]


def prove(path: Path) -> Proof:
    """A rule file, loaded and run over the examples beside it. BrokenRuleSet as in loading."""
    rule_set = load_rule_set(path)
    beside = path.with_name(f"{path.stem}.examples.yaml")
    examples = load_examples(beside) if beside.is_file() else ()
    found = [difference for e in examples for difference in run_example(e, rule_set)]
    return Proof(rule_set, len(examples), tuple(found))


def run_example(example: Example, rule_set: RuleSet) -> tuple[str, ...]:
    """What the rules say otherwise than the example expects, in sentences; empty when they agree."""
    verdict = evaluate(example.packet, rule_set, example.context, example.on)
    return tuple(_differences(example, verdict))


def _differences(example: Example, verdict: Verdict) -> Iterator[str]:
    at = f"{example.file}, line {example.line}, “{example.name}”"
    if verdict.status is not example.status:
        open_ = [f"{f.rule_id}: {f.outcome.value} {f.code} ({f.found})" for f in verdict.findings if f.outcome is not Outcome.MET]  # fmt: skip
        yield f"{at}: {example.status.value} is expected, it is {verdict.status.value}: {'; '.join(open_)}."
    by_id = {finding.rule_id: finding for finding in verdict.findings}
    for rule_id, expected in example.findings.items():
        found = by_id.get(rule_id)
        said = "none" if found is None else f"{found.outcome.value} {found.code}"
        if found is not None and found.waived_by and expected.startswith("waived"):
            said = f"waived {found.code}"
        if said != expected and said.split()[0] != expected:
            detail = f" ({found.found})" if found else ""
            yield f"{at}: {rule_id}: {expected} is expected, it is {said}{detail}."
