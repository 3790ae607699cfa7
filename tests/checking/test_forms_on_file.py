"""Pages of a policy that has been replaced are no pages of the one that counts now."""

from __future__ import annotations

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
