"""What is run in quarantine by the tests: the harmless and the harmful."""

from __future__ import annotations

import ctypes
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from connector.errors import TooLarge


def echo(value: Any) -> Any:
    return value


def pid() -> int:
    return os.getpid()


def refuse() -> None:
    raise TooLarge("The file is too large.", field="file")


def stumble() -> None:
    raise KeyError("a mistake of ours")


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def work_slowly(share: float, seconds: float) -> str:
    """Get only a share of the processor, for so many seconds by the clock."""
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        while time.monotonic() - now < 0.1 * share:
            pass
        time.sleep(0.1 * (1 - share))
    return "done"


def spin() -> None:
    """Hours in C code that holds the interpreter's lock."""
    re.match(r"(a|a)*b", "a" * 60)


def start_child_and_hang() -> int:
    """The number of a process that stays behind when we are killed alone."""
    return subprocess.Popen(["/bin/sleep", "600"]).pid


def grow_in_python() -> int:
    return len([bytes(1_000_000) for _ in range(4_000)])


def grow_in_c() -> int:
    return len(bytearray(4_000_000_000))


def crash() -> None:
    ctypes.string_at(0)


def abort() -> None:
    os.abort()


def leave() -> None:
    os._exit(0)


def environment() -> dict[str, str]:
    return dict(os.environ)


def read(path: str) -> str:
    return Path(path).read_text(errors="replace")[:100]


def write(path: str) -> None:
    Path(path).write_text("x")


def write_temporary() -> str:
    import tempfile  # noqa: PLC0415 - looked up where it runs

    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write("x")
    return file.name


def connect(port: int) -> None:
    socket.create_connection(("127.0.0.1", port), 1).close()


def send_datagram(port: int) -> None:
    """As a DNS query would carry a secret out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"hush", ("127.0.0.1", port))


def connect_below(port: int) -> str:
    """By another program, as a reader would start one."""
    program = f"import socket; socket.create_connection(('127.0.0.1', {port}), 1); print('through')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    return done.stdout.decode()


def trace(other: int) -> int:
    """PTRACE_ATTACH to another process: 0 when it worked."""
    return int(ctypes.CDLL(None).ptrace(16, other, 0, 0))


class Trap:
    """An answer that runs a command where it is unpacked."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.path,)


def set_trap(path: str) -> Trap:
    return Trap(path)


class OursByName:
    """A callable that only claims to live in our package."""

    def __reduce__(self) -> tuple[Any, ...]:
        from connector.documents.quarantine import inside  # noqa: PLC0415

        return inside._silence, ()


def set_trap_of_our_own() -> OursByName:
    return OursByName()


def talk_nonsense(said: bytes) -> None:
    """Answer with bytes of our own, past the program that would write them."""
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, said)
        except OSError:
            continue
    time.sleep(60)
