"""A worker process for tests: `python -m tests.worker.program URL DATA_DIR LOG GRACE`.

Its actions write one line per start and end to LOG: `note` takes `seconds`, `die` kills the
process in the middle, `flaky` fails until it was started `times` times.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from connector.errors import ConnectorError, DestinationUnavailable
from connector.storage.database import connect, sessions_of
from connector.wiring.services import now
from connector.worker.duties import make_work
from connector.worker.process import run, stopped_by_signals
from tests.worker.working import Clock, Services


class Wall(Clock):
    """The real time."""

    def __call__(self) -> Any:
        return now()


def main(url: str, data_dir: str, log: str, grace: str) -> int:
    def note(word: str, name: str) -> None:
        with Path(log).open("a") as file:
            file.write(f"{word} {name} {os.getpid()} {time.time():.3f}\n")

    def act(action: str, account_id: str, given: dict[str, Any]) -> dict[str, Any]:
        note("start", given["name"])
        if action == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        starts = Path(log).read_text().count(f"start {given['name']} ")
        if action == "flaky" and starts < given["times"]:
            raise DestinationUnavailable("Not yet.", retry_after=None)
        time.sleep(given.get("seconds", 0))
        note("end", given["name"])
        return {"name": given["name"]}

    work = make_work(Services(sessions_of(connect(url)), Wall()), act, {})
    try:
        with stopped_by_signals(work):
            drained = run(
                work, url, Path(data_dir), ready=lambda: note("ready", "worker"), grace=float(grace)
            )
    except ConnectorError as error:
        print(error.message, flush=True)
        return 2
    if not drained:
        os._exit(1)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
