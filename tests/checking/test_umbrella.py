"""The umbrella tops up other lines where a rule set says so: every dollar once, the sum shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from connector.certificate.model import Certificate
from connector.checking.packet import Waiver
from connector.checking.verdict import Finding, Outcome, Status, Verdict
from tests.checking.packets import check, doubted, finding, good, rules

SET = """
umbrella_tops_up: [general_liability, auto_liability, workers_compensation]
rules:
  - id: occurrence
    require: general_liability.each_occurrence
    at_least: 2000000
  - id: aggregate
    require: general_liability.general_aggregate
    at_least: 4000000
  - id: auto
    require: auto_liability.combined_single_limit
    at_least: 1000000
  - id: umbrella
    require: umbrella_liability.each_occurrence
    at_least: 1000000
"""


def insured(**changes: Any) -> Certificate:
    umbrella: dict[str, Any] = {
        "umbrella_liability_policy_number": "UM-1",
        "umbrella_liability_effective_date": date(2026, 3, 1),
        "umbrella_liability_expiration_date": date(2027, 3, 1),
        "umbrella_liability_each_occurrence": 2_000_000,
        "umbrella_liability_aggregate": 2_000_000,
    }
    return good(**{**umbrella, **changes})


def verdict_of(certificate: Certificate, text: str = SET, **more: Any) -> Verdict:
    return check(certificate, rule_set=rules(text), **more)


def said(verdict: Verdict, rule_id: str) -> tuple[Outcome, str, str]:
    found: Finding = finding(verdict, rule_id)
    return found.outcome, found.code, found.found


def test_the_sum_is_shown_in_the_finding() -> None:
    verdict = verdict_of(insured())
    assert verdict.status is Status.COMPLIANT
    assert said(verdict, "occurrence") == (
        Outcome.MET,
        "met_with_umbrella",
        "$1,000,000 + $1,000,000 of the umbrella = $2,000,000",
    )
    assert said(verdict, "umbrella") == (
        Outcome.MET,
        "met",
        "$2,000,000 - $1,000,000 that top up other lines = $1,000,000",
    )


def test_dollars_that_top_up_do_not_count_for_the_umbrellas_own_minimum() -> None:
    verdict = verdict_of(insured(umbrella_liability_each_occurrence=1_500_000))
    assert said(verdict, "umbrella") == (
        Outcome.NOT_MET,
        "limit_too_low",
        "$1,500,000 - $1,000,000 that top up other lines = $500,000",
    )


def test_two_lines_do_not_share_a_dollar() -> None:
    verdict = verdict_of(insured(auto_liability_combined_single_limit=500_000))
    assert said(verdict, "auto")[1] == "met_with_umbrella"
    assert said(verdict, "umbrella")[2] == (
        "$2,000,000 - $1,500,000 that top up other lines = $500,000"
    )


def test_limits_of_one_line_share_the_dollars_for_one_event() -> None:
    text = (
        SET
        + "  - id: injury\n    require: general_liability.personal_and_advertising_injury\n    at_least: 2000000\n"
    )
    verdict = verdict_of(insured(general_liability_personal_and_advertising_injury=1_000_000), text)
    assert said(verdict, "injury")[1] == "met_with_umbrella"
    assert said(verdict, "umbrella")[0] is Outcome.MET


def test_an_umbrella_that_is_too_small_is_not_spent() -> None:
    verdict = verdict_of(insured(umbrella_liability_each_occurrence=900_000))
    assert said(verdict, "occurrence") == (
        Outcome.NOT_MET,
        "limit_too_low",
        "$1,000,000 + $900,000 of the umbrella = $1,900,000",
    )
    assert said(verdict, "umbrella")[2] == "$900,000"


def test_an_umbrella_out_of_force_tops_up_nothing_and_says_so() -> None:
    ended = insured(umbrella_liability_expiration_date=date(2026, 6, 15))
    assert said(verdict_of(ended), "occurrence") == (
        Outcome.NOT_MET,
        "limit_too_low",
        "$1,000,000, and the umbrella expired on 06/15/2026",
    )
    later = insured(umbrella_liability_effective_date=date(2026, 6, 16))
    assert "the umbrella begins on 06/16/2026" in said(verdict_of(later), "occurrence")[2]
    today = insured(umbrella_liability_effective_date=date(2026, 6, 15))
    assert said(verdict_of(today), "occurrence")[1] == "met_with_umbrella"


def test_a_doubtful_umbrella_leaves_the_limit_unclear() -> None:
    for box in ("each_occurrence", "aggregate", "expiration_date"):
        verdict = verdict_of(doubted(insured(), f"umbrella_liability.{box}"))
        assert said(verdict, "occurrence")[:2] == (Outcome.UNCLEAR, "umbrella_unclear")
    words = verdict_of(insured(umbrella_liability_each_occurrence="INCLUDED"))
    assert said(words, "occurrence")[0] is Outcome.UNCLEAR
    undated = verdict_of(insured(umbrella_liability_effective_date=""))
    assert said(undated, "occurrence")[0] is Outcome.UNCLEAR


def test_a_doubtful_limit_is_not_topped_up() -> None:
    verdict = verdict_of(doubted(insured(), "general_liability.each_occurrence"))
    assert said(verdict, "occurrence")[:2] == (Outcome.UNCLEAR, "unreadable")
    assert said(verdict, "umbrella")[2] == "$2,000,000"


def test_excluded_and_blank_limits_are_not_topped_up() -> None:
    for printed, code in (("EXCLUDED", "limit_excluded"), ("", "limit_missing")):
        verdict = verdict_of(insured(general_liability_each_occurrence=printed))
        assert said(verdict, "occurrence")[1] == code


def test_no_switch_no_umbrella() -> None:
    text = SET.replace(
        "umbrella_tops_up: [general_liability, auto_liability, workers_compensation]", ""
    )
    assert said(verdict_of(insured(), text), "occurrence") == (
        Outcome.NOT_MET,
        "limit_too_low",
        "$1,000,000",
    )


def test_a_waived_or_advisory_rule_spends_nothing() -> None:
    waiver = Waiver("occurrence", "Small job", "Dana")
    assert said(verdict_of(insured(), waivers=(waiver,)), "umbrella")[2] == "$2,000,000"
    advisory = SET.replace("at_least: 2000000", "at_least: 2000000\n    severity: advisory")
    assert said(verdict_of(insured(), advisory), "umbrella")[2] == "$2,000,000"


def test_without_an_umbrella_the_limit_is_plainly_too_low() -> None:
    assert said(verdict_of(good()), "occurrence") == (
        Outcome.NOT_MET,
        "limit_too_low",
        "$1,000,000",
    )
