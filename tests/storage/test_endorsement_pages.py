"""Endorsement pages that came alone: kept once, whose they are, and where they go with a certificate."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from connector.certificate.endorsement_forms import Form
from connector.certificate.endorsement_page import EndorsementPage
from connector.certificate.entry import Evidence, Source
from connector.certificate.names import normalise
from connector.storage import accounts, certificates, documents, endorsement_pages, vendors
from connector.storage.certificates import StoredCertificate
from connector.storage.documents import StoredDocument
from connector.storage.endorsement_pages import StoredEndorsementPage
from connector.storage.vendors import StoredVendor
from tests.storage.databases import NOW, Database
from tests.storage.readings import reading

SAID = EndorsementPage(
    page=1,
    source=Source.TEXT_LAYER,
    printed=Form("CG 20 10", "12 19"),
    title="Additional insured",
    policy_number="GL 100",
    names=("Summit Builders Inc",),
    evidence=Evidence(1, (60.0, 40.0, 120.0, 48.0), "CG 20 10 12 19", Source.TEXT_LAYER),
)


def document(session: Session, account_id: str, number: int) -> StoredDocument:
    return documents.save(
        session, account_id, sha256=f"{number:064}", name=f"{number}.pdf", kind="pdf", size=1,
        page_count=1, now=NOW,
    )  # fmt: skip


def vendor(session: Session, account_id: str, name: str) -> StoredVendor:
    return vendors.resolve(
        session, account_id, name=name, normalised_name=normalise(name), external_id=None, now=NOW
    )


def certificate(
    session: Session, account_id: str, number: int, of: StoredVendor
) -> StoredCertificate:
    """With the policy GL-100."""
    stored = document(session, account_id, number)
    return certificates.save(session, account_id, stored, reading(), now=NOW, vendor=of)


def page(
    session: Session,
    account_id: str,
    number: int,
    of: str | None = None,
    said: EndorsementPage = SAID,
    version: int = 1,
) -> tuple[StoredEndorsementPage, bool]:
    stored = document(session, account_id, number)
    return endorsement_pages.save(
        session, account_id, stored, said, vendor_id=of, reader_version=version, now=NOW
    )


def ids(session: Session, account_id: str, vendor_id: str) -> list[str]:
    return [row.id for row in endorsement_pages.of_vendor(session, account_id, vendor_id)]


def test_a_page_is_kept_once_and_reads_as_it_was_read(session: Session, database: Database) -> None:
    account_id = database.account.id
    row, is_new = page(session, account_id, 1)
    again, is_changed = page(session, account_id, 1)
    assert (again.id, is_new, is_changed) == (row.id, True, False)
    assert row.said == SAID


def test_a_newer_reading_takes_the_place_of_an_older_one(
    session: Session, database: Database
) -> None:
    account_id = database.account.id
    page(session, account_id, 1)
    better = replace(SAID, policy_number="GL 200")
    row, is_changed = page(session, account_id, 1, said=better, version=2)
    assert (row.said, row.policy, is_changed) == (better, "GL200", True)
    older, _ = page(session, account_id, 1)
    assert older.said == better


def test_nobodys_page_is_the_only_vendors_that_has_its_policy(
    session: Session, database: Database
) -> None:
    account_id = database.account.id
    row, _ = page(session, account_id, 1)
    first = vendor(session, account_id, "Northfield")
    assert ids(session, account_id, first.id) == []
    certificate(session, account_id, 2, first)
    assert ids(session, account_id, first.id) == [row.id]
    assert list(endorsement_pages.by_vendor(session, account_id)) == [first.id]
    second = vendor(session, account_id, "Copper Ridge")
    certificate(session, account_id, 3, second)
    assert ids(session, account_id, first.id) == ids(session, account_id, second.id) == []
    assert endorsement_pages.by_vendor(session, account_id) == {}


def test_a_page_goes_with_the_certificate_that_is_assigned_anew(
    session: Session, database: Database
) -> None:
    account_id = database.account.id
    wrong, right = (vendor(session, account_id, name) for name in ("Wrong", "Right"))
    row = certificate(session, account_id, 1, wrong)
    kept, _ = page(session, account_id, 2, wrong.id)
    other, _ = page(session, account_id, 3, wrong.id, replace(SAID, policy_number="GL-7"))
    certificates.assign(session, row, right, NOW)
    assert ids(session, account_id, right.id) == [kept.id]
    assert ids(session, account_id, wrong.id) == [other.id]


def test_another_account_has_pages_of_its_own(session: Session, database: Database) -> None:
    account_id, other = database.account.id, accounts.create(session, "Other", NOW).id
    page(session, other, 1)
    mine = vendor(session, account_id, "Northfield")
    certificate(session, account_id, 2, mine)
    assert ids(session, account_id, mine.id) == []


def test_a_vendor_is_held_until_the_transaction_ends(session: Session, database: Database) -> None:
    mine = vendor(session, database.account.id, "Northfield")
    vendors.hold(session, [mine.id, None])
    vendors.hold(session, [])
