"""Child processes kept running together: one that falls over is started again, all stop together."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NoReturn

import click

from connector.errors import ConnectorError, Misconfigured

log = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
GRACE_SECONDS = 30
STEADY_SECONDS = 10
NOT_BY_ITSELF = 78
"""EX_CONFIG: the child cannot go on before somebody mends what it said."""
MOST_FALLS = 5
"""A child that falls over this often within its first seconds will not get better by itself."""

_STOPPING = (signal.SIGTERM, signal.SIGINT)
_LIBC = ctypes.CDLL(None)

Child = Callable[[], object]
"""What a child process does until it is told to stop."""


class Supervised:
    """One child process and how often it fell over in a row.

    It is forked, not started anew: what the parent has imported is there already, which saves
    seconds and memory. So the parent must have one thread and no open database.
    """

    def __init__(self, name: str, work: Child) -> None:
        self.name, self._work = name, work
        self.falls = 0
        self.start()

    def start(self) -> None:
        self._started = time.monotonic()
        parent = os.getpid()
        self.pid = os.fork()
        self.code: int | None = None
        if self.pid == 0:
            _be_a_child(self.name, self._work, parent)

    def poll(self) -> int | None:
        """Its exit code once it has ended, negative for the signal that ended it."""
        if self.code is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if ended else None
        return self.code

    def look_after(self) -> bool:
        """Start the child again if it ended; whether it still can be expected to run."""
        code = self.poll()
        if code is None:
            return True
        if code == NOT_BY_ITSELF and not self.falls:
            return False  # at its first start; later it may wait for what a fallen one left behind
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
            os.killpg(self.pid, signal.SIGKILL)

    def send(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def supervise(children: Mapping[str, Child]) -> int:
    """Run the children until SIGTERM or SIGINT; the exit code of the whole."""
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    for number in _STOPPING:
        signal.signal(number, stop)
    found = [Supervised(name, work) for name, work in children.items()]
    healthy = True
    while healthy and not stopping:
        time.sleep(0.1)
        healthy = all(child.look_after() for child in found)
    for child in found:
        child.send(signal.SIGTERM)
    _wait(found)
    return 0 if healthy else 1


def _wait(children: Sequence[Supervised]) -> None:
    deadline = time.monotonic() + GRACE_SECONDS
    while any(child.poll() is None for child in children):
        if time.monotonic() > deadline:
            for child in children:
                child.send(signal.SIGKILL)
        time.sleep(0.05)


def _be_a_child(name: str, work: Child, parent: int) -> NoReturn:
    """From the fork to the end of the process; nothing of the parent's is done a second time."""
    code = 1
    try:
        os.setsid()
        for number in _STOPPING:
            signal.signal(number, signal.SIG_DFL)
        _end_with_parent(parent)
        _LIBC.prctl(PR_SET_NAME, f"coi-{name}".encode())
        work()
        code = 0
    except SystemExit as wanted:
        code = wanted.code if isinstance(wanted.code, int) else int(wanted.code is not None)
    except ConnectorError as error:
        click.echo(error.message, err=True)
        code = NOT_BY_ITSELF if isinstance(error, Misconfigured) else code
    except BaseException:
        log.exception("the %s process cannot go on", name)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end_with_parent(parent: int) -> None:
    """Ask the kernel to end this child with its parent, even when that is killed outright."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it was gone before we asked
        os._exit(1)
