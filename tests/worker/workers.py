"""Real worker processes, started, killed and looked at by tests."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from connector.storage import jobs
from connector.storage.jobs import Job
from tests.storage.databases import Database

PATIENCE = 90.0


@dataclass
class Workers:
    """The processes that share one database, and the log their actions write."""

    database: Database
    log: Path
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, grace: float = 5) -> subprocess.Popen[str]:
        """One more worker, ready for work."""
        before = len(self.lines("ready"))
        process = self.spawn(grace)
        until(lambda: len(self.lines("ready")) > before or process.poll() is not None)
        return process

    def spawn(self, grace: float = 5) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.worker.program", self.database.url,
             str(self.database.data_dir), str(self.log), str(grace)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def lines(self, word: str, name: str = "") -> list[list[str]]:
        """The log's lines that begin so: word, name, process id, seconds."""
        if not self.log.exists():
            return []
        found = [line.split() for line in self.log.read_text().splitlines()]
        return [line for line in found if line[0] == word and name in ("", line[1])]

    def wait_for(self, word: str, name: str) -> list[str]:
        """The first such line, once it is there."""
        until(lambda: bool(self.lines(word, name)))
        return self.lines(word, name)[0]

    def process_of(self, process_id: str) -> subprocess.Popen[str]:
        return next(p for p in self.processes if p.pid == int(process_id))

    def job(self, job_id: str) -> Job:
        with self.database.sessions() as session:
            return jobs.get(session, self.database.account.id, job_id)

    def ended(self, job_id: str) -> Job:
        """The job, once it is done or failed."""
        until(lambda: self.job(job_id).is_ended)
        return self.job(job_id)


@contextmanager
def workers(database: Database) -> Iterator[Workers]:
    """Workers that are all gone afterwards."""
    found = Workers(database, database.data_dir / "starts-and-ends.log")
    try:
        yield found
    finally:
        for process in found.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def kill(process: subprocess.Popen[str]) -> None:
    """As a power cut would end it."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def until(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return once the condition holds; fail when it does not in time."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.05)
