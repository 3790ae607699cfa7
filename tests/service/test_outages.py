"""The database gone, a destination down for an hour, a clock that jumps: work waits and goes on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from connector.storage.database import postgresql_url
from tests.service.clock import MovedClock
from tests.service.counting import (
    CROWD_LINES,
    LINES,
    OTHER_LINES,
    jobs_of,
    require_exactly_once,
    unfinished,
)
from tests.service.running import Service, until
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

Pair = tuple[Path, Path]
FIVE_MINUTES = timedelta(minutes=5)


@contextmanager
def gone(server: str, url: str) -> Iterator[None]:
    """The database takes no connections and has ended those it had."""
    name = make_url(url).database
    admin = create_engine(postgresql_url(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )
        try:
            yield
        finally:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    admin.dispose()


def test_a_database_that_is_gone_for_ten_seconds(
    on_postgresql: Service, postgresql_server: str, world: World, crowd: list[Path]
) -> None:
    service = on_postgresql
    service.start()
    with ThreadPoolExecutor(len(crowd)) as pool:
        sent = [pool.submit(service.resend, "process_certificate", path) for path in crowd]
        until(lambda: world.insurances)
        with gone(postgresql_server, service.settings.database_url):
            time.sleep(10)
            refused = service.send("process_certificate", crowd[0])
        for answer in sent:
            service.finished(answer.result())
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "database_unavailable")
    assert "send the same again" in refused.json()["error"]["message"]
    require_exactly_once(service, world, certificates=len(crowd), records=len(crowd) * CROWD_LINES)


@pytest.fixture
def clock(tmp_path: Path) -> MovedClock:
    return MovedClock(tmp_path)


@pytest.fixture
def moved(service: Service, clock: MovedClock) -> Service:
    """The service by a clock that the test sets."""
    service.stop()
    service.environ.update(clock.environ)
    service.start()
    return service


def test_a_destination_that_is_down_for_an_hour(
    moved: Service, clock: MovedClock, procore: ProcoreSimulator, world: World, certificates: Pair
) -> None:
    procore.stop()
    for path in certificates:
        flat = moved.finished(moved.send("process_certificate", path))
        assert (flat["procore_status"], flat["google_sheets_status"]) == ("queued", "pushed")
        assert "tried again by itself" in flat["procore_next_step"]
    for step in range(12):
        clock.move(FIVE_MINUTES)
        if step == 6:
            os.kill(moved.child("worker"), signal.SIGKILL)
        until(lambda: not due(moved, clock))
    assert [job["attempts"] >= 6 for job in unfinished(moved)] == [True, True]
    assert world.insurances == {}
    with ProcoreSimulator(world, procore.port):
        while unfinished(moved):
            clock.move(FIVE_MINUTES)
            until(lambda: not due(moved, clock))
    assert all(job["attempts"] <= 12 for job in jobs_of(moved, "push_to_procore"))
    require_exactly_once(moved, world, certificates=2, records=LINES + OTHER_LINES)


def due(service: Service, clock: MovedClock) -> bool:
    """Whether a job is under way or should be by the moved clock."""
    now = (datetime.now(UTC) + clock.offset).isoformat()
    return any((job["next_attempt_at"] or "") < now for job in unfinished(service))


def test_a_clock_that_jumps_a_day_ahead_and_back_again(
    moved: Service, clock: MovedClock, world: World, crowd: list[Path]
) -> None:
    for path, jump in zip(crowd[:4], (1, -1, 1, 0), strict=True):
        flat = moved.finished(moved.send("process_certificate", path))
        assert flat["procore_status"] == "pushed"
        clock.move(timedelta(days=jump))
    require_exactly_once(moved, world, certificates=4, records=4 * CROWD_LINES)
    until(lambda: all(job["job_status"] == "done" for job in jobs_of(moved, "daily")))
    assert len(jobs_of(moved, "daily")) <= 2
