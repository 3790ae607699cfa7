"""The running service with the app for Make connected to it, and services that answer badly."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from connector.catalog.make.modules import API_CALL
from tests.catalog.make.runner import Make, MakeError
from tests.catalog.make.source import load
from tests.catalog.stage import service

RATINGS = "naic,name,rating,size\n10001,Granite Mutual Insurance Company,A-,VII\n"


@dataclass
class Office:
    """A running service, the app connected to it, and files to send."""

    make: Make
    environ: dict[str, str]
    drawn: int = 0
    checked: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def file(self, name: str = "compliant.pdf") -> dict[str, Any]:
        """A file as Make hands it on: its name and its bytes."""
        return {"fileName": name, "data": Path(self.environ["FILES"], name).read_bytes()}

    def new_file(self, name: str = "compliant.pdf") -> dict[str, Any]:
        """The same certificate in bytes that were never sent before."""
        self.drawn += 1
        file = self.file(name)
        return file | {"data": file["data"] + f"\n% copy {self.drawn}\n".encode()}

    def checked_certificate(self) -> dict[str, str]:
        """The ids of a certificate and of its check."""
        if not self.checked:
            [parsed] = self.make.run("parseCertificate", self.file()).bundles
            self.checked["certificate_id"] = parsed["certificate_id"]
            [check] = self.make.run("checkCertificate", dict(self.checked)).bundles
            self.checked["check_id"] = check["check_id"]
        return dict(self.checked)

    def records(self) -> dict[str, str]:
        """The ids of one record of every kind; each is what a dropdown offers."""
        if not self.kept:
            self._work_was_done()
            self.kept |= self.checked_certificate()
            certificate = {"certificate_id": self.kept["certificate_id"]}
            decision = {"rule_id": "gl-each-occurrence", "reason": "A small job."}
            waiver = self._one("waiveRequirement", certificate | decision | {"waived_by": "Dana"})
            prepared = self._one("pushToBuildertrend", certificate)
            with pytest.raises(MakeError, match="It was kept"):
                self._one("parseCertificate", self.file("cancellation.pdf"))
            [notice] = self._one(API_CALL, {"url": "cancellations", "method": "GET"})["body"][
                "items"
            ]
            self.kept |= {
                "waiver_id": waiver["waiver_id"],
                "rule_id": waiver["rule_id"],
                "push_id": prepared["push_id"],
                "cancellation_id": notice["cancellation_id"],
            }
        return dict(self.kept)

    def _work_was_done(self) -> None:
        """A notice went out, a hook was told, and the office keeps ratings of its insurers."""
        to = {"subcontractor_email": "office@copper.example"}
        self._one("sendNotice", self.refused_certificate() | to)
        kept = self.make.attach("certificateParsed", "http://127.0.0.1:64999/hook")
        self._one("parseCertificate", self.new_file())
        self.make.detach("certificateParsed", kept.data)
        self._one(API_CALL, {"url": "insurer_ratings", "method": "PUT", "body": RATINGS})

    def refused_certificate(self) -> dict[str, str]:
        """The ids of a certificate that is not compliant, and of its check."""
        certificate = self._one("parseCertificate", self.file("not-compliant.pdf"))
        asked = {"certificate_id": certificate["certificate_id"]}
        return asked | {"check_id": self._one("checkCertificate", asked)["check_id"]}

    def _one(self, module: str, given: dict[str, Any]) -> dict[str, Any]:
        [bundle] = self.make.run(module, given).bundles
        return bundle

    @contextmanager
    def worker_held_up(self) -> Iterator[Callable[[], None]]:
        """The worker stands still until the given function is called, at the latest until the end."""
        worker = int(self.environ["WORKER_PID"])
        os.kill(worker, signal.SIGSTOP)
        try:
            yield lambda: os.kill(worker, signal.SIGCONT)
        finally:
            os.kill(worker, signal.SIGCONT)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with service(tmp_path_factory.mktemp("make")) as environ:
        connection = {"baseUrl": environ["SERVICE_URL"], "apiKey": environ["API_KEY"]}
        make = Make(load(), connection, hurry=0.3, verify=environ["TLS_CERTIFICATE"])
        yield Office(make, environ)


@pytest.fixture
def answering() -> Iterator[Callable[..., Make]]:
    """The app connected to a service that answers everything so."""
    servers: list[ThreadingHTTPServer] = []

    def start(status: int, body: Any, headers: dict[str, str] | None = None) -> Make:
        server = _server(status, body, headers or {})
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        connection = {"baseUrl": f"http://127.0.0.1:{server.server_port}", "apiKey": "coi_key"}
        return Make(load(), connection, hurry=0)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _server(status: int, body: Any, headers: dict[str, str]) -> ThreadingHTTPServer:
    content = body if isinstance(body, str) else json.dumps(body)
    kind = "text/html" if isinstance(body, str) else "application/json"

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in ({"Content-Type": kind} | headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: object) -> None:
            return

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)
