"""A server that keeps an app as Make's API for developers would, and what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ONE = {"connections": "appConnection", "webhooks": "appWebhook", "modules": "appModule", "rpcs": "appRpc"}  # fmt: skip
BY_LABEL = {"connections", "webhooks"}
"""Of these Make chooses the name: the app's, then with a number behind it."""


@dataclass
class Recorder:
    """`parts` and `sections` by address; `asked` holds method and address of every request."""

    url: str = ""
    token: str = "make-token"
    app: dict[str, Any] | None = None
    renames_to: str = ""
    parts: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {kind: {} for kind in ONE}
    )
    sections: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    @property
    def changes(self) -> list[tuple[str, str]]:
        return [request for request in self.asked if request[0] != "GET"]

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Status and JSON (or text) for a request below /api/v2/sdk/apps."""
        words = path.strip("/").split("/") if path.strip("/") else []
        match method, words:
            case "POST", []:
                self.app = dict(body) | {"name": self.renames_to or body["name"], "version": 1}
                return 200, {"app": self.app}
            case _, [kind, name, *rest] if kind in BY_LABEL:
                return self._part(method, kind, name, rest, body)
            case _ if self.app is None or words[0] != self.app["name"]:
                return 404, {"message": "Not found", "code": "IM404"}
            case "GET", [_, "1"]:
                return 200, {"app": self.app}
            case _, [_, kind] if kind in BY_LABEL:
                return self._parts(method, kind, body)
            case _, [_, "1", kind] if kind in ONE:
                return self._parts(method, kind, body)
            case _, [_, "1", kind, name, *rest] if kind in ONE:
                return self._part(method, kind, name, rest, body)
            case _, [_, "1", section]:
                return self._section(method, section, body)
        return 400, {"message": f"{method} {path}"}

    def _parts(self, method: str, kind: str, body: Any) -> tuple[int, Any]:
        kept = self.parts[kind]
        if method == "GET":
            return 200, {f"{ONE[kind]}s": list(kept.values())}
        assert self.app
        count = len(kept) + 1
        chosen = f"{self.app['name']}{count if count > 1 else ''}"
        name = chosen if kind in BY_LABEL else body["name"]
        kept[name] = dict(body) | {"name": name}
        return 200, {ONE[kind]: kept[name]}

    def _part(
        self, method: str, kind: str, name: str, rest: list[str], body: Any
    ) -> tuple[int, Any]:
        if name not in self.parts[kind]:
            return 404, {"message": "Not found", "code": "IM404"}
        if rest:
            return self._section(method, f"{kind}/{name}/{rest[0]}", body)
        if method == "PATCH":
            self.parts[kind][name] |= body
        return 200, {ONE[kind]: self.parts[kind][name]}

    def _section(self, method: str, address: str, body: Any) -> tuple[int, Any]:
        if method == "PUT":
            self.sections[address] = body
            return 200, {"changed": True}
        found = self.sections.get(address)
        return (200, found) if found is not None else (404, {"message": "Not found"})


@contextmanager
def recorder() -> Iterator[Recorder]:
    """A recorder on a free port of this machine."""
    found = Recorder()
    prefix = "/api/v2/sdk/apps"

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(length).decode()
            is_text = "markdown" in (self.headers.get("Content-Type") or "")
            body = text if is_text or not text else json.loads(text)
            path = self.path.removeprefix(prefix)
            found.asked.append((self.command, path))
            found.tokens.add(self.headers.get("Authorization", ""))
            if not self.headers.get("Authorization", "").endswith(found.token):
                self._say(401, {"message": "Access denied."})
            else:
                self._say(*found.answer(self.command, path, body))

        do_GET = do_POST = do_PUT = do_PATCH = _handle  # noqa: N815 - names of the library

        def _say(self, status: int, body: Any) -> None:
            content = body if isinstance(body, str) else json.dumps(body)
            kind = "text/markdown" if isinstance(body, str) else "application/json"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
