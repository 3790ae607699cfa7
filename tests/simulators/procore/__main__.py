"""`python -m tests.simulators.procore --port 8765`: a Procore to play with.

Vendors come from `--vendor NAME` (repeatable) or `--vendors FILE`, a JSON object of name to
attributes, for example {"Northfield Roofing LLC": {"id": 7001, "email_address": "…"}}.
"""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path
from typing import Any

from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Switches
from tests.simulators.procore.world import CLIENT_ID, CLIENT_SECRET, COMPANY, PROJECT, TOKEN, seeded

DEFAULT_VENDORS = ("Northfield Roofing LLC", "Ridgeline Steel Erectors Inc", "Cedar Valley Electric Co")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--vendors", type=Path, help="JSON file: vendor name to attributes")
    parser.add_argument("--vendor", action="append", default=[], help="a vendor's name")
    parser.add_argument("--spike-limit", type=int, help="requests per 10 seconds")
    options = parser.parse_args()
    vendors: dict[str, Any] = {name: {} for name in options.vendor}
    if options.vendors:
        vendors |= json.loads(options.vendors.read_text())
    if not vendors:
        vendors = {name: {"id": 7001 + index} for index, name in enumerate(DEFAULT_VENDORS)}
    world = seeded(Switches(spike_limit=options.spike_limit), vendors)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with ProcoreSimulator(world, options.port) as simulator:
        _print_how_to_connect(simulator)
        stop.wait()


def _print_how_to_connect(simulator: ProcoreSimulator) -> None:
    """One JSON line that a script can read."""
    connect = {
        "url": simulator.url,
        "company_id": COMPANY,
        "project_id": PROJECT,
        "token": TOKEN,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
    print(json.dumps(connect), flush=True)


if __name__ == "__main__":
    main()
