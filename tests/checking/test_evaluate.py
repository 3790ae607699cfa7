"""The decisions of a check: precedence, identity, doubt, packets, waivers, cancellations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from connector.certificate.entries import with_entries
from connector.certificate.entry import BLANK, Entry
from connector.certificate.model import Certificate
from connector.checking.evaluate import evaluate
from connector.checking.packet import Cancellation, Exemption, Packet, Waiver
from connector.checking.rule_set import load_rule_sets
from connector.checking.rule_tests.table import RULE_TESTS
from connector.checking.verdict import Context, Outcome, Severity, Status
from tests.checking.packets import (
    DAY,
    RULES,
    US,
    check,
    doubted,
    finding,
    good,
    rules,
    shipped,
    without_workers_compensation,
    workers_compensation_only,
)

NO_GL = {"general_liability_each_occurrence": 500_000}


TERM = {"effective_date": date(2026, 3, 1), "expiration_date": date(2027, 3, 1)}
EVERY_LINE = {
    **{f"umbrella_liability_{box}": day for box, day in TERM.items()},
    **{f"{row}_{box}": day for row in ("other_1", "other_2") for box, day in TERM.items()},
    "umbrella_liability_policy_number": "UM-1",
    "other_1_kind": "professional",
    "other_1_policy_number": "PL-1",
    "other_2_kind": "pollution",
    "other_2_policy_number": "CPL-1",
}
EVERY_WORD = replace(
    US,
    trade="demolition",
    vendor_type="installs",
    state="NY",
    subcontract_value=5,
    project_name="Lakeside Medical Center",
    project_end=date(2026, 9, 1),
    names=dict.fromkeys(("owner", "lender", "architect"), ("Lakeside Health",)),
)


@pytest.mark.parametrize("name", load_rule_sets(RULES))
def test_a_doubted_box_never_passes_and_never_fails(name: str) -> None:
    """Every rule of every shipped set, with all the boxes it looks at in doubt."""
    rule_set = shipped(name)
    for rule in rule_set.rules:
        paths = list(RULE_TESTS[rule.test].boxes(rule.subject))
        if rule.subject.line == "pollution":
            paths = [path.replace("other_1", "other_2") for path in paths]
        verdict = check(doubted(good(**EVERY_LINE), *paths), rule_set=rule_set, context=EVERY_WORD)
        found = [f for f in verdict.findings if f.rule_id == rule.id]
        assert [f.outcome for f in found] in ([], [Outcome.UNCLEAR]), (rule.id, found)


def test_a_blank_certificate_that_says_nothing_is_for_a_person() -> None:
    verdict = check(Certificate(document_name="fax.pdf"))
    assert verdict.status is Status.NEEDS_REVIEW
    assert verdict.review_reasons[0] == "fax.pdf could not be read as a certificate."


def test_a_form_that_could_not_be_read_is_for_a_person_whatever_fails() -> None:
    certificate = good(**NO_GL)
    certificate = replace(certificate, form=certificate.form.doubted("Smudged."))
    assert check(certificate).status is Status.NEEDS_REVIEW


def test_no_certificate_at_all_is_for_a_person() -> None:
    verdict = check()
    assert verdict.status is Status.NEEDS_REVIEW
    assert verdict.review_reasons == ("There is no certificate to check.",)


def test_the_first_of_three_certificates_is_not_the_whole_document() -> None:
    first = good(
        certificates_in_document=3, certificate_id="a", other_certificate_ids="b, c", **NO_GL
    )
    assert check(first).status is Status.NEEDS_REVIEW
    others = [workers_compensation_only(certificate_id=i) for i in "bc"]
    assert check(first, *others).status is Status.NON_COMPLIANT


def test_the_insured_is_compared_with_the_vendor_even_where_no_rule_asks() -> None:
    rule_set = rules("rules:\n  - id: gl\n    require: general_liability\n    is_present: true\n")
    stranger = replace(US, vendor_name="Lakeshore Plumbing LLC")
    verdict = check(good(), rule_set=rule_set, context=stranger)
    assert verdict.status is Status.NEEDS_REVIEW
    assert finding(verdict, "insured-is-the-vendor").code == "insured_differs"
    assert check(good(), rule_set=rule_set).status is Status.COMPLIANT


def test_an_advisory_identity_rule_still_decides() -> None:
    rule_set = rules(
        "rules:\n  - id: who\n    require: insured.name\n    named_as: vendor\n    severity: advisory\n  - id: gl\n    require: general_liability\n    is_present: true\n"
    )
    assert check(good(insured_name="Lakeshore Plumbing LLC"), rule_set=rule_set).status is Status.NEEDS_REVIEW  # fmt: skip


@pytest.mark.parametrize("certificate", [good(insured_name=""), doubted(good(), "insured.name")])
def test_a_certificate_that_insures_nobody_for_certain_passes_no_check(
    certificate: Certificate,
) -> None:
    """Also where the check names no vendor: there is then nobody to whom the coverage belongs."""
    verdict = check(certificate, context=replace(US, vendor_name=None))
    assert verdict.status is Status.NEEDS_REVIEW
    assert finding(verdict, "insured-is-the-vendor").outcome is Outcome.UNCLEAR


def test_identity_cannot_be_waived() -> None:
    waiver = Waiver("insured-is-the-vendor", "It is fine", "Dana")
    verdict = check(good(insured_name="Lakeshore Plumbing LLC"), waivers=(waiver,))
    assert verdict.status is Status.NEEDS_REVIEW
    assert finding(verdict, "insured-is-the-vendor").waived_by is None


def test_without_a_vendor_the_certificates_of_a_packet_must_agree_on_the_insured() -> None:
    nobody = replace(US, vendor_name=None)
    other = workers_compensation_only(insured_name="Lakeshore Plumbing LLC")
    same = workers_compensation_only(insured_name="Northfield Roofing, L.L.C.")
    alone = without_workers_compensation()
    assert check(alone, other, context=nobody).status is Status.NEEDS_REVIEW
    assert check(alone, same, context=nobody).status is Status.COMPLIANT


def test_a_rule_set_of_which_no_required_rule_applies_is_for_a_person() -> None:
    rule_set = rules(
        "rules:\n  - id: gl\n    require: general_liability\n    is_present: true\n    when: {trade: roofing}\n"
    )
    verdict = check(good(), rule_set=rule_set, context=replace(US, trade="painting"))
    assert verdict.status is Status.NEEDS_REVIEW
    assert verdict.review_reasons == ("No required rule of the rule set applied to this check.",)


def test_a_missing_context_value_is_named() -> None:
    verdict = check(good(), rule_set=shipped("supplier"), context=replace(US, vendor_type=None))
    assert verdict.status is Status.NEEDS_REVIEW
    assert any("the vendor type was not given" in reason for reason in verdict.review_reasons)


def test_a_condition_that_certainly_fails_asks_for_nothing_else() -> None:
    rule_set = rules(
        "rules:\n  - id: gl\n    require: general_liability\n    is_present: true\n  - id: big\n    require: pollution\n    is_present: true\n    when: {trade: demolition, subcontract_value: {over: 5}}\n"
    )
    assert check(good(), rule_set=rule_set, context=replace(US, trade="painting")).status is Status.COMPLIANT  # fmt: skip


def test_an_advisory_finding_never_fails() -> None:
    verdict = check(good(workers_compensation_proprietor_excluded=True))
    assert finding(verdict, "wc-nobody-excluded").outcome is Outcome.NOT_MET
    assert verdict.status is Status.COMPLIANT


def test_in_a_packet_the_newest_certificate_that_states_a_line_wins() -> None:
    older = good(certificate_date=date(2026, 1, 5))
    newer = good(certificate_date=date(2026, 4, 1), **NO_GL)
    for packet in ((older, newer), (newer, older)):
        assert check(*packet).status is Status.NON_COMPLIANT
    older_is_worse = good(certificate_date=date(2026, 1, 5), **NO_GL)
    assert check(older_is_worse, good()).status is Status.COMPLIANT


def test_without_a_date_of_issue_the_day_it_came_orders_certificates() -> None:
    late = datetime(2026, 5, 1, 12, tzinfo=UTC)
    undated = good(certificate_date="", received_at=late.isoformat(), **NO_GL)
    assert check(good(), undated).status is Status.NON_COMPLIANT


def test_two_certificates_of_the_same_moment_that_differ_are_for_a_person() -> None:
    verdict = check(good(), good(**NO_GL))
    assert verdict.status is Status.NEEDS_REVIEW
    assert (
        "Two certificates of the same date differ" in finding(verdict, "gl-each-occurrence").found
    )
    assert check(good(), good()).status is Status.COMPLIANT


def test_a_doubtful_date_of_issue_leaves_open_which_certificate_counts() -> None:
    unsure = doubted(good(**NO_GL), "certificate_date")
    assert check(good(certificate_date=date(2026, 1, 5)), unsure).status is Status.NEEDS_REVIEW
    same = doubted(good(), "certificate_date")
    assert check(good(certificate_date=date(2026, 1, 5)), same).status is Status.COMPLIANT


def test_a_newer_row_of_doubtful_kind_is_not_passed_over_for_an_older_one() -> None:
    row = {
        "other_1_kind": "professional", "other_1_policy_number": "PL-1", "other_1_each_claim": 5,
        "other_1_effective_date": "2026-01-01", "other_1_expiration_date": "2027-01-01",
    }  # fmt: skip
    older = good(**row, certificate_date=date(2026, 1, 5))
    rule_set = rules("rules:\n  - id: pl\n    require: professional.each_claim\n    at_least: 5\n")
    assert check(older, good(), rule_set=rule_set).status is Status.COMPLIANT
    unsure = doubted(good(**row), "other_1.kind")
    assert check(older, unsure, rule_set=rule_set).status is Status.NEEDS_REVIEW


def test_a_sure_row_counts_beside_one_of_doubtful_kind() -> None:
    rows = {
        "other_1_kind": "cyber",
        "other_1_each_claim": 7,
        "other_2_kind": "cyber",
        "other_2_each_claim": 5,
    }
    rule_set = rules("rules:\n  - id: cyber\n    require: cyber.each_claim\n    at_least: 5\n")
    one = finding(check(doubted(good(**rows), "other_1.kind"), rule_set=rule_set), "cyber")
    assert (one.outcome, one.path) == (Outcome.MET, "other_2.each_claim")


def test_two_rows_of_one_kind_that_differ_are_for_a_person() -> None:
    rows = {
        f"other_{n}_{box}": v for n in (1, 2) for box, v in (("kind", "cyber"), ("each_claim", n))
    }
    rule_set = rules("rules:\n  - id: cyber\n    require: cyber.each_claim\n    at_least: 1\n")
    one = finding(check(good(**rows), rule_set=rule_set), "cyber")
    assert "Two rows of the certificate state this line and differ" in one.found


def test_a_renewal_sent_early_does_not_end_the_term_before_it() -> None:
    renewal = good(
        certificate_date=date(2026, 6, 1),
        general_liability_effective_date=date(2026, 7, 1),
        general_liability_expiration_date=date(2027, 7, 1),
    )
    current = good(general_liability_expiration_date=date(2026, 7, 1))
    assert check(current, renewal).status is Status.COMPLIANT
    assert check(current, renewal, on=date(2026, 7, 1)).status is Status.COMPLIANT
    assert finding(check(renewal), "gl-in-force").code == "not_yet_in_force"


def test_a_renewal_counts_from_its_first_day() -> None:
    overlapping = good(general_liability_expiration_date=date(2026, 7, 10))
    renewal = good(
        certificate_date=date(2026, 6, 1),
        general_liability_effective_date=date(2026, 7, 1),
        general_liability_expiration_date=date(2027, 7, 1),
        **NO_GL,
    )
    for on, status in (
        (date(2026, 6, 30), Status.COMPLIANT),
        (date(2026, 7, 1), Status.NON_COMPLIANT),
    ):
        assert check(overlapping, renewal, on=on).status is status
    first_day = good(general_liability_effective_date=DAY)
    assert check(first_day, renewal).status is Status.COMPLIANT


def test_the_next_expiration_is_the_earliest_of_the_lines_that_rules_require() -> None:
    certificate = good(
        workers_compensation_expiration_date=date(2026, 8, 1),
        umbrella_liability_policy_number="UM-1",
        umbrella_liability_expiration_date=date(2026, 7, 1),
    )
    assert check(certificate).next_expiration_date == date(2026, 8, 1)
    unsure = doubted(certificate, "workers_compensation.expiration_date")
    assert check(unsure).next_expiration_date is None


def test_an_umbrella_that_tops_up_counts_for_the_next_expiration() -> None:
    rule_set = rules(
        "umbrella_tops_up: [general_liability]\nrules:\n  - id: limit\n    require: general_liability.each_occurrence\n    at_least: 2000000\n"
    )
    certificate = good(
        umbrella_liability_policy_number="UM-1",
        umbrella_liability_effective_date=date(2026, 3, 1),
        umbrella_liability_expiration_date=date(2026, 7, 1),
        umbrella_liability_each_occurrence=1_000_000,
    )
    assert check(certificate, rule_set=rule_set).next_expiration_date == date(2026, 7, 1)


def waiver(**changes: Any) -> Waiver:
    given = {"rule_id": "gl-each-occurrence", "reason": "Small job", "person": "Dana Whitfield"}
    return Waiver(**{**given, **changes})


def test_a_waiver_in_force_is_reported_and_does_not_fail() -> None:
    verdict = check(good(**NO_GL), waivers=(waiver(expires=date(2026, 6, 16)),))
    assert verdict.status is Status.COMPLIANT
    waived = finding(verdict, "gl-each-occurrence")
    assert waived.outcome is Outcome.NOT_MET
    assert waived.waived_by == "Waived by Dana Whitfield until 06/16/2026: Small job"


def test_a_waiver_that_ran_out_reopens_the_finding() -> None:
    verdict = check(good(**NO_GL), waivers=(waiver(expires=DAY),))
    assert verdict.status is Status.NON_COMPLIANT
    assert finding(verdict, "gl-each-occurrence").waived_by is None


def test_a_waiver_of_another_rule_waives_nothing_and_of_a_met_rule_is_silent() -> None:
    assert check(good(**NO_GL), waivers=(waiver(rule_id="gl-in-force"),)).status is Status.NON_COMPLIANT  # fmt: skip
    assert finding(check(good(), waivers=(waiver(),)), "gl-each-occurrence").waived_by is None


def cancelled(**changes: Any) -> Cancellation:
    given = {"policy_number": "gl 4481902", "ends": date(2026, 6, 1), "noticed": date(2026, 5, 20)}
    return Cancellation(**{**given, **changes})


def test_a_notice_of_cancellation_reopens_the_line() -> None:
    verdict = check(good(), cancellations=(cancelled(),))
    assert verdict.status is Status.NON_COMPLIANT
    assert finding(verdict, "gl-in-force").code == "cancelled"


def test_a_cancellation_yet_to_come_is_for_a_person() -> None:
    verdict = check(good(), cancellations=(cancelled(ends=date(2026, 6, 20)),))
    assert verdict.status is Status.NEEDS_REVIEW
    assert finding(verdict, "gl-in-force").code == "cancellation_announced"


def test_on_the_day_of_its_cancellation_a_policy_is_over() -> None:
    for ends, code in ((DAY, "cancelled"), (date(2026, 6, 16), "cancellation_announced")):
        verdict = check(good(), cancellations=(cancelled(ends=ends),))
        assert finding(verdict, "gl-in-force").code == code


@pytest.mark.parametrize(
    ("issued", "code"),
    [(19, "cancelled"), (20, "cancellation_announced"), (21, "cancellation_announced")],
)
def test_a_certificate_issued_after_the_notice_leaves_a_question(issued: int, code: str) -> None:
    certificate = good(certificate_date=date(2026, 5, issued))
    assert finding(check(certificate, cancellations=(cancelled(),)), "gl-in-force").code == code


def test_a_cancellation_of_another_policy_changes_nothing() -> None:
    assert (
        check(good(), cancellations=(cancelled(policy_number="GL-1"),)).status is Status.COMPLIANT
    )


def test_a_page_in_another_document_counts_for_the_policy_it_names() -> None:
    pages = {
        "general_liability_additional_insured_endorsement": "evidenced",
        "general_liability_policy_number": "GL-4481902",
    }
    ours = workers_compensation_only(certificate_date=date(2026, 1, 1), **pages)
    theirs = workers_compensation_only(
        certificate_date=date(2026, 1, 1), **{**pages, "general_liability_policy_number": "GL-OLD"}
    )
    rule = "gl-additional-insured-page"
    assert finding(check(without_workers_compensation(), ours), rule).outcome is Outcome.MET
    assert finding(check(without_workers_compensation(), theirs), rule).outcome is Outcome.NOT_MET


def test_words_in_another_document_are_no_claim_for_this_policy() -> None:
    stated = workers_compensation_only(
        certificate_date=date(2026, 1, 1),
        general_liability_additional_insured_endorsement="stated",
    )
    ours = without_workers_compensation(general_liability_additional_insured="")
    assert finding(check(ours, stated), "gl-additional-insured").outcome is Outcome.NOT_MET


def test_the_pages_of_a_replaced_certificate_still_stand_for_the_same_policy() -> None:
    pages = {
        "certificate_date": date(2026, 1, 5),
        "general_liability_additional_insured_endorsement": "evidenced",
        "endorsement_forms": "CG 20 37 12 19",
        "endorsement_pages": "CG 20 37 12 19: 2",
    }
    verdict = check(good(**pages), good())
    assert finding(verdict, "gl-additional-insured-page").outcome is Outcome.MET
    assert finding(verdict, "gl-completed-operations").outcome is Outcome.MET
    numbers = {
        f"{line}_policy_number": "OLD-1"
        for line in ("general_liability", "auto_liability", "workers_compensation")
    }
    verdict = check(good(**pages, **numbers), good())
    assert finding(verdict, "gl-additional-insured-page").outcome is Outcome.NOT_MET
    assert finding(verdict, "gl-completed-operations").outcome is Outcome.NOT_MET


def test_a_page_beside_a_doubtful_policy_number_is_for_a_person() -> None:
    pages = workers_compensation_only(
        certificate_date=date(2026, 1, 1),
        general_liability_additional_insured_endorsement="evidenced",
        general_liability_policy_number="GL-4481902",
    )
    unsure = doubted(without_workers_compensation(), "general_liability.policy_number")
    found = finding(check(unsure, pages), "gl-additional-insured-page")
    assert found.outcome is Outcome.UNCLEAR


def test_an_old_certificate_speaks_only_for_lines_that_rules_look_at() -> None:
    old = good(
        certificate_date=date(2025, 1, 5),
        certificate_holder_name="Ridgeline Contractors Inc",
        umbrella_liability_policy_number="UM-OLD",
    )
    assert check(old, good()).status is Status.COMPLIANT


def test_endorsement_pages_alone_are_part_of_the_packet() -> None:
    pages = Certificate(
        endorsement_forms=replace(BLANK, value="CG 20 10 12 19", state=good().form.state),
        endorsement_pages=replace(BLANK, value="CG 20 10 12 19: 1", state=good().form.state),
        general_liability=replace(
            Certificate().general_liability,
            additional_insured_endorsement=replace(
                BLANK, value="evidenced", state=good().form.state
            ),
        ),
    )
    verdict = check(good(), pages)
    assert finding(verdict, "gl-additional-insured-page").outcome is Outcome.MET
    assert verdict.status is Status.COMPLIANT


def test_a_certificate_that_was_replaced_on_every_line_names_nobody_any_more() -> None:
    rule_set = rules(
        "rules:\n  - id: ai\n    require: additional_insured_names\n    names: legal_names\n"
    )
    old = good(certificate_date=date(2025, 3, 2), additional_insured_names="Summit Builders Inc")
    new = good(description_of_operations="Lakeside Medical Center")
    assert check(old, rule_set=rule_set).status is Status.COMPLIANT
    assert check(old, new, rule_set=rule_set).status is Status.NON_COMPLIANT


@pytest.mark.parametrize("state", ["ND", "Ohio", "wa", "WY"])
def test_a_state_with_a_state_fund_only_makes_a_blank_line_unclear(state: str) -> None:
    verdict = check(without_workers_compensation(), context=replace(US, state=state))
    assert verdict.status is Status.NEEDS_REVIEW
    assert finding(verdict, "wc-each-accident").code == "state_fund"


def test_the_insureds_own_address_may_be_in_a_state_fund_state() -> None:
    certificate = without_workers_compensation(insured_address="12 High Street, Dayton, OH 45402")
    assert finding(check(certificate), "wc-in-force").code == "state_fund"


def test_a_policy_shown_in_a_state_fund_state_is_checked_like_any_other() -> None:
    certificate = good(workers_compensation_each_accident=100_000)
    assert check(certificate, context=replace(US, state="OH")).status is Status.NON_COMPLIANT


def test_an_exemption_counts_until_it_expires_and_in_its_own_state() -> None:
    rule_set = rules(
        "workers_compensation_exemption: accepted\nrules:\n  - id: wc\n    require: workers_compensation\n    is_present: true\n"
    )
    for exemption, status in (
        (Exemption("IL"), Status.COMPLIANT),
        (Exemption("Illinois", date(2026, 6, 16)), Status.COMPLIANT),
        (Exemption("IL", DAY), Status.NON_COMPLIANT),
        (Exemption("FL"), Status.NON_COMPLIANT),
    ):
        verdict = check(without_workers_compensation(), rule_set=rule_set, exemptions=(exemption,))
        assert verdict.status is status


def test_the_same_input_gives_the_same_verdict() -> None:
    packet = Packet((good(),))
    one = evaluate(packet, shipped("new-york"), US, DAY)
    assert one == evaluate(packet, shipped("new-york"), US, DAY)
    assert one.rule_set_digest == shipped("new-york").digest
    assert (one.rule_set, one.rule_set_version, one.on) == ("new-york", 1, DAY)


def test_a_finding_says_where_it_was_seen() -> None:
    low = finding(check(good(**NO_GL)), "gl-each-occurrence")
    assert (low.path, low.line) == ("general_liability.each_occurrence", "general_liability")
    assert (low.page, low.quote) == (1, "$500,000")
    assert (low.required, low.found) == ("$1,000,000", "$500,000")
    assert low.severity is Severity.REQUIRED


def test_a_finding_on_a_free_row_names_the_row() -> None:
    certificate = good(
        other_2_kind="professional", other_2_policy_number="PL-1", other_2_each_claim=500_000
    )
    verdict = check(certificate, rule_set=shipped("design-professional"), context=replace(US, subcontract_value=1))  # fmt: skip
    low = finding(verdict, "professional-each-claim")
    assert (low.path, low.line) == ("other_2.each_claim", "other_2")


def test_a_blank_context_is_enough_to_evaluate() -> None:
    for rule_set in load_rule_sets(RULES).values():
        verdict = evaluate(Packet((good(),)), rule_set, Context(), DAY)
        assert verdict.status is not Status.COMPLIANT


def test_an_entry_without_evidence_has_no_page() -> None:
    certificate = with_entries(
        good(), {"general_liability.each_occurrence": Entry(5, good().form.state)}
    )
    assert finding(check(certificate), "gl-each-occurrence").page is None


def test_a_date_of_issue_far_in_the_future_does_not_silence_later_certificates() -> None:
    came = datetime(2026, 3, 2, tzinfo=UTC)
    slip = good(certificate_date=date(2036, 3, 1))
    later = good(certificate_date=date(2026, 5, 1), **NO_GL)
    verdict = check(
        replace(slip, received_at=came), replace(later, received_at=came + timedelta(days=60))
    )
    assert finding(verdict, "gl-each-occurrence").code == "limit_too_low"


LIMIT_ONLY = (
    "rules:\n  - id: gl\n    require: general_liability.each_occurrence\n    at_least: 1000000\n"
)
LAST_YEAR = {
    "general_liability_effective_date": "2025-03-01",
    "general_liability_expiration_date": "2026-03-01",
}


def test_a_policy_that_has_ended_meets_no_limit_though_no_rule_asks_whether_it_is_in_force() -> (
    None
):
    rule_set = rules(LIMIT_ONLY)
    assert check(good(), rule_set=rule_set).status is Status.COMPLIANT
    expired = check(good(**LAST_YEAR), rule_set=rule_set)
    assert expired.status is Status.NON_COMPLIANT
    assert finding(expired, "general-liability-policy-in-force").code == "expired"
    number = str(good().general_liability.policy_number.value)
    notice = Cancellation(number, date(2026, 6, 1), date(2026, 5, 1))
    packet = Packet((good(),), cancellations=(notice,))
    cancelled = evaluate(packet, rule_set, US, DAY)
    assert cancelled.status is Status.NON_COMPLIANT


def test_who_asks_for_it_as_advice_is_taken_at_their_word() -> None:
    advice = "  - id: in-force\n    require: general_liability\n    in_force_on: today\n    severity: advisory\n"
    assert check(good(**LAST_YEAR), rule_set=rules(LIMIT_ONLY + advice)).status is Status.COMPLIANT
    only_advice = LIMIT_ONLY + "    severity: advisory\n"
    other = "  - id: auto\n    require: auto_liability\n    in_force_on: today\n"
    assert check(good(**LAST_YEAR), rule_set=rules(only_advice + other)).status is Status.COMPLIANT


def test_a_cancelled_umbrella_tops_up_nothing() -> None:
    text = "umbrella_tops_up: [general_liability]\n" + LIMIT_ONLY.replace("1000000", "2000000")
    with_umbrella = good(
        umbrella_liability_policy_number="UM-1",
        umbrella_liability_effective_date="2026-03-01",
        umbrella_liability_expiration_date="2027-03-01",
        umbrella_liability_each_occurrence=5_000_000,
        umbrella_liability_aggregate=5_000_000,
        umbrella_liability_insurer_name="Granite Mutual Insurance Company",
    )
    rule_set = rules(text)
    assert check(with_umbrella, rule_set=rule_set).status is Status.COMPLIANT
    notice = Cancellation("UM-1", date(2026, 6, 1), date(2026, 5, 1))
    cancelled = evaluate(Packet((with_umbrella,), cancellations=(notice,)), rule_set, US, DAY)
    assert cancelled.status is Status.NON_COMPLIANT
    assert "the umbrella was cancelled" in finding(cancelled, "gl").found


def test_whoever_gets_the_mail_for_the_insured_is_not_insured() -> None:
    for insured in ("Copper Ridge Electric Inc c/o Northfield Roofing LLC", "ABC Inc Attn: Northfield Roofing LLC"):  # fmt: skip
        assert check(good(insured_name=insured)).status is Status.NEEDS_REVIEW, insured
    assert check(good(insured_name="Northfield Roofing LLC c/o ABC Staffing")).status is Status.COMPLIANT  # fmt: skip
