"""Servers on loopback that behave well, badly, or spitefully."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Behaviour: TypeAlias = Callable[["Handler"], None]


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers by the server's table of paths, and notes what it was asked."""

    protocol_version = "HTTP/1.1"
    server: Server

    def _answer(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(size))
        self.server.asked.append(asked)
        behave = self.server.behaviours.get(self.path.partition("?")[0], missing)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            behave(self)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _answer  # noqa: N815

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, behaviours: dict[str, Behaviour]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviours = behaviours
        self.asked: list[Asked] = []
        self.scheme = "http"

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.server_port}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what half of these tests are about."""


@contextlib.contextmanager
def serving(
    behaviours: dict[str, Behaviour], tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    server = Server(behaviours)
    if tls is not None:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        server.scheme = "https"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


def missing(handler: Handler) -> None:
    handler.reply(404)


def answers(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    return lambda handler: handler.reply(status, body, **headers)


def redirects(location: str, status: int = 302) -> Behaviour:
    return lambda handler: handler.reply(status, Location=location)


def drips(handler: Handler) -> None:
    """One byte at a time, each well before any timeout of a single read."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(400):
        handler.wfile.write(b"x")
        time.sleep(0.02)


def drips_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(400):
        handler.wfile.write(b"x")
        time.sleep(0.02)


def never_ends(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def never_ends_chunked(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while True:
        handler.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def breaks_off(handler: Handler) -> None:
    """Promises a thousand bytes and sends ten."""
    handler.reply(200, b"x" * 10, Content_Length="1000")
    handler.close_connection = True


def hangs_up(handler: Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def lies_about_length(handler: Handler) -> None:
    handler.reply(200, b"x", Content_Length="99999999999")


def gzip_bomb(handler: Handler) -> None:
    """100 MB of nothing in 100 kB."""
    handler.reply(200, gzip.compress(bytes(100_000_000), 6), Content_Encoding="gzip")


def gzipped(body: bytes) -> Behaviour:
    return answers(gzip.compress(body), Content_Encoding="gzip")


def damaged_gzip(handler: Handler) -> None:
    handler.reply(200, b"this is no gzip", Content_Encoding="gzip")
