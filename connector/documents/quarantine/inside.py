"""The program that runs in a quarantined child: take a call, answer it, take the next."""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from connector.documents.quarantine.frames import TAKEN, Ended, pack, receive, send
from connector.documents.quarantine.walls import Walls, build
from connector.errors import ConnectorError
from connector.logs import where

GRACE = 1.0
"""Seconds that the parent has to end a call that is late, before the kernel does it."""


def main(descriptor: int, walls: Walls, preload: Sequence[str]) -> None:
    """Serve calls from the socket until the parent is gone. The walls go up before all else."""
    with socket.socket(fileno=descriptor) as link:
        try:
            send(link, pack(_prepared(walls, preload)))
            _silence()
            while True:
                call = receive(link)
                send(link, TAKEN)
                send(link, _packed(_answer(call, walls)))
        except Ended:
            return


def _prepared(walls: Walls, preload: Sequence[str]) -> dict[str, bool] | str:
    """Which walls stand, or the traceback of what went wrong."""
    try:
        standing = build(walls, Path(tempfile.gettempdir()))
        for module in preload:
            importlib.import_module(module)
    except Exception:
        return traceback.format_exc()
    return standing


def _silence() -> None:
    """Libraries print what they think of a document; nobody reads it, and it could be anything."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _packed(answer: tuple[str, Any]) -> bytes:
    try:
        return pack(answer)
    except Exception:
        return pack(("failed", traceback.format_exc()))


def _answer(frame: bytes, walls: Walls) -> tuple[str, Any]:
    """("done", value), ("refused", a ConnectorError), ("memory", "") or ("failed", where).

    The alarms have no handler, so they end the process even inside C code, parent or no parent.
    """
    signal.setitimer(signal.ITIMER_PROF, walls.seconds + GRACE)
    signal.setitimer(signal.ITIMER_REAL, walls.seconds * walls.patience + GRACE)
    try:
        function, args, kwargs = pickle.loads(frame)  # noqa: S301 - from our own parent
        return "done", function(*args, **kwargs)
    except ConnectorError as refusal:
        return "refused", refusal
    except MemoryError:
        return "memory", ""
    except Exception as error:
        return "failed", where(error)  # its own words may quote the document
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
