"""What a certificate and its verdict become in Procore's terms."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connector.certificate.entries import with_entries
from connector.certificate.entry import Evidence, Source, State, read
from connector.certificate.model import Certificate
from connector.checking.verdict import Outcome, Status, Verdict
from connector.delivery import Delivery, Vendor
from connector.destinations.procore.mapping import InsuranceRecord, records
from connector.destinations.procore.preferences import Preferences, preferences
from connector.errors import InvalidInput
from tests.destinations.procore.certificates import TODAY, certificate, finding, only, verdict

SEEN = Evidence(1, None, "", Source.TEXT_LAYER)


def mapped(
    paper: Certificate,
    checked: Verdict | None = None,
    on: date = TODAY,
    notice_sent: bool = False,
    **settings: Any,
) -> dict[str, InsuranceRecord]:
    delivery = Delivery(
        paper,
        checked,
        Vendor("Northfield Roofing LLC"),
        {"certificate": "https://coi.example/c/1"},
        notice_sent=notice_sent,
    )
    return {r.line: r for r in records(delivery, Preferences(8089, **settings), on)}


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        ("general_liability", "1000000.00"),
        ("auto_liability", "1000000.00"),
        ("umbrella_liability", "5000000.00"),
        ("workers_compensation", "1000000.00"),
    ],
)
def test_the_limit_is_the_one_of_each_occurrence_or_accident(line: str, limit: str) -> None:
    assert mapped(certificate())[line].limit == limit


def test_a_line_that_is_absent_has_no_record() -> None:
    assert set(mapped(only("auto_liability"))) == {"auto_liability"}


def test_a_limit_in_words_goes_to_the_notes_and_not_to_the_limit() -> None:
    paper = only("general_liability")
    words = read(None, SEEN, words="INCLUDED")
    paper = with_entries(paper, {"general_liability.each_occurrence": words})

    record = mapped(paper)["general_liability"]

    assert "limit" not in record.attributes()
    assert "Each occurrence: INCLUDED" in record.notes


@pytest.mark.parametrize("amount", [1, 999_999_999_999])
def test_every_limit_fits_procores_seventeen_characters(amount: int) -> None:
    paper = only("general_liability", general_liability__each_occurrence=amount)

    limit = mapped(paper)["general_liability"].limit

    assert limit == f"{amount}.00"
    assert len(limit) <= 17


def test_a_limit_too_long_for_procore_is_not_sent() -> None:
    paper = only("general_liability", general_liability__each_occurrence=10**15)

    assert mapped(paper)["general_liability"].limit is None


@pytest.mark.parametrize(
    ("path", "attribute"),
    [
        ("each_occurrence", "limit"),
        ("policy_number", "policy_number"),
        ("insurer_name", "name"),
        ("effective_date", "effective_date"),
        ("expiration_date", "expiration_date"),
        ("additional_insured", "additional_insured"),
    ],
)
def test_an_unclear_value_is_never_sent_and_named_in_the_notes(path: str, attribute: str) -> None:
    paper = certificate(doubtful=(f"general_liability.{path}",))

    record = mapped(paper, verdict(status=Status.NEEDS_REVIEW))["general_liability"]

    assert attribute not in record.attributes()
    assert "In doubt" in record.notes
    assert record.info_received is False


def test_names_of_additional_insureds_go_where_the_lines_box_is_marked() -> None:
    said = {"umbrella_liability.additional_insured": False}
    found = mapped(certificate(said))

    assert found["general_liability"].additional_insured == "Summit Builders Inc; Lakeside Health"
    assert found["umbrella_liability"].additional_insured == ""
    assert found["workers_compensation"].additional_insured == ""


def test_without_a_verdict_nobody_says_compliant() -> None:
    assert {r.status for r in mapped(certificate()).values()} == {"undecided"}


def test_a_deficient_line_does_not_taint_the_others() -> None:
    found = mapped(certificate(), verdict(finding("auto_liability")))

    assert found["auto_liability"].status == "non_compliant"
    assert found["general_liability"].status == "compliant"
    assert "General aggregate: required at least $2,000,000" in found["auto_liability"].notes
    assert "required" not in found["general_liability"].notes


def test_a_deficiency_of_the_whole_certificate_concerns_every_line() -> None:
    found = mapped(certificate(), verdict(finding(None)))

    assert {r.status for r in found.values()} == {"non_compliant"}


def test_a_waived_deficiency_is_compliant() -> None:
    waived = finding("auto_liability", waived_by="Waived until 2026-12-31 by D. Whitfield.")

    found = mapped(certificate(), verdict(waived, status=Status.COMPLIANT))

    assert found["auto_liability"].status == "compliant"


def test_an_unclear_finding_is_undecided() -> None:
    found = mapped(certificate(), verdict(finding("auto_liability", Outcome.UNCLEAR)))

    assert found["auto_liability"].status == "undecided"


@pytest.mark.parametrize(
    ("switch", "sent", "status"),
    [
        (True, True, "non_compliant_in_progress"),
        (True, False, "non_compliant"),
        (False, True, "non_compliant"),
    ],
)
def test_a_line_is_in_progress_once_the_notice_is_out_and_the_switch_is_on(
    switch: bool, sent: bool, status: str
) -> None:
    found = mapped(
        certificate(), verdict(finding("auto_liability")), notice_sent=sent, mark_in_progress=switch
    )

    assert found["auto_liability"].status == status


@pytest.mark.parametrize(
    ("on", "status"), [(date(2027, 2, 28), "compliant"), (date(2027, 3, 1), "expired")]
)
def test_a_policy_is_expired_on_its_expiration_day(on: date, status: str) -> None:
    assert mapped(certificate(), verdict(), on=on)["auto_liability"].status == status


def test_a_policy_that_has_not_begun_and_no_rule_judged_is_undecided() -> None:
    found = mapped(certificate(), verdict(), on=date(2026, 2, 1))

    assert found["auto_liability"].status == "undecided"


def test_types_can_be_renamed() -> None:
    prefs = preferences({"company_id": 8089, "insurance_types": {"auto_liability": "Auto"}})
    found = mapped(certificate(), insurance_types=prefs.insurance_types)

    assert found["auto_liability"].insurance_type == "Auto"
    assert found["general_liability"].insurance_type == "General Liability"


@pytest.mark.parametrize(
    ("values", "type"),
    [
        ({"umbrella_liability.type": "excess"}, "Excess Liability"),
        ({"umbrella_liability.type": None}, "Umbrella Liability"),
    ],
)
def test_excess_is_told_from_umbrella(values: dict[str, Any], type: str) -> None:
    assert mapped(certificate(values))["umbrella_liability"].insurance_type == type


@pytest.mark.parametrize(
    ("kind", "type"),
    [("pollution", "Pollution Liability"), ("other", "Riggers Liability"), (None, "Riggers Liability")],
)  # fmt: skip
def test_a_free_line_goes_by_its_kind_else_by_its_words(kind: str | None, type: str) -> None:
    said = {
        "other_1.description": "Riggers Liability",
        "other_1.kind": kind,
        "other_1.policy_number": "RL-1",
        "other_1.aggregate": 2_000_000,
    }

    record = mapped(certificate(said))["other_1"]

    assert (record.insurance_type, record.limit) == (type, "2000000.00")


def test_the_expiration_mails_are_off_unless_asked_for() -> None:
    silent = mapped(certificate())["auto_liability"].attributes()
    mailing = mapped(certificate(), send_expiration_mails=True)["auto_liability"].attributes()

    assert silent["enable_expired_insurance_notifications"] is False
    assert mailing["enable_expired_insurance_notifications"] is True


def test_the_notes_say_the_verdict_and_link_the_certificate() -> None:
    assert mapped(certificate(), verdict())["auto_liability"].notes == (
        "COI Connector: compliant (standard-subcontractor@3).\nCertificate: https://coi.example/c/1"
    )


def test_many_deficiencies_are_counted_rather_than_listed() -> None:
    notes = mapped(certificate(), verdict(*[finding(None)] * 9))["auto_liability"].notes

    assert notes.count("required at least") == 5
    assert "And 4 more." in notes


def test_a_corrected_value_is_sent() -> None:
    paper = certificate(doubtful=("auto_liability.policy_number",))
    seen = Evidence(1, None, "CA-1", Source.REVIEWER)
    paper = with_entries(paper, {"auto_liability.policy_number": read("CA-1", seen)})

    assert paper.auto_liability.policy_number.state is State.READ
    assert mapped(paper)["auto_liability"].policy_number == "CA-1"


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "company_id"),
        ({"company_id": "Summit"}, "company_id"),
        ({"company_id": True}, "company_id"),
        ({"company_id": 1, "project_id": "x"}, "project_id"),
        ({"company_id": 1, "use_sync": "yes"}, "use_sync"),
        ({"company_id": 1, "gate_commitments": True}, "gate_commitments"),
        ({"company_id": 1, "insurance_types": {"auto": "Auto"}}, "insurance_types"),
        ({"company_id": 1, "insurance_types": {"auto_liability": " "}}, "insurance_types"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        preferences(settings)

    assert wrong.value.field == field
