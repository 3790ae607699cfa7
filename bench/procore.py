"""Procore: requests per certificate, and certificates per minute under its spike limit.

Against the simulator on loopback, so the figures are about our requests, not Procore's speed. The
limit is the published example, 25 requests per 10 seconds; Procore publishes no fixed number. The
large backlog is drained with the clock of the limit ten times as fast, so that the bench ends; what
is counted of it is refusals and records. The pace is measured with a small one at the true clock.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from connector.delivery import Connection, Delivery, RequestBudget, Vendor
from connector.destinations.procore.deliver import deliver
from connector.outbound import Outbound
from connector.storage.database import connect, sessions_of
from connector.storage.migrate import migrate
from connector.wiring.request_budget import SharedBudget
from tests.destinations.procore.certificates import TODAY, certificate, verdict
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Switches
from tests.simulators.procore.world import COMPANY, PROJECT, TOKEN, seeded

PUBLISHED_LIMIT, PUBLISHED_WINDOW = 25, 10.0
BENCH_LIMIT, BENCH_WINDOW = 25, 1.0
BACKLOG, PACED = 400, 50


class FixedToken:
    def token(self) -> str:
        return TOKEN

    def renew(self, rejected: str) -> str:
        return TOKEN


def rows() -> Iterator[tuple[str, str]]:
    """What `make bench` prints of Procore."""
    paper = Delivery(certificate(), verdict(), Vendor("Northfield Roofing LLC"))
    ways: tuple[tuple[str, dict[str, Any]], ...] = (
        ("one sync (default)", {}),
        ("one write a record", {"use_sync": False}),
        ("origin id", {"use_origin_id": True}),
    )
    for label, settings in ways:
        with ProcoreSimulator() as procore:
            http = Outbound().trusting(procore.url)
            connection = _connection(procore, **settings)
            first, known = _count(procore, paper, connection, http)
            remembered = replace(paper, known_vendor_id=known)
            again, _ = _count(procore, remembered, connection, http)
            changed = replace(remembered, certificate=certificate({"auto_liability.combined_single_limit": 2_000_000}))  # fmt: skip
            update, _ = _count(procore, changed, connection, http)
        yield f"requests, 4 lines, {label}", f"new {first}, remembered vendor: changed {update}, unchanged {again}"  # fmt: skip
    yield from _drained()


def _drained() -> Iterator[tuple[str, str]]:
    """Backlogs at the hurried clock and at the true one."""
    asked, refused, written, _ = drain(BACKLOG, BENCH_LIMIT, BENCH_WINDOW)
    yield f"a backlog of {BACKLOG} certificates", f"{asked} requests, {refused} answered 429, {written} records"  # fmt: skip
    asked, refused, _, seconds = drain(PACED, PUBLISHED_LIMIT, PUBLISHED_WINDOW)
    best = 60 * PUBLISHED_LIMIT / PUBLISHED_WINDOW / (asked / PACED)
    yield (
        f"certificates a minute at 25 requests per 10 s, measured over {PACED}",
        f"{60 * PACED / seconds:.0f} of {best:.0f} possible, {refused} answered 429",
    )


def drain(count: int, limit: int, window: float) -> tuple[int, int, int, float]:
    """A backlog, one vendor each, by two workers that share the budget: requests, those answered
    429, records, seconds."""
    vendors = {f"Vendor {number:03}": {"id": number + 1} for number in range(count)}
    switches = Switches(spike_limit=limit, spike_window=window)
    world = seeded(switches, vendors)
    with tempfile.TemporaryDirectory() as folder, ProcoreSimulator(world) as procore:
        url = f"sqlite:///{folder}/bench.db"
        migrate(url)
        budget = SharedBudget(sessions_of(connect(url)), "procore:bench")
        connection, http = _connection(procore, budget), Outbound().trusting(procore.url)

        def push(number: int) -> None:
            delivery = Delivery(certificate(), verdict(), Vendor(f"Vendor {number}"), known_vendor_id=str(number + 1))  # fmt: skip
            deliver(delivery, connection, http, TODAY)

        started = time.perf_counter()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(push, range(count)))
        seconds = time.perf_counter() - started
        asked = procore.asked()
        refused = sum(each.status == 429 for each in asked)
        return len(asked), refused, len(procore.world.insurances), seconds


def _connection(
    procore: ProcoreSimulator, budget: RequestBudget | None = None, **settings: Any
) -> Connection:
    base = {"company_id": COMPANY, "project_id": PROJECT, "api_url": procore.url}
    return Connection("procore", base | settings, FixedToken(), budget)


def _count(
    procore: ProcoreSimulator, delivery: Delivery, connection: Connection, http: Outbound
) -> tuple[int, str | None]:
    before = len(procore.asked())
    receipt = deliver(delivery, connection, http, TODAY)
    return len(procore.asked()) - before, receipt.vendor.id if receipt.vendor else None
