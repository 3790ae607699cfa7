"""Notices of cancellation and exemptions: what they say, and what about them is in doubt."""

from __future__ import annotations

from datetime import date

import pytest

from connector.certificate.entry import Source
from connector.certificate.notices import stands_in
from connector.errors import NotACertificate
from connector.extraction.cancellations import FROM_A_PICTURE, NO_END, NOT_BESIDE, notice_on
from connector.extraction.exemptions import NO_EXPIRY, exemption_on
from connector.extraction.page_kinds import PageKind, kind_of
from connector.extraction.reader import read_all
from tests.drawing.makes import draw
from tests.drawing.packets import joined
from tests.drawing.pages import Cancellation, cancellation_notice, pdf_of_pages
from tests.drawing.values import made_up
from tests.extraction.documents import document_of


def said(*lines: str, source: Source = Source.TEXT_LAYER) -> object:
    found = notice_on(1, source, ("NOTICE OF CANCELLATION", *lines))
    assert found is not None
    return (found.policy_number, found.noticed, found.ends, found.doubt)


def test_a_notice_alone_is_found_though_it_is_no_certificate() -> None:
    page = cancellation_notice(
        Cancellation("Granite Mutual", "Northfield LLC", "GL-552", "11/01/2026", "12/01/2026")
    )
    found = read_all(document_of(pdf_of_pages([page])))
    assert found.certificates == ()
    (notice,) = found.cancellations
    assert (notice.policy_number, notice.insured) == ("GL-552", "Northfield LLC")
    assert (notice.noticed, notice.ends) == (date(2026, 11, 1), date(2026, 12, 1))
    assert notice.doubt is None


def test_a_notice_behind_a_certificate_is_found_with_it() -> None:
    page = cancellation_notice(Cancellation("G", "N", "GL-552", "11/01/2026", "12/01/2026"))
    found = read_all(document_of(joined(draw(made_up(6001, "clean")), pdf_of_pages([page]))))
    assert (len(found.certificates), [notice.page for notice in found.cancellations]) == (1, [2])


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("Effective date of cancellation: 12/01/2026, 12:01 a.m.", date(2026, 12, 1)),
        ("CANCELLATION EFFECTIVE DATE 12/1/2026", date(2026, 12, 1)),
        ("Your policy will be cancelled effective 12:01 A.M. on December 1, 2026.", date(2026, 12, 1)),
        ("The cancellation takes effect at 12:01 a.m. standard time on 12-01-2026", date(2026, 12, 1)),
        ("Date of termination: 2026-12-01", date(2026, 12, 1)),
        ("The policy is hereby canceled effective Dec. 1, 2026", date(2026, 12, 1)),
    ],
)  # fmt: skip
def test_the_day_of_the_end_in_the_words_that_insurers_use(line: str, ends: date) -> None:
    lines = ("Date of notice: 11/01/2026", "Policy No. GL 552-01", line)
    assert said(*lines) == ("GL 552-01", date(2026, 11, 1), ends, None)


def test_days_in_a_row_below_their_labels_are_in_doubt() -> None:
    number, _, _, doubt = said(  # type: ignore[misc]
        "Policy number: GL-552", "Effective date of cancellation", "Date of notice", "11/01/2026",
        "12/01/2026",
    )  # fmt: skip
    assert (number, doubt) == ("GL-552", NOT_BESIDE)


def test_a_notice_without_its_day_or_from_a_picture_is_in_doubt() -> None:
    assert said("Policy number: GL-552") == ("GL-552", None, None, NO_END)
    lines = ("Policy number: GL-552", "Date of cancellation: 12/01/2026")
    assert said(*lines, source=Source.OCR)[3] == FROM_A_PICTURE  # type: ignore[index]


def test_an_endorsement_about_notice_is_no_notice() -> None:
    lines = ("EARLIER NOTICE OF CANCELLATION PROVIDED BY US", "Number of days' notice: 30")
    assert notice_on(1, Source.TEXT_LAYER, (*lines, "CG 02 24 10 93")) is None


FLORIDA = (
    "STATE OF FLORIDA",
    "DEPARTMENT OF FINANCIAL SERVICES",
    "CERTIFICATE OF ELECTION TO BE EXEMPT FROM FLORIDA WORKERS' COMPENSATION LAW",
    "EFFECTIVE DATE: 7/10/2026",
    "EXPIRATION DATE: 7/10/2028",
    "PERSON: DANA REYES",
    "BUSINESS NAME AND ADDRESS:",
    "REYES PAINTING LLC",
    "12 PALM ST, TAMPA, FL 33601",
)
NEW_YORK = (
    "Certificate of Attestation of Exemption from New York State Workers' Compensation and/or "
    "Disability and Paid Family Leave Benefits Insurance Coverage",
    "Legal entity name and address:",
    "Hudson Tile Inc",
    "Exemption Certificate Number 2026-012345",
)


def test_a_states_exemption_says_who_where_and_until_when() -> None:
    assert kind_of(FLORIDA) is PageKind.EXEMPTION
    found = exemption_on(1, Source.TEXT_LAYER, FLORIDA)
    assert (found.state, found.name, found.expires) == (
        "FL", "REYES PAINTING LLC", date(2028, 7, 10),
    )  # fmt: skip
    assert found.doubt is None


def test_an_exemption_without_an_end_is_in_doubt() -> None:
    assert kind_of(NEW_YORK) is PageKind.EXEMPTION
    found = exemption_on(1, Source.TEXT_LAYER, NEW_YORK)
    assert (found.state, found.name, found.number) == ("NY", "Hudson Tile Inc", "2026-012345")
    assert found.doubt == NO_EXPIRY


@pytest.mark.parametrize(
    ("number", "text", "stands"),
    [
        ("GL-552", "Policy GL 552 ends", True),
        ("GL552", "policy gl-552.", True),
        ("GL-552", "Policy GL-5520", False),
        ("GL-552", "Policy AGL-552", False),
        ("552", "Policy 552", False),
    ],
)
def test_a_policy_number_stands_in_a_text_as_a_whole(number: str, text: str, stands: bool) -> None:
    assert stands_in(number, text) is stands


def test_a_letter_is_still_refused() -> None:
    page = cancellation_notice(Cancellation("G", "N", "GL-552", "11/01/2026", "12/01/2026"))
    document = document_of(pdf_of_pages([page]))
    assert read_all(document).certificates == ()
    with pytest.raises(NotACertificate):
        from connector.extraction import read  # noqa: PLC0415

        read(document)
