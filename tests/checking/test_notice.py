"""The notice: one line per deficiency, and two promises over everything it can say."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from connector.checking.codes import WORDING, Code
from connector.checking.evaluate import evaluate
from connector.checking.notice import (
    Notice,
    NoticeTemplates,
    deficiencies,
    load_templates,
    write_notice,
)
from connector.checking.packet import Packet
from connector.checking.verdict import Context, Outcome, Severity, Verdict
from connector.errors import InvalidInput
from tests.checking.packets import (
    US,
    all_examples,
    check,
    finding,
    good,
    rules,
    shipped,
    without_workers_compensation,
)

COVERAGE_CLAIMED = re.compile(
    r"(?i)\b(?:is|are|be) (?:now )?(?:covered|insured under)\b|coverage (?:is|exists|applies|remains)"
    r"|\b(?:you|they) (?:have|carry|are covered)|\bin force\b.*\bthank"
)
WORDING_ASKED_FOR = re.compile(
    r"(?i)\b(?:add|write|type|put|print|insert|include|note|mention|list|show|state)\b"
    r"[^.;]{0,60}\b(?:on|to|in|into) (?:the|a|your) (?:certificate|acord|form|description)"
)


def notice_of(verdict: Verdict, packet: Packet) -> Notice:
    return write_notice(packet, verdict, US, load_templates())


def all_notices() -> list[Notice]:
    """A notice for every example, of its failures and, in turn, of its advice."""
    found = []
    for name, example in all_examples():
        verdict = evaluate(example.packet, shipped(name), example.context, example.on)
        required = tuple(replace(f, severity=Severity.REQUIRED) for f in verdict.findings)
        for one in (verdict, replace(verdict, findings=required)):
            found.append(write_notice(example.packet, one, example.context, load_templates()))
    return found


def test_a_line_says_found_required_and_where() -> None:
    certificate = good(general_liability_each_occurrence=500_000)
    notice = notice_of(check(certificate), Packet((certificate,)))
    assert (
        "1. Each occurrence limit is $500,000; $1,000,000 is required. Page 1, general liability.\n"
        in notice.text
    )
    assert notice.subject == "Insurance certificate of Northfield Roofing LLC: 1 item to correct"
    assert "To: Northfield Roofing LLC and Harbor Point Insurance Agency" in notice.text


def test_no_notice_claims_that_coverage_exists() -> None:
    for notice in all_notices():
        assert not COVERAGE_CLAIMED.search(notice.text), notice.text


def test_no_notice_asks_a_producer_to_write_on_a_certificate() -> None:
    for notice in all_notices():
        assert not WORDING_ASKED_FOR.search(notice.text), notice.text
    for wording in WORDING.values():
        assert not WORDING_ASKED_FOR.search(f"{wording.sentence} {wording.ask}"), wording


def test_every_notice_says_how_to_answer() -> None:
    for notice in all_notices():
        assert "How to answer: reply to this message" in notice.text
        assert "How to answer: reply to this message" in notice.html


def test_every_certain_failure_of_an_example_has_words_of_its_own() -> None:
    codes = {
        f.code
        for name, example in all_examples()
        for f in evaluate(example.packet, shipped(name), example.context, example.on).findings
        if f.outcome is Outcome.NOT_MET
    }
    assert {Code(code) for code in codes} <= set(WORDING)


def test_an_absent_line_is_said_once() -> None:
    (only,) = deficiencies(check(without_workers_compensation()))
    assert only.line == "No workers compensation policy is shown; one is required."


def test_whoever_sends_an_absent_line_is_told_all_that_is_required_of_it() -> None:
    """Else the policy comes with the wrong limits, and a second letter has to ask again."""
    (only,) = deficiencies(check(without_workers_compensation()))
    assert only.ask == (
        "Send a certificate that shows this policy. Required of it: in force on 06/15/2026; each "
        "accident $1,000,000; disease, each employee $1,000,000; disease, policy limit $1,000,000; "
        "waiver of subrogation endorsement (such as WC 00 03 13)."
    )
    demolition = replace(US, trade="demolition", subcontract_value=100)
    asks = deficiencies(check(good(), rule_set=shipped("high-risk-trades"), context=demolition))
    assert "each occurrence $10,000,000; aggregate $10,000,000" in " ".join(d.ask for d in asks)


def test_a_missing_endorsement_asks_for_its_page() -> None:
    certificate = good(general_liability_additional_insured="")
    (only,) = deficiencies(check(certificate))
    assert only.ask == "Send the endorsement page."


def test_what_is_required_is_not_asked_for_again_as_welcome() -> None:
    verdict = check(good(general_liability_additional_insured=""))
    twins = [f for f in verdict.findings if f.path and "additional_insured_end" in f.path]
    assert {(f.severity, f.outcome) for f in twins} == {
        (Severity.REQUIRED, Outcome.NOT_MET),
        (Severity.ADVISORY, Outcome.NOT_MET),
    }
    text = write_notice(Packet((good(),)), verdict, Context(), load_templates()).text
    assert text.count("Additional insured endorsement") == 1


def test_an_endorsement_is_asked_for_with_a_form_that_grants_it() -> None:
    certificate = good(general_liability_additional_insured="")
    (only,) = deficiencies(check(certificate))
    assert "the endorsement (such as CG 20 10) is required" in only.line


def test_what_no_document_says_is_asked_for_by_its_page() -> None:
    """A producer who is told of a mention that is missing would write one on the certificate."""
    text = (
        "rules:\n  - id: one\n    require: description_of_operations\n    mentions: [follow form]\n"
    )
    (only,) = deficiencies(check(good(), rule_set=rules(text)))
    assert only.line.startswith("No document shows this: a mention of “follow form”.")
    assert only.ask.startswith("Send the endorsement or policy page that says so")


def test_waived_and_unclear_findings_are_not_in_the_notice() -> None:
    verdict = check(good(general_liability_each_occurrence=500_000))
    waived = replace(finding(verdict, "gl-each-occurrence"), waived_by="Waived by Dana: small job")
    assert list(deficiencies(replace(verdict, findings=(waived,)))) == []


def test_html_escapes_what_a_certificate_says() -> None:
    certificate = good(
        certificate_holder_name="<script>alert(1)</script> & Co",
        insured_name="Northfield Roofing LLC",
        producer_name='<img src=x onerror="alert(1)">',
    )
    notice = notice_of(check(certificate), Packet((certificate,)))
    assert "<script>" not in notice.html
    assert "<img" not in notice.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co" in notice.html


def test_a_subject_is_one_line() -> None:
    certificate = good(general_liability_each_occurrence=500_000)
    context = replace(US, vendor_name="Northfield\r\nBcc: all@example.com")
    notice = write_notice(Packet((certificate,)), check(certificate), context, load_templates())
    assert "\n" not in notice.subject
    assert "\r" not in notice.subject


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "{{ vendr }}",
            "The text template of the notice cannot be filled in: 'vendr' is undefined",
        ),
        ("a\n{% for x in %}", "The text template of the notice, line 2:"),
        ("{{ ''.__class__.__mro__ }}", "cannot be filled in"),
        ("{{ 1 / 0 }}", "cannot be filled in"),
        ("{% for x in range(10000000) %}{% endfor %}", "cannot be filled in"),
    ],
)
def test_a_broken_template_of_an_account_is_refused(text: str, said: str) -> None:
    templates = replace(load_templates(), text=text)
    certificate = good(general_liability_each_occurrence=500_000)
    with pytest.raises(InvalidInput) as caught:
        write_notice(Packet((certificate,)), check(certificate), US, templates)
    assert said in caught.value.message


def test_an_account_may_write_its_own() -> None:
    own = NoticeTemplates("{{ vendor }}", "{{ deficiencies[0].line }}", "<b>{{ us }}</b>")
    certificate = good(general_liability_each_occurrence=500_000)
    notice = write_notice(Packet((certificate,)), check(certificate), US, own)
    assert notice == Notice(
        "Northfield Roofing LLC",
        "Each occurrence limit is $500,000; $1,000,000 is required. Page 1, general liability.\n",
        "<b>Summit Builders Inc</b>\n",
    )
