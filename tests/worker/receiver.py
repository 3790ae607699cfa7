"""A real HTTP server that takes what the worker sends, and answers as the test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """`answers` are status and headers for the next requests; 200 when there are none left.

    `before_answer` is done once each, for the next requests, when they have been taken.
    """

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    before_answer: list[Callable[[], None]] = field(default_factory=list)


@contextmanager
def receiver(
    *answers: tuple[int, dict[str, str]],
    before_answer: Sequence[Callable[[], None]] = (),
    port: int = 0,
) -> Iterator[Receiver]:
    """A receiver on a port of this machine, a free one unless it is given."""
    found = Receiver(answers=list(answers), before_answer=list(before_answer))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            found.raw.append(data)
            found.bodies.append(json.loads(data))
            found.headers.append({name.lower(): value for name, value in self.headers.items()})
            if found.before_answer:
                found.before_answer.pop(0)()
            status, headers = found.answers.pop(0) if found.answers else (200, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/callback"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
