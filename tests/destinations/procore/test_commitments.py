"""Commitments' insurance status and payment holds: ours are ours, a person's are a person's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connector.checking.verdict import Status
from connector.delivery import Connection, PushStatus, Receipt
from connector.destinations.procore import holds
from connector.destinations.procore.client import Procore
from connector.destinations.procore.commitments import Gated, commitments, set_insurance_status
from connector.destinations.procore.refusals import AnswerLost
from connector.errors import DestinationUnavailable, InvalidInput
from connector.outbound import Outbound
from tests.destinations.procore.certificates import certificate, finding, verdict
from tests.simulators.procore.commitments import add_contract
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import PROJECT

Push = Callable[..., Receipt]
INVOICE = 3301


@pytest.fixture
def vendor(procore: ProcoreSimulator) -> int:
    return next(iter(procore.world.vendors))


@pytest.fixture
def contracts(procore: ProcoreSimulator, vendor: int) -> list[dict[str, Any]]:
    """A work order and a purchase order of the vendor, and a work order of somebody else."""
    world = procore.world
    ours = [add_contract(world, vendor, PROJECT, kind) for kind in ("WorkOrder", "PurchaseOrder")]
    add_contract(world, world.add_vendor("Cedar Valley Electric Co"), PROJECT)
    return [world.contracts[id] for id in ours]


def test_the_commitments_of_one_vendor_are_found(
    client: Procore, vendor: int, contracts: list[dict[str, Any]]
) -> None:
    assert [c.id for c in commitments(client, vendor)] == [c["id"] for c in contracts]


def test_more_commitments_than_fit_a_page_are_found(
    procore: ProcoreSimulator, client: Procore, vendor: int
) -> None:
    for _ in range(120):
        add_contract(procore.world, vendor, PROJECT)

    assert len(commitments(client, vendor)) == 120


def test_a_deficient_vendor_gates_its_commitments_only_where_switched_on(
    procore: ProcoreSimulator, push: Push, contracts: list[dict[str, Any]]
) -> None:
    checked = verdict(finding("auto_liability"))

    push(checked=checked)
    assert [c.get("insurance_status") for c in contracts] == [None, None]

    receipt = push(checked=checked, gate_commitments=True)
    assert [c["insurance_status"] for c in contracts] == ["not_compliant", "not_compliant"]
    assert (receipt.status, receipt.records_updated) == (PushStatus.PUSHED, 2)

    assert push(checked=checked, gate_commitments=True).status is PushStatus.UNCHANGED

    push(certificate(), gate_commitments=True)
    assert [c["insurance_status"] for c in contracts] == ["compliant", "compliant"]


@pytest.mark.parametrize("derived", [None, "compliant", "not_compliant"])
@pytest.mark.parametrize("in_progress", ["compliant", "not_compliant"])
def test_what_procore_derives_by_itself_gates_nothing_of_ours(
    procore: ProcoreSimulator,
    push: Push,
    contracts: list[dict[str, Any]],
    derived: str | None,
    in_progress: str,
) -> None:
    procore.world.switches.derived_without_documents = derived
    procore.world.switches.in_progress_counts_as = in_progress

    push(
        checked=verdict(finding("auto_liability")),
        notice_sent=True,
        gate_commitments=True,
        mark_in_progress=True,
    )

    assert [c["insurance_status"] for c in contracts] == ["not_compliant", "not_compliant"]


def test_a_status_that_a_person_set_is_left_alone_and_said(
    push: Push, contracts: list[dict[str, Any]]
) -> None:
    contracts[0] |= {"insurance_status": "not_required", "insurance_notes": "Owner agreed. DW"}

    receipt = push(checked=verdict(finding("auto_liability")), gate_commitments=True)

    assert contracts[0]["insurance_status"] == "not_required"
    assert contracts[1]["insurance_status"] == "not_compliant"
    assert "because a person set their status: 1" in (receipt.next_step or "")


def test_a_review_gates_nothing(
    client: Procore, vendor: int, contracts: list[dict[str, Any]]
) -> None:
    assert set_insurance_status(client, vendor, Status.NEEDS_REVIEW, "waits") == Gated()
    assert "insurance_status" not in contracts[0]


@pytest.mark.parametrize("status", [403, 404])
def test_without_procore_pay_it_is_said(
    procore: ProcoreSimulator, push: Push, contracts: list[dict[str, Any]], status: int
) -> None:
    procore.world.switches.compliance_without_pay = status

    receipt = push(gate_commitments=True)

    assert (receipt.status, receipt.records_created) == (PushStatus.PREPARED, 4)
    assert receipt.vendor is not None
    assert "the commitments were not changed: Procore does" in (receipt.next_step or "")


def test_a_gate_that_cannot_be_reached_now_is_tried_again(
    procore: ProcoreSimulator, push: Push, contracts: list[dict[str, Any]]
) -> None:
    procore.order(Fault.STATUS, path="compliance", status=503)

    with pytest.raises(DestinationUnavailable):
        push(gate_commitments=True)
    assert push(gate_commitments=True).records_updated == 2


def test_without_a_project_there_are_no_commitments_and_no_holds(
    connect: Callable[..., Connection], http: Outbound, vendor: int
) -> None:
    client = Procore(connect(project_id=None), http)

    with pytest.raises(InvalidInput):
        commitments(client, vendor)
    with pytest.raises(InvalidInput):
        holds.apply_hold(client, INVOICE, "no certificate")


def test_a_hold_is_applied_once(procore: ProcoreSimulator, client: Procore) -> None:
    first = holds.apply_hold(client, INVOICE, "The general liability policy has expired.")

    again = holds.apply_hold(client, INVOICE, "The general liability policy has expired.")
    assert (again.id, again.is_new) == (first.id, not first.is_new)
    (hold,) = procore.world.holds.values()
    assert (hold["status"], hold["visible_to_vendor"]) == ("applied", False)


@pytest.mark.parametrize("needed", [True, False])
def test_only_our_holds_are_released(
    procore: ProcoreSimulator, client: Procore, needed: bool
) -> None:
    procore.world.switches.holds_need_invoice_id = needed
    ours = holds.apply_hold(client, INVOICE, "expired").id
    theirs = dict(procore.world.holds[ours]) | {"id": 1, "description": "Lien waiver missing"}
    procore.world.holds[1] = theirs

    assert holds.release_holds(client, INVOICE) == [ours]
    assert holds.release_holds(client, INVOICE) == []
    assert procore.world.holds[1]["status"] == "applied"


def test_a_hold_whose_answer_was_lost_is_found_by_the_next_attempt(
    procore: ProcoreSimulator, client: Procore
) -> None:
    procore.order(Fault.DROP_AFTER, method="POST")

    with pytest.raises(AnswerLost):
        holds.apply_hold(client, INVOICE, "expired")
    holds.apply_hold(client, INVOICE, "expired")

    assert len(procore.world.holds) == 1
