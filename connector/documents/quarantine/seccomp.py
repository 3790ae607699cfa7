"""No network and no way into other processes, by Linux's seccomp: no privileges needed.

https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from dataclasses import dataclass

NO_NEW_PRIVILEGES = 38
SET_MODE_FILTER = 1
ALL_THREADS = 1

LOAD_WORD, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, KILL_PROCESS, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EACCES
NUMBER, ARCHITECTURE = 0, 4
"""Offsets of the system call's number and architecture in what the filter sees."""

X32 = 0x40000000
"""On x86-64 the same calls exist a second time from this number on."""


@dataclass(frozen=True, slots=True)
class Machine:
    """An architecture: its audit number, the number of seccomp(2), and of what is refused."""

    audit: int
    seccomp: int
    refused: tuple[int, ...]


EVERYWHERE = (425, 434, 438)
"""io_uring_setup (it opens sockets without being asked by a call), pidfd_open, pidfd_getfd."""

MACHINES = {
    # socket, connect, bind, ptrace, process_vm_readv and writev, bpf, perf_event_open,
    # unshare, setns, mount, add_key, request_key, keyctl, userfaultfd
    "x86_64": Machine(
        0xC000003E,
        317,
        (41, 42, 49, 101, 310, 311, 321, 298, 272, 308, 165, 248, 249, 250, 323, *EVERYWHERE),
    ),
    "aarch64": Machine(
        0xC00000B7,
        277,
        (198, 203, 200, 117, 270, 271, 280, 241, 97, 268, 40, 217, 218, 219, 282, *EVERYWHERE),
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def refuse_network() -> bool:
    """Refuse new sockets, tracing and the like to this process, its threads and its children.

    Sockets that are open stay usable. False where the kernel or this machine has no such filter.
    """
    machine = MACHINES.get(platform.machine())
    if platform.system() != "Linux" or machine is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    code = _filter(machine)
    program = _Program(len(code) // 8, code)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    answer = libc.syscall(machine.seccomp, SET_MODE_FILTER, ALL_THREADS, ctypes.byref(program))
    return bool(answer == 0)


def _filter(machine: Machine) -> bytes:
    """The filter's instructions, 8 bytes each: code, jump if true, jump if false, constant."""
    steps = [
        (LOAD_WORD, 0, 0, ARCHITECTURE),
        (JUMP_IF_EQUAL, 1, 0, machine.audit),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD_WORD, 0, 0, NUMBER),
    ]
    count = len(machine.refused)
    steps.append((JUMP_IF_AT_LEAST, count + 1, 0, X32))
    steps += [
        (JUMP_IF_EQUAL, count - place, 0, number) for place, number in enumerate(machine.refused)
    ]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
