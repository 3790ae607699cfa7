"""Libraries that speak requests go through the same door."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import requests

from connector.outbound import Outbound, session_through


class Echo(BaseHTTPRequestHandler):
    """Answers what it was sent; /packed as gzip, /cut with half of what it announces."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(json.dumps({"sent": body.decode(), "type": self.headers["Content-Type"]}))

    def do_GET(self) -> None:
        self._answer(json.dumps({"path": self.path, "key": self.headers["Authorization"]}))

    def _answer(self, text: str) -> None:
        data = gzip.compress(text.encode()) if self.path == "/packed" else text.encode()
        self.send_response(201 if self.command == "POST" else 200)
        if self.path == "/packed":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data) * (2 if self.path == "/cut" else 1)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def http(address: str) -> Iterator[requests.Session]:
    with session_through(Outbound().trusting(address)) as session:
        yield session


def test_json_goes_out_and_the_answer_comes_back(http: requests.Session, address: str) -> None:
    answer = http.post(f"{address}/records", json={"limit": "1000000.0"}, timeout=(2, 5))
    assert answer.status_code == 201
    assert json.loads(answer.json()["sent"]) == {"limit": "1000000.0"}
    assert answer.json()["type"] == "application/json"


def test_queries_and_headers_arrive(http: requests.Session, address: str) -> None:
    answer = http.get(f"{address}/a", params={"page": 2}, headers={"Authorization": "Bearer x"})
    assert answer.json() == {"path": "/a?page=2", "key": "Bearer x"}


def test_a_packed_answer_is_unpacked_once(http: requests.Session, address: str) -> None:
    assert http.get(f"{address}/packed").json()["path"] == "/packed"


def test_an_address_that_was_not_configured_is_refused_before_anything_is_sent() -> None:
    with session_through(Outbound()) as session, pytest.raises(requests.ConnectTimeout):
        session.get("http://127.0.0.1:9/")


def test_half_an_answer_is_no_answer(http: requests.Session, address: str) -> None:
    with pytest.raises(requests.ConnectionError) as found:
        http.post(f"{address}/cut", json={})
    assert not isinstance(found.value, requests.ConnectTimeout)
