"""The made-up firms of the bundled certificates and what their certificates say."""

from __future__ import annotations

from datetime import date

from demo.endorsements import Endorsement
from demo.sheet import Party, Sheet

HOLDER = Party(("Summit Builders Inc",), ("900 Commerce Drive",), "Chicago", "IL", "60607")
PRODUCER = Party(
    ("Harbor Point Insurance Agency",), ("200 Lake Street",), "Springfield", "IL", "62701"
)
NORTHFIELD = Party(("Northfield Roofing LLC",), ("48 Quarry Road",), "Peoria", "IL", "61602")
COPPER_RIDGE = Party(
    ("Copper Ridge Electric Inc",), ("1170 Mill Street",), "Decatur", "IL", "62521"
)
CONTACT = {
    "producer_contact_name": "Dana Whitfield",
    "producer_phone": "(217) 555-0142",
    "producer_fax": "(217) 555-0143",
    "producer_email": "certificates@harborpoint.example",
}
INSURERS = {
    "insurer_a_name": "Granite Mutual Insurance Company",
    "insurer_a_naic": "10001",
    "insurer_b_name": "Lone Pine Casualty Company",
    "insurer_b_naic": "10002",
    "insurer_c_name": "Prairie State Employers Insurance Co",
    "insurer_c_naic": "10003",
}
GENERAL, AUTO, UMBRELLA, WORKERS = "GL-4481902", "BA 7730418", "UMB-220871-04", "WC 0093375"


def _day(day: date) -> str:
    return day.strftime("%m/%d/%Y")


def _term(on: date, months_ago: int) -> tuple[date, date]:
    """A year that began on the first of a month, so many months before `on`."""
    months = on.year * 12 + on.month - 1 - months_ago
    start = date(months // 12, months % 12 + 1, 1)
    return start, start.replace(year=start.year + 1)


def _policy(
    line: str, letter: str, number: str, term: tuple[date, date], *marks: str
) -> dict[str, str]:
    """The row of one policy; `marks` are the columns to say Y in."""
    row = {
        "insurer_letter": letter,
        "policy_number": number,
        "effective_date": _day(term[0]),
        "expiration_date": _day(term[1]),
        **dict.fromkeys(marks, "Y"),
    }
    return {f"{line}_{box}": text for box, text in row.items()}


def compliant(on: date) -> Sheet:
    """Northfield Roofing: every usual requirement of a general contractor is met on the day `on`."""
    term, both = _term(on, 3), ("additional_insured", "subrogation_waived")
    cells = {
        "certificate_date": _day(on),
        "certificate_number": "26-0417",
        "signature": "Dana Whitfield",
        **CONTACT,
        **INSURERS,
        **_policy("general_liability", "A", GENERAL, term, *both),
        **_ticked("general_liability", "commercial", "occurrence", "aggregate_applies_per_project"),
        **_limits(
            "general_liability",
            each_occurrence=1_000_000,
            damage_to_rented_premises=100_000,
            medical_expense=5_000,
            personal_and_advertising_injury=1_000_000,
            general_aggregate=2_000_000,
            products_completed_operations_aggregate=2_000_000,
        ),
        **_policy("auto_liability", "B", AUTO, term, *both),
        **_ticked("auto_liability", "any_auto"),
        **_limits("auto_liability", combined_single_limit=1_000_000),
        **_policy("umbrella_liability", "A", UMBRELLA, term, *both),
        **_ticked("umbrella_liability", "type_umbrella", "occurrence", "has_retention"),
        **_limits("umbrella_liability", each_occurrence=5_000_000, aggregate=5_000_000),
        "umbrella_liability_retention": "10,000",
        **_policy("workers_compensation", "C", WORKERS, term, "subrogation_waived"),
        **_ticked("workers_compensation", "per_statute"),
        "workers_compensation_proprietor_excluded": "N",
        **_employers_limits(1_000_000),
        "description_of_operations": (
            "Project 4417, Lakeside Medical Center.\n"
            "Summit Builders Inc is additional insured on the general liability policy for ongoing and completed\n"
            "operations. General liability is primary and noncontributory; its aggregate applies per project.\n"
            "Waiver of subrogation applies to general liability, auto liability and workers compensation."
        ),
    }
    return Sheet(cells, {"producer": PRODUCER, "insured": NORTHFIELD, "certificate_holder": HOLDER})


def not_compliant(on: date) -> Sheet:
    """Copper Ridge Electric: a low limit, an auto policy that has run out, no waivers, no umbrella."""
    term, old = _term(on, 5), _term(on, 14)
    cells = {
        "certificate_date": _day(on),
        "certificate_number": "26-0418",
        "signature": "Dana Whitfield",
        **CONTACT,
        **INSURERS,
        **_policy("general_liability", "A", "GL-5520037", term),
        **_ticked("general_liability", "commercial", "occurrence", "aggregate_applies_per_policy"),
        **_limits(
            "general_liability",
            each_occurrence=500_000,
            damage_to_rented_premises=50_000,
            medical_expense=5_000,
            personal_and_advertising_injury=500_000,
            general_aggregate=1_000_000,
            products_completed_operations_aggregate=1_000_000,
        ),
        **_policy("auto_liability", "B", "BA 6619240", old),
        **_ticked("auto_liability", "scheduled_autos"),
        **_limits("auto_liability", combined_single_limit=1_000_000),
        **_policy("workers_compensation", "C", "WC 0087412", term),
        **_ticked("workers_compensation", "per_statute"),
        "workers_compensation_proprietor_excluded": "Y",
        **_employers_limits(500_000),
        "description_of_operations": "Project 4417, Lakeside Medical Center.",
    }
    return Sheet(
        cells, {"producer": PRODUCER, "insured": COPPER_RIDGE, "certificate_holder": HOLDER}
    )


def _ticked(line: str, *boxes: str) -> dict[str, str]:
    return {f"{line}_{box}": "X" for box in boxes}


def _limits(line: str, **amounts: int) -> dict[str, str]:
    return {f"{line}_{box}": f"{amount:,}" for box, amount in amounts.items()}


def _employers_limits(amount: int) -> dict[str, str]:
    return _limits(
        "workers_compensation",
        each_accident=amount,
        disease_each_employee=amount,
        disease_policy_limit=amount,
    )


def compliant_endorsements() -> list[Endorsement]:
    """The pages behind Northfield's certificate: what makes its claims evidence."""
    names = ("Name of additional insured person(s) or organization(s):", HOLDER.name)
    waived = ("Name of person(s) or organization(s):", HOLDER.name)
    place = ("Location(s) and description of operations:", "Project 4417, Lakeside Medical Center")
    insured = NORTHFIELD.name
    return [
        Endorsement("CG 20 10 12 19", "Additional insured: ongoing operations", GENERAL, insured, (names, place)),
        Endorsement("CG 20 37 12 19", "Additional insured: completed operations", GENERAL, insured, (names, place)),
        Endorsement("CG 20 01 12 19", "Primary and noncontributory insurance", GENERAL, insured),
        Endorsement("CG 24 04 12 19", "Waiver of rights of recovery", GENERAL, insured, (waived,)),
        Endorsement("CG 25 03 05 09", "General aggregate for each project", GENERAL, insured, (place,)),
        Endorsement("CA 20 48 10 13", "Designated insured for covered autos", AUTO, insured, (waived,)),
        Endorsement("CA 04 44 10 13", "Waiver of rights of recovery: autos", AUTO, insured, (waived,)),
        Endorsement("WC 00 03 13", "Waiver of our right to recover from others", WORKERS, insured, (waived,)),
    ]  # fmt: skip
