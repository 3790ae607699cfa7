"""Packets and the pages that are no certificate."""

from __future__ import annotations

import io
from random import Random

import pypdfium2
import pytest
from PIL import Image, ImageSequence

from connector.certificate.fields import BY_KEY
from demo.endorsements import Endorsement
from tests.drawing.free_form import free_certificate, shown_keys
from tests.drawing.packets import (
    KNOWN_FORMS,
    as_tiff,
    continued_packet,
    joined,
    made_up_packet,
    scanned,
    two_certificates,
)
from tests.drawing.pages import (
    PROPERTY_FORMS,
    Cancellation,
    Property,
    Remarks,
    cancellation_notice,
    cover_letter,
    endorsement,
    new_york_addendum,
    pdf_of_pages,
    property_form,
    remarks_schedule,
)
from tests.drawing.values import made_up

TRUTH = made_up(4)


def words(pdf: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded() for page in document]


def test_a_packet_is_the_same_each_time() -> None:
    assert made_up_packet(3) == made_up_packet(3)


def test_every_endorsement_page_of_a_packet_is_named_with_its_page() -> None:
    for seed in range(8):
        packet = made_up_packet(seed)
        pages = words(packet.document)
        assert len(pages) == len(packet.kinds)
        listed = str(packet.expected["endorsement_pages"] or "").split(", ")
        for entry in filter(None, listed):
            form, _, page = entry.rpartition(": ")
            known = next(known for known in KNOWN_FORMS if known.name == form)
            shown = pages[int(page) - 1].replace(" ", "")
            assert known.number.replace(" ", "") in shown
            assert known.title.upper().replace(" ", "") in shown.replace("\r\n", "")


def test_a_packet_s_evidence_belongs_to_lines_that_are_there() -> None:
    for seed in range(20):
        packet = made_up_packet(seed)
        for key, value in packet.expected.items():
            if value == "evidenced":
                line = key.split("_liability_")[0].split("_compensation_")[0]
                suffix = "liability" if f"{line}_liability_" in key else "compensation"
                assert packet.expected[f"{line}_{suffix}_policy_number"]


def test_known_forms_are_evidence_for_keys_of_the_model() -> None:
    assert all(form.key in BY_KEY for form in KNOWN_FORMS if form.key)


def test_form_numbers_are_printed_in_the_ways_of_several_carriers() -> None:
    form = KNOWN_FORMS[0]
    printed = {form.printed(Random(seed)) for seed in range(60)}
    assert {"CG 20 10 12 19", "CG 20 10 (12-19)", "CG2010 1219"} <= printed


def test_a_schedule_that_names_the_holder_makes_it_an_additional_insured() -> None:
    named = [
        packet
        for packet in map(made_up_packet, range(12))
        if "CG 20 10" in str(packet.expected["endorsement_forms"])
    ]
    assert named
    for packet in named:
        holder = packet.truth.sheet.parties["certificate_holder"].name
        assert packet.expected["additional_insured_names"] == holder


def test_a_continued_description_is_the_face_and_then_the_schedule() -> None:
    for seed in range(6):
        packet = continued_packet(seed)
        face, schedule = words(packet.document)
        expected = str(packet.expected["description_of_operations"]).split("\n")
        assert expected[0] in face
        assert expected[-1] in schedule
        assert packet.kinds == ("certificate", "continuation")


def test_two_certificates_stand_in_one_file() -> None:
    first, second = words(two_certificates(5))
    assert made_up(5).sheet.parties["insured"].names[0] in first
    assert made_up(6).sheet.parties["insured"].names[0] in second


def test_a_scanned_packet_has_every_page_and_no_text() -> None:
    packet = made_up_packet(2)
    assert words(scanned(packet.document, 2, dpi=72)) == [""] * len(packet.kinds)


def test_a_tiff_holds_every_page_in_black_and_white() -> None:
    packet = made_up_packet(2)
    with Image.open(io.BytesIO(as_tiff(packet.document, 2, dpi=72))) as tiff:
        pages = [page.mode for page in ImageSequence.Iterator(tiff)]
    assert pages == ["1"] * len(packet.kinds)


@pytest.mark.parametrize("form", PROPERTY_FORMS)
def test_a_property_form_shows_its_name_policy_and_parties(form: str) -> None:
    shown = Property(
        form, "PR-100234", "01/01/2026", "01/01/2027", "Granite Mutual Insurance Company"
    )
    (text,) = words(pdf_of_pages([property_form(TRUTH.sheet, shown)]))
    for expected in (form, "PR-100234", "01/01/2026", TRUTH.sheet.parties["insured"].name):
        assert expected in text


def test_the_other_pages_show_what_they_are_about() -> None:
    notice = Cancellation("Granite Mutual", "Northfield LLC", "GL-1", "03/01/2026", "04/01/2026")
    letter, remarks, ended, addendum, form = words(
        pdf_of_pages(
            [
                cover_letter(TRUTH.sheet),
                remarks_schedule(TRUTH.sheet, Remarks("More about the project.")),
                cancellation_notice(notice),
                new_york_addendum(TRUTH.sheet),
                endorsement(
                    Endorsement("CG 20 10 12 19", "Additional insured", "GL-1", "Northfield LLC")
                ),
            ]
        )
    )
    assert TRUTH.sheet.parties["producer"].name in letter
    assert "More about the project." in remarks
    assert "ACORD 101" in remarks
    assert "04/01/2026" in ended
    assert "ACORD 855" in addendum
    assert "CG 20 10 12 19" in form


@pytest.mark.parametrize("as_table", [True, False])
def test_a_free_certificate_shows_the_values_it_says_it_shows(as_table: bool) -> None:
    (text,) = words(pdf_of_pages([free_certificate(TRUTH.sheet, as_table=as_table)]))
    printed = {
        **TRUTH.sheet.cells,
        **{f"{n}_name": p.names[0] for n, p in TRUTH.sheet.parties.items()},
    }
    for key in shown_keys(TRUTH.sheet):
        assert printed[key] in text, key


def test_joined_documents_keep_their_order() -> None:
    first, second = (pdf_of_pages([cover_letter(made_up(seed).sheet)]) for seed in (1, 2))
    assert words(joined(first, second)) == words(first) + words(second)
