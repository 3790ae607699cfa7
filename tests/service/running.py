"""The service's processes as tests start, ask, stop and kill them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests

from connector.settings import Settings

PATIENCE = 120
"""Seconds for what takes one: many tests share the machine."""


@dataclass
class Service:
    """A process of the service, and a key to it."""

    environ: dict[str, str]
    settings: Settings
    key: str
    account_id: str
    command: str = "serve"
    """`serve` for all in one; `web` or `worker` for one process of many."""
    prefix: tuple[str, ...] = ()
    """What the command line begins with: limits that a test puts around the service."""
    log: Path | None = None
    """The file its words go to; None leaves them on the terminal."""
    process: subprocess.Popen[bytes] | None = None
    family: list[Service] = field(default_factory=list)
    """All processes that tests started of the same installation."""

    def __post_init__(self) -> None:
        self.family.append(self)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def another(self, command: str) -> Service:
        """One more process of this installation, `web` or `worker`, running, on its own port."""
        port = free_port()
        made = replace(
            self,
            environ={**self.environ, "PORT": str(port)},
            settings=replace(self.settings, port=port),
            command=command,
            process=None,
        )
        made.start()
        return made

    def start(self) -> None:
        """Start it; return once it answers, if it is one that answers requests."""
        command = [*self.prefix, sys.executable, "-m", "connector.cli", self.command]
        with self.log.open("ab") if self.log else nullcontext() as said:
            self.process = subprocess.Popen(
                command, env=self.environ, stdout=said, stderr=said and subprocess.STDOUT
            )
        if self.command != "worker":
            until(self.answers)

    def answers(self) -> bool:
        """Whether it is there and says it is well."""
        assert self.process is not None
        assert self.process.poll() is None, "the process ended"
        try:
            return bool(requests.get(f"{self.address}/health", timeout=10).ok)
        except requests.RequestException:
            return False

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the process by a signal; its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End it and everything it started at once, as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)  # a supervisor would start its children again
        for pid in [*descendants(self.process.pid), self.process.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def end(self) -> None:
        """Stop it if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.stop()

    def child(self, name: str) -> int:
        """The process id of the supervisor's child `connector web` or `connector worker`."""
        assert self.process is not None
        return int(until(lambda: _named(children(self.process.pid), name)))  # type: ignore[union-attr]

    def send(
        self, action: str, path: Path, headers: dict[str, str] | None = None, **given: str
    ) -> Any:
        with path.open("rb") as file:
            return requests.post(
                f"{self.address}/v1/actions/{action}",
                data=given,
                files={"file": (path.name, file, "application/pdf")},
                headers={**self.headers, **(headers or {})},
                timeout=PATIENCE,
            )

    def resend(self, action: str, path: Path, **given: str) -> Any:
        """What a caller does: send the same again until there is an answer that is no outage."""

        def answered() -> Any:
            try:
                answer = self.send(action, path, None, **given)
            except OSError:
                return None
            return answer if answer.status_code < 500 else None

        return until(answered)

    def ask(self, action: str, headers: dict[str, str] | None = None, **given: object) -> Any:
        return self.post(f"/v1/actions/{action}", headers, **given)

    def post(self, path: str, headers: dict[str, str] | None = None, **given: object) -> Any:
        return requests.post(
            f"{self.address}{path}",
            json=given,
            headers={**self.headers, **(headers or {})},
            timeout=PATIENCE,
        )

    def get(self, path: str) -> Any:
        return requests.get(f"{self.address}{path}", headers=self.headers, timeout=PATIENCE)

    def items(self, path: str) -> list[dict[str, Any]]:
        """The rows of a list."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def finished(self, answer: Any) -> Any:
        """The answer's flat object once its job has ended."""
        deadline = time.monotonic() + PATIENCE
        while answer.status_code == 202:
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.2)
            answer = self.get(f"/v1/jobs/{answer.json()['job_id']}")
        assert answer.status_code == 200, answer.text
        return answer.json()


def children(pid: int) -> list[int]:
    """The processes that this one started and that still run."""
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, listed.read_text().split())
    return found


def descendants(pid: int) -> list[int]:
    """The processes that this one started, and those that they started."""
    return [each for child in children(pid) for each in (child, *descendants(child))]


def until(condition: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """What the condition answers once it is true; fail when it is not in time."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.05)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _named(pids: list[int], name: str) -> int | None:
    """The one that the supervisor gave this name."""
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            if Path(f"/proc/{pid}/comm").read_text().strip() == f"coi-{name}":
                return pid
    return None
