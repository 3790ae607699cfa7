"""What came with a policy that has been replaced says nothing sure of the one that counts now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.certificate.fields import FIELDS
from connector.checking.beside import packet_of_documents
from connector.checking.evaluate import evaluate
from tests.checking.packets import DAY, US, good, rules

RULES = rules(
    """rules:
  - id: attached
    require: endorsement_forms
    attached: [CG 20 10]
  - id: upstream
    require: general_liability.additional_insured_endorsement
    covers_upstream: true
  - id: addendum
    require: endorsement_forms
    attached: [ACORD 855]
"""
)
BEFORE = good(
    general_liability_policy_number="GL-OLD-1",
    certificate_date="2026-01-05",
    general_liability_additional_insured_endorsement="evidenced",
    endorsement_forms="CG 20 10 12 19, ACORD 855",
    endorsement_pages="CG 20 10 12 19: 2, ACORD 855: 3",
)


def outcomes(number: str) -> dict[str, str]:
    """What comes out once a newer certificate shows general liability under this number."""
    newer = good(general_liability_policy_number=number, certificate_date="2026-02-05")
    verdict = evaluate(packet_of_documents((BEFORE, newer), (), ()), RULES, US, DAY)
    return {finding.rule_id: finding.outcome.value for finding in verdict.findings}


def test_the_page_of_the_policy_before_is_not_attached_and_reaches_nobody() -> None:
    """The old certificate still counts for its other policies, so its pages are looked at."""
    found = outcomes("GL-NEW-2")
    assert (found["attached"], found["upstream"]) == ("not_met", "unclear")
    assert found["addendum"] == "met"


def test_the_page_of_the_same_policy_is_still_attached() -> None:
    found = outcomes("GL-OLD-1")
    assert (found["attached"], found["addendum"]) == ("met", "met")


TOLD = rules(
    """rules:
  - id: names
    require: additional_insured_names
    names: {who: legal_names, blanket: accepted}
  - id: notice
    require: notice_of_cancellation
    endorsed: stated
  - id: workers
    require: workers_compensation
    in_force_on: today
"""
)
KEYS = {field.key for field in FIELDS}
OTHER_LINES = ("auto_liability", "umbrella_liability", "workers_compensation")
LIMITS = ("combined_single_limit", "each_occurrence", "aggregate", "each_accident", "disease_each_employee", "disease_policy_limit")  # fmt: skip
PLAIN = {"additional_insured_names": "", "description_of_operations": ""}


def told(number: str, **before: str) -> dict[str, str]:
    """Of an old certificate that says these things, once a newer one shows general liability alone,
    which says nothing."""
    old = good(**{**PLAIN, "general_liability_policy_number": "GL-4400-1", "certificate_date": "2026-01-05", **before})  # fmt: skip
    boxes = ("policy_number", "effective_date", "expiration_date", *LIMITS)
    keys = [f"{line}_{box}" for line in OTHER_LINES for box in boxes]
    blank = {key: "" for key in keys if key in KEYS}
    newer = good(**{**PLAIN, **blank, "general_liability_policy_number": number, "certificate_date": "2026-02-05"})  # fmt: skip
    verdict = evaluate(packet_of_documents((old, newer), (), ()), TOLD, US, DAY)
    return {finding.rule_id: finding.outcome.value for finding in verdict.findings}


@pytest.mark.parametrize(
    "says",
    [
        {"additional_insured_names": "Summit Builders Inc"},
        {"additional_insured_names": "Any person where required by written contract"},
        {"additional_insured_names": "Certificate holder"},
        {"description_of_operations": "Additional insured where required by written contract."},
    ],
)
def test_whom_a_replaced_policy_insured_the_new_one_may_not(says: dict[str, str]) -> None:
    assert told("GL-4400-1", **says)["names"] == "met"
    found = told("GL-5500-2", **says)
    assert (found["names"], found["workers"]) == ("unclear", "met")


def test_what_a_replaced_certificate_does_not_say_is_still_missing() -> None:
    says = {"additional_insured_names": "City of Springfield", "description_of_operations": "Roof."}
    assert told("GL-5500-2", **says)["names"] == "not_met"


def test_notice_of_cancellation_under_a_replaced_policy_is_for_a_person() -> None:
    assert told("GL-4400-1", notice_of_cancellation="evidenced")["notice"] == "met"
    assert told("GL-5500-2", notice_of_cancellation="evidenced")["notice"] == "unclear"


def test_general_words_in_doubt_pass_no_rule() -> None:
    words = "Additional insured where required by written contract."
    clear = good(**{**PLAIN, "description_of_operations": words})
    entry = clear.description_of_operations.doubted("A word is blurred.")
    blurred = replace(clear, description_of_operations=entry)
    outcomes = [
        next(f.outcome.value for f in evaluate(packet_of_documents((each,), (), ()), TOLD, US, DAY).findings if f.rule_id == "names")
        for each in (clear, blurred)
    ]  # fmt: skip
    assert outcomes == ["met", "unclear"]
