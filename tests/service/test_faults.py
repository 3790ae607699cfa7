"""Killed, cut off, out of room: every accepted certificate still reaches its end exactly once.

Each fault is a real one against real processes; afterwards the simulator's records are counted.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import requests

from tests.service.conftest import PATIENCE, Service, family, until
from tests.service.test_whole_way import LINES, child_of, log_rows, retried
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import World
from tests.worker.receiver import Receiver, receiver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Pair = tuple[Path, Path]
ROOM = 3 * 2**20
"""Bytes of the disk that is too small."""


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as there:
        yield there


def jobs_of(service: Service, action: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = service.get(f"/v1/jobs?action={action}").json()["items"]
    return items


def scanned(path: Path, folder: Path) -> Path:
    """The certificate as a scanner makes it: a picture in a PDF."""
    with pypdfium2.PdfDocument(path) as document:
        picture = document[0].render(scale=200 / 72, grayscale=True).to_pil()
    target = folder / "scan.pdf"
    picture.save(target, resolution=200)
    return target


def test_a_worker_killed_while_it_reads_a_scan(
    service: Service, certificates: Pair, tmp_path: Path
) -> None:
    scan = scanned(certificates[0], tmp_path)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(service.send, "parse_certificate", scan)
        until(lambda: any(job["job_status"] == "running" for job in jobs_of(service, "parse_certificate")))  # fmt: skip
        os.kill(child_of(service, "worker"), signal.SIGKILL)
        flat = service.finished(sent.result())
    (job,) = jobs_of(service, "parse_certificate")
    assert (job["job_status"], job["attempts"]) == ("done", 2)
    assert [row["certificate_id"] for row in service.get("/v1/certificates").json()["items"]] == [
        flat["certificate_id"]
    ]
    assert len(service.get("/v1/events/certificate.parsed").json()["items"]) == 1


def test_a_worker_killed_between_procores_create_and_our_receipt(
    service: Service, procore: ProcoreSimulator, world: World, certificates: Pair
) -> None:
    procore.order(Fault.HANG_AFTER, method="POST|PATCH", path="insurances", seconds=PATIENCE)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(service.send, "process_certificate", certificates[0])
        until(lambda: world.insurances)
        os.kill(child_of(service, "worker"), signal.SIGKILL)
        flat = service.finished(sent.result())
    assert flat["procore_status"] in ("pushed", "unchanged")
    assert len(world.insurances) == LINES
    assert len(log_rows(service)) == 1
    assert len(service.get("/v1/pushes").json()["items"]) == 2  # Procore and the log


def test_everything_killed_between_the_commit_and_the_hooks_delivery(
    service: Service, certificates: Pair, hook: Receiver
) -> None:
    about = {"target_url": hook.url, "event": "certificate.parsed"}
    made = requests.post(f"{service.address}/v1/hooks", json=about, headers=service.headers, timeout=PATIENCE)  # fmt: skip
    assert made.status_code == 201
    os.kill(child_of(service, "worker"), signal.SIGSTOP)
    parsed = service.finished(service.send("parse_certificate", certificates[0]))
    service.kill()
    assert hook.bodies == []
    service.start()
    until(lambda: hook.bodies)
    until(lambda: service.get("/v1/hook_deliveries").json()["items"][0]["delivery_status"] == "done")  # fmt: skip
    assert [body["certificate_id"] for body in hook.bodies] == [parsed["certificate_id"]]


def test_a_worker_killed_while_the_hook_answers_repeats_the_message_under_its_id(
    service: Service, certificates: Pair
) -> None:
    def killed() -> None:
        os.kill(child_of(service, "worker"), signal.SIGKILL)

    with receiver(before_answer=[killed]) as there:
        about = {"target_url": there.url, "event": "certificate.parsed"}
        requests.post(f"{service.address}/v1/hooks", json=about, headers=service.headers, timeout=PATIENCE)  # fmt: skip
        service.finished(service.send("parse_certificate", certificates[0]))
        until(lambda: len(there.bodies) == 2)
        until(lambda: service.get("/v1/hook_deliveries").json()["items"][0]["delivery_status"] == "done")  # fmt: skip
    assert len({headers["webhook-id"] for headers in there.headers}) == 1


def test_a_web_process_killed_during_an_upload_leaves_nothing_behind(
    service: Service, world: World, certificates: Pair
) -> None:
    data = certificates[0].read_bytes()
    head = (
        f"POST /v1/actions/process_certificate HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {service.key}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {len(data) + 200}\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="file"; filename="coi.pdf"\r\n\r\n'
    ).encode()
    with socket.create_connection(("127.0.0.1", service.settings.port), PATIENCE) as line:
        line.sendall(head + data[: len(data) // 2])
        for pid in family(child_of(service, "web")):
            os.kill(pid, signal.SIGKILL)
        line.settimeout(PATIENCE)
        with contextlib.suppress(ConnectionResetError):
            assert line.recv(1) == b""
    until(lambda: _answers(service))
    assert service.get("/v1/certificates").json()["items"] == []
    assert jobs_of(service, "process_certificate") == []
    flat = service.finished(retried(service, "process_certificate", certificates[0]))
    assert flat["procore_status"] == "pushed"
    assert len(world.insurances) == LINES


def _answers(service: Service) -> bool:
    try:
        return bool(service.get("/health").ok)
    except requests.RequestException:
        return False


def with_little_room(folder: Path) -> tuple[str, ...]:
    """What puts `folder` on a disk of ROOM bytes; where nobody may mount, files end at ROOM."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = f"mount -t tmpfs -o size={ROOM} tmpfs {folder}"
    unshared = ("unshare", "--mount", "--map-root-user", "sh", "-c")
    if shutil.which("unshare") and not subprocess.run(
        [*unshared, mount], capture_output=True, check=False
    ).returncode:  # fmt: skip
        return (*unshared, f'{mount} && exec "$@"', "sh")
    return ("prlimit", f"--fsize={ROOM}")


def test_a_full_disk_refuses_in_words_and_loses_and_doubles_nothing(
    service: Service, world: World, certificates: Pair, tmp_path: Path
) -> None:
    large = tmp_path / "large.pdf"
    large.write_bytes(certificates[0].read_bytes() + b"\n%" + os.urandom(ROOM))
    service.stop()
    service.prefix = with_little_room(service.settings.data_dir / "documents")
    service.start()
    for _ in range(2):
        answer = service.send("process_certificate", large)
        assert (answer.status_code, answer.json()["error"]["code"]) == (507, "storage_full")
        assert "Make room" in answer.json()["error"]["message"]
    assert service.get("/v1/certificates").json()["items"] == []
    assert world.insurances == {}
    small = service.finished(service.send("process_certificate", certificates[1]))
    assert small["procore_status"] == "pushed"

    service.stop()
    service.prefix = ()
    service.start()
    flat = service.finished(service.send("process_certificate", large))
    assert flat["procore_status"] == "pushed"
    assert len(world.insurances) == LINES + 3
    assert len(log_rows(service)) == 2
