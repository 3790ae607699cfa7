"""A rule set in plain words: what each rule requires, of whom, as its own sentence says it.

Every rule is asked about a certificate that states all lines and meets nothing, so that its words
for what is required come from the test itself and can never say something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from connector.checking.bare_line import meets_nothing
from connector.checking.condition import ALWAYS, ValueRange, When
from connector.checking.evaluate import evaluate
from connector.checking.packet import Packet
from connector.checking.rule import Rule, RuleSet
from connector.checking.verdict import Context, Severity


@dataclass(frozen=True, slots=True)
class Requirement:
    """`subject` is what the rule looks at, `required` what it wants to see there, `for_whom` the
    condition in words, empty where it always applies."""

    rule_id: str
    subject: str
    required: str
    for_whom: str
    is_required: bool
    note: str


def requirements(rule_set: RuleSet, legal_names: tuple[str, ...], on: date) -> list[Requirement]:
    """The rules in order; one with tiers has a line for each of them."""
    return [each for rule in rule_set.rules for each in _said(rule, rule_set, legal_names, on)]


def _said(
    rule: Rule, rule_set: RuleSet, legal_names: tuple[str, ...], on: date
) -> Iterator[Requirement]:
    cases = [(tier.when, tier.argument) for tier in rule.tiers]
    for when, argument in ((rule.when, rule.argument), *cases):
        asked = replace(rule, argument=argument, when=ALWAYS, tiers=())
        yield Requirement(
            rule_id=rule.id,
            subject=rule.subject.label,
            required=_required(asked, rule_set, legal_names, on),
            for_whom=condition(when),
            is_required=rule.severity is Severity.REQUIRED,
            note=rule.note,
        )


def _required(rule: Rule, rule_set: RuleSet, legal_names: tuple[str, ...], on: date) -> str:
    context = Context(vendor_name="the vendor", legal_names=legal_names or ("your legal names",))
    only = replace(rule_set, rules=(rule,), umbrella_tops_up=())
    verdict = evaluate(Packet((meets_nothing(rule.subject.line),)), only, context, on)
    said = (each.required for each in verdict.findings if each.rule_id == rule.id)
    return next(said, "looked at where there is something to compare")


def condition(when: When) -> str:
    """ "for roofing or steel; subcontract value over $500,000"; empty for always."""
    parts = [
        f"{words} {' or '.join(said)}"
        for words, said in (
            ("for", when.trade),
            ("for work in", when.state),
            ("for a", when.vendor_type),
            ("on", when.project),
        )
        if said
    ]
    if when.subcontract_value:
        parts.append(f"subcontract value {_range(when.subcontract_value)}")
    return "; ".join(parts)


def _range(value: ValueRange) -> str:
    words = {
        "over": value.over,
        "at least": value.at_least,
        "up to": value.up_to,
        "under": value.under,
    }
    return " and ".join(f"{word} ${bound:,}" for word, bound in words.items() if bound is not None)
