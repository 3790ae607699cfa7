"""What a push leaves in Procore, over real sockets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from connector.delivery import PushStatus, Receipt
from tests.destinations.procore.certificates import certificate, only
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import PROJECT

Push = Callable[..., Receipt]


@pytest.fixture(params=["sync", "one by one", "origin id"])
def way(request: pytest.FixtureRequest) -> dict[str, bool]:
    """The three ways of writing."""
    return {
        "sync": {},
        "one by one": {"use_sync": False},
        "origin id": {"use_origin_id": True},
    }[request.param]


def test_a_push_makes_one_record_per_line(
    procore: ProcoreSimulator, push: Push, way: dict[str, bool]
) -> None:
    receipt = push(**way)

    assert (receipt.status, receipt.records_created) == (PushStatus.PUSHED, 4)
    assert receipt.compliance_status == "compliant"
    records = {r["insurance_type"]: r for r in procore.world.insurances.values()}
    assert set(records) == {
        "General Liability",
        "Auto Liability",
        "Umbrella Liability",
        "Workers Compensation",
    }
    general = records["General Liability"]
    assert general["name"] == "Granite Mutual Insurance Company"
    assert general["limit"] == "1000000.00"
    assert general["policy_number"] == "GL-4481902"
    assert (general["effective_date"], general["expiration_date"]) == ("2026-03-01", "2027-03-01")
    assert general["additional_insured"] == "Summit Builders Inc; Lakeside Health"
    assert general["status"] == "compliant"
    assert general["info_received"] is True
    assert general["enable_expired_insurance_notifications"] is False
    assert "https://coi.example/certificates/cert_1" in general["notes"]
    assert {r["project_id"] for r in records.values()} == {PROJECT}


def test_pushing_twice_writes_nothing_the_second_time(
    procore: ProcoreSimulator, push: Push, way: dict[str, bool]
) -> None:
    first = push(**way)
    before = dict(procore.world.insurances)
    written = len(procore.world.writes())

    second = push(**way)

    assert second.status is PushStatus.UNCHANGED
    assert second.records_unchanged == 4
    assert second.external_ids == first.external_ids
    assert len(procore.world.writes()) == written
    assert procore.world.insurances == before


def test_a_changed_limit_updates_only_that_record(
    procore: ProcoreSimulator, push: Push, way: dict[str, bool]
) -> None:
    push(**way)

    receipt = push(certificate({"umbrella_liability.each_occurrence": 10_000_000}), **way)

    assert (receipt.records_updated, receipt.records_unchanged) == (1, 3)
    assert len(procore.world.insurances) == 4
    assert "10000000.00" in {r["limit"] for r in procore.world.insurances.values()}


def test_a_renewal_takes_over_the_record_of_the_policy_before(
    procore: ProcoreSimulator, push: Push, way: dict[str, bool]
) -> None:

    push(only("general_liability"), **way)
    renewed = only(
        "general_liability",
        general_liability__policy_number="GL-5500000",
        general_liability__effective_date=date(2027, 3, 1),
        general_liability__expiration_date=date(2028, 3, 1),
    )

    receipt = push(renewed, on=date(2027, 3, 2), **way)

    assert (receipt.records_created, receipt.records_updated) == (0, 1)
    (record,) = procore.world.insurances.values()
    assert (record["policy_number"], record["expiration_date"]) == ("GL-5500000", "2028-03-01")
