"""A certificate as one flat object: every key, in order, blank and unclear told apart."""

from dataclasses import replace
from datetime import date

from connector.certificate.entries import build, from_json, to_json
from connector.certificate.entry import Evidence, Source, read, unclear
from connector.certificate.fields import FIELDS, FlatCertificate
from connector.certificate.flat import flatten, needs_review
from connector.certificate.model import Certificate

TODAY = date(2026, 6, 1)
SEEN = Evidence(1, (10, 10, 50, 20), "x", Source.TEXT_LAYER, 0.9)


def certificate() -> Certificate:
    return build(
        {
            "insured.name": read("Acme", SEEN),
            "general_liability.each_occurrence": read(1_000_000, SEEN),
            "general_liability.expiration_date": read(date(2027, 1, 1), SEEN),
            "auto_liability.insurer_letter": read("B", SEEN),
            "auto_liability.any_auto": read(True, SEEN),
        }
    )


def test_every_key_is_always_present_in_the_published_order() -> None:
    assert list(flatten(Certificate(), TODAY)) == [field.key for field in FIELDS]
    assert list(flatten(certificate(), TODAY)) == [field.key for field in FIELDS]


def test_the_flat_object_conforms_to_its_schema() -> None:
    assert not FlatCertificate().validate(flatten(certificate(), TODAY))


def test_a_letter_and_a_tick_alone_are_no_coverage() -> None:
    flat = flatten(certificate(), TODAY)
    assert flat["coverage_lines"] == "general_liability"
    assert all(v is None for k, v in flat.items() if k.startswith("auto_liability_"))


def test_an_empty_tick_on_a_line_that_is_there_is_no_and_an_empty_mark_is_not_stated() -> None:
    flat = flatten(certificate(), TODAY)
    assert flat["general_liability_claims_made"] is False
    assert flat["general_liability_additional_insured"] is None


def test_a_doubtful_value_is_shown_named_and_explained() -> None:
    doubtful = build({"general_liability.each_occurrence": unclear(1_000_000, SEEN, "Smudged.")})
    flat = flatten(doubtful, TODAY, "https://connector.example/review/1")
    assert flat["general_liability_each_occurrence"] == 1_000_000
    assert flat["unclear_fields"] == "general_liability_each_occurrence"
    assert flat["review_reasons"] == "general_liability_each_occurrence: Smudged."
    assert flat["needs_review"] is True
    assert flat["review_url"] == "https://connector.example/review/1"


def test_a_certain_certificate_asks_for_no_review() -> None:
    flat = flatten(certificate(), TODAY, "https://connector.example/review/1")
    assert flat["needs_review"] is False
    assert flat["review_url"] is None


def test_days_until_expiration_count_from_the_given_day() -> None:
    assert flatten(certificate(), date(2026, 12, 31))["days_until_expiration"] == 1
    assert flatten(certificate(), date(2027, 1, 3))["days_until_expiration"] == -2


def test_the_earliest_certain_expiration_stands_and_is_in_doubt_beside_an_unclear_one() -> None:
    doubtful = build(
        {
            "general_liability.expiration_date": read(date(2027, 1, 1), SEEN),
            "auto_liability.expiration_date": unclear(date(2026, 1, 1), SEEN, "Smudged."),
        }
    )
    flat = flatten(doubtful, TODAY)
    assert flat["earliest_expiration_date"] == "2027-01-01"
    named = str(flat["unclear_fields"]).split(", ")
    assert named[-2:] == ["earliest_expiration_date", "days_until_expiration"]


def test_more_certificates_than_one_need_a_person() -> None:
    assert needs_review(replace(certificate(), certificates_in_document=2))


def test_a_stored_certificate_comes_back_as_it_was() -> None:
    whole = replace(certificate(), certificate_id="cert_1", page_count=2)
    assert from_json(to_json(whole)) == whole
