"""Documents of several pages: each page told apart, endorsements as evidence, continuations joined."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connector.certificate.entry import BLANK, Source
from connector.certificate.entry import read as read_entry
from connector.certificate.fields import FIELDS
from connector.certificate.flat import flatten
from connector.errors import NotACertificate
from connector.extraction import Readers, continuation, read
from connector.extraction.endorsement_forms import known_forms, printed_numbers
from connector.extraction.endorsement_term import printed_on
from connector.extraction.endorsements import recognise
from connector.extraction.page_kinds import PageKind, PrintedForm, kind_of, printed_forms
from connector.extraction.reader import read_all, read_pages
from connector.extraction.reading import Line
from demo.endorsements import Endorsement
from tests.drawing.free_form import free_certificate
from tests.drawing.makes import draw
from tests.drawing.packets import joined, made_up_packet
from tests.drawing.pages import (
    Cancellation,
    Remarks,
    cancellation_notice,
    cover_letter,
    endorsement,
    new_york_addendum,
    pdf_of_pages,
    remarks_schedule,
)
from tests.drawing.values import made_up
from tests.extraction.documents import TODAY, document_of, flat_of, page_of, unclear_in


def with_endorsement(
    form: str, policy: str | None = None, name: str = "Summit Builders Inc", insured: str = ""
) -> dict[str, object]:
    """A certificate with one endorsement page behind it, for its general liability policy."""
    truth = made_up(6001, "clean")
    number = policy or str(truth.expected["general_liability_policy_number"])
    page = Endorsement(
        form,
        "Additional insured",
        number,
        insured or truth.sheet.parties["insured"].name,
        (("Name of person(s) or organization(s):", name),),
    )
    return dict(flat_of(joined(draw(truth), pdf_of_pages([endorsement(page)]))))


@pytest.mark.parametrize("seed", range(8))
def test_every_page_of_a_packet_is_told_apart_and_proves_its_part(seed: int) -> None:
    packet = made_up_packet(seed)
    document = document_of(packet.document)
    assert tuple(page.kind.value for page in read_pages(document)) == packet.kinds
    flat = flatten(read(document)[0], TODAY)
    doubtful = unclear_in(flat)
    wrong = {
        key: (value, flat[key])
        for key, value in packet.expected.items()
        if (key.endswith("_endorsement") or key.startswith("endorsement_"))
        and key not in packet.truth.arguable
        and key not in doubtful
        and flat[key] != value
    }
    assert wrong == {}


def test_an_endorsement_page_is_evidence_and_its_form_is_listed() -> None:
    flat = with_endorsement("CG 20 10 12 19")
    assert flat["general_liability_additional_insured_endorsement"] == "evidenced"
    assert flat["endorsement_forms"] == "CG 20 10 12 19"
    assert flat["endorsement_pages"] == "CG 20 10 12 19: 2"
    assert "Summit Builders Inc" in str(flat["additional_insured_names"])


def test_the_1985_edition_grants_completed_operations_too() -> None:
    assert (
        with_endorsement("CG 20 10 11 85")["general_liability_completed_operations_endorsement"]
        == "evidenced"
    )
    assert (
        with_endorsement("CG 20 10 04 13")["general_liability_completed_operations_endorsement"]
        != "evidenced"
    )


def test_an_endorsement_of_another_policy_is_in_doubt() -> None:
    flat = with_endorsement("CG 20 10 12 19", policy="OTHER-999")
    assert "general_liability_additional_insured_endorsement" in unclear_in(flat)


def test_an_endorsement_whose_schedule_names_somebody_else_is_in_doubt() -> None:
    """The holder is no additional insured by holding the certificate."""
    key = "general_liability_additional_insured_endorsement"
    flat = with_endorsement("CG 20 10 12 19", name="Ridgeline Contractors Inc")
    assert key in unclear_in(flat)
    assert "names Ridgeline Contractors Inc" in str(flat["review_reasons"])
    assert key not in unclear_in(
        with_endorsement("CG 20 10 12 19", name="O'MALLEY DEVELOPMENT, INC")
    )
    both = "Lakeside Health and O'Malley Development Inc."
    assert key not in unclear_in(with_endorsement("CG 20 10 12 19", name=both))
    waiver = with_endorsement("CG 24 04 05 09", name="Ridgeline Contractors Inc")
    assert "general_liability_waiver_of_subrogation_endorsement" in unclear_in(waiver)


def test_a_blanket_schedule_names_nobody() -> None:
    flat = with_endorsement(
        "CG 20 10 12 19", name="Any person or organization as required by written contract"
    )
    assert "Any person" not in str(flat["additional_insured_names"])


def test_an_exclusion_is_listed_and_grants_nothing() -> None:
    flat = with_endorsement("CG 21 39 10 93")
    assert flat["endorsement_forms"] == "CG 21 39 10 93"
    assert flat["general_liability_additional_insured_endorsement"] != "evidenced"


def test_an_insurers_own_form_is_left_to_a_person() -> None:
    lines = [
        Line("THIS ENDORSEMENT CHANGES THE POLICY.", (60, 100, 300, 108)),
        Line("BLANKET ADDITIONAL INSURED", (60, 120, 300, 130)),
    ]
    page = recognise(2, Source.TEXT_LAYER, lines, 792)
    assert page is not None
    assert page.form is None
    assert "ADDITIONAL INSURED" in page.title


def test_a_list_of_forms_is_no_endorsement() -> None:
    lines = [Line(f"CG 20 {n} 12 19", (60, 40 + 8 * n, 300, 47 + 8 * n)) for n in (10, 12, 14)]
    assert recognise(2, Source.TEXT_LAYER, lines, 792) is None


def test_a_letter_that_mentions_a_form_is_a_letter() -> None:
    page = page_of((60, 300, "We attach form CG 20 10 12 19 as you asked."), (60, 320, "Sincerely"))
    (only,) = read_pages(document_of(page))
    assert only.kind is PageKind.LETTER


def test_a_number_seen_once_on_a_picture_is_in_doubt() -> None:
    lines = [Line("CG 20 10 12 19", (60, 750, 120, 758), 0.8)]
    page = recognise(2, Source.OCR, lines, 792)
    assert page is not None
    assert not page.is_sure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CG 20 10 12 19", "CG 20 10 12 19"), ("CG2010 (04/13)", "CG 20 10 04 13"),
        ("CG 20 10", "CG 20 10"), ("WC 00 03 13 (Ed. 4-84)", "WC 00 03 13 04 84"),
        ("CA-20-48 10 13", "CA 20 48 10 13"),
    ],
)  # fmt: skip
def test_form_numbers_are_read_in_every_way_of_writing(text: str, expected: str) -> None:
    assert [str(number) for number in printed_numbers(text)] == [expected]


def test_every_known_form_grants_paths_of_the_model() -> None:
    for form in known_forms().values():
        form.paths(None)
        assert form.line in ("general_liability", "auto_liability", "workers_compensation")
        assert form.number


def test_remarks_are_appended_to_the_description_and_claim_like_it() -> None:
    truth = made_up(6002, "clean")
    remarks = Remarks("General liability is primary and noncontributory.")
    flat = flat_of(joined(draw(truth), pdf_of_pages([remarks_schedule(truth.sheet, remarks)])))
    before = truth.expected["description_of_operations"]
    after = str(flat["description_of_operations"])
    assert after.endswith("General liability is primary and noncontributory.")
    assert after.startswith(str(before or ""))
    assert flat["general_liability_primary_and_noncontributory_endorsement"] == "stated"


def test_remarks_on_a_picture_are_in_doubt_and_so_is_all_they_join() -> None:
    lines = [Line("Coverage is primary and noncontributory.", (36.0, 100.0, 300.0, 110.0), 0.97)]
    for description in (BLANK, read_entry("Project 4417", None)):
        joined_text = continuation.appended(description, lines, 2, Source.OCR)
        assert joined_text.is_unclear
        assert str(joined_text.value).endswith(lines[0].text)
        assert not continuation.appended(description, lines, 2, Source.TEXT_LAYER).is_unclear


def test_remarks_to_another_form_are_not_appended() -> None:
    truth = made_up(6002, "clean")
    remarks = Remarks("Coverage is primary and noncontributory.", continues="ACORD 125")
    flat = flat_of(joined(draw(truth), pdf_of_pages([remarks_schedule(truth.sheet, remarks)])))
    assert flat["description_of_operations"] == truth.expected["description_of_operations"]


def test_two_certificates_in_one_document_are_two_and_need_a_look() -> None:
    document = document_of(joined(draw(made_up(6003, "clean")), draw(made_up(6004, "clean"))))
    first, second = read(document)
    assert (first.certificate_page, second.certificate_page) == (1, 2)
    assert first.certificates_in_document == second.certificates_in_document == 2
    assert flatten(first, TODAY)["needs_review"] is True


def test_endorsements_belong_to_the_certificate_before_them() -> None:
    truth, other = made_up(6001, "clean"), made_up(6004, "clean")
    number = str(truth.expected["general_liability_policy_number"])
    page = pdf_of_pages([endorsement(Endorsement("CG 20 10 12 19", "Title", number, "Insured"))])
    first, second = read(document_of(joined(draw(truth), page, draw(other))))
    assert first.endorsement_forms.value == "CG 20 10 12 19"
    assert second.endorsement_forms.is_blank


def cancelled(policy: str) -> Cancellation:
    return Cancellation("Granite Mutual", "Insured", policy, "11/01/2026", "12/01/2026")


def test_a_notice_of_cancellation_puts_the_policys_term_in_doubt() -> None:
    truth = made_up(6001, "clean")
    number = str(truth.expected["general_liability_policy_number"])
    flat = flat_of(joined(draw(truth), pdf_of_pages([cancellation_notice(cancelled(number))])))
    assert "general_liability_expiration_date" in unclear_in(flat)
    assert "auto_liability_expiration_date" not in unclear_in(flat)


def test_a_notice_of_cancellation_alone_is_no_certificate() -> None:
    with pytest.raises(NotACertificate, match="notice of cancellation"):
        read(document_of(pdf_of_pages([cancellation_notice(cancelled("GL-1"))])))


def test_a_cover_letter_alone_is_no_certificate() -> None:
    with pytest.raises(NotACertificate, match="Send the ACORD 25"):
        read(document_of(pdf_of_pages([cover_letter(made_up(6001).sheet)])))


def test_a_remarks_schedule_alone_is_named() -> None:
    truth = made_up(6002)
    with pytest.raises(NotACertificate, match="ACORD 101"):
        read(document_of(pdf_of_pages([remarks_schedule(truth.sheet, Remarks("text"))])))


def test_a_picture_that_nobody_read_leaves_endorsements_unclear() -> None:
    truth = made_up(6001, "clean")
    scan = draw(made_up(6005, "clean"), make="scan150")
    certificates = read(document_of(joined(draw(truth), scan)), Readers())
    assert len(certificates) == 1
    assert certificates[0].endorsement_forms.is_unclear


def test_a_picture_alone_needs_review_and_invents_nothing() -> None:
    flat = flat_of(draw(made_up(6005, "clean"), make="scan150"))
    assert flat["needs_review"] is True
    assert flat["insured_name"] is None
    assert "reading pictures is not available" in str(flat["review_reasons"])
    assert flat["coverage_lines"] is None


def test_of_a_picture_that_nobody_read_every_box_that_counts_is_unclear() -> None:
    named = unclear_in(flat_of(draw(made_up(6005, "clean"), make="scan150")))
    critical = {field.key for field in FIELDS if field.critical}
    assert critical <= named
    assert "coverage_lines" in named


@pytest.mark.parametrize("as_table", [True, False])
def test_on_no_known_form_a_line_that_was_not_found_is_unclear(as_table: bool) -> None:
    sheet = made_up(6001, "clean").sheet
    flat = flat_of(pdf_of_pages([free_certificate(sheet, as_table=as_table)]))
    critical = {field.key for field in FIELDS if field.critical}
    assert critical <= unclear_in(flat)
    assert flat["coverage_lines"]


@pytest.mark.parametrize(
    ("text", "form", "edition"),
    [("ACORD 25 (2016/03)", "ACORD 25", "2016/03"), ("ACORD 25-S (7/97)", "ACORD 25", "1997/07"),
     ("ACORD 28 (2003/10)", "ACORD 28", "2003/10"), ("acord® 101 (2008/01)", "ACORD 101", "2008/01")],
)  # fmt: skip
def test_forms_print_their_name_and_edition(text: str, form: str, edition: str) -> None:
    assert printed_forms(text) == [PrintedForm(form, edition)]


def test_a_letter_about_a_certificate_of_insurance_is_a_letter() -> None:
    assert (
        kind_of(["Attached please find the certificate of insurance that you asked for."])
        is PageKind.LETTER
    )


def test_facts_about_the_document_are_filled() -> None:
    (certificate,) = read(document_of(draw(made_up(6001, "clean"))))
    assert certificate.page_count == 1
    assert certificate.certificate_page == 1
    assert certificate.read_from == "text_layer"
    assert certificate.reader_version
    assert certificate.document_sha256
    assert isinstance(certificate.certificate_date.value, date)


def test_every_value_carries_its_place_on_the_page() -> None:
    (certificate,) = read(document_of(draw(made_up(6001, "clean"))))
    number = certificate.general_liability.policy_number
    assert number.evidence is not None
    assert number.evidence.page == 1
    assert number.evidence.box is not None
    assert number.evidence.text == number.value


def test_remarks_that_name_no_form_belong_to_the_certificate() -> None:
    lines = [
        Line("ADDITIONAL REMARKS SCHEDULE", (174, 67, 411, 77)),
        Line("FORM TITLE: Certificate of Liability Insurance", (134, 185, 263, 193)),
        Line("General liability is primary and noncontributory.", (22, 203, 300, 210)),
        Line("ACORD 101 (2008/01)", (22, 755, 100, 762)),
    ]
    assert continuation.continues(lines) is None
    assert [line.text for line in continuation.remarks(lines)] == [
        "General liability is primary and noncontributory."
    ]


def test_endorsement_pages_alone_are_no_certificate_and_are_read() -> None:
    page = Endorsement("CG 20 10 12 19", "Additional insured", "GL-1", "Insured")
    document = document_of(pdf_of_pages([endorsement(page)]))
    (alone,) = read_all(document).endorsements
    assert (str(alone.printed), alone.policy_number) == ("CG 20 10 12 19", "GL-1")
    with pytest.raises(NotACertificate, match=r"No page of this document is a certificate"):
        read(document)


def test_a_letter_in_which_a_form_is_named_is_no_endorsement() -> None:
    page = Endorsement("CG 20 10 12 19", "Hello", "GL-1", "Insured", statement="As you asked.")
    with pytest.raises(NotACertificate):
        read_all(document_of(pdf_of_pages([endorsement(page)])))
    flat = flat_of(joined(draw(made_up(6001, "clean")), pdf_of_pages([endorsement(page)])))
    assert "general_liability_additional_insured_endorsement" in unclear_in(flat)


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("Effective Date: 03/01/2026", (date(2026, 3, 1), None)),
        (
            "This endorsement, effective 12:01 A.M. 03/01/2026 forms a part of",
            (date(2026, 3, 1), None),
        ),
        ("Policy Period: From 03/01/2026 to 03/01/2027", (date(2026, 3, 1), date(2027, 3, 1))),
        ("Endorsement Effective 3-1-26 Policy No. WC 1", (date(2026, 3, 1), None)),
        ("Expiration Date: March 1, 2027", (None, date(2027, 3, 1))),
        ("Named Insured: X Endorsement Effective Date:", (None, None)),
        ("CG 20 10 12 19", (None, None)),
    ],
)
def test_the_days_of_an_endorsement(line: str, days: tuple[date | None, date | None]) -> None:
    assert printed_on([line]) == days


def test_the_new_york_addendum_behind_a_certificate_is_on_file() -> None:
    truth = made_up(6001, "clean")
    flat = flat_of(joined(draw(truth), pdf_of_pages([new_york_addendum(truth.sheet)])))
    assert flat["endorsement_pages"] == "ACORD 855: 2"
    assert "endorsement_pages" not in unclear_in(flat)


def test_the_new_york_addendum_may_come_alone() -> None:
    truth = made_up(6001, "clean")
    (alone,) = read_all(document_of(pdf_of_pages([new_york_addendum(truth.sheet)]))).endorsements
    assert str(alone.printed) == "ACORD 855"
    assert alone.policy_number == truth.expected["general_liability_policy_number"]


def test_a_page_whose_schedule_is_empty_is_in_doubt() -> None:
    flat = with_endorsement("CG 20 10 12 19", name="")
    assert "general_liability_additional_insured_endorsement" in unclear_in(flat)
    assert "schedule is empty" in str(flat["review_reasons"])
    blanket = with_endorsement("CG 20 10 12 19", name="Any person as required by written contract")
    assert "general_liability_additional_insured_endorsement" not in unclear_in(blanket)


def test_names_in_the_schedule_of_another_policys_page_are_in_doubt() -> None:
    flat = with_endorsement("CG 20 10 12 19", policy="OTHER-999")
    assert {"additional_insured_names", "endorsement_pages"} <= set(unclear_in(flat))


def test_a_page_behind_a_certificate_that_does_not_state_its_line_is_for_another() -> None:
    """Workers' compensation from another broker, and behind it a page of a general liability policy."""
    truth = made_up(6001, "clean")
    others = {key: "" for key in truth.sheet.cells if key.startswith("auto_liability_")}
    cells = {key: text for key, text in truth.sheet.cells.items() if key not in others}
    without = replace(truth, sheet=replace(truth.sheet, cells=cells))
    page = Endorsement("CA 20 48 10 13", "Designated insured", "BA-1", "Insured")
    data = joined(draw(without), pdf_of_pages([endorsement(page)]))
    found = read_all(document_of(data))
    assert [str(each.printed) for each in found.endorsements] == ["CA 20 48 10 13"]
    assert found.certificates[0].endorsement_pages.is_blank


def test_a_page_of_another_insured_is_in_doubt() -> None:
    flat = with_endorsement("CG 20 10 12 19", insured="Wholly Other Firm LLC")
    assert "general_liability_additional_insured_endorsement" in unclear_in(flat)
    assert "is for Wholly Other Firm LLC" in str(flat["review_reasons"])


def test_a_specimen_of_a_form_is_in_doubt() -> None:
    truth = made_up(6001, "clean")
    number = str(truth.expected["general_liability_policy_number"])
    page = Endorsement("CG 20 10 12 19", "SPECIMEN - Additional insured", number, "")
    flat = flat_of(joined(draw(truth), pdf_of_pages([endorsement(page)])))
    assert "general_liability_additional_insured_endorsement" in unclear_in(flat)
    assert "specimen" in str(flat["review_reasons"])
