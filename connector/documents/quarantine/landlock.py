"""A narrow view of the disk for a process, by Linux's Landlock: no privileges needed.

https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
"""System call numbers, the same on every architecture."""

GET_VERSION = 1
RULE_PATH_BENEATH = 1
NO_NEW_PRIVILEGES = 38

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
TRUNCATE, IOCTL_DEVICE = 1 << 14, 1 << 15
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE
READING = EXECUTE | READ_FILE | READ_DIR

RIGHTS_BY_VERSION = (0, 13, 14, 15, 15, 16)
"""How many rights on files each version of Landlock knows, from 0 to 5 and later."""

CONNECT_OR_BIND_TCP = 3
SIGNALS_AND_ABSTRACT_SOCKETS = 3


def restrict(readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """Let this process and its children read and run only what lies beneath `readable`.

    They write only beneath `writable`, and neither trace nor (from Linux 6.12) signal anyone
    outside. Cannot be undone. False when the kernel has no Landlock.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(CREATE_RULESET, None, 0, GET_VERSION)
    if version < 1:
        return False
    every = (1 << RIGHTS_BY_VERSION[min(version, 5)]) - 1
    ruleset = _create(libc, version, every)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(libc, ruleset, path, READING)
        for path in writable:
            _allow(libc, ruleset, path, every)
        libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(libc.syscall(RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _create(libc: ctypes.CDLL, version: int, every: int) -> int:
    """The ruleset's descriptor. Later versions know more kinds of things to forbid."""
    forbidden = struct.pack("=Q", every)
    if version >= 4:
        forbidden += struct.pack("=Q", CONNECT_OR_BIND_TCP)
    if version >= 6:
        forbidden += struct.pack("=Q", SIGNALS_AND_ABSTRACT_SOCKETS)
    return int(libc.syscall(CREATE_RULESET, forbidden, len(forbidden), 0))


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    """A path that is not there needs no rule."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= OF_FILES
        rule = struct.pack("=Qi", rights, place)
        if libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, rule, 0) != 0:
            raise OSError(ctypes.get_errno(), "Landlock took no rule for a path", str(path))
    finally:
        os.close(place)
