"""An endorsement page that came alone counts for its own policy and term, and for nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from connector.certificate.endorsement_forms import Form
from connector.certificate.endorsement_page import (
    EndorsementPage,
    in_sequence,
    page_from_json,
    page_to_json,
)
from connector.certificate.entry import Evidence, Source
from connector.certificate.model import Certificate
from connector.checking.beside import packet_of_documents
from connector.checking.evaluate import evaluate
from connector.checking.packet import LonePage, Packet
from connector.checking.turning import turns_on
from connector.checking.verdict import Finding
from tests.checking.packets import DAY, US, good, rules

RULES = rules(
    """rules:
  - id: ai
    require: general_liability.additional_insured_endorsement
    endorsed: evidenced
  - id: forms
    require: general_liability.additional_insured_endorsement
    endorsed_by: ["CG 20 10 12 19 + CG 20 37 12 19"]
"""
)
NUMBER = str(good().general_liability.policy_number.value)
BEGINS, ENDS = (
    good().general_liability.effective_date.value or DAY,
    good().general_liability.expiration_date.value or DAY,
)


def page(form: str = "CG 20 10", edition: str | None = "12 19", **changes: Any) -> EndorsementPage:
    """A page of the good certificate's general liability policy that names us."""
    made = EndorsementPage(
        page=1,
        source=Source.TEXT_LAYER,
        printed=Form(form, edition),
        title="Additional insured",
        policy_number=NUMBER,
        names=("Summit Builders Inc",),
        evidence=Evidence(1, (60, 40, 120, 48), form, Source.TEXT_LAYER),
    )
    return replace(made, **changes)


def packet(
    *pages: EndorsementPage, came: date = DAY, certificates: tuple[Certificate, ...] = ()
) -> Packet:
    lone = [LonePage(each, came, "pages.pdf") for each in pages]
    return packet_of_documents(certificates or (good(),), (), (), endorsements=lone)


def found(*pages: EndorsementPage, rule: str = "ai", on: date = DAY, **more: Any) -> Finding:
    verdict = evaluate(packet(*pages, **more), RULES, US, on)
    return next(each for each in verdict.findings if each.rule_id == rule)


def said(*pages: EndorsementPage, **more: Any) -> str:
    finding = found(*pages, **more)
    return f"{finding.outcome} {finding.code}"


def issued(day: date, **changes: Any) -> Certificate:
    """The good certificate for the year that begins on this day; it came a week before."""
    ends = day.replace(year=day.year + 1)
    dates = {
        "general_liability_effective_date": day.isoformat(),
        "general_liability_expiration_date": ends.isoformat(),
        "certificate_date": day.isoformat(),
    }
    received = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return replace(good(**{**dates, **changes}), received_at=received)


def test_a_page_of_the_policy_is_evidence() -> None:
    assert said() == "not_met stated_not_evidenced"
    finding = found(page())
    assert (finding.outcome, finding.page) == ("met", 1)


def test_both_forms_must_have_come() -> None:
    assert said(page(), rule="forms") != "met met"
    assert said(page(), page("CG 20 37", page=2), rule="forms") == "met met"


def test_another_edition_is_another_form() -> None:
    other = page("CG 20 37", "10 01", page=2)
    assert said(page(), other, rule="forms") == "not_met form_not_accepted"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"policy_number": "OTHER-1"}, "for policy OTHER-1"),
        ({"policy_number": None}, "prints no policy number"),
        ({"names": ("Ridgeline Contractors Inc",)}, "names Ridgeline Contractors Inc"),
        ({"insured": "Wholly Other Firm LLC"}, "is for Wholly Other Firm LLC"),
        ({"is_specimen": True}, "is a specimen"),
        ({"is_sure": False}, "from a picture once only"),
        ({"is_itself": False}, "does not say that it changes the policy"),
        ({"printed": None, "title": "Blanket additional insured"}, "insurer's own form"),
        ({"printed": None, "title": "", "source": Source.OCR}, "could not be read"),
        ({"effective": BEGINS.replace(year=BEGINS.year - 1)}, "of a term from"),
        ({"expires": BEGINS}, "of a term that ends on"),
        ({"effective": ENDS}, "of a term from"),
        ({"effective": date(2026, 12, 1)}, "takes effect on 12/01/2026 only"),
        ({"expires": date(2026, 5, 1)}, "ended on 05/01/2026"),
    ],
)
def test_a_page_that_may_not_be_the_policys_is_a_doubt(changes: dict[str, Any], words: str) -> None:
    for rule in ("ai", "forms"):
        pages = (page(**changes), page("CG 20 37", page=2, **changes))
        finding = found(*pages, rule=rule)
        assert finding.outcome == "unclear", (rule, finding)
    assert words in found(page(**changes)).found


def test_a_page_with_the_days_of_the_term_counts() -> None:
    assert said(page(effective=BEGINS, expires=ENDS)) == "met met"
    assert said(page(effective=date(2026, 5, 1))) == "met met"


def test_a_doubtful_page_beside_a_sure_one_takes_nothing_away() -> None:
    assert said(page(policy_number="OTHER-1"), page(page=2)) == "met met"


def test_a_doubtful_form_does_not_complete_a_pair() -> None:
    other = page("CG 20 37", page=2, policy_number="OTHER-1")
    assert said(page(), other, rule="forms") == "unclear unreadable"


def test_a_page_of_the_policy_before_counts_for_nothing_and_is_named() -> None:
    before = issued(date(2025, 3, 1), general_liability_policy_number="GL-OLD-1")
    now = issued(date(2026, 3, 1))
    finding = found(page(policy_number="GL-OLD-1"), certificates=(before, now))
    assert (finding.outcome, finding.code) == ("not_met", "stated_not_evidenced")
    assert "for policy GL-OLD-1" in finding.found


def test_the_same_number_renewed_asks_for_the_page_of_the_new_term() -> None:
    before, now = issued(date(2025, 3, 1)), issued(date(2026, 3, 1))
    both = (before, now)
    assert said(page(), came=date(2025, 4, 1), certificates=both) == "unclear unreadable"
    assert said(page(), came=date(2026, 2, 20), certificates=both) == "unclear unreadable"
    assert said(page(), came=date(2026, 3, 2), certificates=both) == "met met"
    dated = page(effective=date(2026, 3, 1))
    assert said(dated, came=date(2026, 2, 20), certificates=both) == "met met"


def test_a_page_sent_ahead_of_a_first_term_counts_and_one_of_long_ago_does_not() -> None:
    assert (
        said(page(), came=date(2026, 2, 20), certificates=(issued(date(2026, 3, 1)),)) == "met met"
    )
    early = said(page(), came=date(2025, 6, 1), certificates=(issued(date(2026, 3, 1)),))
    assert early == "unclear unreadable"


def test_a_page_alone_is_no_certificate() -> None:
    lone = [LonePage(page(), DAY)]
    verdict = evaluate(packet_of_documents((), (), (), endorsements=lone), RULES, US, DAY)
    assert (verdict.status, verdict.review_reasons) == (
        "needs_review",
        ("There is no certificate to check.",),
    )


def test_a_page_states_no_line() -> None:
    text = "rules:\n  - id: gl\n    require: general_liability\n    in_force_on: today\n"
    without = good(
        general_liability_policy_number="",
        general_liability_effective_date="",
        general_liability_expiration_date="",
    )
    with_page = evaluate(packet(page(), certificates=(good(),)), rules(text), US, DAY)
    assert with_page.status == "compliant"
    absent = evaluate(
        packet(page("CA 20 48", "10 13"), certificates=(without,)), rules(text), US, DAY
    )
    assert absent.status != "compliant"


def test_a_page_for_another_line_proves_nothing_for_this_one() -> None:
    auto = page("CA 20 48", "10 13", policy_number=str(good().auto_liability.policy_number.value))
    assert said(auto) == "not_met stated_not_evidenced"


def test_an_endorsement_that_begins_later_turns_the_check_on_its_day() -> None:
    of_later = packet(page(effective=date(2026, 9, 1)), page("CG 20 37", page=2, effective=date(2026, 9, 1)))  # fmt: skip
    verdict = evaluate(of_later, RULES, US, DAY)
    assert verdict.status == "needs_review"
    assert turns_on(of_later, RULES, US, verdict) == date(2026, 9, 1)


def test_the_second_page_of_a_form_is_what_its_first_is() -> None:
    first = page()
    second = page(page=2, policy_number=None, is_itself=False, names=())
    assert in_sequence([first, second])[1] == replace(first, page=2)
    of_other = page("CG 20 37", page=2, policy_number=None, is_itself=False)
    assert in_sequence([first, of_other])[1] == of_other


def test_a_page_is_kept_as_it_was_read() -> None:
    made = page(effective=date(2026, 3, 1))
    assert page_from_json(page_to_json(made)) == made


def test_pages_behind_the_certificate_of_the_term_before_are_a_doubt_for_the_renewal() -> None:
    pages = "CG 20 10 12 19: 2, CG 20 37 12 19: 3"
    evidenced = {
        "general_liability_additional_insured_endorsement": "evidenced",
        "endorsement_forms": pages.replace(": 2", "").replace(": 3", ""),
        "endorsement_pages": pages,
    }
    before, now = issued(date(2025, 3, 1), **evidenced), issued(date(2026, 3, 1))
    for rule in ("ai", "forms"):
        assert said(rule=rule, certificates=(before,), on=date(2025, 6, 1)) == "met met"
        assert said(rule=rule, certificates=(before, now)) == "unclear unreadable", rule


@pytest.mark.parametrize(
    "printed", [BEGINS.replace(year=BEGINS.year - 1), ENDS + timedelta(days=9)]
)
def test_a_page_that_prints_a_day_of_another_term_is_in_doubt(printed: date) -> None:
    """In a table nobody can tell which day is which; a day just before the term is the one it was printed on."""
    finding = found(page(days=(BEGINS, printed)))
    assert (finding.outcome, finding.code) == ("unclear", "unreadable")
    assert f"prints {printed:%m/%d/%Y} without saying what for" in finding.found
    assert said(page(days=(BEGINS - timedelta(days=20), BEGINS, ENDS))) == "met met"
    assert said(page(days=(printed,), effective=BEGINS)) == "met met"


def test_a_page_whose_number_could_not_be_read_may_be_the_form_that_is_asked_for() -> None:
    """Unreadable is never missing."""
    asked = rules(
        "rules:\n  - id: held\n    require: endorsement_forms\n    attached: [CG 20 10]\n"
    )
    unread = replace(page(), printed=None, source=Source.OCR)
    for pages, expected in (((unread,), "unclear"), ((unread, page(page=2)), "met"), ((), "not_met")):  # fmt: skip
        verdict = evaluate(packet(*pages), asked, US, DAY)
        outcomes = {each.rule_id: each.outcome.value for each in verdict.findings}
        assert outcomes["held"] == expected
