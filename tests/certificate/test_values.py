"""Text as printed becomes a value, words, or a doubt: never a guess."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.certificate import values


@pytest.mark.parametrize(
    ("printed", "dollars"),
    [
        ("1,000,000", 1_000_000),
        ("$1,000,000", 1_000_000),
        ("$ 1 000 000", 1_000_000),
        ("1000000.00", 1_000_000),
        ("5,000.", 5_000),
        ("0", 0),
        ("\u00a0 2,000,000 \u200b", 2_000_000),
    ],
)
def test_an_amount_is_whole_dollars(printed: str, dollars: int) -> None:
    assert values.money(printed) == values.Parsed(dollars)


@pytest.mark.parametrize(
    "printed",
    [
        "1,00,000",
        "1.000.000",
        "1,000,00",
        "5,000.50",
        "O,000",
        "-5",
        "1,000 ,000",
        "1,000 000",
        "1M",
        "01,000,000",
        "000,500",
    ],
)
def test_an_amount_that_could_mean_two_things_is_a_doubt(printed: str) -> None:
    assert values.money(printed).doubt


@pytest.mark.parametrize(
    "printed", ["INCLUDED", "Unlimited", "STATUTORY", "Excluded", "$1,000,000 SIR"]
)
def test_a_limit_in_words_is_kept_as_words_and_is_no_amount(printed: str) -> None:
    assert values.money(printed) == values.Parsed(words=printed)


@pytest.mark.parametrize("printed", ["", "  ", "$", "$ "])
def test_an_empty_box_is_blank(printed: str) -> None:
    assert values.money(printed) == values.Parsed()


@given(st.integers(0, values.LARGEST_AMOUNT))
def test_every_amount_survives_being_printed(dollars: int) -> None:
    assert values.money(f"${dollars:,}").value == dollars
    assert values.money(f"{dollars:,}.00").value == dollars


@given(st.text(max_size=40))
def test_no_text_crashes_a_parser_and_none_is_read_without_its_digits(text: str) -> None:
    amount = values.money(text)
    if amount.value is not None and not amount.doubt:
        assert (
            str(amount.value)
            == "".join(c for c in text.split(".", maxsplit=1)[0] if c.isdecimal()).lstrip("0")
            or amount.value == 0
        )
    for parser in (values.day, values.mark, values.naic, values.policy_number, values.whole_number):
        parser(text)


@pytest.mark.parametrize(
    "printed",
    [
        "3/1/2026",
        "03-01-26",
        "Mar 1, 2026",
        "1 March 2026",
        "01-MAR-2026",
        "2026-03-01",
        "03/01/2026 12:01 AM",
        "3/1/26 12:01 a.m. Standard Time",
    ],
)
def test_a_day_is_read_in_the_american_order(printed: str) -> None:
    assert values.day(printed) == values.Parsed(date(2026, 3, 1))


@pytest.mark.parametrize(
    "printed",
    [
        "13/01/2026",
        "02/30/2026",
        "CONTINUOUS",
        "03/01/20266",
        "3/1-2026",
        "01/01/1900",
        "03/01/97",
        "01/01/2099",
        "03/01/2026 12:15 PM",
        "Marble 1, 2026",
        "03.01.2026",
    ],
)
def test_what_is_no_day_is_a_doubt(printed: str) -> None:
    assert values.day(printed).doubt


def test_points_leave_open_whether_the_day_or_the_month_comes_first() -> None:
    assert values.day("03.01.2026").value == date(2026, 3, 1)
    assert values.day("03.03.2026") == values.Parsed(date(2026, 3, 3))
    assert values.day("03.21.2026") == values.Parsed(date(2026, 3, 21))


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_every_day_survives_being_printed(day: date) -> None:
    assert values.day(f"{day:%m/%d/%Y}").value == day
    assert values.day(f"{day.month}/{day.day}/{day.year}").value == day


@pytest.mark.parametrize(
    ("printed", "marked"), [("X", True), ("y", True), ("N", False), ("", None)]
)
def test_a_mark_is_yes_no_or_not_stated(printed: str, marked: bool | None) -> None:
    assert values.mark(printed) == values.Parsed(marked)


@pytest.mark.parametrize("printed", ["V", "/", "Y/N", "☐", "*", "A"])
def test_a_mark_that_is_neither_is_a_doubt(printed: str) -> None:
    assert values.mark(printed).doubt


@pytest.mark.parametrize("printed", ["1234", "123456", "1O001", "10 01"])
def test_a_naic_code_has_five_digits(printed: str) -> None:
    assert values.naic(printed).doubt
    assert values.naic("00123") == values.Parsed("00123")


@pytest.mark.parametrize("printed", ["G", "AB", "1", "A/B"])
def test_an_insurer_letter_is_one_of_a_to_f(printed: str) -> None:
    assert values.insurer_letter(printed).doubt
    assert values.insurer_letter("b") == values.Parsed("B")


@pytest.mark.parametrize(
    "printed",
    [
        "Quote 12345",
        "APP-001 (pending)",
        "GL-1234567 / CU-7654321",
        "GL1234567; CU7654321",
        "TBD 2026",
        "BINDER12345",
        "GL 1234567 (cancelled)",
        "SELF-INSURED 2026",
        "GLP1234567 WCP7654321",
        "12/31/2026",
        "1/1/26-1/1/27",
        "$1,000,000",
        "1,000,000",
        "1",
    ],
)
def test_a_number_that_may_be_no_issued_policy_or_two_is_in_doubt(printed: str) -> None:
    found = values.policy_number(printed)
    assert found.value == printed
    assert found.doubt


@pytest.mark.parametrize(
    "printed",
    ["A/12345678", "L 123 456 7890", "12 ABC 345678", "AB.12345.678", "WC 123", "72SBAAB1234 DX"],
)
def test_a_policy_number_in_a_carriers_style_is_sure(printed: str) -> None:
    assert values.policy_number(printed).doubt is None
