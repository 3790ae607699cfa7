"""Each test of the table at its edges: what is exactly enough, and one less."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.certificate.model import Certificate
from connector.checking.packet import Packet, Rating
from connector.checking.verdict import Context, Finding
from tests.checking.packets import DAY, US, check, doubted, finding, good, rules

AI = "general_liability.additional_insured_endorsement"


def found(
    require: str, test: str, certificate: Certificate, context: Context = US, **more: Any
) -> Finding:
    text = f"rules:\n  - id: one\n    require: {require}\n    {test}\n"
    return finding(check(certificate, rule_set=rules(text), context=context, **more), "one")


def said(
    require: str, test: str, certificate: Certificate, context: Context = US, **more: Any
) -> str:
    """ "not_met limit_too_low" """
    one = found(require, test, certificate, context, **more)
    return f"{one.outcome.value} {one.code}"


@pytest.mark.parametrize(
    ("amount", "test", "expected"),
    [
        (1_000_000, "at_least: 1000000", "met met"),
        (999_999, "at_least: 1000000", "not_met limit_too_low"),
        (100_000, "at_most: 100000", "met met"),
        (100_001, "at_most: 100000", "not_met limit_too_high"),
        ("", "at_most: 100000", "unclear not_determinable"),
        ("INCLUDED", "at_most: 100000", "unclear limit_in_words"),
        ("UNLIMITED", "at_least: 5", "met unlimited"),
        ("NONE", "at_least: 5", "not_met limit_excluded"),
        ("$1,000,000 SIR", "at_least: 5", "unclear limit_in_words"),
        ("see below", "at_least: 5", "unclear limit_in_words"),
    ],
)
def test_limits(amount: int | str, test: str, expected: str) -> None:
    certificate = good(umbrella_liability_policy_number="UM-1", umbrella_liability_retention=amount)
    assert said("umbrella_liability.retention", test, certificate) == expected


@pytest.mark.parametrize(
    ("edition", "code"),
    [("2016/03", "limit_too_low"), ("2025/12", "stated_limit_too_low"), ("2027/01", "stated_limit_too_low")],
)  # fmt: skip
def test_a_shortfall_on_a_form_of_requested_amounts_has_its_own_code(
    edition: str, code: str
) -> None:
    certificate = good(form_edition=edition, general_liability_each_occurrence=5)
    assert found("general_liability.each_occurrence", "at_least: 6", certificate).code == code


@pytest.mark.parametrize(
    ("effective", "expiration", "expected"),
    [
        (date(2026, 6, 15), date(2026, 6, 16), "met met"),
        (date(2026, 6, 16), date(2027, 6, 16), "not_met not_yet_in_force"),
        (date(2025, 6, 15), date(2026, 6, 15), "not_met expired"),
        (date(2026, 6, 15), date(2026, 6, 15), "unclear dates_implausible"),
        (date(2027, 6, 15), date(2026, 6, 15), "unclear dates_implausible"),
        ("", date(2026, 6, 15), "not_met expired"),
        ("", date(2026, 6, 16), "not_met date_missing"),
        (date(2026, 6, 15), "", "not_met date_missing"),
        (date(2026, 6, 16), "", "not_met not_yet_in_force"),
    ],
)
def test_in_force(effective: Any, expiration: Any, expected: str) -> None:
    certificate = good(
        general_liability_effective_date=effective, general_liability_expiration_date=expiration
    )
    assert said("general_liability", "in_force_on: today", certificate) == expected


def test_a_certain_end_decides_though_the_beginning_is_in_doubt() -> None:
    certificate = doubted(
        good(general_liability_expiration_date=date(2026, 6, 1)), "general_liability.effective_date"
    )
    assert said("general_liability", "in_force_on: today", certificate) == "not_met expired"


def test_in_force_at_the_end_of_the_project() -> None:
    test = "in_force_on: [today, project_end]"
    assert said("general_liability", test, good()) == "unclear context_missing"
    ends = replace(US, project_end=date(2027, 3, 1))
    assert said("general_liability", test, good(), ends) == "not_met expires_before_project_end"
    ends = replace(US, project_end=date(2027, 2, 28))
    assert said("general_liability", test, good(), ends) == "met met"


@pytest.mark.parametrize(
    ("previous_end", "allowed", "expected"),
    [
        (date(2026, 3, 1), 0, "met met"),
        (date(2026, 4, 1), 0, "met met"),
        (date(2026, 2, 28), 0, "not_met gap_in_coverage"),
        (date(2026, 2, 28), 1, "met met"),
        (date(2026, 2, 27), 1, "not_met gap_in_coverage"),
    ],
)
def test_a_gap_between_two_terms(previous_end: date, allowed: int, expected: str) -> None:
    earlier = good(
        general_liability_effective_date=date(2025, 3, 1),
        general_liability_expiration_date=previous_end,
    )
    test = f"gap_at_most: {allowed}"
    assert said("general_liability", test, good(), previous=(earlier,)) == expected


def test_without_an_earlier_certificate_there_is_no_gap_to_speak_of() -> None:
    text = "rules:\n  - id: one\n    require: general_liability\n    gap_at_most: 0\n"
    assert [f.rule_id for f in check(good(), rule_set=rules(text)).findings] == ["insured-is-the-vendor"]  # fmt: skip


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        (DAY, "met met"),
        (date(2026, 5, 16), "met met"),
        (date(2026, 5, 15), "not_met certificate_too_old"),
        (date(2026, 6, 16), "unclear dates_implausible"),
        ("", "not_met date_missing"),
    ],
)
def test_the_age_of_a_certificate(issued: Any, expected: str) -> None:
    assert said("certificate_date", "not_older_than: 30", good(certificate_date=issued)) == expected


@pytest.mark.parametrize(
    ("edition", "expected"),
    [
        ("2016/03", "met met"),
        ("2014/01", "met met"),
        ("2010/05", "not_met edition_not_accepted"),
        ("2015/01", "not_met edition_not_accepted"),
        ("2025/12", "unclear edition_newer"),
        ("", "unclear not_stated"),
    ],
)
def test_form_editions(edition: str, expected: str) -> None:
    test = "edition_accepted: [2014/01, 2016/03]"
    assert said("form_edition", test, good(form_edition=edition)) == expected


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        ({"any_auto": True}, "met met"),
        ({"owned_autos": True, "hired_autos": True, "non_owned_autos": True}, "met met"),
        ({"owned_autos": True, "hired_autos": True}, "not_met autos_not_covered"),
        ({"scheduled_autos": True, "hired_autos": True, "non_owned_autos": True}, "not_met autos_not_covered"),
        ({}, "not_met autos_not_covered"),
    ],
)  # fmt: skip
def test_any_auto(ticks: dict[str, bool], expected: str) -> None:
    boxes = {f"auto_liability_{box}": value for box, value in ({"any_auto": False} | ticks).items()}
    assert said("auto_liability", "covers_autos: any", good(**boxes)) == expected


def test_a_doubtful_tick_matters_only_where_it_could_decide() -> None:
    unsure = doubted(good(), "auto_liability.owned_autos")
    assert said("auto_liability", "covers_autos: any", unsure) == "met met"
    one_short = doubted(
        good(auto_liability_any_auto=False, auto_liability_owned_autos=True, auto_liability_hired_autos=True),
        "auto_liability.owned_autos",
    )  # fmt: skip
    assert said("auto_liability", "covers_autos: any", one_short) == "not_met autos_not_covered"


@pytest.mark.parametrize(
    ("rating", "size", "wanted", "expected"),
    [
        ("A-", "VII", "A- VII", "met met"),
        ("A++", "XV", "A- VII", "met met"),
        ("B++", "XV", "A- VII", "not_met rating_too_low"),
        ("A", "VI", "A- VII", "not_met rating_too_low"),
        ("A", None, "A- VII", "unclear rating_unknown"),
        ("A", None, "A-", "met met"),
        (None, "VII", "A-", "unclear rating_unknown"),
    ],
)
def test_ratings(rating: str | None, size: str | None, wanted: str, expected: str) -> None:
    certificate = good(general_liability_insurer_naic="10001")
    ratings = {"10001": Rating("10001", "Granite Mutual", rating, size)}
    test = f"insurer_rated: {wanted}"
    assert said("general_liability", test, certificate, ratings=ratings) == expected


def test_an_insurer_beside_its_code() -> None:
    ratings = {"10001": Rating("10001", "Granite Mutual Insurance Company")}
    for name, expected in (
        ("GRANITE MUTUAL INS. CO.", "met met"),
        ("Granite Mutual Casualty Company", "not_met naic_differs"),
        ("Granit Mutual Insurance Company", "unclear name_near"),
        ("", "unclear naic_unknown"),
    ):
        certificate = good(
            general_liability_insurer_naic="10001", general_liability_insurer_name=name
        )
        assert (
            said("general_liability", "naic_matches: true", certificate, ratings=ratings)
            == expected
        )


def with_forms(stated: str, evidenced: str = "", **changes: Any) -> Certificate:
    return good(endorsement_forms=stated, endorsement_pages=evidenced, **changes)


@pytest.mark.parametrize(
    ("forms", "wanted", "expected"),
    [
        ("CG 20 10 04 13", "CG 20 10", "met met"),
        ("CG 20 10 04 13", "CG 20 10 04 13", "met met"),
        ("CG2010 (04/13)", "CG 20 10 04 13", "met met"),
        ("CG 20 10 04 13", "CG 20 10 12 19", "not_met form_not_accepted"),
        ("CG 20 10", "CG 20 10 12 19", "unclear form_edition_unknown"),
        ("CG 20 10 04 13, CG 20 37 04 13", "CG 20 10 + CG 20 37", "met met"),
        ("CG 20 10 04 13", "CG 20 10 + CG 20 37", "not_met form_not_accepted"),
        ("CG 20 10 07 04, CG 20 37 12 19", "{forms: CG 20 10 04 13 + CG 20 37 04 13, or_equivalent: true}", "met met"),
        ("CG 20 10 10 01, CG 20 37 10 01", "{forms: CG 20 10 11 85, or_equivalent: true}", "met met"),
        ("CG 20 10 10 01", "{forms: CG 20 10 11 85, or_equivalent: true}", "not_met form_not_accepted"),
        ("CG 20 10 10 01, CG 20 37 10 01", "CG 20 10 11 85", "not_met form_not_accepted"),
        ("XX-500 0119", "CG 20 10", "unclear form_not_recognised"),
        ("CG 24 04 12 19", "CG 20 10", "not_met stated_not_evidenced"),
        ("", "CG 20 10", "not_met stated_not_evidenced"),
    ],
)  # fmt: skip
def test_forms_on_file(forms: str, wanted: str, expected: str) -> None:
    pages = ", ".join(f"{form}: 2" for form in forms.split(", ")) if forms else ""
    assert said(AI, f"endorsed_by: {wanted}", with_forms(forms, pages)) == expected


@pytest.mark.parametrize(
    ("demand", "expected"), [("stated", "met met"), ("evidenced", "not_met stated_not_evidenced")]
)
def test_forms_that_are_only_named(demand: str, expected: str) -> None:
    certificate = with_forms("CG 20 10 04 13")
    assert said(AI, f"endorsed_by: {{forms: CG 20 10, demand: {demand}}}", certificate) == expected


def test_an_endorsement_without_a_number() -> None:
    page = good(general_liability_additional_insured_endorsement="evidenced")
    assert said(AI, "endorsed_by: any", page) == "met met"
    assert said(AI, "endorsed_by: CG 20 10", page) == "unclear form_not_named"
    stated = "endorsed_by: {forms: CG 20 10, demand: stated}"
    assert said(AI, stated, good()) == "not_met form_not_named"
    nothing = good(general_liability_additional_insured="")
    assert said(AI, stated, nothing) == "not_met endorsement_missing"


def test_upstream_parties() -> None:
    for form, test, expected in (
        ("CG 20 10 12 19", "true", "met met"),
        ("CG 20 33 12 19", "true", "not_met direct_contract_needed"),
        ("CG 20 38 12 19", "true", "unclear sources_disagree"),
        ("CG 20 38 12 19", "{accept: [CG 20 38]}", "met met"),
        ("CG 20 33 12 19, CG 20 26 12 19", "true", "met met"),
        ("CA 20 48 10 13", "true", "unclear not_determinable"),
        ("", "true", "unclear not_determinable"),
    ):
        assert said(AI, f"covers_upstream: {test}", with_forms(form)) == expected, form


@pytest.mark.parametrize(
    ("grade", "days", "expected"),
    [
        ("evidenced", 30, "met met"),
        ("evidenced", 29, "not_met notice_too_short"),
        ("evidenced", "", "unclear not_determinable"),
        ("stated", 30, "not_met stated_not_evidenced"),
        ("", "", "not_met endorsement_missing"),
    ],
)
def test_notice_of_cancellation(grade: str, days: Any, expected: str) -> None:
    certificate = good(notice_of_cancellation=grade, notice_of_cancellation_days=days)
    assert said("notice_of_cancellation", "notice_days: 30", certificate) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Primary & Non-Contributory applies.", "met met"),
        ("PRIMARY AND\nNONCONTRIBUTORY", "met met"),
        ("primary and noncontributary", "unclear wording_near"),
        ("primary only", "not_met not_mentioned"),
        ("", "not_met not_mentioned"),
    ],
)
def test_a_phrase(text: str, expected: str) -> None:
    certificate = good(description_of_operations=text)
    test = "mentions: primary and noncontributory"
    assert said("description_of_operations", test, certificate) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Project #12, roof", "met met"),
        ("Job no. 12", "met met"),
        ("Work from 12/01/2026", "unclear wording_near"),
        ("Building 112", "not_met not_mentioned"),
    ],
)
def test_a_short_project_number_needs_a_word_before_it(text: str, expected: str) -> None:
    context = replace(US, project_number="12")
    certificate = good(description_of_operations=text)
    test = "mentions_project: number"
    assert said("description_of_operations", test, certificate, context) == expected


def test_a_project_that_was_not_named_cannot_be_looked_for() -> None:
    assert said("description_of_operations", "mentions_project: either", good()) == "unclear context_missing"  # fmt: skip


def test_certificate_holder_is_additional_insured_names_us() -> None:
    for text, expected in (
        ("Certificate holder is included as an additional insured.", "met met"),
        ("Additional insured: certificate holder.", "met met"),
        ("Certificate holder is not an additional insured.", "not_met name_missing"),
        ("Certificate holder has received this certificate.", "not_met name_missing"),
    ):
        certificate = good(description_of_operations=text)
        assert said("additional_insured_names", "names: legal_names", certificate) == expected, text


def test_every_name_of_a_role_is_needed_and_the_missing_ones_are_listed() -> None:
    context = replace(US, names={"owner": ("Lakeside Health", "Lakeside Land LP", "First Bank")})
    certificate = good(additional_insured_names="Lakeside Health", description_of_operations="x")
    text = "roles: owner\nrules:\n  - id: one\n    require: additional_insured_names\n    names: owner\n"
    one = finding(check(certificate, rule_set=rules(text), context=context), "one")
    assert (one.code, one.found) == ("name_missing", "Lakeside Land LP and First Bank")


def test_a_name_that_only_stands_in_the_description_is_for_a_person() -> None:
    certificate = good(description_of_operations="Work at Summit Builders Inc job site.")
    assert (
        said("additional_insured_names", "names: legal_names", certificate) == "unclear name_near"
    )


def test_names_of_a_project_are_chosen_by_its_number() -> None:
    text = (
        'projects:\n  "4417": {owner: Lakeside Health}\n  "4418": {owner: First Bank}\n'
        "rules:\n  - id: one\n    require: additional_insured_names\n    names: owner\n"
    )
    certificate = good(additional_insured_names="Lakeside Health", description_of_operations="x")
    for number, code in (("4417", "met"), ("4418", "name_missing"), ("4419", "context_missing")):
        context = replace(US, project_number=number)
        assert (
            finding(check(certificate, rule_set=rules(text), context=context), "one").code == code
        )


@pytest.mark.parametrize(
    ("trade", "applies"),
    [("Roofing", "met"), ("roofing", "met"), ("roof-ing", "context_missing"), ("metal roofing", "context_missing"), ("painting", None), (None, "context_missing")],
)  # fmt: skip
def test_a_trade(trade: str | None, applies: str | None) -> None:
    text = "rules:\n  - id: one\n    require: auto_liability\n    is_present: true\n    when: {trade: roofing}\n"
    verdict = check(good(), rule_set=rules(text), context=replace(US, trade=trade))
    assert next((f.code for f in verdict.findings if f.rule_id == "one"), None) == applies


@pytest.mark.parametrize(
    ("written", "value", "applies"),
    [
        ("{over: 5}", 5, False), ("{over: 5}", 6, True),
        ("{at_least: 5}", 5, True), ("{at_least: 5}", 4, False),
        ("{up_to: 5}", 5, True), ("{up_to: 5}", 6, False),
        ("{under: 5}", 5, False), ("{under: 5}", 4, True),
        ("{over: 1, up_to: 5}", 1, False), ("{over: 1, up_to: 5}", 5, True),
    ],
)  # fmt: skip
def test_a_subcontract_value(written: str, value: int, applies: bool) -> None:
    text = f"rules:\n  - id: one\n    require: auto_liability\n    is_present: true\n    when: {{subcontract_value: {written}}}\n"
    context = replace(US, subcontract_value=value)
    verdict = check(good(), rule_set=rules(text), context=context)
    assert any(f.rule_id == "one" for f in verdict.findings) is applies


def test_a_state_that_is_none_of_the_united_states_decides_nothing() -> None:
    text = "rules:\n  - id: one\n    require: auto_liability\n    is_present: true\n    when: {state: NY}\n"
    verdict = check(good(), rule_set=rules(text), context=replace(US, state="Ontario"))
    assert "“Ontario” is no state of the United States" in finding(verdict, "one").found


def test_the_first_tier_that_holds_counts() -> None:
    text = (
        "rules:\n  - id: one\n    require: general_liability.each_occurrence\n    at_least: 1\n    tiers:\n"
        "      - {when: {trade: roofing}, at_least: 3}\n"
        "      - {when: {state: IL}, at_least: 2}\n"
    )
    for trade, required in (("roofing", "$3"), ("painting", "$2")):
        verdict = check(good(), rule_set=rules(text), context=replace(US, trade=trade))
        assert finding(verdict, "one").required == required


def test_an_empty_packet_of_previous_or_ratings_is_no_error() -> None:
    assert Packet((good(),)).ratings == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Coverage is primary and non-contributory.", "met met"),
        ("This insurance is not primary and noncontributory.", "unclear wording_near"),
        ("It is provided without primary and noncontributory wording.", "unclear wording_near"),
        ("Auto is not primary and noncontributory. GL is primary & noncontributory.", "met met"),
        ("Residential work is excluded. Primary and noncontributory.", "met met"),
    ],
)
def test_words_that_deny_a_phrase_do_not_mention_it(text: str, expected: str) -> None:
    certificate = good(description_of_operations=text)
    test = "mentions: primary and noncontributory"
    assert said("description_of_operations", test, certificate) == expected


@pytest.mark.parametrize(
    ("certificate", "expected"),
    [
        (good(), "met met"),
        (good(general_liability_policy_number=""), "unclear not_stated"),
        (doubted(good(), "general_liability.policy_number"), "unclear unreadable"),
        (doubted(good(), "general_liability.insurer_name"), "unclear unreadable"),
        (good(general_liability_insurer_name="", general_liability_insurer_letter=""), "met met"),
    ],
)
def test_a_policy_that_no_insurer_can_be_asked_about_is_not_in_force_for_certain(
    certificate: Certificate, expected: str
) -> None:
    assert said("general_liability", "in_force_on: today", certificate) == expected
