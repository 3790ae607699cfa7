"""Manual payment holds: applied by us once, and only ours are released by us.

Procore lists holds by invoice only, so every function is about one invoice (pay application).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.destinations.procore.client import Procore
from connector.destinations.procore.mapping import SIGNATURE
from connector.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold of ours that is on, and whether it was placed just now."""

    id: int
    is_new: bool


def apply_hold(client: Procore, invoice_id: int, reason: str) -> Hold:
    """Holds the invoice: the hold of ours that is on already, or a new one."""
    for hold in _ours(client, invoice_id):
        if hold.get("status") == "applied":
            return Hold(int(hold["id"]), is_new=False)
    asked = {
        "status": "applied",
        "hold_type": "invoice",
        "description": f"{SIGNATURE} {reason}",
        "visible_to_vendor": False,
    }
    made = client.post(_path(client), {"manual_hold": asked}, {"invoice_id": invoice_id})
    return Hold(int(made["id"]), is_new=True)


def release_holds(client: Procore, invoice_id: int) -> list[int]:
    """Releases our holds on the invoice; anybody else's stay. The ids that were released."""
    released = []
    for hold in _ours(client, invoice_id):
        if hold.get("status") == "applied":
            path = f"{_path(client)}/{hold['id']}"
            client.patch(path, {"manual_hold": {"status": "released"}}, {"invoice_id": invoice_id})
            released.append(int(hold["id"]))
    return released


def _ours(client: Procore, invoice_id: int) -> list[Mapping[str, Any]]:
    holds, _ = client.page(_path(client), {"invoice_id": invoice_id})
    return [h for h in holds if str(h.get("description") or "").startswith(SIGNATURE)]


def _path(client: Procore) -> str:
    project = client.preferences.project_id
    if project is None:
        raise InvalidInput(
            "Payment holds belong to a project. Choose the project on the Procore connection.",
            field="project_id",
        )
    return f"/rest/v1.0/projects/{project}/payment_readiness/manual_holds"
