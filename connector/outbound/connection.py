"""Connections that go where they were checked to go, and end when their time is over."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, TypeAlias

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

Resolver: TypeAlias = Callable[[str, int], Sequence[str]]
"""Host and port to IP addresses, in the order to try. Raises socket.gaierror."""

Connect: TypeAlias = Callable[[str, int, float | None], socket.socket]
"""Host, port and timeout in seconds to a connected socket."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses that the system's resolver gives."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in answers))


def resolve_within(
    resolver: Resolver, host: str, port: int, seconds: float | None
) -> Sequence[str]:
    """What `resolver` says, or TimeoutError: the system's own may take half a minute.

    It cannot be interrupted, so it is left behind in its thread and ends there by itself.
    """
    told: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            told.put(resolver(host, port))
        except Exception as why:  # carried to the caller, whatever it is
            told.put(why)

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    try:
        answer = told.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError(f"no address of {host} in time") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def dial(addresses: Sequence[str], port: int, timeout: float | None) -> socket.socket:
    """A connection to the first address that answers. OSError of the last one when none does."""
    refused: OSError = OSError("no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as why:
            refused = why
    raise refused


class Stopwatch:
    """Ends a request's connections once its seconds are over.

    A timeout per read cannot: a server that sends one byte a second never lets it run out. So a
    timer shuts the sockets down, and the reader sees the end of the stream.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Stopwatch:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for each in self._sockets:
                each.close()
            self._sockets.clear()

    @property
    def remaining(self) -> float:
        """Seconds left, never quite none: a timeout of 0 would mean "do not wait at all"."""
        return max(0.001, self._deadline - time.monotonic())

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._deadline

    def keep(self, connected: socket.socket) -> socket.socket:
        """Watch over a connection. A second descriptor is held: TLS takes the first one away."""
        with self._lock:
            self._sockets.append(connected.dup())
        return connected

    def _end(self) -> None:
        with self._lock:
            for each in self._sockets:
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was faster


class PinnedPools(PoolManager):
    """Connection pools whose every connection is made by `connect`, and by nothing else."""

    def __init__(self, connect: Connect, tls: ssl.SSLContext) -> None:
        super().__init__(num_pools=8, maxsize=4, ssl_context=tls, cert_reqs="CERT_REQUIRED")
        self.pool_classes_by_scheme = {"http": _http_pool(connect), "https": _https_pool(connect)}


def _http_pool(connect: Connect) -> type[HTTPConnectionPool]:
    class Connection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self, connect)

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    return Pool


def _https_pool(connect: Connect) -> type[HTTPSConnectionPool]:
    class Connection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self, connect)

    class Pool(HTTPSConnectionPool):
        ConnectionCls = Connection

    return Pool


def _connected(connection: Any, connect: Connect) -> socket.socket:
    """urllib3's own `_new_conn`, with our way of finding the address."""
    try:
        return connect(connection.host, connection.port, connection.timeout)
    except socket.gaierror as why:
        raise NameResolutionError(connection.host, connection, why) from why
    except TimeoutError as why:
        raise ConnectTimeoutError(connection, f"no connection to {connection.host}") from why
    except OSError as why:
        raise NewConnectionError(connection, f"no connection to {connection.host}: {why}") from why
