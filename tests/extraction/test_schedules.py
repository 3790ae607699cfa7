"""Whom a page's schedule names, and for which policy and days the page is, in the ways that insurers print it."""

from __future__ import annotations

import io
from datetime import date

import pytest
from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from connector.certificate.endorsement_page import EndorsementPage, for_others
from connector.extraction.endorsement_term import days_on
from connector.extraction.reader import read_all
from tests.extraction.documents import document_of

WAIVER, INSURED = "waiver_of_subrogation_endorsement", "additional_insured_endorsement"
US = ("Summit Builders Inc",)


def page_of(form: str, *rows: str | tuple[tuple[int, str], ...]) -> EndorsementPage:
    """An endorsement page with these lines, each a text or texts at their distance from the left."""
    into = io.BytesIO()
    canvas = Canvas(into, pagesize=LETTER)
    canvas.setFont("Helvetica", 10)
    for number, row in enumerate(("THIS ENDORSEMENT CHANGES THE POLICY.", "ITS TITLE", *rows)):
        for x, text in ((60, row),) if isinstance(row, str) else row:
            canvas.drawString(x, 744 - 14 * number, text)
    canvas.drawString(60, 40, form)
    canvas.save()
    (page,) = read_all(document_of(into.getvalue())).endorsements
    return page


CITY = "City of Springfield"
TEXAS = ("( ) Blanket Waiver", "Any person for whom you agreed to it by written contract")


@pytest.mark.parametrize(
    ("form", "rows"),
    [
        ("WC 00 03 13", ("Schedule", CITY)),
        ("WC 00 03 13", (((280, "Schedule"),), CITY, "This endorsement changes the policy")),
        (
            "WC 04 03 06",
            (
                ((60, "Person or Organization"), (330, "Job Description")),
                ((60, CITY), (330, "All work")),
            ),
        ),
        ("WC 42 03 04", ("Schedule", "Name of person or organization", CITY, *TEXAS)),
        ("CG 24 04", ("SCHEDULE", "Name(s) Of Person(s) Or Organization(s):", CITY)),
        ("CG 20 10", ("SCHEDULE", f"Additional Insured: {CITY}")),
        ("CG 20 10", ("Name Of Additional Insured Person(s)", "Or Organization(s)", CITY)),
        ("CG 20 26", ("SCHEDULE", "Designated Person or Organization", CITY)),
    ],
)
def test_whom_a_schedule_names_it_is_for_nobody_else(
    form: str, rows: tuple[str | tuple[tuple[int, str], ...], ...]
) -> None:
    page = page_of(form, *rows)
    assert page.names == (CITY,)
    box = WAIVER if form.startswith("WC") or form == "CG 24 04" else INSURED
    assert "not the certificate holder" in (for_others(page, box, US) or "")
    assert for_others(page, box, (CITY,)) is None


@pytest.mark.parametrize(
    "rows",
    [
        ("Schedule", "Any person or organization as required by written contract"),
        ("Name of person or organization", "(X) Blanket Waiver", "Any person or organization"),
        ("This applies to any", "person or organization", "for whom you perform operations."),
    ],
)
def test_a_page_for_anybody_names_nobody(rows: tuple[str, ...]) -> None:
    page = page_of("WC 00 03 13", *rows)
    assert (page.names, page.is_blank_form) == ((), False)
    assert page.is_for_anyone is (rows[0] != "This applies to any")
    assert (for_others(page, WAIVER, US) is None) is page.is_for_anyone


def test_a_waiver_whose_schedule_is_empty_is_for_nobody_knows_whom() -> None:
    assert page_of("WC 00 03 13", "Schedule", "", "This endorsement changes it").is_blank_form


def test_a_form_for_scheduled_persons_whose_schedule_was_not_found_is_for_nobody_knows_whom() -> (
    None
):
    page = page_of("CG 20 10 12 19", f"Insured's customer - {CITY}")
    assert "was not found" in (for_others(page, INSURED, US) or "")
    blanket = page_of("CG 20 33 12 19", "For whom you are performing operations.")
    assert for_others(blanket, INSURED, US) is None


def test_a_policy_number_may_look_like_a_forms() -> None:
    page = page_of("WC 00 03 13", "POLICY NUMBER: WC-123456")
    assert page.policy_number == "WC-123456"
    blank = page_of("WC 00 03 13", "POLICY NUMBER:      WC 00 03 13")
    assert blank.policy_number is None


def test_days_in_a_table_are_seen_though_nothing_says_what_for() -> None:
    texts = ["POLICY NUMBER  EFFECTIVE DATE  EXPIRATION DATE", "GL-1  01/01/2024  01/01/2025"]
    assert days_on(texts) == (date(2024, 1, 1), date(2025, 1, 1))
    assert days_on(["This endorsement changes the policy, January 1st, 2024"]) == (
        date(2024, 1, 1),
    )
    assert days_on(["Effective: 2024/1/31 to 01.02.2025"]) == (date(2024, 1, 31), date(2025, 1, 2))
    assert days_on(["CG 20 10 12 19", "GL 12-01-24-77"]) == ()
