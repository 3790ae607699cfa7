from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connector.certificate.entries import entry_at
from connector.certificate.entry import Source
from connector.certificate.model import Certificate
from connector.errors import InvalidInput, NotFound
from connector.storage import accounts, certificates, corrections, coverage_lines, documents
from connector.storage.certificates import Search, StoredCertificate
from connector.storage.documents import StoredDocument
from tests.storage.databases import NOW, Database
from tests.storage.readings import reading

LATER = NOW + timedelta(days=1)


def test_what_was_read_comes_back_with_its_evidence_and_our_id(
    session: Session, database: Database
) -> None:
    row = _save(session, database, reading())
    session.expire_all()
    stored = certificates.get(session, database.account.id, row.id).certificate
    entry = stored.general_liability.each_occurrence
    assert entry.value == 1_000_000
    assert entry.evidence is not None
    assert entry.evidence.text == "1,000,000"
    assert stored.certificate_id == row.id


def test_a_re_reading_keeps_the_id_and_takes_the_new_values(
    session: Session, database: Database
) -> None:
    first = _save(session, database, reading())
    again = _save(session, database, reading(each_occurrence=2_000_000, reader_version=2))
    assert (again.id, again.number, again.reader_version) == (first.id, first.number, 2)
    assert again.certificate.general_liability.each_occurrence.value == 2_000_000


def test_a_re_reading_keeps_what_a_person_corrected(session: Session, database: Database) -> None:
    row = _save(session, database, reading(doubtful=True))
    assert row.needs_review
    path = "general_liability.each_occurrence"
    corrections.apply(session, row, path, "$2,000,000", by="ann@example.com", now=NOW)
    assert not row.needs_review
    again = _save(session, database, reading(doubtful=True, reader_version=2))
    entry = entry_at(again.certificate, path)
    assert entry.value == 2_000_000
    assert entry.evidence is not None
    assert entry.evidence.source is Source.REVIEWER
    assert not again.needs_review


def test_a_correction_to_blank_outlives_a_re_reading_too(
    session: Session, database: Database
) -> None:
    row = _save(session, database, reading())
    corrections.apply(
        session, row, "general_liability.general_aggregate", "", by="ann@example.com", now=NOW
    )
    again = _save(session, database, reading(reader_version=2))
    assert again.certificate.general_liability.general_aggregate.value is None


def test_an_older_reader_changes_nothing(session: Session, database: Database) -> None:
    _save(session, database, reading(reader_version=3))
    row = _save(session, database, reading(each_occurrence=5, reader_version=2))
    assert row.certificate.general_liability.each_occurrence.value == 1_000_000
    assert row.reader_version == 3


def test_a_correction_is_on_record_with_what_stood_there(
    session: Session, database: Database
) -> None:
    row = _save(session, database, reading())
    corrections.apply(
        session, row, "general_liability_each_occurrence", "500,000", by="ann", now=LATER
    )
    (kept,) = corrections.of_certificate(session, database.account.id, row.id)
    assert (kept.path, kept.typed, kept.by, kept.at) == (
        "general_liability.each_occurrence", "500,000", "ann", LATER,
    )  # fmt: skip
    assert kept.before["value"] == 1_000_000


def test_a_correction_that_cannot_be_understood_changes_nothing(
    session: Session, database: Database
) -> None:
    row = _save(session, database, reading())
    with pytest.raises(InvalidInput):
        corrections.apply(
            session, row, "general_liability_each_occurrence", "lots", by="ann", now=LATER
        )
    assert row.certificate.general_liability.each_occurrence.value == 1_000_000
    assert corrections.of_certificate(session, database.account.id, row.id) == []


def test_two_pages_of_a_document_are_two_certificates(session: Session, database: Database) -> None:
    first = _save(session, database, reading(page=1))
    second = _save(session, database, reading(page=2))
    assert first.id != second.id
    assert [
        row.page
        for row in certificates.of_document(session, database.account.id, first.document_id)
    ] == [1, 2]


def test_coverage_lines_hold_what_was_read_and_leave_out_what_is_in_doubt(
    session: Session, database: Database
) -> None:
    row = _save(session, database, reading(doubtful=True))
    (line,) = coverage_lines.of_certificate(session, database.account.id, row.id)
    assert line.line == "general_liability"
    assert (line.limit, line.aggregate) == (None, 2_000_000)
    assert line.is_unclear
    assert line.additional_insured is True


def test_coverage_lines_are_rewritten_with_each_save(session: Session, database: Database) -> None:
    _save(session, database, reading())
    row = _save(session, database, Certificate(certificate_page=1, reader_version=2))
    assert coverage_lines.of_certificate(session, database.account.id, row.id) == []


def test_a_limit_beyond_two_thousand_million_fits(session: Session, database: Database) -> None:
    row = _save(session, database, reading(each_occurrence=999_999_999_999))
    (line,) = coverage_lines.of_certificate(session, database.account.id, row.id)
    assert line.limit == 999_999_999_999


def test_lists_are_newest_first_and_page_by_number(session: Session, database: Database) -> None:
    saved = [_save(session, database, reading(page=page)) for page in range(1, 6)]
    newest = certificates.search(session, database.account.id, limit=2)
    assert [row.id for row in newest] == [saved[4].id, saved[3].id]
    rest = certificates.search(session, database.account.id, Search(before=newest[-1].number))
    assert [row.id for row in rest] == [saved[2].id, saved[1].id, saved[0].id]
    after = certificates.search(session, database.account.id, Search(after=saved[3].number))
    assert [row.id for row in after] == [saved[4].id]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Search(name="northFIELD"), {1}),
        (Search(name="100%"), {2}),
        (Search(name="%"), {2}),
        (Search(needs_review=True), {3}),
        (Search(expires_before=date(2026, 12, 31)), {2}),
        (Search(vendor_id="vend_UNKNOWN"), set()),
    ],
)
def test_searches_narrow_to_what_was_asked(
    session: Session, database: Database, wanted: Search, found: set[int]
) -> None:
    _save(session, database, reading(page=1))
    _save(session, database, reading(page=2, insured="100% Roofing", expires=date(2026, 6, 1)))
    _save(session, database, reading(page=3, insured="Delta", doubtful=True))
    rows = certificates.search(session, database.account.id, wanted)
    assert {row.page for row in rows} == found


def test_another_account_sees_nothing_of_it(session: Session, database: Database) -> None:
    row = _save(session, database, reading())
    other = accounts.create(session, "Other", NOW)
    assert certificates.search(session, other.id) == []
    assert coverage_lines.of_certificate(session, other.id, row.id) == []
    with pytest.raises(NotFound):
        certificates.get(session, other.id, row.id)


def test_eight_at_once_make_one_certificate(database: Database) -> None:
    with database.sessions() as session, session.begin():
        document = _document(session, database)
    failures: list[Exception] = []

    def save() -> None:
        try:
            with database.sessions() as session, session.begin():
                certificates.save(session, database.account.id, document, reading(), now=NOW)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=save) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.sessions() as session:
        assert session.scalar(select(func.count()).select_from(StoredCertificate)) == 1


def _document(session: Session, database: Database) -> StoredDocument:
    return documents.save(
        session,
        database.account.id,
        sha256="ab" * 32,
        name="coi.pdf",
        kind="application/pdf",
        size=1,
        page_count=1,
        now=NOW,
    )


def _save(session: Session, database: Database, certificate: Certificate) -> StoredCertificate:
    document = _document(session, database)
    return certificates.save(session, database.account.id, document, certificate, now=NOW)
