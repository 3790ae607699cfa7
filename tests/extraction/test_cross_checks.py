"""Values that cannot be right together are unclear."""

from __future__ import annotations

from datetime import date

import pytest

from connector.certificate import values
from connector.certificate.entries import build, entry_at, with_entries
from connector.certificate.entry import Evidence, Source, read
from connector.certificate.field import Kind
from connector.extraction import cross_checks
from connector.extraction.insurers import resolve
from tests.extraction.documents import certificate_of, entry_of

GL = "general_liability"
GOOD: dict[str, object] = {
    f"{GL}.insurer_letter": "A",
    f"{GL}.policy_number": "GL-1",
    f"{GL}.effective_date": date(2026, 3, 1),
    f"{GL}.expiration_date": date(2027, 3, 1),
    f"{GL}.each_occurrence": 1_000_000,
    f"{GL}.general_aggregate": 2_000_000,
    "insurer_a.name": "Granite Mutual",
    "insurer_a.naic": "10001",
}


def unclear_paths(**changes: object) -> set[str]:
    values = {**GOOD, **{path.replace("__", "."): value for path, value in changes.items()}}
    values = {path: value for path, value in values.items() if value is not None}
    checked = cross_checks.check(resolve(certificate_of(values)))
    return {
        path
        for path in [*values, f"{GL}.expiration_date", f"{GL}.insurer_name"]
        if entry_at(checked, path).is_unclear
    }


def test_a_consistent_line_stays_read() -> None:
    assert unclear_paths() == set()


@pytest.mark.parametrize(
    "ends", [date(2026, 3, 1), date(2025, 3, 1), date(2026, 3, 10), date(2036, 3, 1)]
)
def test_dates_out_of_order_or_of_an_odd_term_are_unclear(ends: date) -> None:
    found = unclear_paths(general_liability__expiration_date=ends)
    assert found == {f"{GL}.effective_date", f"{GL}.expiration_date"}


@pytest.mark.parametrize("ends", [date(2026, 9, 1), date(2028, 3, 1), date(2029, 3, 1)])
def test_terms_other_than_a_year_are_plausible(ends: date) -> None:
    assert unclear_paths(general_liability__expiration_date=ends) == set()


@pytest.mark.parametrize(
    ("printed", "doubted"),
    [("25/12/2025", True), ("12/25/2025", False), ("05/06/2025", False)],
)
def test_one_date_with_the_day_first_puts_all_that_could_be_either_in_doubt(
    printed: str, doubted: bool
) -> None:
    found = build(
        {
            "certificate_date": values.entry("certificate_date", Kind.DATE, said(printed)),
            f"{GL}.effective_date": read(date(2026, 3, 1), said("03/01/2026")),
            f"{GL}.expiration_date": read(date(2027, 3, 21), said("03/21/2027")),
        }
    )
    checked = cross_checks.check(found)
    assert entry_at(checked, f"{GL}.effective_date").is_unclear is doubted
    assert not entry_at(checked, f"{GL}.expiration_date").is_unclear


def said(text: str) -> Evidence:
    return Evidence(1, (0, 0, 9, 9), text, Source.TEXT_LAYER)


def test_one_date_of_two_is_unclear() -> None:
    assert unclear_paths(general_liability__expiration_date=None) == {f"{GL}.expiration_date"}


def test_an_aggregate_below_each_occurrence_is_unclear() -> None:
    found = unclear_paths(general_liability__general_aggregate=500_000)
    assert found == {f"{GL}.each_occurrence", f"{GL}.general_aggregate"}


@pytest.mark.parametrize(("aggregate", "doubtful"), [(54_000_000, True), (20_000_000, False)])
def test_an_aggregate_far_above_each_occurrence_is_unclear(aggregate: int, doubtful: bool) -> None:
    path = f"{GL}.products_completed_operations_aggregate"
    checked = cross_checks.check(resolve(certificate_of({**GOOD, path: aggregate})))
    assert entry_at(checked, path).is_unclear is doubtful


@pytest.mark.parametrize("amount", [100, 1_000_050, 2_000_000_000])
def test_an_odd_amount_is_unclear(amount: int) -> None:
    assert f"{GL}.medical_expense" in unclear_paths(general_liability__medical_expense=amount)


def test_a_letter_that_points_to_an_empty_row_is_unclear() -> None:
    found = unclear_paths(general_liability__insurer_letter="C")
    assert {f"{GL}.insurer_letter", f"{GL}.insurer_name"} <= found


def test_an_unclear_letter_makes_its_insurer_unclear() -> None:
    certificate = certificate_of(GOOD)
    doubtful = entry_of("A").doubted("It could be B.")
    resolved = resolve(with_entries(certificate, {f"{GL}.insurer_letter": doubtful}))
    assert resolved.general_liability.insurer_name.is_unclear
    assert resolved.general_liability.insurer_naic.is_unclear


def test_the_letter_of_an_absent_line_is_not_resolved() -> None:
    resolved = resolve(
        certificate_of({"umbrella_liability.insurer_letter": "A", "insurer_a.name": "Granite"})
    )
    assert resolved.umbrella_liability.insurer_name.is_blank


def numbers(source: Source, **by_line: str) -> set[str]:
    """The lines whose policy number is unclear after the checks."""
    seen = Evidence(1, (10, 10, 50, 20), "x", source)
    found = {f"{line}.policy_number": read(number, seen) for line, number in by_line.items()}
    checked = cross_checks.check(build(found))
    return {line for line in by_line if entry_at(checked, f"{line}.policy_number").is_unclear}


def test_numbers_that_differ_by_a_look_alike_alone_are_both_in_doubt_on_a_scan() -> None:
    both = {GL, "auto_liability"}
    assert numbers(Source.OCR, general_liability="D9546O6", auto_liability="D954606") == both


def test_numbers_that_are_the_same_or_plainly_others_stay_read() -> None:
    assert numbers(Source.OCR, general_liability="D954606", auto_liability="D954606") == set()
    assert numbers(Source.OCR, general_liability="D954606", auto_liability="D954616") == set()


def test_a_text_layer_is_taken_at_its_word() -> None:
    given = {"general_liability": "D9546O6", "auto_liability": "D954606"}
    assert numbers(Source.TEXT_LAYER, **given) == set()
