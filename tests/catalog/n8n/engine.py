"""A real n8n with our workflows in it, connected to the running service and to a mail server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.catalog.make.source import ROOT
from tests.catalog.n8n.workflows import Workflow
from tests.catalog.stage import free_port

PATIENCE = 120.0
INSTALLED = ROOT / "build" / "n8n"
ACTIVATED = "Activated workflow"
"""What n8n's log says of each workflow once its webhook listens."""
COMMAND = INSTALLED / "node_modules" / ".bin" / "n8n"


@dataclass(frozen=True)
class Engine:
    """`folder` holds everything that this n8n keeps."""

    folder: Path
    environ: Mapping[str, str]
    url: str

    def command(self, *arguments: str) -> str:
        """What n8n's command line prints; the test fails with it when it fails."""
        found = subprocess.run(
            [str(COMMAND), *arguments],
            env=dict(self.environ),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert found.returncode == 0, found.stdout + found.stderr
        return found.stdout

    def take_in(self, kind: str, content: Any) -> None:
        """Import workflows or credentials."""
        path = self.folder / f"{kind}.json"
        path.write_text(json.dumps(content))
        self.command(f"import:{kind}", f"--input={path}")

    @contextmanager
    def running(self, workflows: int) -> Iterator[None]:
        """n8n from the moment on when so many workflows listen: it calls itself ready long before."""
        with (self.folder / "n8n.log").open("w") as log:
            process = subprocess.Popen(
                [str(COMMAND), "start"], env=dict(self.environ), stdout=log, stderr=log
            )
            try:
                self._wait(process, workflows)
                yield
            finally:
                process.terminate()
                process.wait(PATIENCE)

    def _wait(self, process: subprocess.Popen[bytes], workflows: int) -> None:
        log, deadline = self.folder / "n8n.log", time.monotonic() + PATIENCE
        while log.read_text().count(ACTIVATED) < workflows:
            if time.monotonic() > deadline or process.poll() is not None:
                raise AssertionError(log.read_text())
            time.sleep(0.2)


def install() -> None:
    """n8n in build/: 2.4 GB from npm, some minutes the first time."""
    if shutil.which("npm") is None:
        pytest.fail("npm is missing. Ask for the packages nodejs (20.19 or newer) and npm.")
    if COMMAND.exists():
        return
    INSTALLED.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).with_name("package.json"), INSTALLED)
    subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=INSTALLED, check=True)


def engine(folder: Path, service: Mapping[str, str], mail_port: int) -> Engine:
    """An n8n that knows the key of the service and the mail server."""
    port, broker = free_port(), free_port()
    environ = {
        **os.environ,
        "N8N_USER_FOLDER": str(folder),
        "N8N_LISTEN_ADDRESS": "127.0.0.1",
        "N8N_PORT": str(port),
        "N8N_RUNNERS_BROKER_PORT": str(broker),
        "N8N_ENCRYPTION_KEY": "only-for-this-test",
        "N8N_DISABLE_UI": "true",
        "N8N_DIAGNOSTICS_ENABLED": "false",
        "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
        "N8N_TEMPLATES_ENABLED": "false",
        "N8N_PERSONALIZATION_ENABLED": "false",
        "NODE_EXTRA_CA_CERTS": service["TLS_CERTIFICATE"],
    }
    found = Engine(folder, environ, f"http://127.0.0.1:{port}")
    found.take_in("credentials", _credentials(service["API_KEY"], mail_port))
    return found


def _credentials(key: str, mail_port: int) -> list[dict[str, Any]]:
    header = {"name": "Authorization", "value": f"Bearer {key}"}
    mail = {"user": "", "password": "", "host": "127.0.0.1", "port": mail_port, "secure": False}
    return [
        {"id": "coiConnectorKey", "name": "COI connector key", "type": "httpHeaderAuth", "data": header},
        {"id": "officeMail", "name": "Office mail", "type": "smtp", "data": mail},
    ]  # fmt: skip


def at_address(workflow: Workflow, address: str) -> Workflow:
    """The workflow with the service's address filled in, as a user would."""
    found: Workflow = json.loads(json.dumps(workflow).replace("https://YOUR-ADDRESS", address))
    return found
