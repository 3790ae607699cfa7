"""A vendor's commitments in a project, and their insurance status, which gates pay applications.

Procore spells it `not_compliant` here and `non_compliant` in the Directory. Requires the project
and, for the gate to close, "Required and Prevents Payment" in the company's payment settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connector.checking.verdict import Status
from connector.destinations.procore.client import Procore
from connector.destinations.procore.mapping import SIGNATURE
from connector.errors import InvalidInput

_PATHS = {
    "WorkOrderContract": "work_order_contracts",
    "PurchaseOrderContract": "purchase_order_contracts",
}
_STATUSES = {Status.COMPLIANT: "compliant", Status.NON_COMPLIANT: "not_compliant"}


@dataclass(frozen=True, slots=True)
class Commitment:
    """A contract with a vendor; `path` is where its compliance is read and written."""

    id: int
    path: str


@dataclass(frozen=True, slots=True)
class Gated:
    """What became of the commitments: how many were set, were so already, or are a person's."""

    changed: int = 0
    unchanged: int = 0
    left_alone: int = 0


def commitments(client: Procore, vendor_id: int | None = None) -> list[Commitment]:
    """The contracts in the connection's project, or a vendor's. InvalidInput without a project."""
    return list(_commitments(client, vendor_id))


def _commitments(client: Procore, vendor_id: int | None) -> Iterator[Commitment]:
    prefs = client.preferences
    if prefs.project_id is None:
        raise InvalidInput(
            "Commitments belong to a project. Choose the project on the Procore connection.",
            field="project_id",
        )
    path = f"/rest/v2.0/companies/{prefs.company_id}/projects/{prefs.project_id}/commitment_contracts"  # fmt: skip
    params = {"filters[vendor_id]": vendor_id} if vendor_id is not None else {}
    for found in client.pages(path, params):
        kind = _PATHS.get(str(found.get("type")))
        if kind:
            number = int(found["id"])
            yield Commitment(number, f"/rest/v1.0/projects/{prefs.project_id}/{kind}/{number}")


def set_insurance_status(client: Procore, vendor_id: int, status: Status, reason: str) -> Gated:
    """Sets the insurance status of every commitment of the vendor, as `reason` explains.

    A status that a person set (its notes are not ours) is left alone, and so is everything while
    a review waits.
    """
    wanted = _STATUSES.get(status)
    if wanted is None:
        return Gated()
    notes = f"{SIGNATURE} {reason}"
    outcomes = [_set(client, each, wanted, notes) for each in commitments(client, vendor_id)]
    return Gated(outcomes.count("changed"), outcomes.count("unchanged"), outcomes.count("alone"))


def _set(client: Procore, commitment: Commitment, wanted: str, notes: str) -> str:
    path = f"{commitment.path}/compliance"
    shown = client.get(path)
    status, said = shown.get("insurance_status"), shown.get("insurance_notes") or ""
    if (status, said) == (wanted, notes):
        return "unchanged"
    if status is not None and not said.startswith(SIGNATURE):
        return "alone"
    client.patch(path, {"insurance_status": wanted, "insurance_notes": notes})
    return "changed"
