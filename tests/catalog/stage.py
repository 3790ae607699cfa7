"""The running service as Zapier sees it: by HTTPS, with an API key, and with files to send."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy.orm import Session, sessionmaker

from connector.catalog.failures import failures
from connector.cli.serve import settings_of
from connector.settings import Settings
from connector.storage.database import connect, sessions_of
from connector.storage.migrate import migrate
from demo.accounts import Demo, prepare
from demo.draw import STYLE, draw_demo
from demo.firms import compliant
from demo.form import form_pdf
from demo.layout import acord_25_2016
from demo.widgets import FieldHabits
from tests.catalog.desk import Desk, served
from tests.drawing.pages import Cancellation, cancellation_notice, pdf_of_pages
from tests.outbound.authority import certify
from tests.simulators.google_sheets.connection import connect_account
from tests.simulators.google_sheets.server import SheetsSimulator
from tests.simulators.mail import MailSimulator

ROOT = Path(__file__).parents[2]
INTEGRATION = ROOT / "zap_schemas"
PATIENT_NODE = "--network-family-autoselection-attempt-timeout=5000"
"""Node gives an address of localhost a quarter of a second, too little beside other tests."""
PATIENCE = 240.0
"""Seconds for a process to start or end on a machine that has much else to do."""


@contextmanager
def service(folder: Path) -> Iterator[dict[str, str]]:
    """Web, worker, a simulated Procore, Google and mail server; the environment that the JavaScript
    tests read.

    The worker is a process of its own, so that a test can hold it up and let it go on.
    """
    with MailSimulator() as mail:
        yield from _service(folder, mail)


def _service(folder: Path, mail: MailSimulator) -> Iterator[dict[str, str]]:
    port = free_port()
    environ = dict(os.environ) | {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail.port),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "Summit Builders <certificates@summit.example>",
        "CONNECTOR_DATA_DIR": str(folder / "data"),
        "PORT": str(port),
        "ANSWER_WITHIN": "1",
        "ALLOW_HTTP_FETCH": "on",
        "ALLOW_PRIVATE_FETCH": "127.0.0.0/8",
        "CONNECTOR_SHARED_DISK": "1",
    }
    settings = settings_of(environ)
    context, believed = certify("localhost", folder)
    migrate(settings.database_url)
    with (
        _simulated_procore() as procore,
        SheetsSimulator() as google,
        _process(["-m", "connector.cli", "web"], environ) as web,
        _process(["-m", "connector.cli", "worker"], environ) as worker,
    ):
        _wait_for(f"http://127.0.0.1:{port}/health", web)
        demo = prepare(settings, procore)
        sessions = sessions_of(connect(settings.database_url))
        _log_to(google, settings, demo, sessions)
        _draw(folder, demo.today)
        desk = Desk(mail, google, sessions, demo.account_id)
        with _https(context, port) as address, served(desk) as desk_url:
            yield {
                "SERVICE_URL": address,
                "API_KEY": demo.key,
                "FILES": str(folder),
                "TLS_CERTIFICATE": str(believed),
                "TLS_KEY": str(folder / "key.pem"),
                "NODE_EXTRA_CA_CERTS": str(believed),
                "NODE_ENV": "test",
                "NODE_OPTIONS": PATIENT_NODE,
                "WORKER_PID": str(worker.pid),
                "DESK_URL": desk_url,
                "FAILURES": json.dumps([[k.code, k.status, k.halt] for k in failures()]),
                "PROCORE_URL": str(procore["url"]),
                "PROCORE_COMPANY": str(procore["company_id"]),
                "PROCORE_PROJECT": str(procore["project_id"]),
                "PROCORE_TOKEN": str(procore["token"]),
            }


def npm_installed(folder: Path) -> None:
    """What the folder's lock names is installed; the test fails where there is no npm."""
    if shutil.which("npm") is None:
        pytest.fail("npm is missing. Ask for the packages nodejs (20 or newer) and npm.")
    lock, marker = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if not marker.exists() or marker.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(["npm", "ci", "--omit=dev"], cwd=folder, env=os.environ, check=True)


def node(environ: dict[str, str], *arguments: str, folder: Path = INTEGRATION) -> str:
    """What node prints; the test fails with it when node fails."""
    found = subprocess.run(
        ["node", *arguments],
        cwd=folder,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _log_to(
    google: SheetsSimulator, settings: Settings, demo: Demo, sessions: sessionmaker[Session]
) -> None:
    """The demo's account logs to the simulated spreadsheet."""
    with sessions() as session, session.begin():
        connect_account(
            session,
            demo.account_id,
            google,
            keys=settings.secret_keys,
            now=datetime.now(UTC),
        )


def _draw(folder: Path, today: date) -> None:
    """The two bundled certificates, the first with a lower limit, a carrier's notice of
    cancellation, and a file that is none."""
    draw_demo(folder, today)
    sheet = compliant(today)
    lower = replace(sheet, cells={**sheet.cells, "general_liability_each_occurrence": "500,000"})
    drawn = form_pdf(acord_25_2016(), lower, STYLE, FieldHabits())
    (folder / "lower-limit.pdf").write_bytes(drawn)
    told, ends = today - timedelta(days=20), today + timedelta(days=10)
    notice = Cancellation(
        "Granite Mutual",
        "Stonegate Masonry LLC",
        "GL-9900",
        f"{told:%m/%d/%Y}",
        f"{ends:%m/%d/%Y}",
    )
    (folder / "cancellation.pdf").write_bytes(pdf_of_pages([cancellation_notice(notice)]))
    (folder / "letter.txt").write_text("This is a letter and no certificate.")


@contextmanager
def _simulated_procore() -> Iterator[dict[str, object]]:
    command = ["-m", "tests.simulators.procore"]
    command += ["--vendor", "Northfield Roofing LLC", "--vendor", "Copper Ridge Electric Inc"]
    with _process(command, dict(os.environ)) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())


@contextmanager
def _process(arguments: list[str], environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A Python process until the block ends."""
    command = [sys.executable, *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _wait_for(address: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(address, timeout=5).status_code == 200:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError("The service did not start.")


@contextmanager
def _https(context: ssl.SSLContext, port: int) -> Iterator[str]:
    """TLS in front of a port of this machine, as a reverse proxy would do it; its address."""

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    start = asyncio.start_server(relay, "127.0.0.1", 0, ssl=context)
    server = asyncio.run_coroutine_threadsafe(start, loop).result(PATIENCE)
    try:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except (ConnectionError, asyncio.CancelledError):
        pass
    finally:
        writer.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    open_relays = asyncio.all_tasks() - {asyncio.current_task()}
    for task in open_relays:
        task.cancel()
    await asyncio.gather(*open_relays, return_exceptions=True)
