"""A certificate that somebody put into Procore, and a worker that is killed on the way: it is there once."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.destinations.procore.webhooks import authorizations
from connector.storage import connections
from connector.storage.database import connect, sessions_of
from tests.service.counting import LINES, jobs_of, require_exactly_once
from tests.service.running import PATIENCE, Service, until
from tests.simulators.procore.documents import add_file
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import COMPANY, World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def connection_id(service: Service) -> str:
    """The connection, which picks up what people put into Documents and files our PDF there."""
    engine = connect(service.settings.database_url)
    with sessions_of(engine)() as session, session.begin():
        stored = connections.of_destination(session, service.account_id, "procore")
        assert stored is not None
        stored.settings = {**stored.settings, "watch": True, "file_in_documents": True}
        found = stored.id
    engine.dispose()
    return found


def dropped(procore: ProcoreSimulator, data: bytes) -> int:
    """A person puts it into the company's Documents; the file's number."""
    procore.world.contents["coi.pdf"] = data
    address = f"{procore.url}/storage/coi.pdf"
    return int(add_file(procore.world, "coi.pdf", COMPANY, address, None)["id"])


def tell(service: Service, connection_id: str, number: int) -> Any:
    """Procore's delivery about the file."""
    payload = {
        "id": number, "ulid": f"01J{number}", "event_type": "create", "resource_id": number,
        "resource_name": "Company Files", "company_id": COMPANY, "metadata": {},
    }  # fmt: skip
    return requests.post(
        f"{service.address}/v1/procore/events/{connection_id}",
        json=payload,
        headers={"Authorization": authorizations(connection_id, service.settings.secret_keys)[0]},
        timeout=PATIENCE,
    ).json()


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", r"/files/\d+"), ("GET", "/vendors"), ("POST", "/files"), ("PATCH", "insurances")],
    ids=["being fetched", "read, vendor asked for", "filed, not yet noted", "written, no receipt"],
)
def test_a_worker_killed_between_pick_up_and_push(
    service: Service,
    connection_id: str,
    procore: ProcoreSimulator,
    world: World,
    certificates: tuple[Path, Path],
    method: str,
    path: str,
) -> None:
    number = dropped(procore, certificates[0].read_bytes())
    procore.order(Fault.HANG_AFTER, method=method, path=path, seconds=PATIENCE)

    assert tell(service, connection_id, number) == {"accepted": True}
    until(lambda: not any(order.times for order in world.orders))  # it has asked, and waits
    os.kill(service.child("worker"), signal.SIGKILL)

    until(lambda: [j["job_status"] for j in jobs_of(service, "process_certificate")] == ["done"])
    assert tell(service, connection_id, number) == {"accepted": False}
    require_exactly_once(service, world, certificates=1, records=LINES)
    assert len(world.files) == 2, "the person's and ours, once each"
    ours = max(world.files)
    assert tell(service, connection_id, ours) == {"accepted": True}
    until(lambda: all(j["job_status"] == "done" for j in jobs_of(service, "procore_event")))
    assert len(jobs_of(service, "process_certificate")) == 1
