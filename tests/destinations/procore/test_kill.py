"""A worker killed between a write and its receipt: afterwards there is exactly one record a line."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from connector.delivery import PushStatus, Receipt
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault

WORKER = """
import sys
from connector.delivery import Connection, Delivery, Vendor
from connector.destinations.procore.deliver import deliver
from connector.outbound import Outbound
from tests.destinations.procore.certificates import TODAY, certificate, verdict
from tests.destinations.procore.conftest import Tokens

settings = {"company_id": 8089, "project_id": 4417, "api_url": sys.argv[1]}
settings["use_sync"] = sys.argv[2] == "sync"
delivery = Delivery(certificate(), verdict(), Vendor("Northfield Roofing LLC"),
                    {"certificate": "https://coi.example/certificates/cert_1"})
deliver(delivery, Connection("procore", settings, Tokens()), Outbound().trusting(sys.argv[1]), TODAY)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("way", "done"), [("sync", 4), ("one by one", 1)])
def test_a_kill_between_write_and_receipt_doubles_nothing(
    procore: ProcoreSimulator, push: Callable[..., Receipt], way: str, done: int
) -> None:
    procore.order(Fault.HANG_AFTER, method="POST|PATCH", seconds=30.0)
    with subprocess.Popen([sys.executable, "-c", WORKER, procore.url, way]) as worker:
        deadline = time.monotonic() + 30
        while len(procore.world.insurances) < done and time.monotonic() < deadline:
            time.sleep(0.02)
        worker.kill()
    assert len(procore.world.insurances) == done

    receipt = push(use_sync=way == "sync")

    assert len(procore.world.insurances) == 4
    assert receipt.records_created == 4 - done
    assert push(use_sync=way == "sync").status is PushStatus.UNCHANGED
