"""Many at once: workers that race, machines of which some die, writers on one SQLite file."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.service.counting import (
    CROWD_LINES,
    OTHER_LINES,
    jobs_of,
    require_exactly_once,
)
from tests.service.running import Service, until
from tests.service.test_faults import scanned
from tests.simulators.procore.world import World
from tests.storage.s3 import S3

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

Pair = tuple[Path, Path]


def test_two_workers_that_race_for_the_same_work(
    on_postgresql: Service, world: World, crowd: list[Path]
) -> None:
    web = on_postgresql.another("web")
    on_postgresql.another("worker"), on_postgresql.another("worker")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda path: web.send("process_certificate", path), crowd * 2))
    for flat in map(web.finished, answers):
        assert flat["procore_status"] in ("pushed", "unchanged")
    require_exactly_once(web, world, certificates=len(crowd), records=len(crowd) * CROWD_LINES)


@pytest.fixture
def machines(on_postgresql: Service, s3: S3) -> Iterator[list[Service]]:
    """Two servers and two workers over one database and one bucket."""
    on_postgresql.environ.update(s3.environ)
    yield [on_postgresql.another(name) for name in ("web", "web", "worker", "worker")]


def test_of_two_servers_and_two_workers_one_each_dies(
    machines: list[Service], world: World, s3: S3, crowd: list[Path]
) -> None:
    first, second, *workers = machines
    with ThreadPoolExecutor(len(crowd)) as pool:
        sent = [
            pool.submit(each.send, "process_certificate", path)
            for each, path in zip((first, second) * len(crowd), crowd, strict=False)
        ]
        until(lambda: len(world.insurances) >= CROWD_LINES)
        first.kill()
        workers[0].kill()
        for answer in sent:
            answer.exception()
    for path in crowd:  # what a caller does whose connection broke
        second.finished(second.resend("process_certificate", path))
    require_exactly_once(second, world, certificates=len(crowd), records=len(crowd) * CROWD_LINES)
    assert len(s3.names()) == len(crowd)
    third = second.another("web")
    status = third.get(f"/v1/jobs/{jobs_of(second, 'process_certificate')[0]['job_id']}")
    assert status.json()["job_status"] == "done"


def test_eight_servers_that_write_to_one_sqlite_file(
    service: Service, world: World, crowd: list[Path]
) -> None:
    service.stop()
    service.environ["WEB_WORKERS"] = "8"
    service.start()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda path: service.send("process_certificate", path), crowd * 2))
    assert {answer.status_code for answer in answers} <= {200, 202}
    for answer in answers:
        service.finished(answer)
    require_exactly_once(service, world, certificates=len(crowd), records=len(crowd) * CROWD_LINES)


def test_a_document_that_ends_its_worker_every_time_is_parked_and_holds_up_nothing(
    service: Service, world: World, certificates: Pair, tmp_path: Path
) -> None:
    scan = scanned(certificates[0], tmp_path)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(service.send, "parse_certificate", scan)
        until(lambda: jobs_of(service, "parse_certificate"))
        while (job := jobs_of(service, "parse_certificate")[0])["job_status"] != "failed":
            if job["job_status"] == "running":
                os.kill(service.child("worker"), signal.SIGKILL)
                until(lambda: _attempts(service) > job["attempts"] or _is_over(service))
        sent.result()
    assert (job["error_code"], job["attempts"]) == ("worker_stopped", 3)
    assert "start the job again" in job["error_message"]
    flat = service.finished(service.send("process_certificate", certificates[1]))
    assert flat["procore_status"] == "pushed"
    assert len(world.insurances) == OTHER_LINES


def _attempts(service: Service) -> int:
    return int(jobs_of(service, "parse_certificate")[0]["attempts"])


def _is_over(service: Service) -> bool:
    return bool(jobs_of(service, "parse_certificate")[0]["job_status"] == "failed")
