"""What a vendor's certificate says differently from the ones before it."""

from __future__ import annotations

from datetime import date
from typing import Any

from connector.certificate.changes import changes
from connector.certificate.entries import build
from connector.certificate.entry import Entry, Evidence, Source, State, read, unclear
from connector.certificate.model import Certificate

SEEN = Evidence(1, None, "x", Source.TEXT_LAYER)


def certificate(**said: Any) -> Certificate:
    """`general_liability__each_occurrence=…`: a value, an entry, or blank when left out."""
    found = {
        name.replace("__", "."): value if isinstance(value, Entry) else read(value, SEEN)
        for name, value in said.items()
    }
    return build(found)


def told(
    after: Certificate, *earlier: Certificate
) -> list[tuple[str, str, str | None, str | None]]:
    return [(c.key, c.direction, c.old, c.new) for c in changes(after, earlier)]


GL = {
    "general_liability__policy_number": "GL-1",
    "general_liability__each_occurrence": 1_000_000,
    "general_liability__expiration_date": date(2026, 6, 1),
}


def test_without_a_certificate_before_nothing_has_changed() -> None:
    assert told(certificate(**GL)) == []


def test_the_same_again_is_no_change() -> None:
    assert told(certificate(**GL), certificate(**GL)) == []


def test_a_limit_and_a_date_are_told_with_old_and_new() -> None:
    later = GL | {
        "general_liability__each_occurrence": 500_000,
        "general_liability__expiration_date": date(2027, 6, 1),
    }
    assert told(certificate(**later), certificate(**GL)) == [
        ("general_liability_expiration_date", "later", "2026-06-01", "2027-06-01"),
        ("general_liability_each_occurrence", "decreased", "$1,000,000", "$500,000"),
    ]


def test_a_doubtful_value_is_no_change_on_either_side() -> None:
    doubtful = GL | {"general_liability__each_occurrence": unclear(100_000, SEEN, "Smudged.")}
    assert told(certificate(**doubtful), certificate(**GL)) == []
    assert told(certificate(**GL), certificate(**doubtful)) == []


def test_a_limit_that_is_stated_now_or_no_more_is_told() -> None:
    without = {key: value for key, value in GL.items() if "each_occurrence" not in key}
    key = "general_liability_each_occurrence"
    assert told(certificate(**GL), certificate(**without)) == [(key, "added", None, "$1,000,000")]
    assert told(certificate(**without), certificate(**GL)) == [(key, "removed", "$1,000,000", None)]


def test_a_limit_in_words_is_compared_as_printed() -> None:
    words = GL | {
        "general_liability__each_occurrence": Entry(None, State.READ, SEEN, words="INCLUDED")
    }
    assert told(certificate(**words), certificate(**GL)) == [
        ("general_liability_each_occurrence", "changed", "$1,000,000", "INCLUDED")
    ]


def test_each_line_is_compared_with_the_newest_that_states_it() -> None:
    compensation = certificate(workers_compensation__policy_number="WC-1")
    raised = certificate(**(GL | {"general_liability__each_occurrence": 2_000_000}))
    assert told(raised, compensation, certificate(**GL)) == [
        ("general_liability_each_occurrence", "increased", "$1,000,000", "$2,000,000")
    ]


def test_a_new_line_was_added_and_one_that_its_successor_leaves_out_was_removed() -> None:
    with_umbrella = certificate(**GL, umbrella_liability__policy_number="U-1")
    line = "umbrella_liability"
    assert told(with_umbrella, certificate(**GL)) == [(line, "added", None, "stated")]
    assert told(certificate(**GL), with_umbrella) == [(line, "removed", "stated", None)]


def test_a_certificate_of_its_own_for_another_line_removes_nothing() -> None:
    compensation = certificate(workers_compensation__policy_number="WC-1")
    assert told(compensation, certificate(**GL)) == [
        ("workers_compensation", "added", None, "stated")
    ]


def test_a_free_row_is_the_same_line_by_its_description_wherever_it_stands() -> None:
    before = certificate(
        other_1__description="Pollution",
        other_1__each_claim=1_000_000,
        other_2__description="Professional  Liability",
        other_2__each_claim=2_000_000,
    )
    after = certificate(
        other_1__description="PROFESSIONAL LIABILITY", other_1__each_claim=1_000_000
    )
    assert told(after, before) == [
        ("other_1_each_claim", "decreased", "$2,000,000", "$1,000,000"),
        ("other_1", "removed", "stated", None),
    ]
