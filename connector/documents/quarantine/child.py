"""One quarantined child, seen from its parent."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from connector.documents.quarantine import frames
from connector.documents.quarantine.walls import Walls

SECONDS_TO_START = 60
"""Importing the readers and their models on a busy machine."""

NOT_STARTED = "the process that reads documents did not start"

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""All that a child gets to know: no secret of the service is in it."""

PROGRAM = """
import sys
sys.path[:] = {path!r}
from connector.documents.quarantine.inside import main
from connector.documents.quarantine.walls import Walls
main({descriptor}, {walls!r}, {preload!r})
"""


_OUT_OF_TIME = (-signal.SIGPROF, -signal.SIGALRM)
"""How a child ends that its own alarms have ended."""

_IDLE = 0.02
"""A child that had less of the processor than this share waits for something that never comes."""


class Starved(Exception):
    """The machine was too busy; nothing is wrong with the file as far as anybody knows."""


class Child:
    """A process that answers one call at a time, in a session and process group of its own.

    It is started fresh, not forked: a copy of a process with threads may hold locks that nobody
    will ever release. It ends when this side of the socket closes, also by the parent's death.
    """

    def __init__(self, walls: Walls, preload: Sequence[str]) -> None:
        self.walls = walls
        self.calls = 0
        self._standing: dict[str, bool] | None = None
        self._temporary = tempfile.mkdtemp(prefix="coi-quarantine-")
        self._tidy = weakref.finalize(self, _remove, self._temporary, os.getpid())
        self._link, theirs = socket.socketpair()
        with theirs:
            program = PROGRAM.format(
                path=sys.path, descriptor=theirs.fileno(), walls=walls, preload=list(preload)
            )
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                [sys.executable, "-I", "-c", program],
                env={**ENVIRONMENT, "TMPDIR": self._temporary},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def wait_until_ready(self) -> dict[str, bool]:
        """Which walls stand. RuntimeError when it could not start."""
        if self._standing is None:
            try:
                standing = frames.open_answer(frames.receive(self._link, SECONDS_TO_START))
            except (frames.Ended, TimeoutError) as why:
                raise RuntimeError(NOT_STARTED) from why
            if not isinstance(standing, dict):
                raise RuntimeError(f"{NOT_STARTED}:\n{standing}")
            self._standing = standing
        return dict(self._standing)

    def ask(self, call: bytes) -> tuple[str, Any]:
        """The answer to a call.

        NotTaken when the child was gone before it began, Ended when it died of the call,
        TimeoutError when it is late, Starved when others left it too little of the processor.
        """
        self.wait_until_ready()
        self.calls += 1
        try:
            frames.send(self._link, call, self.walls.seconds)
            frames.receive(self._link, self.walls.seconds)
        except frames.Ended as why:
            raise frames.NotTaken from why
        self._wait_for_answer()
        try:
            frame = frames.receive(self._link, self.walls.seconds)
        except frames.Ended as why:
            if self._ended_by_its_alarms():
                raise TimeoutError from why
            raise
        answer = frames.open_answer(frame)
        if not isinstance(answer, tuple) or len(answer) != 2:
            raise frames.Ended("the child answered something that is no answer")
        return answer

    def _ended_by_its_alarms(self) -> bool:
        """Whether it is gone because its time was up; one that still lives has broken the link."""
        try:
            return self._process.wait(timeout=1) in _OUT_OF_TIME
        except subprocess.TimeoutExpired:
            return False

    def _wait_for_answer(self) -> None:
        """The limit is on the processor's time: on a busy machine a sound file takes longer.

        A child that works is waited for up to `walls.patience` times as long; one that only
        sleeps is not.
        """
        began, worked_before = time.monotonic(), _seconds_worked(self.pid)
        for _ in range(self.walls.patience):
            if select.select([self._link], [], [], self.walls.seconds)[0]:
                return
            worked = _seconds_worked(self.pid) - worked_before
            if worked >= self.walls.seconds or worked < _IDLE * (time.monotonic() - began):
                raise TimeoutError
        raise Starved

    def end(self) -> None:
        """Kill it, and everything it started."""
        self._link.close()
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._tidy()

    def disown(self) -> None:
        """Forget a child that belongs to the process we were forked from."""
        self._link.close()
        self._process.returncode = 0


def _seconds_worked(pid: int) -> float:
    """What a process has had of the processor; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _remove(folder: str, owner: int) -> None:
    """Only by the process that made it: a forked one leaves by the same doors."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
