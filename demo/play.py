"""What `make run` shows: two certificates on their whole way, on a running service.

Everything is real: the service is started as a user would start it, the certificates are drawn
today, sent over HTTP, checked, pushed to a simulator of Procore and logged to a CSV file. The
demo has an account of its own; the simulator never serves another.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from rich.console import Console

from connector.actions.action import Flat
from connector.actions.log_to_sheet import log_path
from connector.certificate.fields import FIELDS
from connector.checking.outcome import CHECK_FIELDS
from connector.cli.serve import settings_of
from connector.cli.tables import show
from connector.delivery import PUSH_FIELDS
from connector.settings import Settings
from demo.accounts import Demo, prepare
from demo.caller import Caller
from demo.draw import draw_demo

PATIENCE = 120
"""Seconds to wait for the service's first answer; it takes two or three."""

HIDDEN = frozenset({"notice_html", "certificate_id", "failed_fields", "failure_codes"})
"""Of a check: what only an automation reads."""

console = Console(width=min(Console().width, 110))


def main() -> None:
    """Start everything, play the demo, stay up (or end, with --once)."""
    parser = argparse.ArgumentParser(description="Start the service and play the demo on it.")
    parser.add_argument("--once", action="store_true", help="end after the tables")
    once = parser.parse_args().once
    port = _port()
    environ = {"LISTEN_ON": "127.0.0.1", **os.environ, "PORT": str(port)}
    settings = settings_of(environ)
    with _simulator() as procore, _service(settings, environ) as service:
        demo = prepare(settings, procore)
        play(Caller(f"http://127.0.0.1:{port}", demo.key), demo, settings)
        _introduce(settings, demo)
        if not once:
            _stay(service)


def play(caller: Caller, demo: Demo, settings: Settings) -> None:
    """Both certificates through parse, check, push and log, each answer shown as a table."""
    folder = settings.data_dir / "demo"
    for path in draw_demo(folder, demo.today):
        console.rule(f"[bold]{path.name}")
        certificate = caller.send("parse_certificate", path)
        _show("Parsed", FIELDS, certificate)
        about = {"certificate_id": certificate["certificate_id"]}
        check = caller.ask("check_certificate", **about, rule_set="standard-subcontractor")
        _show("Checked", CHECK_FIELDS, check, hidden=HIDDEN)
        about["check_id"] = check["check_id"]
        pushed = caller.ask("push_to_procore", **about)
        _show("Pushed to Procore (simulated)", PUSH_FIELDS, pushed)
        logged = caller.ask("log_to_sheet", **about)
        _show("Logged", PUSH_FIELDS, logged)
    console.print(f"The log: {log_path(settings, demo.account_id)}\n")


def _show(
    title: str, fields: tuple[object, ...], flat: Flat, hidden: frozenset[str] = frozenset()
) -> None:
    shown = {key: value for key, value in flat.items() if key not in hidden}
    unclear = frozenset(str(flat.get("unclear_fields") or "").split(", ")) - {""}
    show(console, f"[bold green]{title}[/]", fields, shown, doubtful=unclear)
    console.print()


def _introduce(settings: Settings, demo: Demo) -> None:
    console.rule("[bold]The service is running")
    console.print(f"Address:  {settings.public_url}")
    if demo.first_key:
        console.print(
            f"API key:  {demo.first_key}   (shown only this once; keep it)", soft_wrap=True
        )
    else:
        console.print(
            "API key:  shown at the first start; `connector keys create NAME` makes another"
        )
    console.print(
        f"Try it:   curl -H 'Authorization: Bearer KEY' -F file=@certificate.pdf {settings.public_url}/v1/actions/parse_certificate\n",
        soft_wrap=True,
    )


def _stay(service: subprocess.Popen[str]) -> None:
    """Until Ctrl-C; or until the service ends by itself, which is said."""
    console.print("Press Ctrl-C to stop.")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(1):
        if service.poll() is not None:
            raise SystemExit("The service has ended; its messages stand above.")


def _port() -> int:
    """PORT, which must be free; else 8000, or any other free port when that one is taken."""
    asked = os.environ.get("PORT")
    for wanted in [int(asked)] if asked else [8000, 0]:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SystemExit(
        f"Port {asked} is taken. Name another: PORT=8124 make run" if asked else "No port is free."
    )


@contextmanager
def _service(settings: Settings, environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`connector serve` until the block ends."""
    command = [sys.executable, "-m", "connector.cli", "serve"]
    with _running(subprocess.Popen(command, env=environ, text=True)) as process:
        _wait_until_healthy(f"http://127.0.0.1:{settings.port}", process)
        yield process


@contextmanager
def _simulator() -> Iterator[dict[str, object]]:
    """The simulated Procore until the block ends; how to connect to it."""
    command = [sys.executable, "-m", "tests.simulators.procore"]
    for vendor in ("Northfield Roofing LLC", "Copper Ridge Electric Inc"):
        command += ["--vendor", vendor]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    with _running(started) as process:
        yield json.loads(process.stdout.readline() if process.stdout else "{}")


@contextmanager
def _running(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_until_healthy(address: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{address}/health", timeout=5).status_code == 200:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise SystemExit("The service did not start; its messages stand above.")


if __name__ == "__main__":
    main()
