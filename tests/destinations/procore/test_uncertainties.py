"""What nobody has published about Procore: a push must come out right either way."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from connector.delivery import Connection, PushStatus, Receipt
from connector.errors import ConnectorError, DestinationRefused
from tests.destinations.procore.certificates import certificate, finding, only, verdict
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import PROJECT

Push = Callable[..., Receipt]

SWITCHES: dict[str, dict[str, Any]] = {
    "as assumed": {},
    "the server requires name, type and dates": {
        "required_fields": ("name", "insurance_type", "effective_date", "expiration_date")
    },
    "limits come back as written": {"reads_limit_as": "{:.2f}"},
    "limits come back as whole numbers": {"reads_limit_as": "{:.0f}"},
    "records expire by themselves": {"expires_by_itself": True},
    "project lists show company records": {"project_lists_include_company": True},
    "the extended view adds attributes": {"extended_view_adds": {"created_at": "2026-01-01"}},
    "a policy may not be there twice": {"duplicates_allowed": False},
    "own writes fire no webhook": {"webhooks_for_own_writes": False},
    "an origin id clash is 422": {"origin_clash_status": 422},
    "unknown attributes are ignored": {"unknown_attribute_status": None},
    "unknown attributes are a plain error": {"unknown_attribute_status": 422},
    "limits are shown as numbers": {"shows_limit_as_number": True},
    "limits are taken as numbers, too": {"numeric_limit_is_taken": True},
    "null clears": {"null_in_a_change": "clears"},
    "null is ignored": {"null_in_a_change": "ignored"},
    "attachments fire no webhook": {"webhooks_for_attachments": False},
    "webhooks carry ids of another space": {"event_ids": "another"},
    "what is in progress counts as compliant": {"in_progress_counts_as": "compliant"},
    "nothing on file counts as compliant": {"derived_without_documents": "compliant"},
}
WAYS: dict[str, dict[str, Any]] = {
    "sync": {},
    "sync at company level": {"project_id": None},
    "one by one": {"use_sync": False},
    "origin id": {"use_origin_id": True},
}


@pytest.mark.parametrize("switches", SWITCHES.values(), ids=SWITCHES)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_create_repeat_deficiency_and_renewal_come_out_right(
    procore: ProcoreSimulator,
    push: Push,
    switches: dict[str, Any],
    way: dict[str, Any],
) -> None:
    for name, value in switches.items():
        setattr(procore.world.switches, name, value)
    procore.world.today = lambda: date(2026, 6, 1)

    assert push(**way).records_created == 4
    assert push(**way).status is PushStatus.UNCHANGED

    deficient = push(checked=verdict(finding("auto_liability")), **way)
    assert deficient.compliance_status == "non_compliant"

    renewed = certificate(
        {f"{line}.{name}": value for line in LINES for name, value in NEXT.items()}
    )
    procore.world.today = lambda: date(2027, 3, 2)
    receipt = push(renewed, on=date(2027, 3, 2), **way)
    assert (receipt.records_created, receipt.records_updated) == (0, 4)
    assert receipt.compliance_status == "compliant"
    assert len(procore.world.insurances) == 4
    assert {r["expiration_date"] for r in procore.world.insurances.values()} == {"2028-03-01"}


def test_nothing_is_ever_cleared_by_null_because_nobody_knows_what_that_does(
    procore: ProcoreSimulator, push: Push
) -> None:
    push()
    push(only("auto_liability", auto_liability__combined_single_limit=None))

    said = [item for asked in procore.world.writes() for item in asked.body["updates"]]
    assert said
    assert [item for item in said if None in item.values()] == []


LINES = ("general_liability", "auto_liability", "umbrella_liability", "workers_compensation")
NEXT = {"effective_date": date(2027, 3, 1), "expiration_date": date(2028, 3, 1)}


@pytest.mark.parametrize("itself", [True, False])
def test_a_policy_that_runs_out_is_marked_by_the_next_push(
    procore: ProcoreSimulator, push: Push, itself: bool
) -> None:
    procore.world.switches.expires_by_itself = itself
    procore.world.today = lambda: date(2026, 6, 1)
    push(only("auto_liability"))
    procore.world.today = lambda: date(2027, 3, 1)

    receipt = push(only("auto_liability"), on=date(2027, 3, 1))

    assert receipt.compliance_status == "expired"
    assert push(only("auto_liability"), on=date(2027, 3, 1)).status is PushStatus.UNCHANGED


def test_a_line_that_is_on_no_newer_certificate_is_marked_as_expired(
    procore: ProcoreSimulator, push: Push
) -> None:
    push(only("auto_liability", "umbrella_liability"))
    renewed = only("auto_liability", **{f"auto_liability__{k}": v for k, v in NEXT.items()})

    push(renewed, on=date(2027, 3, 2))

    shown = {r["insurance_type"]: r["status"] for r in procore.world.insurances.values()}
    assert shown == {"Auto Liability": "compliant", "Umbrella Liability": "expired"}


def test_a_required_field_that_we_do_not_know_is_named(
    procore: ProcoreSimulator, push: Push
) -> None:
    procore.world.switches.required_fields = ("policy_number",)

    with pytest.raises(DestinationRefused, match=r"policy_number can't be blank"):
        push(only("auto_liability", auto_liability__policy_number=None))


def test_a_note_that_is_too_long_for_procore_is_named(
    procore: ProcoreSimulator, push: Push
) -> None:
    procore.world.switches.longest = {"notes": 20}

    with pytest.raises(DestinationRefused, match="notes is too long"):
        push()


@pytest.mark.parametrize("waits", [{"doubtful": ("auto_liability.expiration_date",)}])
def test_a_certificate_in_review_waits_and_may_be_sent_as_undecided(
    procore: ProcoreSimulator, push: Push, waits: dict[str, Any]
) -> None:
    paper = certificate(**waits)

    receipt = push(paper)
    assert receipt.status is PushStatus.QUEUED
    assert "review" in (receipt.next_step or "")
    assert procore.asked() == []

    sent = push(paper, checked=None, send_undecided=True)
    assert sent.status is PushStatus.PUSHED
    record = next(r for r in procore.world.insurances.values() if r["insurance_type"] == "Auto Liability")  # fmt: skip
    assert record["status"] == "undecided"
    assert record.get("expiration_date") is None

    settled = push(certificate())
    assert (settled.records_created, settled.compliance_status) == (0, "compliant")
    assert len(procore.world.insurances) == 4


def test_a_record_of_another_integration_is_left_alone(
    procore: ProcoreSimulator, push: Push
) -> None:
    vendor = next(iter(procore.world.vendors))
    foreign = procore.world.add_insurance(
        vendor, PROJECT, insurance_type="Auto Liability", policy_number="CA-220917",
        effective_date="2026-03-01", origin_id="SAGE-77", limit="1.0",
    )  # fmt: skip
    before = dict(procore.world.insurances[foreign])

    receipt = push(only("auto_liability"))

    assert receipt.status is PushStatus.PREPARED
    assert "SAGE-77" in (receipt.next_step or "")
    assert procore.world.insurances == {foreign: before}


def test_a_certificate_without_lines_is_sent_nowhere(procore: ProcoreSimulator, push: Push) -> None:
    receipt = push(only())

    assert receipt.status is PushStatus.PREPARED
    assert procore.asked() == []


class Budget:
    """A budget at the wall: waits when told that nothing is left."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.until = 0.0
        self.spent = 0

    def spend(self) -> None:
        if self.left == 0:
            time.sleep(max(0.0, self.until - time.time()))
        self.spent += 1

    def observe(self, remaining: int | None, reset_at: float | None) -> None:
        self.left, self.until = remaining, reset_at or 0.0


def test_the_limit_is_obeyed_before_the_wall_is_hit(
    procore: ProcoreSimulator, push: Push, connect: Callable[..., Connection]
) -> None:
    procore.world.switches.spike_limit, procore.world.switches.spike_window = 5, 1.0
    budget = Budget()

    for number in range(2):
        push(only("auto_liability", auto_liability__combined_single_limit=1_000_000 + number), connection=connect(budget=budget))  # fmt: skip

    assert 429 not in {asked.status for asked in procore.asked()}
    assert budget.spent == len(procore.asked())


MISSING = verdict(finding("umbrella_liability"))


def test_a_required_line_that_is_missing_is_said_and_not_passed_over(
    procore: ProcoreSimulator, push: Push
) -> None:
    receipt = push(only("auto_liability"), checked=MISSING)

    assert "nothing was sent of it: Umbrella Liability" in (receipt.next_step or "")
    assert receipt.records_created == 1
    (record,) = procore.world.insurances.values()
    assert record["notes"].startswith("COI Connector: not compliant")


def test_a_missing_line_may_stand_as_a_deficient_record_until_it_is_there(
    procore: ProcoreSimulator, push: Push
) -> None:
    first = push(only("auto_liability"), checked=MISSING, add_missing_lines=True)
    again = push(only("auto_liability"), checked=MISSING, add_missing_lines=True)

    assert (first.records_created, first.compliance_status) == (2, "non_compliant")
    assert again.status is PushStatus.UNCHANGED
    umbrella = next(r for r in procore.world.insurances.values() if r["insurance_type"] == "Umbrella Liability")  # fmt: skip
    assert "No such policy is on the certificate." in umbrella["notes"]

    whole = push(only("auto_liability", "umbrella_liability"), add_missing_lines=True)

    assert (whole.records_created, whole.compliance_status) == (0, "compliant")
    assert umbrella["policy_number"] == "UMB-77120"
    assert "No such policy" not in umbrella["notes"]


@pytest.mark.parametrize(
    "typed",
    [{"exempt": True}, {"policy_number": "UMB-1", "expiration_date": "2027-01-01"}],
    ids=["an exemption", "a policy typed by hand"],
)
def test_a_missing_line_of_which_a_person_keeps_a_record_is_left_alone(
    procore: ProcoreSimulator, push: Push, typed: dict[str, Any]
) -> None:
    vendor = next(iter(procore.world.vendors))
    by_hand = procore.world.add_insurance(vendor, PROJECT, insurance_type="Umbrella Liability", **typed)  # fmt: skip
    before = dict(procore.world.insurances[by_hand])

    receipt = push(only("auto_liability"), checked=MISSING, add_missing_lines=True)

    assert procore.world.insurances[by_hand] == before
    assert len(procore.world.insurances) == 2
    assert "was left alone" in (receipt.next_step or "")


def test_the_record_of_a_line_no_longer_demanded_is_taken_away(
    procore: ProcoreSimulator, push: Push
) -> None:
    push(only("auto_liability"), checked=MISSING, add_missing_lines=True)

    push(only("auto_liability"), add_missing_lines=True)

    assert [r["insurance_type"] for r in procore.world.insurances.values()] == ["Auto Liability"]


@pytest.mark.parametrize("odd", ["[]", '"ok"', "7", "null", '{"data": null}', "[1, 2]", "{}"])
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_an_answer_of_another_shape_is_no_crash(
    procore: ProcoreSimulator, push: Push, odd: str, method: str
) -> None:
    """Whatever comes, the outcome is a sentence or the right records."""
    procore.order(Fault.STATUS, method=method, path="insurances", status=200, body=odd)

    with contextlib.suppress(ConnectorError):
        push()
    push()

    assert len(procore.world.insurances) == 4
