"""The flat outcome of a check: keys and order as published, null where there is nothing to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from connector.checking.evaluate import evaluate
from connector.checking.notice import load_templates, write_notice
from connector.checking.outcome import CHECK_FIELDS, FlatCheck, compliance_score, flatten_verdict
from connector.checking.packet import Packet, Waiver
from connector.checking.verdict import Context
from connector.checking.verdict_json import verdict_from_json, verdict_to_json
from tests.checking.packets import US, all_examples, check, doubted, good, shipped

PUBLISHED = [
    "check_id",
    "certificate_id",
    "rule_set",
    "checked_at",
    "status",
    "is_compliant",
    "compliance_score",
    "failure_count",
    "warning_count",
    "unclear_count",
    "waived_count",
    "failures_text",
    "warnings_text",
    "unclear_text",
    "waived_text",
    "failed_fields",
    "failure_codes",
    "next_expiration_date",
    "insured_name",
    "producer_email",
    "vendor_id",
    "vendor_name",
    "vendor_email",
    "trade",
    "project_name",
    "subcontract_value",
    "notice_subject",
    "notice_text",
    "notice_html",
    "review_url",
]

CONTEXT = replace(US, vendor_id="V-204", trade="roofing", subcontract_value=480_000)


def flat_of(
    *, waivers: tuple[Waiver, ...] = (), doubt: str | None = None, **changes: object
) -> dict[str, object]:
    certificate = good(**changes)
    packet = Packet((doubted(certificate, doubt) if doubt else certificate,), waivers=waivers)
    verdict = evaluate(packet, shipped("standard-subcontractor"), CONTEXT, date(2026, 6, 15))
    return dict(
        flatten_verdict(
            verdict,
            CONTEXT,
            packet,
            check_id="check_1",
            certificate_id="cert_1",
            checked_at=datetime(2026, 6, 15, 12, tzinfo=UTC),
            notice=write_notice(packet, verdict, CONTEXT, load_templates()),
            review_url="https://coi.example/review/cert_1",
        )
    )


def test_the_keys_are_those_published_in_their_order() -> None:
    assert [field.key for field in CHECK_FIELDS] == PUBLISHED
    assert list(flat_of()) == PUBLISHED


def test_a_compliant_check_has_neither_notice_nor_review() -> None:
    flat = flat_of()
    assert (flat["status"], flat["is_compliant"], flat["compliance_score"]) == (
        "compliant",
        True,
        100,
    )
    assert flat["notice_text"] is flat["review_url"] is flat["failures_text"] is None
    assert flat["rule_set"] == "standard-subcontractor@1"
    assert flat["checked_at"] == "2026-06-15T12:00:00Z"
    assert flat["next_expiration_date"] == "2027-03-01"


def test_a_failure_has_its_line_key_code_and_notice() -> None:
    flat = flat_of(general_liability_each_occurrence=500_000)
    assert flat["is_compliant"] is False
    assert flat["failure_count"] == 1
    assert flat["failures_text"] == (
        "General liability: each occurrence: required $1,000,000; found $500,000 (page 1)."
    )
    assert flat["failed_fields"] == "general_liability_each_occurrence"
    assert flat["failure_codes"] == "limit_too_low"
    assert str(flat["notice_subject"]).endswith("1 item to correct")
    assert flat["review_url"] is None


def test_nobody_knows_is_neither_yes_nor_no() -> None:
    flat = flat_of(doubt="general_liability.each_occurrence")
    assert flat["status"] == "needs_review"
    assert flat["is_compliant"] is None
    assert flat["notice_subject"] is flat["notice_text"] is flat["notice_html"] is None
    assert flat["review_url"] == "https://coi.example/review/cert_1"
    assert flat["unclear_count"] == 1
    assert "found unclear: Smudged (page 1)." in str(flat["unclear_text"])


def test_a_waiver_has_a_line_of_its_own() -> None:
    waiver = Waiver("gl-each-occurrence", "Small job", "Dana Whitfield")
    flat = flat_of(waivers=(waiver,), general_liability_each_occurrence=500_000)
    assert (flat["status"], flat["waived_count"], flat["failure_count"]) == ("compliant", 1, 0)
    assert str(flat["waived_text"]).endswith("Waived by Dana Whitfield: Small job")


def test_the_score_counts_unclear_as_not_met_and_waived_not_at_all() -> None:
    required = 17
    one_unclear = check(doubted(good(), "general_liability.each_occurrence"))
    assert compliance_score(one_unclear.findings) == (required - 1) * 100 // required
    waived = check(
        good(general_liability_each_occurrence=1), waivers=(Waiver("gl-each-occurrence", "x", "y"),)
    )
    assert compliance_score(waived.findings) == 100
    assert compliance_score(()) == 0


def test_a_document_that_could_not_be_read_is_named_in_the_unclear_text() -> None:
    certificate = replace(good(), document_name="fax.pdf", form=good().form.doubted("Smudged."))
    verdict = check(certificate)
    flat = flatten_verdict(verdict, Context(), Packet((certificate,)))
    assert flat["unclear_text"] == "fax.pdf could not be read as a certificate."


def test_somebody_elses_name_is_named_in_the_unclear_text() -> None:
    certificate = good(insured_name="Lakeshore Plumbing LLC")
    flat = flatten_verdict(check(certificate), Context(), Packet((certificate,)))
    assert flat["status"] == "needs_review"
    assert "found Lakeshore Plumbing LLC" in str(flat["unclear_text"])


def test_an_empty_packet_has_every_key() -> None:
    flat = flatten_verdict(check(), Context(), Packet(()))
    assert list(flat) == PUBLISHED
    assert flat["insured_name"] is None


def test_the_schema_takes_what_is_answered() -> None:
    flat = flat_of(general_liability_each_occurrence=500_000)
    assert FlatCheck().validate(flat) == {}


def test_a_stored_verdict_reads_the_same() -> None:
    for name, example in all_examples():
        verdict = evaluate(example.packet, shipped(name), example.context, example.on)
        assert verdict_from_json(verdict_to_json(verdict)) == verdict
