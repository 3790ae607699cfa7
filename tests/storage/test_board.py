"""The board: each vendor's need follows from its certificates, its checks and the day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from connector.certificate.names import normalise
from connector.storage import accounts, board, certificates, checks, corrections, documents, vendors
from connector.storage.board import BoardRow, Need, Wanted
from connector.storage.board_rows import StoredBoardRow
from connector.storage.certificates import StoredCertificate
from tests.storage.databases import NOW, Database
from tests.storage.readings import reading

TODAY = NOW.date()
LIMIT = "general_liability_each_occurrence"


@dataclass
class Office:
    """An account's certificates and checks, each a minute after the one before."""

    session: Session
    account_id: str
    now: datetime = NOW

    def vendor(self, name: str) -> vendors.StoredVendor:
        return vendors.resolve(
            self.session, self.account_id, name=name, normalised_name=normalise(name),
            external_id=None, now=NOW,
        )  # fmt: skip

    def certificate(self, name: str = "Northfield", **said: Any) -> StoredCertificate:
        self.now += timedelta(minutes=1)
        document = documents.save(
            self.session, self.account_id, sha256=f"{self.now.timestamp():.0f}".zfill(64),
            name="coi.pdf", kind="application/pdf", size=1, page_count=1, now=self.now,
        )  # fmt: skip
        read = reading(insured=name, **said)
        return certificates.save(
            self.session, self.account_id, document, read, now=self.now, vendor=self.vendor(name)
        )

    def check(
        self, row: StoredCertificate, status: str, together: tuple[str, ...] = (), **flat: Any
    ) -> str:
        self.now += timedelta(minutes=1)
        return checks.save(
            self.session, self.account_id, row.id, vendor_id=row.vendor_id, rule_set="standard",
            version=1, digest="d", status=status, on=TODAY, context={"certificates": [*together]}, verdict={},
            flat={"next_expiration_date": "2027-03-01", **flat}, now=self.now,
        ).id  # fmt: skip

    def rows(self, today: date = TODAY, **wanted: Any) -> list[BoardRow]:
        return board.rows(self.session, self.account_id, today, Wanted(**wanted))

    def only(self, today: date = TODAY, **wanted: Any) -> BoardRow:
        (row,) = self.rows(today, **wanted)
        return row


@pytest.fixture
def office(session: Session, database: Database) -> Office:
    return Office(session, database.account.id)


def test_a_compliant_vendor_needs_nothing_until_a_month_before_its_first_policy_ends(
    office: Office,
) -> None:
    office.check(office.certificate(), "compliant")
    ends = date(2027, 3, 1)
    assert (office.only().need, office.only().ends) == (Need.FINE, ends)
    assert office.only(ends - timedelta(days=31)).need is Need.FINE
    assert office.only(ends - timedelta(days=30)).need is Need.EXPIRING
    assert office.only(ends - timedelta(days=1)).need is Need.EXPIRING
    assert office.only(ends).need is Need.EXPIRED, "a policy ends as its last day begins"


def test_what_is_missing_and_in_doubt_stands_beside_the_vendor(office: Office) -> None:
    row = office.certificate()
    check_id = office.check(
        row, "non_compliant", failures_text="Too low.\nNo auto.", unclear_text="Smudged."
    )
    only = office.only()
    assert (only.need, only.check_id, only.certificate_id) == (Need.DEFICIENT, check_id, row.id)
    assert only.missing == "Too low.\nNo auto.\nSmudged."


def test_a_doubtful_value_needs_a_person_before_anything_else(office: Office) -> None:
    row = office.certificate(doubtful=True)
    office.check(row, "compliant")
    assert office.only(date(2030, 1, 1)).need is Need.REVIEW
    assert office.only().waiting_certificate_id == row.id
    corrections.apply(office.session, row, LIMIT, "1,000,000", by="ann", now=office.now)
    assert office.only().waiting_certificate_id is None


def test_a_doubt_on_a_certificate_that_newer_ones_replace_needs_nobody(office: Office) -> None:
    office.certificate(doubtful=True)
    office.check(office.certificate(), "compliant")
    assert office.only().need is Need.FINE


def test_a_newer_or_corrected_certificate_asks_for_a_new_check(office: Office) -> None:
    row = office.certificate()
    assert office.only().need is Need.UNCHECKED
    office.check(row, "compliant")
    corrections.apply(
        office.session, row, LIMIT, "500,000", by="ann", now=office.now + timedelta(seconds=1)
    )
    assert office.only().need is Need.UNCHECKED
    office.check(row, "compliant")
    office.certificate(expires=date(2028, 3, 1))
    only = office.only()
    assert (only.need, only.ends) == (Need.UNCHECKED, date(2028, 3, 1))


def test_the_worst_project_stands_for_the_vendor_and_each_has_its_own_row(office: Office) -> None:
    row = office.certificate()
    worse = office.check(row, "non_compliant", project_name="Harbor Tower")
    better = office.check(row, "compliant", project_name="North Yard")
    assert (office.only().need, office.only().check_id) == (Need.DEFICIENT, worse)
    assert office.only(project="North Yard").check_id == better
    assert office.only(project="North Yard").need is Need.FINE
    assert office.rows(project="Elsewhere") == []
    assert board.projects(office.session, office.account_id) == ["Harbor Tower", "North Yard"]
    by_project = board.of_vendor(office.session, office.account_id, str(row.vendor_id), TODAY)
    assert [each.project for each in by_project] == ["", "Harbor Tower", "North Yard"]


def test_a_check_of_the_newest_certificate_counts_however_late_an_older_one_is_checked(
    office: Office,
) -> None:
    old, new = office.certificate(), office.certificate()
    kept = office.check(new, "non_compliant")
    office.check(old, "compliant")
    assert office.only().check_id == kept


def test_a_project_checked_only_with_an_older_certificate_asks_for_a_new_check(
    office: Office,
) -> None:
    office.check(office.certificate(), "compliant", project_name="Harbor Tower")
    office.check(office.certificate(), "compliant", project_name="North Yard")
    assert office.only().need is Need.FINE
    assert office.only(project="Harbor Tower").need is Need.UNCHECKED


def test_a_certificate_given_to_another_vendor_counts_there_and_no_longer_here(
    office: Office,
) -> None:
    row = office.certificate("Northfield")
    certificates.assign(office.session, row, office.vendor("Ridge"), office.now)
    ridge, northfield = office.rows()
    assert (ridge.name, ridge.certificate_id) == ("Ridge", row.id)
    assert (northfield.need, northfield.certificate_id) == (Need.NOTHING_YET, None)
    assert northfield.ends is None


def test_what_needs_a_person_comes_first_then_what_ends_first_then_by_name(office: Office) -> None:
    for name, status, ends in (
        ("fine", "compliant", "2027-03-01"),
        ("b deficient", "non_compliant", "2027-03-01"),
        ("A deficient", "non_compliant", "2027-03-01"),
        ("early", "compliant", "2026-03-15"),
        ("gone", "compliant", "2026-03-01"),
        ("doubtful", "needs_review", "2027-03-01"),
    ):
        office.check(office.certificate(name), status, next_expiration_date=ends)
    names = ["doubtful", "gone", "A deficient", "b deficient", "early", "fine"]
    assert [row.name for row in office.rows()] == names
    pages = [
        board.rows(office.session, office.account_id, TODAY, start=start, limit=4)
        for start in (0, 4)
    ]
    assert [row.name for page in pages for row in page] == names
    assert board.counts(office.session, office.account_id, TODAY) == {
        Need.REVIEW: 1, Need.EXPIRED: 1, Need.DEFICIENT: 2, Need.UNCHECKED: 0,
        Need.EXPIRING: 1, Need.NOTHING_YET: 0, Need.FINE: 1,
    }  # fmt: skip
    assert [row.name for row in office.rows(name="DEF")] == ["A deficient", "b deficient"]
    assert [row.name for row in office.rows(need=Need.EXPIRED)] == ["gone"]
    week = (date(2026, 3, 15), date(2026, 3, 21))
    assert [row.name for row in office.rows(ends=week)] == ["early"]
    assert board.counts(office.session, office.account_id, TODAY, Wanted(ends=week)) == {
        need: int(need is Need.EXPIRING) for need in Need
    }
    assert board.expirations(office.session, office.account_id, "", *week) == {week[0]: 1}


@pytest.mark.parametrize("name", ["%", "_", "'", "\\", "a' OR 1=1 --"])
def test_a_search_for_signs_is_only_a_search(office: Office, name: str) -> None:
    office.certificate()
    assert office.rows(name=name) == []


def test_another_account_sees_nothing_of_it(office: Office) -> None:
    row = office.certificate()
    other = accounts.create(office.session, "Other", NOW).id
    assert board.rows(office.session, other, TODAY) == []
    assert board.of_vendor(office.session, other, str(row.vendor_id), TODAY) == []
    assert set(board.counts(office.session, other, TODAY).values()) == {0}
    assert board.count_read(office.session, other) == (0, 0)


def test_a_certificate_that_a_person_looked_at_was_not_read_by_itself(office: Office) -> None:
    office.certificate("one")
    office.certificate("two", doubtful=True)
    settled = office.certificate("three", doubtful=True)
    for typed in ("1,000,000", "2,000,000"):
        corrections.apply(office.session, settled, LIMIT, typed, by="ann", now=office.now)
    assert board.count_read(office.session, office.account_id) == (3, 1)


def test_vendors_from_before_the_board_had_rows_get_theirs_once(office: Office) -> None:
    office.check(office.certificate("deficient"), "non_compliant")
    office.certificate("unchecked", doubtful=True)
    before = office.rows()
    office.session.execute(delete(StoredBoardRow))
    assert office.rows() == []
    assert board.complete(office.session) == 2
    assert office.rows() == before
    assert board.complete(office.session) == 0


def test_no_check_is_missed_because_many_came_after_it(office: Office) -> None:
    """What an old check of several certificates found still stands, however many others came since."""
    old, newest = office.certificate(), office.certificate()
    both = office.check(newest, "non_compliant", together=(newest.id, old.id))
    alone = office.check(newest, "needs_review", project_name="Harbor Tower")
    for number in range(60):
        office.check(newest, "compliant", project_name=f"Project {number}")
    found = checks.concerning(office.session, office.account_id, [old.id])
    assert [check.id for check in found] == [both]
    of_projects = checks.newest_of_each_project(office.session, office.account_id, newest.id)
    assert len(of_projects) == 62
    assert {of_projects[""].id, of_projects["Harbor Tower"].id} == {both, alone}
    assert next(iter(of_projects)) == "Project 59"
    assert {row.status for row in office.rows() if row.project == ""} == {"needs_review"}


def test_everything_on_file_is_read_vendor_by_vendor_as_it_is_kept(office: Office) -> None:
    first, other, second = (
        office.certificate(),
        office.certificate("Lakeshore"),
        office.certificate(),
    )
    filed = list(certificates.by_vendor(office.session, office.account_id))
    assert {each.id for each in filed} == {first.id, other.id, second.id}
    northfield = [each.id for each in filed if each.owner == first.vendor_id]
    assert northfield == [second.id, first.id]
    kept = certificates.get(office.session, office.account_id, first.id).certificate
    read = next(each for each in filed if each.id == first.id).certificate
    assert replace(read, received_at=None, record_number=None) == kept
    assert read.received_at is not None


def test_the_checks_that_turn_are_the_newest_of_their_certificate_and_project(
    office: Office,
) -> None:
    row = office.certificate()
    old, newest = office.check(row, "compliant"), office.check(row, "compliant")
    for check_id, day in ((old, TODAY), (newest, TODAY + timedelta(days=3))):
        checks.get(office.session, office.account_id, check_id).turns_on = day
    office.session.flush()

    def turning(last: date) -> list[str]:
        found = checks.turning(office.session, office.account_id, TODAY, last)
        return [check.id for check in found]

    assert turning(TODAY + timedelta(days=2)) == []
    assert turning(TODAY + timedelta(days=3)) == [newest]
    told = checks.latest_contexts(office.session, office.account_id)
    assert set(told) == {str(row.vendor_id)}
