"""The wire between a quarantined child and its parent: length, then a pickle.

What the child says is not believed: a reader taken over by a document could send a pickle that
runs code. So answers may hold our own data classes, enums and errors, dates and pictures only.
"""

from __future__ import annotations

import dataclasses
import enum
import io
import pickle
import socket
import struct
import time
from typing import Any

from connector.errors import ConnectorError

HEADER = struct.Struct(">Q")

MOST_BYTES = 128 * 1024 * 1024
"""Of one frame: a page of 80 million pixels and room to spare."""

PLAIN = frozenset(
    {
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("numpy", "dtype"),
        ("numpy", "ndarray"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "scalar"),
        ("numpy._core.numeric", "_frombuffer"),
    }
)


TAKEN = b"taken"
"""What a child says when it has a call and begins: from here on its end is the call's doing."""


class Ended(Exception):
    """The other side is gone."""


class NotTaken(Ended):
    """The other side was gone before it began: the call may be given to another."""


def pack(value: Any) -> bytes:
    """A value as a frame's content. PicklingError and the like for what cannot travel."""
    return pickle.dumps(value, protocol=5)


def send(link: socket.socket, frame: bytes, seconds: float | None = None) -> None:
    """Send one frame. Ended; TimeoutError when the other side does not take it in time."""
    link.settimeout(seconds)
    try:
        link.sendall(HEADER.pack(len(frame)))
        link.sendall(frame)
    except (BrokenPipeError, ConnectionResetError) as why:
        raise Ended from why


def receive(link: socket.socket, seconds: float | None = None) -> bytes:
    """One whole frame, not yet opened. Ended, or TimeoutError after `seconds`."""
    deadline = None if seconds is None else time.monotonic() + seconds
    (size,) = HEADER.unpack(_exactly(link, HEADER.size, deadline))
    if size > MOST_BYTES:
        raise Ended
    return bytes(_exactly(link, size, deadline))


def _exactly(link: socket.socket, size: int, deadline: float | None) -> bytearray:
    received = bytearray(size)
    view = memoryview(received)
    while view:
        if deadline is not None:
            link.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            count = link.recv_into(view)
        except ConnectionResetError as why:
            raise Ended from why
        if not count:
            raise Ended
        view = view[count:]
    return received


class _Distrustful(pickle.Unpickler):
    """Opens answers from a child: data of ours, never a function to call."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in PLAIN:
            return super().find_class(module, name)
        if (module, name) == ("builtins", "getattr"):
            return _member
        found = super().find_class(module, name) if module.startswith("connector.") else None
        if isinstance(found, type) and found.__module__ == module and _is_data(found):
            return found
        raise pickle.UnpicklingError(f"an answer may not hold {module}.{name}")


def _member(kind: object, name: object) -> enum.Enum:
    """What Python before 3.11.4 means by `getattr` in a pickle: one member of one of our enums."""
    if isinstance(kind, type) and issubclass(kind, enum.Enum) and isinstance(name, str):
        return kind[name]
    raise pickle.UnpicklingError("an answer may only name members of our enums")


def _is_data(kind: type[Any]) -> bool:
    return dataclasses.is_dataclass(kind) or issubclass(kind, enum.Enum | ConnectorError)


def open_answer(frame: bytes) -> Any:
    """The value in a child's frame. Ended for one that is broken, or more than data."""
    try:
        return _Distrustful(io.BytesIO(frame)).load()
    except Exception as why:  # the pickle documentation promises no end of kinds
        raise Ended("the child answered something that is no answer") from why
