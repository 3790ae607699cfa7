"""The service as it is run: `connector serve` over a fresh database, with a simulated Procore."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.settings import Settings, ensure_secret
from connector.settings import load as load_settings
from connector.storage import accounts, api_keys, connections
from connector.storage.database import connect, sessions_of
from connector.storage.migrate import migrate
from demo.draw import draw_demo
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Switches
from tests.simulators.procore.world import COMPANY, TOKEN, World, seeded

PATIENCE = 120
HOLDER = "Summit Builders Inc"
VENDORS = ("Northfield Roofing LLC", "Copper Ridge Electric Inc")


@pytest.fixture
def world() -> World:
    return seeded(Switches(), {name: {} for name in VENDORS})


@pytest.fixture
def procore(world: World) -> Iterator[ProcoreSimulator]:
    with ProcoreSimulator(world, 0) as simulator:
        yield simulator
    assert world.breaches == []


@dataclass
class Service:
    """The running service and a key to it."""

    environ: dict[str, str]
    settings: Settings
    key: str
    account_id: str
    process: subprocess.Popen[bytes] | None = None
    prefix: tuple[str, ...] = ()
    """What the command line begins with: limits that a test puts around the service."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def start(self) -> None:
        command = [*self.prefix, sys.executable, "-m", "connector.cli", "serve"]
        self.process = subprocess.Popen(command, env=self.environ)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                requests.get(f"{self.address}/health", timeout=5).raise_for_status()
            except requests.RequestException:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the service did not start")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the supervisor by a signal; its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End every process at once, as a power cut would."""
        assert self.process is not None
        for pid in [*family(self.process.pid), self.process.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

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

    def ask(self, action: str, headers: dict[str, str] | None = None, **given: object) -> Any:
        return requests.post(
            f"{self.address}/v1/actions/{action}",
            json=given,
            headers={**self.headers, **(headers or {})},
            timeout=PATIENCE,
        )

    def get(self, path: str) -> Any:
        return requests.get(f"{self.address}{path}", headers=self.headers, timeout=PATIENCE)

    def finished(self, answer: Any) -> Any:
        """The answer's flat object once its job has ended."""
        for _ in range(PATIENCE * 2):
            if answer.status_code != 202:
                break
            time.sleep(0.5)
            answer = requests.get(
                answer.json()["status_url"], headers=self.headers, timeout=PATIENCE
            )
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


def family(pid: int) -> list[int]:
    """The processes that this one started, and those that they started."""
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError):
            for child in map(int, children.read_text().split()):
                found += [child, *family(child)]
    return found


def until(condition: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """What the condition answers once it is true; fail when it is not in time."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.05)
    return found


@pytest.fixture
def service(tmp_path: Path, procore: ProcoreSimulator) -> Iterator[Service]:
    environ = {
        **os.environ,
        "CONNECTOR_DATA_DIR": str(tmp_path / "data"),
        "PORT": str(free_port()),
        "ANSWER_WITHIN": "10",
        "ALLOW_HTTP_FETCH": "on",
        "ALLOW_PRIVATE_FETCH": "127.0.0.1",
    }
    settings = ensure_secret(load_settings(environ))
    migrate(settings.database_url)
    made = _with_account(environ, settings, procore)
    try:
        made.start()
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.stop()


def _with_account(
    environ: dict[str, str], settings: Settings, procore: ProcoreSimulator
) -> Service:
    now = datetime.now(UTC)
    engine = connect(settings.database_url)
    with sessions_of(engine)() as session, session.begin():
        account = accounts.create(session, "Office", now, legal_names=(HOLDER,))
        connections.create(
            session,
            account.id,
            "procore",
            name="Procore",
            settings={"company_id": COMPANY, "api_url": procore.url},
            secrets={"access_token": TOKEN},
            keys=settings.secret_keys,
            now=now,
        )
        _, key = api_keys.create(session, account.id, "test", now)
    engine.dispose()
    return Service(environ, settings, key, account.id)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The two bundled certificates, drawn for today: compliant, not compliant."""
    return draw_demo(tmp_path_factory.mktemp("certificates"), datetime.now(UTC).date())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
