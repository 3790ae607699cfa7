"""Which vendor of the directory is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connector.delivery import Connection, PushStatus, Receipt, Vendor
from connector.destinations.procore import vendors
from connector.destinations.procore.client import Procore
from connector.errors import InvalidInput
from tests.simulators.procore.server import ProcoreSimulator

Push = Callable[..., Receipt]


@pytest.fixture
def directory(procore: ProcoreSimulator) -> dict[str, Any]:
    """An empty directory to fill."""
    procore.world.vendors.clear()
    return {}


def found(client: Procore, name: str, **known: Any) -> vendors.Found:
    return vendors.find(client, Vendor(name, **known))


@pytest.mark.parametrize(
    ("listed", "wanted"),
    [
        ("Northfield Roofing LLC", "Northfield Roofing LLC"),
        ("Northfield Roofing, L.L.C.", "NORTHFIELD ROOFING LLC"),
        ("Northfield Roofing", "Northfield Roofing LLC"),
        ("North Field Roofing LLC", "Northfield Roofing LLC"),
        ("Smith & Sons Inc.", "Smith and Sons, Incorporated"),
        ("Northfield Exteriors", "Northfield Roofing LLC DBA Northfield Exteriors"),
    ],
)
def test_one_vendor_of_the_same_name_is_sure(
    procore: ProcoreSimulator, directory: object, client: Procore, listed: str, wanted: str
) -> None:
    id = procore.world.add_vendor(listed)
    procore.world.add_vendor("Cedar Valley Electric Co")

    sure = found(client, wanted).sure

    assert sure is not None
    assert sure.id == str(id)


def test_a_legal_name_behind_the_display_name_counts(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    id = procore.world.add_vendor("Northfield (roof)", legal_name="Northfield Roofing LLC")

    sure = found(client, "Northfield Roofing LLC").sure

    assert sure is not None
    assert sure.id == str(id)


def test_two_of_the_same_name_are_candidates(
    procore: ProcoreSimulator, directory: object, push: Push
) -> None:
    ids = {
        procore.world.add_vendor(n) for n in ("Northfield Roofing, LLC", "Northfield Roofing Inc")
    }

    receipt = push(vendor=Vendor("Northfield Roofing"))

    assert receipt.status is PushStatus.NEEDS_REVIEW
    assert {int(v.id or 0) for v in receipt.vendor_candidates} == ids
    assert "Choose" in (receipt.next_step or "")
    assert procore.world.insurances == {}


def test_the_one_that_is_written_exactly_so_wins(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    procore.world.add_vendor("Northfield Roofing")
    id = procore.world.add_vendor("Northfield Roofing LLC")

    sure = found(client, "northfield roofing llc").sure

    assert sure is not None
    assert sure.id == str(id)


def test_a_near_name_is_a_candidate_and_never_sure(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    id = procore.world.add_vendor("Northfeild Roofing LLC")

    result = found(client, "Northfield Roofing LLC")

    assert result.sure is None
    assert [v.id for v in result.candidates] == [str(id)]


def test_a_near_name_with_the_same_mail_address_is_sure(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    mail = "office@northfield.example"
    id = procore.world.add_vendor(
        "Northfeild Roofing LLC", email_address="Office@Northfield.example"
    )
    procore.world.add_vendor("Northfield Roofing of Ohio LLC")

    sure = found(client, "Northfield Roofing LLC", email=mail).sure

    assert sure is not None
    assert sure.id == str(id)


def test_a_mail_address_alone_proves_nothing(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    procore.world.add_vendor("Cedar Valley Electric Co", email_address="office@northfield.example")

    assert found(client, "Northfield Roofing LLC", email="office@northfield.example").sure is None


def test_the_ein_finds_a_vendor_under_any_name(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    register = {"type": "ein", "identifier": "12-3456789"}
    id = procore.world.add_vendor("NFR Exteriors", business_register=register)

    sure = found(client, "Northfield Roofing LLC", ein="12-3456789").sure

    assert sure is not None
    assert sure.id == str(id)


def test_an_ein_that_contradicts_the_name_needs_a_person(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    procore.world.add_vendor("Northfield Roofing LLC")
    register = {"type": "ein", "identifier": "12-3456789"}
    procore.world.add_vendor("12-3456789 Steel", business_register=register)

    result = vendors.match(
        Vendor("Northfield Roofing LLC", ein="123456789"), procore.world.vendors.values()
    )

    assert result.sure is None
    assert len(result.candidates) == 2


def test_a_wrong_ein_does_not_outvote_the_vendor_of_that_name(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    procore.world.add_vendor("Northfield Roofing LLC")
    register = {"type": "ein", "identifier": "12-3456789"}
    procore.world.add_vendor("Prairie Steel Inc", business_register=register)

    result = found(client, "Northfield Roofing LLC", ein="12-3456789")

    assert result.sure is None
    assert {v.name for v in result.candidates} == {"Northfield Roofing LLC", "Prairie Steel Inc"}


@pytest.mark.parametrize("spelled", ["Northfield Roofing LLC", "North Field Roofing LLC"])
def test_a_vendor_of_the_name_with_another_ein_needs_a_person(
    procore: ProcoreSimulator, directory: object, client: Procore, spelled: str
) -> None:
    register = {"type": "ein", "identifier": "98-7654321"}
    id = procore.world.add_vendor(spelled, business_register=register)

    result = found(client, "Northfield Roofing LLC", ein="12-3456789")

    assert result.sure is None
    assert [v.id for v in result.candidates] == [str(id)]


def test_of_two_with_the_ein_the_one_of_the_name_is_meant(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    register = {"type": "ein", "identifier": "12-3456789"}
    procore.world.add_vendor("Northfield Holdings", business_register=register)
    id = procore.world.add_vendor("Northfield Roofing LLC", business_register=register)

    sure = found(client, "Northfield Roofing LLC", ein="12-3456789").sure

    assert sure is not None
    assert sure.id == str(id)


def test_a_register_number_that_is_no_ein_contradicts_nobody(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    register = {"type": "abn", "identifier": "51 824 753 556"}
    procore.world.add_vendor("Northfield Roofing LLC", business_register=register)

    assert found(client, "Northfield Roofing LLC", ein="12-3456789").sure is not None


def test_an_ein_without_digits_names_nobody(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    procore.world.add_vendor("Prairie Steel Inc")

    assert found(client, "Northfield Roofing LLC", ein="n/a") == vendors.Found(None)


@pytest.mark.parametrize("known", [{"origin_code": "V-204"}, {"origin_id": "V-204"}])
def test_the_callers_number_decides_among_near_names(
    procore: ProcoreSimulator, directory: object, client: Procore, known: dict[str, Any]
) -> None:
    procore.world.add_vendor("Northfield Roofing Inc")
    id = procore.world.add_vendor("Northfield Roofing Corp", **known)

    sure = found(client, "Northfield Roofing LLC", id="V-204").sure

    assert sure is not None
    assert sure.id == str(id)


def test_the_callers_number_that_is_another_vendors_id_is_not_believed(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    procore.world.add_vendor("Cedar Valley Electric Co", id=204)

    assert found(client, "Northfield Roofing LLC", id="204").sure is None


def test_a_vendor_that_is_no_longer_active_is_not_meant(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    procore.world.add_vendor("Northfield Roofing LLC", is_active=False)

    assert found(client, "Northfield Roofing LLC") == vendors.Found(None)


def test_nobody_of_the_name_says_where_to_add_it(
    procore: ProcoreSimulator, directory: object, push: Push
) -> None:
    receipt = push()

    assert receipt.status is PushStatus.NEEDS_REVIEW
    assert receipt.vendor_candidates == ()
    assert "Add it there" in (receipt.next_step or "")


def test_a_remembered_vendor_costs_no_request(procore: ProcoreSimulator, push: Push) -> None:
    first = push()
    assert first.vendor is not None
    before = len(procore.asked(path="/rest/v1.1"))

    push(known_vendor_id=first.vendor.id)

    assert len(procore.asked(path="/rest/v1.1")) == before


def test_a_remembered_vendor_that_is_no_number_is_refused(push: Push) -> None:
    with pytest.raises(InvalidInput, match="no Procore vendor"):
        push(known_vendor_id="Northfield")


def test_without_the_directory_permission_names_still_match(
    procore: ProcoreSimulator, client: Procore
) -> None:
    procore.world.switches.directory_permission = False

    assert found(client, "Northfield Roofing LLC").sure is not None


def test_a_vendor_outside_the_project_is_not_found_at_project_level(
    procore: ProcoreSimulator, directory: object, connect: Callable[..., Connection], http: Any
) -> None:
    id = procore.world.add_vendor("Northfield Roofing LLC", project_ids=[])

    assert found(Procore(connect(), http), "Northfield Roofing LLC").sure is None
    company = found(Procore(connect(project_id=None), http), "Northfield Roofing LLC").sure
    assert company is not None
    assert company.id == str(id)


def test_a_directory_of_many_pages_is_read_to_the_end(
    procore: ProcoreSimulator, directory: object, client: Procore
) -> None:
    for number in range(1050):
        procore.world.add_vendor(f"Aaa Vendor {number:04}")
    id = procore.world.add_vendor("Zenith Roofing LLC")

    sure = found(client, "Zenith Rooofing LLC")

    assert [v.id for v in sure.candidates] == [str(id)]
