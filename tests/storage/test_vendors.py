from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from connector.errors import NotFound
from connector.storage import accounts, vendors
from connector.storage.vendors import StoredVendor
from tests.storage.databases import NOW, Database


def test_the_same_name_is_the_same_vendor(session: Session, database: Database) -> None:
    first = _resolve(session, database, "Northfield Mechanical, LLC")
    assert _resolve(session, database, "Northfield Mechanical LLC").id == first.id


def test_the_number_decides_whatever_the_name(session: Session, database: Database) -> None:
    first = _resolve(session, database, "Northfield", "V-1")
    assert _resolve(session, database, "Northfield Renamed", "V-1").id == first.id
    assert _resolve(session, database, "Northfield", "V-2").id != first.id


def test_a_vendor_chosen_by_our_id_stays_that_vendor(session: Session, database: Database) -> None:
    unnumbered = _resolve(session, database, "Northfield")
    chosen = _resolve(session, database, "Northfield Roofing", unnumbered.id)
    assert (chosen.id, chosen.external_id) == (unnumbered.id, None)


def test_a_vendor_known_by_name_takes_the_number_when_it_comes(
    session: Session, database: Database
) -> None:
    by_name = _resolve(session, database, "Northfield")
    numbered = _resolve(session, database, "Northfield", "V-1")
    assert numbered.id == by_name.id
    assert numbered.external_id == "V-1"
    assert _resolve(session, database, "Northfield").id == by_name.id


def test_a_name_that_two_numbered_vendors_share_is_neither_of_them(
    session: Session, database: Database
) -> None:
    numbered = {_resolve(session, database, "Delta Electric", number).id for number in ("1", "2")}
    unnumbered = _resolve(session, database, "Delta Electric")
    assert unnumbered.id not in numbered
    assert _resolve(session, database, "Delta Electric").id == unnumbered.id


def test_what_the_caller_said_is_noted_and_silence_forgets_nothing(
    session: Session, database: Database
) -> None:
    vendor = _resolve(session, database, "Northfield")
    vendors.describe(vendor, NOW, email="office@northfield.example", trade="roofing")
    vendors.describe(vendor, NOW, trade="steel")
    assert (vendor.email, vendor.trade) == ("office@northfield.example", "steel")


def test_another_account_has_vendors_of_its_own(session: Session, database: Database) -> None:
    ours = _resolve(session, database, "Northfield", "V-1")
    other = accounts.create(session, "Other", NOW)
    theirs = vendors.resolve(
        session,
        other.id,
        name="Northfield",
        normalised_name="northfield",
        external_id="V-1",
        now=NOW,
    )
    assert theirs.id != ours.id
    with pytest.raises(NotFound):
        vendors.get(session, other.id, ours.id)


def test_search_finds_a_part_of_the_name(session: Session, database: Database) -> None:
    _resolve(session, database, "Northfield Mechanical")
    _resolve(session, database, "Delta Electric")
    found = vendors.search(session, database.account.id, "mech")
    assert [vendor.name for vendor in found] == ["Northfield Mechanical"]
    assert len(vendors.search(session, database.account.id)) == 2


def _resolve(
    session: Session, database: Database, name: str, number: str | None = None
) -> StoredVendor:
    return vendors.resolve(
        session,
        database.account.id,
        name=name,
        normalised_name=name.lower().replace(",", ""),
        external_id=number,
        now=NOW,
    )
