"""The service as it is deployed on one machine, started for a measurement."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

PATIENCE = 30


@dataclass
class Service:
    """Its address and key, and the process that supervises the others."""

    address: str
    key: str
    process: subprocess.Popen[bytes]
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def parse(self, data: bytes, *, fresh: bool = False) -> None:
        """Send a certificate; `fresh` makes its bytes new, so that it is really read again."""
        sent = data + f"\n% {next(self._numbers)}-{time.time_ns()}\n".encode() if fresh else data
        reply = requests.post(
            f"{self.address}/v1/actions/parse_certificate",
            files={"file": ("certificate.pdf", sent, "application/pdf")},
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=PATIENCE,
        )
        reply.raise_for_status()

    def peak_memory_mb(self) -> float:
        """The peaks of the supervisor and everything it started, added up."""
        return peak_memory_mb(self.process.pid)


@contextmanager
def running(data_dir: Path) -> Iterator[Service]:
    """`connector serve` over a fresh database until the block ends."""
    port = _free_port()
    environ = {**os.environ, "CONNECTOR_DATA_DIR": str(data_dir), "PORT": str(port)}
    command = [sys.executable, "-m", "connector.cli"]
    made = subprocess.run(
        [*command, "keys", "create", "bench"],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    process = subprocess.Popen([*command, "serve"], env=environ, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        yield Service(address, made.stdout.split()[-1], process)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            requests.get(f"{address}/health", timeout=1).raise_for_status()
        except requests.RequestException:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("The service did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def peak_memory_mb(pid: int) -> float:
    """The peaks of this process and everything it started, added up."""
    return sum(_peak_kb(each) for each in _family(pid)) / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


def _peak_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    return 0
