"""A name server on loopback that changes its mind: the rebinding attack over real sockets.

It speaks just enough DNS (RFC 1035) for one question of type A and one answer with a lifetime of
zero, so that nobody may keep it.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_HEADER = struct.Struct(">6H")
_ANSWER_OF_NAME_12 = b"\xc0\x0c"
_A_IN = struct.pack(">2H", 1, 1)


class RebindingDns:
    """Answers with each of `addresses` in turn, the last one for ever; `asked` are the names."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._left = list(addresses)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.asked: list[str] = []

    def serve(self) -> None:
        """Until a question without a name comes, which `close` sends."""
        while True:
            question, sender = self._socket.recvfrom(512)
            if not question:
                return
            self._socket.sendto(self._answer(question), sender)

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.sendto(b"", self._socket.getsockname())

    def leave(self) -> None:
        """Free the port; nobody answers any more."""
        self._socket.close()

    def resolve(self, host: str, port: int) -> list[str]:
        """What the service's resolver does, asked of this server: over UDP, keeping nothing."""
        name = b"".join(bytes([len(part)]) + part.encode() for part in host.split(".")) + b"\0"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(5)
            asking.sendto(
                _HEADER.pack(7, 0x0100, 1, 0, 0, 0) + name + _A_IN, self._socket.getsockname()
            )
            return [socket.inet_ntoa(asking.recv(512)[-4:])]

    def _answer(self, question: bytes) -> bytes:
        number = _HEADER.unpack_from(question)[0]
        asked = question[_HEADER.size :]
        self.asked.append(_name(asked))
        address = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        record = _ANSWER_OF_NAME_12 + _A_IN + struct.pack(">IH", 0, 4) + socket.inet_aton(address)
        return _HEADER.pack(number, 0x8180, 1, 1, 0, 0) + asked + record


def _name(question: bytes) -> str:
    parts, at = [], 0
    while length := question[at]:
        parts.append(question[at + 1 : at + 1 + length].decode())
        at += 1 + length
    return ".".join(parts)


@contextmanager
def rebinding_dns(*addresses: str) -> Iterator[RebindingDns]:
    """The server, running until the block ends."""
    server = RebindingDns(addresses)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()
        server.leave()
