"""Child processes kept running together: one that falls over is started again, all stop together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import click

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 30
STEADY_SECONDS = 10
MOST_FALLS = 5
"""A child that falls over this often within its first seconds will not get better by itself."""


class Supervised:
    """One child process and how often it fell over in a row."""

    def __init__(self, name: str, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self.name, self._command, self._environ = name, command, environ
        self.falls = 0
        self.start()

    def start(self) -> None:
        self._started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own command line
            self._command,
            env=dict(self._environ),
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - this process has one thread
            start_new_session=True,
        )

    def look_after(self) -> bool:
        """Start the child again if it ended; whether it still can be expected to run."""
        code = self.process.poll()
        if code is None:
            return True
        steady = time.monotonic() - self._started > STEADY_SECONDS
        self.falls = 1 if steady else self.falls + 1
        click.echo(f"The {self.name} process ended with code {code}.", err=True)
        self._end_what_it_left()
        if self.falls >= MOST_FALLS:
            return False
        time.sleep(0.2 * self.falls)
        self.start()
        return True

    def _end_what_it_left(self) -> None:
        """What a killed process had started may hold its port, and nobody looks after it."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()


def supervise(commands: Mapping[str, Sequence[str]], environ: Mapping[str, str]) -> int:
    """Run the commands until SIGTERM or SIGINT; the exit code of the whole."""
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    together = {**environ, "CONNECTOR_SHARED_DISK": "1"}
    children = [Supervised(name, command, together) for name, command in commands.items()]
    healthy = True
    while healthy and not stopping:
        time.sleep(0.1)
        healthy = all(child.look_after() for child in children)
    for child in children:
        child.stop()
    _wait(children)
    return 0 if healthy else 1


def _wait(children: Sequence[Supervised]) -> None:
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def _end_with_parent() -> None:
    """Ask the kernel to end this child with its parent, even when that is killed outright."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
