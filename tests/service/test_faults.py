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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2
import pytest

from tests.service.counting import LINES, OTHER_LINES, jobs_of, require_exactly_once
from tests.service.running import PATIENCE, Service, children, until
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import World
from tests.worker.receiver import Receiver, receiver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

Pair = tuple[Path, Path]
ROOM = 3 * 2**20
"""Bytes of the disk that is too small."""


def scanned(path: Path, folder: Path) -> Path:
    """The certificate and what is behind it as a scanner makes them: pictures in a PDF."""
    with pypdfium2.PdfDocument(path) as document:
        first, *others = [page.render(scale=200 / 72, grayscale=True).to_pil() for page in document]
    target = folder / "scan.pdf"
    first.save(target, resolution=200, save_all=True, append_images=others)
    return target


def test_a_worker_killed_while_it_reads_a_scan(
    service: Service, certificates: Pair, tmp_path: Path
) -> None:
    scan = scanned(certificates[0], tmp_path)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(service.send, "parse_certificate", scan)
        until(lambda: any(job["job_status"] == "running" for job in jobs_of(service, "parse_certificate")))  # fmt: skip
        os.kill(service.child("worker"), signal.SIGKILL)
        flat = service.finished(sent.result())
    (job,) = jobs_of(service, "parse_certificate")
    assert (job["job_status"], job["attempts"]) == ("done", 2)
    (row,) = service.items("/v1/certificates")
    assert row["certificate_id"] == flat["certificate_id"]
    assert len(service.items("/v1/events/certificate.parsed")) == 1


def test_a_worker_killed_between_procores_create_and_our_receipt(
    service: Service, procore: ProcoreSimulator, world: World, certificates: Pair
) -> None:
    procore.order(Fault.HANG_AFTER, method="POST|PATCH", path="insurances", seconds=PATIENCE)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(service.send, "process_certificate", certificates[0])
        until(lambda: world.insurances)
        os.kill(service.child("worker"), signal.SIGKILL)
        flat = service.finished(sent.result())
    assert flat["procore_status"] in ("pushed", "unchanged")
    require_exactly_once(service, world, certificates=1, records=LINES)


def test_everything_killed_between_the_commit_and_the_hooks_delivery(
    service: Service, certificates: Pair, hook: Receiver
) -> None:
    made = service.post("/v1/hooks", target_url=hook.url, event="certificate.parsed")
    assert made.status_code == 201
    os.kill(service.child("worker"), signal.SIGSTOP)
    parsed = service.finished(service.send("parse_certificate", certificates[0]))
    service.kill()
    assert hook.bodies == []
    service.start()
    until(lambda: hook.bodies)
    until(lambda: service.items("/v1/hook_deliveries")[0]["delivery_status"] == "done")
    assert [body["certificate_id"] for body in hook.bodies] == [parsed["certificate_id"]]


def test_a_worker_killed_while_the_hook_answers_repeats_the_message_under_its_id(
    service: Service, certificates: Pair
) -> None:
    def killed() -> None:
        os.kill(service.child("worker"), signal.SIGKILL)

    with receiver(before_answer=[killed]) as there:
        service.post("/v1/hooks", target_url=there.url, event="certificate.parsed")
        service.finished(service.send("parse_certificate", certificates[0]))
        until(lambda: len(there.bodies) == 2)
        until(lambda: service.items("/v1/hook_deliveries")[0]["delivery_status"] == "done")
    assert len({headers["webhook-id"] for headers in there.headers}) == 1


def test_a_web_process_killed_during_an_upload_leaves_nothing_behind(
    service: Service, world: World, certificates: Pair
) -> None:
    data = certificates[0].read_bytes()
    head = (
        f"POST /v1/actions/process_certificate HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {service.key}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {len(data) + 200}\r\nExpect: 100-continue\r\n\r\n"
    ).encode()
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="coi.pdf"\r\n\r\n'
    with socket.create_connection(("127.0.0.1", service.settings.port), PATIENCE) as line:
        line.sendall(head)
        assert b"100 Continue" in line.recv(100)  # a process has taken it
        line.sendall(part + data[: len(data) // 2])
        for pid in children(service.child("web")):
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ConnectionResetError):
            assert line.recv(1) == b""
    until(service.answers)
    assert service.items("/v1/certificates") == []
    assert jobs_of(service, "process_certificate") == []
    flat = service.finished(service.resend("process_certificate", certificates[0]))
    assert flat["procore_status"] == "pushed"
    require_exactly_once(service, world, certificates=1, records=LINES)


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
    assert service.items("/v1/certificates") == []
    assert world.insurances == {}
    small = service.finished(service.send("process_certificate", certificates[1]))
    assert small["procore_status"] == "pushed"

    service.stop()
    service.prefix = ()
    service.start()
    flat = service.finished(service.send("process_certificate", large))
    assert flat["procore_status"] == "pushed"
    require_exactly_once(service, world, certificates=2, records=LINES + OTHER_LINES)
