"""What must be on file, and in the simulated Procore, once accepted certificates reached their end."""

from __future__ import annotations

import csv
from typing import Any

from connector.actions.log_to_sheet import log_path
from tests.drawing import crowd
from tests.service.running import Service, until
from tests.simulators.procore.world import World

LINES = 4
"""Coverage lines of the compliant bundled certificate, each one record in Procore."""

OTHER_LINES = 3
"""Those of the one that is not compliant."""

CROWD_LINES = crowd.LINES


def require_exactly_once(
    service: Service, world: World, *, certificates: int, records: int
) -> None:
    """Every certificate reached its end and did so once: on file, in Procore, in the log, as news."""
    until(lambda: not unfinished(service))
    assert service.items("/v1/jobs?status=failed") == []
    assert len(service.items("/v1/certificates?limit=200")) == certificates
    assert len(service.items("/v1/events/certificate.parsed?limit=200")) == certificates
    found = list(world.insurances.values())
    assert len(found) == records
    assert len({(one["vendor_id"], one["policy_number"]) for one in found}) == records
    logged = [row["certificate_id"] for row in log_rows(service)]
    assert (len(logged), len(set(logged))) == (certificates, certificates)
    pushed = service.items("/v1/pushes?limit=200")
    assert {row["status"] for row in pushed} <= {"pushed", "unchanged"}
    assert len(pushed) == 2 * certificates  # Procore and the log


def unfinished(service: Service) -> list[dict[str, Any]]:
    """The jobs that have not reached their end."""
    return [
        job
        for status in ("waiting", "running")
        for job in service.items(f"/v1/jobs?status={status}")
        if job["action"] != "daily"
    ]


def jobs_of(service: Service, action: str) -> list[dict[str, Any]]:
    return service.items(f"/v1/jobs?action={action}&limit=200")


def log_rows(service: Service) -> list[dict[str, str]]:
    """The account's local log."""
    path = log_path(service.settings, service.account_id)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
