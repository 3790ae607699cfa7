"""Hundreds of certificates posted at once: how fast they are accepted, done, and that each is done once.

They are sent with ANSWER_WITHIN=0, so that an answer means accepted and no more. The simulated
Procore is a real server; its records are counted at the end.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests
from cryptography.fernet import Fernet

from bench.service import peak_memory_mb
from connector.jobs.queues import PROCORE
from tests.drawing.crowd import LINES, crowd
from tests.service.counting import log_rows
from tests.service.installing import installed
from tests.service.running import Service
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import World, seeded
from tests.storage.databases import fresh_database, own_postgresql

CLIENTS = 20
PATIENCE = 3600.0

Drawn = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Sent:
    """One request: seconds until its answer, and whether it was accepted."""

    seconds: float
    is_accepted: bool


def rows(count: int) -> Iterator[tuple[str, str, str]]:
    """What is printed: what, on SQLite, on PostgreSQL."""
    drawn = list(crowd(datetime.now(UTC).date(), count))
    yield "", "connector serve, SQLite", "two web, two worker, PostgreSQL"
    with own_postgresql() as server:
        for to_procore in (False, True):
            yield "pushed to Procore and logged" if to_procore else "checked and logged", "", ""
            on_sqlite = measured(drawn, {}, ["serve"], to_procore=to_procore)
            there = {
                "DATABASE_URL": fresh_database(server),
                "CONNECTOR_SECRET_KEY": Fernet.generate_key().decode(),
            }
            four = ["web", "web", "worker", "worker"]
            on_postgresql = measured(drawn, there, four, to_procore=to_procore)
            for what, figure in on_sqlite.items():
                yield what, figure, on_postgresql[what]
    assert PROCORE.pace is not None
    at_best = f"{count / PROCORE.pace.starts * PROCORE.pace.seconds:.0f} s"
    yield "of which Procore's pace asks", at_best, at_best


def measured(
    drawn: Drawn, there: Mapping[str, str], commands: Sequence[str], *, to_procore: bool
) -> dict[str, str]:
    """The figures of one burst at these processes."""
    world = seeded(vendors={name: {} for name, _ in drawn})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        procore = stack.enter_context(ProcoreSimulator(world)).url if to_procore else None
        settings = {"ANSWER_WITHIN": "0", **there}
        installation = stack.enter_context(installed(folder, procore, settings))
        installation.log = folder / "log"
        processes = [installation.another(command) for command in commands]
        webs = [each for each in processes if each.command != "worker"]
        began = time.perf_counter()
        sent = post(drawn, webs)
        accepted_in = time.perf_counter() - began
        wait_until_drained(webs[0])
        drained_in = time.perf_counter() - began
        memory = sum(peak_memory_mb(each.process.pid) for each in processes if each.process)
        return {
            **accepting(sent, accepted_in),
            "time to drain": f"{drained_in:.0f} s = {len(drawn) / drained_in:.1f} a second",
            **counted(drawn, webs[0], world, to_procore=to_procore),
            "peak memory of all processes": f"{memory:.0f} MB",
        }


def post(drawn: Drawn, webs: Sequence[Service]) -> list[Sent]:
    """Every certificate, by so many clients at once, at each server in turn."""

    def one(at: Service, name: str, data: bytes) -> Sent:
        started = time.perf_counter()
        try:
            reply = requests.post(
                f"{at.address}/v1/actions/process_certificate",
                files={"file": (f"{name}.pdf", data, "application/pdf")},
                headers=at.headers,
                timeout=60,
            )
            is_accepted = reply.status_code in (200, 202)
        except requests.RequestException:
            is_accepted = False
        return Sent(time.perf_counter() - started, is_accepted)

    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = [
            pool.submit(one, at, name, data)
            for at, (name, data) in zip(itertools.cycle(webs), drawn)
        ]
        return [each.result() for each in asked]


def accepting(sent: Sequence[Sent], seconds: float) -> dict[str, str]:
    """How the requests went."""
    times = sorted(each.seconds for each in sent)
    p95 = times[int(len(times) * 0.95)]
    return {
        "accepted a second": f"{len(sent) / seconds:.0f}",
        "until accepted, p50 and p95": f"{statistics.median(times):.2f} s, {p95:.2f} s",
        "errors": str(sum(not each.is_accepted for each in sent)),
    }


def wait_until_drained(web: Service) -> None:
    """Return when no job waits or runs any more."""
    deadline = time.monotonic() + PATIENCE
    while any(web.items(f"/v1/jobs?status={status}&limit=1") for status in ("waiting", "running")):
        if time.monotonic() > deadline:
            raise SystemExit("The work did not come to its end.")
        time.sleep(0.25)


def counted(drawn: Drawn, web: Service, world: World, *, to_procore: bool) -> dict[str, str]:
    """What is missing and what is there twice, in the log and among Procore's records."""
    logged = [row["certificate_id"] for row in log_rows(web)]
    wanted, found = len(drawn), len(logged)
    distinct = len(set(logged))
    if to_procore:
        records = [(each["vendor_id"], each["policy_number"]) for each in world.insurances.values()]
        wanted, found = wanted + len(drawn) * LINES, found + len(records)
        distinct += len(set(records))
    failed = len(web.items("/v1/jobs?status=failed&limit=200"))
    return {
        "rows and records there": f"{found} of {wanted}",
        "failed jobs, lost, doubled": f"{failed}, {wanted - distinct}, {found - distinct}",
    }
