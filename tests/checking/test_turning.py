"""The day on which a verdict becomes another by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from connector.certificate.model import Certificate
from connector.checking.evaluate import evaluate
from connector.checking.packet import Cancellation, Exemption, Packet, Waiver
from connector.checking.rule import RuleSet
from connector.checking.turning import MOST_DAYS, turns_on
from connector.checking.verdict import Status
from tests.checking.packets import (
    DAY,
    US,
    all_examples,
    good,
    rules,
    shipped,
    without_workers_compensation,
)

STANDARD = shipped("standard-subcontractor")
IN_FORCE = rules(
    "rules:\n  - id: gl\n    require: general_liability\n    in_force_on: [today, project_end]\n"
)


def turn(packet: Packet, rule_set: RuleSet = STANDARD, **context: date) -> date | None:
    about = replace(US, **context)  # type: ignore[arg-type]
    return turns_on(packet, rule_set, about, evaluate(packet, rule_set, about, DAY))


def renewal(begins: date) -> Certificate:
    return good(
        certificate_date=date(2026, 6, 1),
        general_liability_effective_date=begins,
        general_liability_expiration_date=begins + timedelta(days=365),
    )


def test_it_turns_on_the_first_day_that_a_policy_is_no_longer_in_force() -> None:
    ends = good().general_liability.expiration_date.value
    assert turn(Packet((good(),)), IN_FORCE, project_end=DAY + timedelta(days=9)) == ends


def test_a_renewal_that_leaves_days_uncovered_turns_when_they_begin() -> None:
    """Both are on file, so nothing lapses that no newer certificate states; the vendor is uninsured."""
    old = good(general_liability_expiration_date=date(2026, 7, 1))
    packet = Packet((renewal(date(2026, 7, 5)), old))
    assert evaluate(packet, STANDARD, US, DAY).status is Status.COMPLIANT
    assert turn(packet) == date(2026, 7, 1)
    uncovered = evaluate(packet, STANDARD, US, date(2026, 7, 1))
    assert uncovered.status is Status.NON_COMPLIANT
    assert turns_on(packet, STANDARD, US, uncovered) == date(2026, 7, 5)


def test_a_renewal_with_a_lower_limit_turns_on_the_day_it_begins() -> None:
    old = good(general_liability_expiration_date=date(2026, 7, 1))
    lower = renewal(date(2026, 7, 1))
    limit = replace(lower.general_liability.each_occurrence, value=500_000)
    lower = replace(
        lower, general_liability=replace(lower.general_liability, each_occurrence=limit)
    )
    assert turn(Packet((lower, old))) == date(2026, 7, 1)


@pytest.mark.parametrize("days", [20, 90])
def test_a_certificate_turns_on_the_day_it_is_too_old(days: int) -> None:
    aged = rules(
        f"rules:\n  - id: fresh\n    require: certificate_date\n    not_older_than: {days}\n"
    )
    issued = DAY - timedelta(days=10)
    packet = Packet((good(certificate_date=issued),))
    assert turn(packet, aged) == issued + timedelta(days=days + 1)


def test_it_turns_when_a_waiver_an_exemption_or_a_cancellation_comes_to_its_day() -> None:
    low = good(general_liability_each_occurrence=5)
    soon = DAY + timedelta(days=3)
    waived = Packet((low,), waivers=(Waiver("gl-each-occurrence", "Small", "Dana", soon),))
    assert turn(waived) == soon
    accepted = rules(
        "workers_compensation_exemption: accepted\nrules:\n  - id: wc\n"
        "    require: workers_compensation\n    in_force_on: today\n"
    )
    exempt = Packet((without_workers_compensation(),), exemptions=(Exemption("IL", soon),))
    assert turn(exempt, accepted) == soon
    number = good().general_liability.policy_number.value
    notice = Cancellation(number, soon, DAY)
    assert turn(Packet((good(),), cancellations=(notice,))) == soon


def test_what_never_changes_never_turns() -> None:
    holder = rules(
        "rules:\n  - id: us\n    require: certificate_holder.name\n    named_as: legal_names\n"
    )
    assert turn(Packet((good(),)), holder) is None


def test_among_very_many_days_it_is_asked_again_on_one_of_them() -> None:
    """No limit is silent: the day after the last one asked about is a day to ask again."""
    holder = rules(
        "rules:\n  - id: us\n    require: certificate_holder.name\n    named_as: legal_names\n"
    )
    many = tuple(
        good(general_liability_expiration_date=DAY + timedelta(days=n))
        for n in range(1, MOST_DAYS + 9)
    )
    assert turn(Packet(many), holder) == DAY + timedelta(days=MOST_DAYS + 1)


def test_between_today_and_the_day_it_turns_every_example_answers_the_same() -> None:
    """Nothing turns on a day that was not thought of: each day is asked, one by one."""
    for name, example in all_examples():
        rule_set, context = shipped(name), example.context
        verdict = evaluate(example.packet, rule_set, context, example.on)
        day = turns_on(example.packet, rule_set, context, verdict)
        last = min(day or date.max, example.on + timedelta(days=400))
        for number in range(1, (last - example.on).days):
            then = evaluate(example.packet, rule_set, context, example.on + timedelta(days=number))
            assert (then.status, [f.outcome for f in then.findings]) == (
                verdict.status,
                [f.outcome for f in verdict.findings],
            ), example.name
