"""From the command to the first answer."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.service.installing import installed

ROUNDS = 5


def rows() -> Iterator[tuple[str, str]]:
    """What is printed: seconds until `connector serve` answers a request that asks the database."""
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder), None, {}) as service:
        service.log = Path(folder) / "log"
        taken = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            service.start()
            taken.append(time.perf_counter() - started)
            service.stop()
        yield (
            "connector serve, until its first answer",
            f"median {statistics.median(taken):.2f} s, longest {max(taken):.2f} s",
        )
