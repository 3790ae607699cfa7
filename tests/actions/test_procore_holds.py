"""Payment holds by a push: on the invoice that is named, by a switch, and only ours come off."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from connector.actions.services import Services
from connector.storage.jobs import Job
from tests.actions.office import ask, connect_procore, on_file, work_off
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import PROJECT
from tests.web.conftest import Caller

INVOICE = "5000003301"
INSURED = "Northfield Roofing LLC"


@pytest.fixture
def services(services: Services) -> Services:
    """Only one thing is asked for: a million for each occurrence."""
    standard = services.rule_sets["standard-subcontractor"]
    rules = tuple(rule for rule in standard.rules if rule.id == "gl-each-occurrence")
    lenient = dataclasses.replace(standard, rules=rules)
    return dataclasses.replace(services, rule_sets={standard.name: lenient})


@pytest.fixture
def connection(services: Services, caller: Caller, procore: ProcoreSimulator) -> str:
    return connect_procore(
        services, caller.account_id, procore, project_id=PROJECT, hold_payments=True
    )


def push(services: Services, account_id: str, limit: int, **given: Any) -> Job:
    """Push a certificate with this limit; a million is asked for."""
    certificate_id = on_file(services, account_id, limit, insured=INSURED, each_occurrence=limit)
    asked = ask(services, account_id, "push_to_procore", certificate_id=certificate_id, **given)
    return work_off(services, asked)


def said(job: Job) -> dict[str, Any]:
    assert job.status == "done", job.error
    return dict(job.answer or {})


def holds(procore: ProcoreSimulator) -> list[tuple[int, str]]:
    return [(hold["invoice_id"], hold["status"]) for hold in procore.world.holds.values()]


@pytest.mark.usefixtures("connection")
def test_a_deficient_certificate_holds_the_invoice_and_its_successor_releases_it(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    push(services, caller.account_id, 500_000, procore_invoice_id=INVOICE)
    assert holds(procore) == [(int(INVOICE), "applied")]

    again = said(push(services, caller.account_id, 500_000, procore_invoice_id=INVOICE))
    assert again["status"] == "unchanged"

    good = said(push(services, caller.account_id, 1_000_000))
    assert holds(procore) == [(int(INVOICE), "released")]
    assert good["status"] == "pushed"

    push(services, caller.account_id, 400_000, procore_invoice_id=INVOICE)
    push(services, caller.account_id, 2_000_000)
    assert [status for _, status in holds(procore)] == ["released", "released"]


@pytest.mark.usefixtures("connection")
def test_holds_of_others_and_of_other_vendors_stay(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    push(services, caller.account_id, 500_000, procore_invoice_id=INVOICE)
    (ours,) = procore.world.holds.values()
    procore.world.holds[1] = ours | {"id": 1, "description": "Lien waiver missing"}
    other = procore.world.add_vendor("Other Inc")

    push(services, caller.account_id, 1_000_000, procore_vendor_id=str(other))
    assert {hold["status"] for hold in procore.world.holds.values()} == {"applied"}

    north = next(v["id"] for v in procore.world.vendors.values() if v["name"] == INSURED)
    push(services, caller.account_id, 1_000_001, procore_vendor_id=str(north))
    assert procore.world.holds[1]["status"] == "applied"
    assert ours["status"] == "released"


def test_nothing_is_held_unless_switched_on_and_that_is_said(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    connect_procore(services, caller.account_id, procore, project_id=PROJECT)
    answer = said(push(services, caller.account_id, 500_000, procore_invoice_id=INVOICE))
    assert holds(procore) == []
    assert f"Invoice {INVOICE} was left alone" in answer["next_step"]


@pytest.mark.usefixtures("connection")
def test_a_hold_whose_answer_was_lost_is_there_once_and_comes_off(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    procore.order(Fault.DROP_AFTER, method="POST", path="manual_holds")
    job = push(services, caller.account_id, 500_000, procore_invoice_id=INVOICE)
    assert (job.status, job.attempts) == ("waiting", 1)
    assert work_off(services, job.id).status == "done"
    assert holds(procore) == [(int(INVOICE), "applied")]

    procore.order(Fault.DROP_AFTER, method="PATCH", path="manual_holds")
    released = push(services, caller.account_id, 1_000_000)
    assert work_off(services, released.id).status == "done"
    assert holds(procore) == [(int(INVOICE), "released")]


@pytest.mark.usefixtures("connection")
def test_a_hold_that_procore_refuses_keeps_no_record_back(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    procore.order(
        Fault.STATUS, method="GET", path="manual_holds", status=403, body={"errors": ["no"]}
    )
    answer = said(push(services, caller.account_id, 500_000, procore_invoice_id=INVOICE))
    assert (answer["status"], answer["records_created"]) == ("prepared", 1)
    assert "payment hold was not changed" in answer["next_step"]


@pytest.mark.usefixtures("connection")
def test_an_invoice_that_is_no_number_is_refused_before_anything_is_sent(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    job = push(services, caller.account_id, 500_000, procore_invoice_id="PA-7")
    assert job.status == "failed"
    assert (job.error or {})["field"] == "procore_invoice_id"
    assert procore.asked() == []
