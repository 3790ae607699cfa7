"""A rule set drafted from a sample certificate: it loads, and the sample meets it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.certificate.model import Certificate
from connector.checking.draft import draft_rule_set
from connector.checking.rule_file import RuleFile
from connector.checking.rule_set import RuleSet, parse_rule_set
from connector.checking.verdict import Context, Outcome, Status
from tests.checking.packets import all_examples, check, doubted, finding, good


def drafted(certificate: Certificate) -> RuleSet:
    text = draft_rule_set(certificate, "from-sample")
    return parse_rule_set(RuleFile("from-sample.yaml", text), lambda name: None)


@pytest.mark.parametrize("name", sorted({name for name, _ in all_examples()}))
def test_a_sample_meets_the_rule_set_drafted_from_it(name: str) -> None:
    example = next(e for n, e in all_examples() if n == name and e.status is Status.COMPLIANT)
    certificate = example.packet.certificates[0]
    holder = certificate.certificate_holder.name.value or ""
    context = Context(vendor_name=certificate.insured.name.value, legal_names=(holder,))
    verdict = check(certificate, rule_set=drafted(certificate), context=context, on=example.on)
    assert [f for f in verdict.findings if f.outcome is not Outcome.MET] == []
    assert verdict.status is Status.COMPLIANT


def test_each_rule_says_where_it_was_taken_from() -> None:
    rule_set = drafted(good())
    assert all(rule.note for rule in rule_set.rules)
    notes = {rule.id: rule.note for rule in rule_set.rules}
    assert (
        notes["gl-each-occurrence"]
        == "From general liability: each occurrence, page 1: “$1,000,000”."
    )


def test_less_than_the_sample_does_not_meet_it() -> None:
    rule_set = drafted(good())
    lower = check(good(auto_liability_combined_single_limit=999_999), rule_set=rule_set)
    assert finding(lower, "auto-combined-single-limit").code == "limit_too_low"


def test_what_could_not_be_read_is_named_and_left_out() -> None:
    sample = doubted(
        good(), "general_liability.each_occurrence", "general_liability.additional_insured"
    )
    text = draft_rule_set(sample, "from-sample")
    assert "# Left out, because it could not be read: General liability: each occurrence." in text
    assert not any(rule.id == "gl-each-occurrence" for rule in drafted(sample).rules)


def test_other_additional_insureds_of_the_sample_become_names() -> None:
    sample = good(additional_insured_names="Summit Builders Inc; Lakeside Health; First Bank")
    rule_set = drafted(sample)
    assert rule_set.names == {"others": ("Lakeside Health", "First Bank")}
    without = good(
        additional_insured_names="Summit Builders Inc; First Bank", description_of_operations="x"
    )
    assert finding(check(without, rule_set=rule_set), "additional-insureds").code == "name_missing"


def test_an_excess_retention_is_an_upper_bound() -> None:
    sample = good(umbrella_liability_policy_number="UM-1", umbrella_liability_retention=10_000)
    (rule,) = (r for r in drafted(sample).rules if r.id == "umbrella-retention")
    assert (rule.test, rule.argument) == ("at_most", 10_000)


def test_text_of_a_certificate_cannot_break_out_of_the_file() -> None:
    odd = "x”\n- id: evil\n  require: insured.name # {{ 7*7 }}: &a *b \x07"
    sample = replace(good(additional_insured_names=odd, endorsement_forms=odd), document_name=odd)
    assert "evil" not in {rule.id for rule in drafted(sample).rules}


def test_a_certificate_that_says_nothing_still_drafts_the_two_rules_of_identity() -> None:
    assert [rule.id for rule in drafted(Certificate()).rules] == [
        "insured-is-the-vendor",
        "holder-is-us",
    ]
