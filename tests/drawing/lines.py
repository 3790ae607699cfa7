"""The coverage lines of a made-up certificate, one function each."""

from __future__ import annotations

from random import Random

from tests.drawing.filling import Filling
from tests.drawing.print_habits import policy_number, term

LIMIT_STEPS = (300_000, 500_000, 1_000_000, 1_000_000, 1_000_000, 2_000_000)
UMBRELLA_STEPS = (1_000_000, 2_000_000, 3_000_000, 5_000_000, 5_000_000, 10_000_000, 25_000_000)
INCLUDED = ("INCLUDED", "Included", "INCL", "EXCLUDED", "Excluded")


def policy(
    filling: Filling, line: str, letter: str, *, has_additional_insured: bool = True
) -> None:
    """Letter, marks, number and term of a line."""
    rng = filling.rng
    filling.says(f"{line}_insurer_letter", letter)
    name, code = (
        filling.expected.get(f"insurer_{letter.lower()}_{part}") for part in ("name", "naic")
    )
    filling.means(f"{line}_insurer_name", name)
    filling.means(f"{line}_insurer_naic", code)
    if has_additional_insured:
        filling.mark(f"{line}_additional_insured", _mark(rng))
    filling.mark(f"{line}_subrogation_waived", _mark(rng))
    filling.says(f"{line}_policy_number", policy_number(rng))
    _term(filling, line)
    filling.present(line)


def _mark(rng: Random) -> bool | None:
    return rng.choice((True, True, None, None, False))


def _term(filling: Filling, line: str) -> None:
    start, end = term(filling.rng, filling.difficulty)
    filling.day(f"{line}_effective_date", start)
    filling.day(f"{line}_expiration_date", end)


def general_liability(filling: Filling, letter: str) -> None:
    line, rng = "general_liability", filling.rng
    policy(filling, line, letter)
    filling.cells["general_liability_commercial"] = "X"
    filling.tick(f"{line}_claims_made" if filling.chance(0.12) else f"{line}_occurrence")
    _aggregate_applies(filling)
    each = rng.choice(LIMIT_STEPS)
    filling.amount(f"{line}_each_occurrence", each)
    filling.amount(f"{line}_general_aggregate", each * 2)
    _or_words(filling, f"{line}_damage_to_rented_premises", rng.choice((50_000, 100_000, 300_000)))
    _or_words(filling, f"{line}_medical_expense", rng.choice((5_000, 10_000, 15_000)))
    _or_words(filling, f"{line}_personal_and_advertising_injury", each)
    _or_words(filling, f"{line}_products_completed_operations_aggregate", each * 2)
    if filling.chance(0.3):
        filling.cells[f"{line}_free_1"] = "X"
        filling.cells[f"{line}_free_1_text"] = rng.choice(
            ("Contractual Liability", "XCU Included", "Ded: $5,000", "BI/PD Ded 2,500")
        )
    if filling.chance(0.2):
        filling.cells[f"{line}_free_limit_text"] = rng.choice(("Deductible", "Emp Ben", "SIR"))
        filling.cells[f"{line}_free_limit"] = filling.habits.amount(rng.choice((1_000, 25_000)))


def _aggregate_applies(filling: Filling) -> None:
    key = "general_liability_aggregate_applies_per"
    per = filling.rng.choice(("policy", "policy", "project", "project", "location", None))
    if filling.chance(0.05):
        per = "other"
        filling.cells[f"{key}_other_text"] = "Per contract"
    if per:
        filling.cells[f"{key}_{per}"] = "X"
        filling.means(key, per)


def _or_words(filling: Filling, key: str, value: int) -> None:
    """Mostly an amount, sometimes words, sometimes nothing."""
    if filling.chance(0.08):
        filling.words(key, filling.rng.choice(INCLUDED))
    elif filling.hard(0.04):
        filling.words(key, f"{filling.habits.amount(value)} SIR")
    elif not filling.chance(0.06):
        filling.amount(key, value)


def auto_liability(filling: Filling, letter: str) -> None:
    line, rng = "auto_liability", filling.rng
    policy(filling, line, letter)
    ticked = rng.choice(
        (
            ("any_auto",),
            ("any_auto",),
            ("owned_autos", "hired_autos", "non_owned_autos"),
            ("hired_autos", "non_owned_autos"),
            ("scheduled_autos",),
            ("scheduled_autos", "hired_autos", "non_owned_autos"),
        )
    )
    for name in ticked:
        filling.tick(f"{line}_{name}")
    if rng.random() < 0.8 or filling.difficulty == "clean":
        filling.amount(f"{line}_combined_single_limit", rng.choice(LIMIT_STEPS))
    else:
        person = rng.choice((100_000, 250_000, 500_000))
        filling.amount(f"{line}_bodily_injury_per_person", person)
        filling.amount(f"{line}_bodily_injury_per_accident", person * 2)
        filling.amount(f"{line}_property_damage", rng.choice((50_000, 100_000)))
    if filling.chance(0.2):
        filling.cells[f"{line}_free_limit_text"] = rng.choice(("Uninsured motorist", "PIP-Basic"))
        filling.cells[f"{line}_free_limit"] = filling.habits.amount(rng.choice((10_000, 60_000)))


def umbrella_liability(filling: Filling, letter: str) -> None:
    line, rng = "umbrella_liability", filling.rng
    policy(filling, line, letter)
    kind = rng.choice(("umbrella", "umbrella", "excess"))
    filling.cells[f"{line}_type_{kind}"] = "X"
    filling.means(f"{line}_type", kind)
    filling.tick(f"{line}_claims_made" if filling.chance(0.1) else f"{line}_occurrence")
    each = rng.choice(UMBRELLA_STEPS)
    filling.amount(f"{line}_each_occurrence", each)
    filling.amount(f"{line}_aggregate", each)
    if rng.random() < 0.5:
        _retention(filling, rng.choice(("deductible", "retention", "retention")))


def _retention(filling: Filling, kind: str) -> None:
    """The form has one amount for both; the tick says which it is."""
    line = "umbrella_liability"
    value = filling.rng.choice((10_000, 10_000, 25_000, 5_000, 0))
    filling.cells[f"{line}_has_{kind}"] = "X"
    filling.cells[f"{line}_retention"] = filling.rng.choice(("{:,}", "${:,}")).format(value)
    filling.means(f"{line}_{kind}", value)


def workers_compensation(filling: Filling, letter: str) -> None:
    line, rng = "workers_compensation", filling.rng
    policy(filling, line, letter, has_additional_insured=False)
    filling.tick(f"{line}_per_statute")
    if filling.chance(0.08):
        filling.tick(f"{line}_other")
        filling.cells[f"{line}_other_text"] = "Stop gap"
    filling.mark(f"{line}_proprietor_excluded", rng.choice((True, False, False, None)))
    each = rng.choice((100_000, 500_000, 1_000_000, 1_000_000))
    filling.amount(f"{line}_each_accident", each)
    filling.amount(f"{line}_disease_each_employee", each)
    filling.amount(
        f"{line}_disease_policy_limit", each if rng.random() < 0.8 else max(500_000, each)
    )
