"""A person's word over a reading: kept with who, when and what stood there."""

from datetime import UTC, datetime

import pytest

from connector.certificate.correct import correct
from connector.certificate.entries import build
from connector.certificate.entry import Evidence, Source, unclear
from connector.certificate.model import Certificate
from connector.errors import InvalidInput

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SEEN = Evidence(1, (10, 10, 50, 20), "1,0O0,000", Source.OCR, 0.6)


def doubtful() -> Certificate:
    return build({"general_liability.each_occurrence": unclear(1_000_000, SEEN, "Smudged.")})


def test_a_correction_is_believed_and_keeps_the_reading() -> None:
    after, record = correct(
        doubtful(), "general_liability_each_occurrence", "$2,000,000", "dana@example.com", NOW
    )
    entry = after.general_liability.each_occurrence
    assert (entry.value, entry.is_read) == (2_000_000, True)
    assert entry.evidence is not None
    assert entry.evidence.source is Source.REVIEWER
    assert entry.evidence.box == SEEN.box
    assert entry.others == (SEEN,)
    assert (record.by, record.at, record.before.is_unclear) == ("dana@example.com", NOW, True)


def test_an_emptied_value_is_blank_by_a_persons_word() -> None:
    after, _ = correct(doubtful(), "general_liability.each_occurrence", "", "dana", NOW)
    assert after.general_liability.each_occurrence.is_blank
    assert after.general_liability.each_occurrence.value is None


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("general_liability_each_occurrence", "a million"),
        ("general_liability_effective_date", "31/31/2026"),
        ("general_liability_aggregate_applies_per", "planet"),
        ("no_such_field", "1"),
        ("general_liability_each_occurrence_text", "INCLUDED"),
        ("certificate_id", "cert_2"),
    ],
)
def test_what_cannot_be_understood_changes_nothing_and_says_so(field: str, typed: str) -> None:
    with pytest.raises(InvalidInput):
        correct(doubtful(), field, typed, "dana", NOW)
