"""A stated additional insured that may not be us, or not for much, is for a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.checking.rule_set import RuleSet
from tests.checking.packets import US, check, doubted, finding, good, rules

BOX = "general_liability.additional_insured_endorsement"
TICK = {
    "general_liability_additional_insured": True,
    "general_liability_additional_insured_endorsement": "",
}


def said(demand: str = "stated", rule_set: RuleSet | None = None, **cells: object) -> str:
    mine = rules(f"rules:\n  - id: one\n    require: {BOX}\n    endorsed: {demand}\n")
    one = finding(check(good(**{**TICK, **cells}), rule_set=rule_set or mine), "one")
    return f"{one.outcome.value} {one.code}"


@pytest.mark.parametrize(
    "words",
    [
        "Summit Builders Inc is additional insured for vicarious liability only.",
        "Summit Builders Inc is an additional insured for the sole negligence of the named insured.",
        "Additional insured: Summit Builders Inc, for claims arising solely from the insured's negligence.",
    ],
)
def test_words_that_cover_little_are_for_a_person(words: str) -> None:
    assert said(description_of_operations=words) == "unclear narrow_wording"


@pytest.mark.parametrize(
    "words",
    [
        "Summit Builders Inc is additional insured, except for the sole negligence of Summit Builders Inc.",
        "Summit Builders Inc is additional insured, but only for negligent acts of the named insured.",
        "Vicarious liability is insured. Summit Builders Inc is additional insured.",
        "Project 4417.",
    ],
)
def test_the_usual_words_are_no_reason_for_doubt(words: str) -> None:
    assert said(description_of_operations=words) == "met met"


def test_an_additional_insured_who_is_somebody_else_is_not_us() -> None:
    theirs = {
        "additional_insured_names": "Ridgeline Contractors Inc",
        "description_of_operations": "",
    }
    assert said(**theirs) == "unclear name_missing"
    assert said(additional_insured_names="Summit Builders, Inc.") == "met met"
    open_words = {
        **theirs,
        "description_of_operations": "Others where required by written contract.",
    }
    assert said(**open_words) == "met met"
    by_words = {**theirs, "description_of_operations": "Certificate holder is additional insured."}
    assert said(**by_words) == "met met"


def test_a_page_that_may_be_anothers_is_met_by_no_form_number() -> None:
    forms = {
        "endorsement_forms": "CG 20 10 12 19",
        "endorsement_pages": "CG 20 10 12 19: 2",
        "general_liability_additional_insured_endorsement": "evidenced",
    }
    rule_set = rules(f"rules:\n  - id: one\n    require: {BOX}\n    endorsed_by: CG 20 10 12 19\n")
    assert finding(check(good(**forms), rule_set=rule_set), "one").outcome.value == "met"
    unsure = doubted(good(**forms), BOX)
    one = finding(check(unsure, rule_set=rule_set), "one")
    assert (one.outcome.value, one.code) == ("unclear", "unreadable")


def test_a_form_in_a_document_of_another_policy_is_not_this_policys() -> None:
    rule_set = rules(f"rules:\n  - id: one\n    require: {BOX}\n    endorsed_by: CG 20 10 12 19\n")
    page = {
        "general_liability_each_occurrence": "",
        "general_liability_effective_date": "",
        "endorsement_forms": "CG 20 10 12 19",
        "endorsement_pages": "CG 20 10 12 19: 1",
        "general_liability_additional_insured_endorsement": "evidenced",
    }
    newer, older = good(certificate_date="2026-03-02"), good(certificate_date="2026-01-02", **page)
    same = check(replace(newer), older, rule_set=rule_set, context=US)
    assert finding(same, "one").outcome.value == "met"
    another = good(certificate_date="2026-01-02", general_liability_policy_number="GL-9", **page)
    assert finding(check(newer, another, rule_set=rule_set), "one").outcome.value == "not_met"
