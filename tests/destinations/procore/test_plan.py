"""Which record stands for a line, and what is left alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connector.destinations.procore.mapping import SIGNATURE, InsuranceRecord
from connector.destinations.procore.plan import Plan, origins, plan
from connector.destinations.procore.preferences import Preferences

TODAY = date(2026, 6, 1)
VENDOR = 7001


def wanted(**changes: Any) -> InsuranceRecord:
    said: dict[str, Any] = {
        "line": "general_liability",
        "insurance_type": "General Liability",
        "status": "compliant",
        "notes": f"{SIGNATURE} compliant.",
        "info_received": True,
        "notify": False,
        "name": "Granite Mutual",
        "policy_number": "GL-2",
        "limit": "1000000.00",
        "effective_date": date(2026, 3, 1),
        "expiration_date": date(2027, 3, 1),
    }
    return InsuranceRecord(**(said | changes))


def standing(id: int = 1, **changes: Any) -> dict[str, Any]:
    """The record as Procore shows it when all is as wanted."""
    shown: dict[str, Any] = {
        "id": id,
        "insurance_type": "General Liability",
        "insurance_provider": "Granite Mutual",
        "policy_number": "GL-2",
        "limit": "1000000.0",
        "effective_date": "2026-03-01",
        "expiration_date": "2027-03-01",
        "status": "compliant",
        "notes": f"{SIGNATURE} compliant.",
        "info_received": True,
        "enable_expired_insurance_notifications": False,
        "origin_id": None,
    }
    return shown | changes


def planned(*existing: dict[str, Any], record: InsuranceRecord | None = None, **prefs: Any) -> Plan:
    return plan([record or wanted()], existing, Preferences(8089, 4417, **prefs), VENDOR, TODAY)


def target(made: Plan) -> int | None:
    (step,) = made.writes + made.unchanged
    return step.id


@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"limit": "1000000"},
        {"limit": "1000000.000"},
        {"insurance_type": "general liability "},
        {"notes": f"{SIGNATURE}  compliant.\r\n"},
    ],
)
def test_other_spellings_of_the_same_are_unchanged(shown: dict[str, Any]) -> None:
    assert planned(standing(**shown)).is_settled


def test_a_policy_number_spelled_otherwise_is_the_same_policy_and_gets_its_printed_form() -> None:
    (step,) = planned(standing(policy_number="gl 2")).writes

    assert (step.id, step.changes) == (1, {"policy_number": "GL-2"})


@pytest.mark.parametrize(
    ("shown", "changes"),
    [
        ({"limit": "500000.0"}, {"limit": "1000000.00"}),
        ({"limit": None}, {"limit": "1000000.00"}),
        ({"limit": "n/a"}, {"limit": "1000000.00"}),
        ({"insurance_provider": "Other"}, {"name": "Granite Mutual"}),
        ({"status": "undecided"}, {"status": "compliant"}),
        ({"info_received": False}, {"info_received": True}),
        (
            {"enable_expired_insurance_notifications": True},
            {"enable_expired_insurance_notifications": False},
        ),
        ({"expiration_date": "2027-02-01"}, {"expiration_date": "2027-03-01"}),
    ],
)
def test_only_what_differs_is_sent(shown: dict[str, Any], changes: dict[str, Any]) -> None:
    (step,) = planned(standing(**shown)).writes

    assert (step.id, step.changes) == (1, changes)


def test_what_a_person_keeps_in_other_fields_is_not_touched() -> None:
    made = planned(standing(exempt=True, division_template="03", insurance_sets="A"))

    assert made.is_settled


def test_a_hand_made_record_of_the_same_policy_is_taken_over() -> None:
    made = planned(standing(5, notes="typed by Dana", status=None))

    assert target(made) == 5
    assert not any(step.id is None for step in made.writes)


def test_an_empty_slot_of_the_type_is_filled() -> None:
    slot = {"id": 5, "insurance_type": "General Liability"}

    assert target(planned(slot)) == 5


@pytest.mark.parametrize("ends", ["2026-03-01", "2026-02-01", "2026-04-01", None])
def test_a_renewal_takes_over_the_policy_before(ends: str | None) -> None:
    before = standing(policy_number="GL-1", effective_date="2025-03-01", expiration_date=ends)

    assert target(planned(before)) == 1


def test_a_renewal_under_the_same_number_takes_over_too() -> None:
    before = standing(effective_date="2025-03-01", expiration_date="2026-03-01")

    assert target(planned(before)) == 1


def test_of_several_policies_before_the_last_one_is_taken_over() -> None:
    older = standing(1, policy_number="A", effective_date="2023-03-01", expiration_date="2024-03-01", status="expired")  # fmt: skip
    last = standing(2, policy_number="B", effective_date="2025-03-01", expiration_date="2026-03-01")

    made = planned(older, last)

    assert target(made) == 2
    assert made.lapsed == []


def test_a_corrected_date_changes_the_record_of_that_policy() -> None:
    assert target(planned(standing(effective_date="2026-03-15"))) == 1
    assert target(planned(standing(effective_date="2026-02-15"))) == 1


def test_a_second_policy_that_runs_at_the_same_time_is_added_and_said() -> None:
    other = standing(
        policy_number="GL-9", effective_date="2025-12-01", expiration_date="2026-12-01"
    )

    made = planned(other)

    assert [step.id for step in made.writes] == [None]
    assert "also shows policy GL-9 until 2026-12-01" in made.remarks[0]


def test_old_paper_does_not_replace_a_later_policy() -> None:
    later = standing(
        policy_number="GL-3", effective_date="2027-03-01", expiration_date="2028-03-01"
    )
    old = wanted(
        effective_date=date(2025, 3, 1), expiration_date=date(2026, 3, 1), status="expired"
    )

    made = planned(later, record=old)

    assert made.is_settled
    assert "already shows a later policy (GL-3)" in made.remarks[0]


def test_one_origin_id_holds_the_later_policy() -> None:
    (origin,) = origins([wanted()], Preferences(8089, 4417, use_origin_id=True), VENDOR)
    later = standing(policy_number="GL-3", effective_date="2027-03-01", expiration_date="2028-03-01", origin_id=origin)  # fmt: skip

    made = planned(later, use_origin_id=True)

    assert made.is_settled
    assert "later policy" in made.remarks[0]


def test_another_type_is_another_line() -> None:
    assert target(planned(standing(insurance_type="Auto Liability"))) is None


@pytest.mark.parametrize("prefs", [{}, {"use_origin_id": True}])
def test_a_record_of_another_integration_is_left_alone_and_named(prefs: dict[str, Any]) -> None:
    made = planned(standing(origin_id="SAGE-77", limit="5.0"), **prefs)

    assert made.is_settled
    assert made.locked == 1
    assert "SAGE-77" in made.remarks[0]


def test_an_origin_id_is_never_sent_with_a_record_that_is_not_ours() -> None:
    (step,) = planned(standing(notes="typed by Dana"), use_origin_id=True).writes

    assert "origin_id" not in step.changes


def test_a_record_of_ours_gets_the_origin_id_once_the_switch_is_on() -> None:
    (step,) = planned(standing(), use_origin_id=True).writes

    assert step.changes == {"origin_id": "coi-connector:project-4417:7001:general-liability"}


def test_two_lines_of_one_type_have_two_origin_ids() -> None:
    made = origins([wanted(), wanted()], Preferences(8089, use_origin_id=True), VENDOR)

    assert made == [
        "coi-connector:company:7001:general-liability",
        "coi-connector:company:7001:general-liability:2",
    ]


def test_an_exact_record_is_not_taken_as_the_policy_before_of_another_line() -> None:
    """Two policies of one type on one certificate, in any order, each keep their record."""
    older = wanted(policy_number="GL-1", effective_date=date(2025, 9, 1), expiration_date=date(2026, 9, 1))  # fmt: skip
    newer = wanted(policy_number="GL-2", effective_date=date(2026, 8, 1), expiration_date=date(2027, 8, 1))  # fmt: skip
    shown = standing(policy_number="GL-1", effective_date="2025-09-01", expiration_date="2026-09-01")  # fmt: skip

    made = plan([newer, older], [shown], Preferences(8089), VENDOR, TODAY)

    assert [(s.record.policy_number, s.id) for s in made.unchanged] == [("GL-1", 1)]
    assert [(s.record.policy_number, s.id) for s in made.writes] == [("GL-2", None)]


def test_our_record_of_a_line_that_ran_out_is_marked() -> None:
    ran_out = standing(9, insurance_type="Umbrella Liability", expiration_date="2026-05-31")

    assert planned(standing(), ran_out).lapsed == [9]


@pytest.mark.parametrize(
    "shown",
    [
        {"status": "expired"},
        {"exempt": True},
        {"notes": "typed by Dana"},
        {"expiration_date": "2026-06-02"},
        {"expiration_date": None},
        {"origin_id": "SAGE-7"},
    ],
)
def test_a_record_that_needs_no_mark_gets_none(shown: dict[str, Any]) -> None:
    ran_out = standing(9, insurance_type="Umbrella Liability", expiration_date="2026-05-31")

    assert planned(standing(), ran_out | shown).lapsed == []


def test_of_twins_the_oldest_stays() -> None:
    made = planned(standing(3), standing(2), standing(4))

    assert target(made) == 2
    assert sorted(made.surplus) == [3, 4]


def test_a_record_of_ours_that_another_integration_took_over_is_never_removed() -> None:
    taken = {"origin_id": "SAGE-7"}
    assert planned(standing(2), standing(3, **taken)).surplus == []
    missing = f"{SIGNATURE} not compliant.\nNo such policy is on the certificate."
    slot = standing(4, policy_number=None, notes=missing, insurance_type="Umbrella Liability")
    assert planned(standing(2), slot).surplus == [4]
    assert planned(standing(2), slot | taken).surplus == []


def test_a_twin_that_a_person_made_is_not_removed() -> None:
    assert planned(standing(2), standing(3, notes="typed by Dana")).surplus == []


def test_what_the_certificate_does_not_say_is_not_passed_off_as_new() -> None:
    before = standing(
        policy_number="GL-1", effective_date="2025-03-01", expiration_date="2026-03-01"
    )

    made = planned(before, record=wanted(limit=None))

    assert made.remarks == ["General Liability: Procore still shows the earlier limit; check it."]


def test_names_of_additional_insureds_that_are_in_doubt_are_not_passed_off_as_new() -> None:
    before = standing(
        policy_number="GL-1",
        effective_date="2025-03-01",
        expiration_date="2026-03-01",
        additional_insured="Summit Builders Inc",
    )

    made = planned(before, record=wanted(additional_insured=None))

    assert made.remarks == [
        "General Liability: Procore still shows the earlier additional insured; check it."
    ]


def test_a_record_that_procore_expired_by_itself_is_not_fought_over() -> None:
    shown = standing(expiration_date="2026-06-02", status="expired")

    assert planned(shown, record=wanted(expiration_date=date(2026, 6, 2))).is_settled


def test_a_policy_whose_number_was_in_doubt_is_found_by_its_date() -> None:
    assert target(planned(standing(policy_number=None))) == 1
    assert target(planned(standing(), record=wanted(policy_number=None))) == 1


@pytest.mark.parametrize("odd", ["0000-00-00", "n/a", "2026-13-41", 7])
def test_a_date_that_is_none_is_no_crash(odd: Any) -> None:
    shown = standing(expiration_date=odd)

    assert planned(shown).writes[0].changes == {"expiration_date": "2027-03-01"}
