"""Clients that send or take slowly, over real sockets: everybody else is answered meanwhile."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any

import pytest
import requests

from connector.web.large_bodies import SMALL
from connector.web.reception import GRACE_SECONDS, HEAD_SECONDS, LINES
from connector.web.server import THREADS
from tests.service.installing import installed
from tests.service.running import Service, descendants

MANY = 4 * THREADS
PROMPT = 5.0
"""Seconds; far below what one thread would wait for any of these clients."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One web process, so that its threads are all there are."""
    folder = tmp_path_factory.mktemp("slow")
    with installed(folder, None, {"WEB_WORKERS": "1", "CONNECTOR_SHARED_DISK": "1"}) as made:
        made.command = "web"
        made.start()
        yield made


def line_to(service: Service) -> socket.socket:
    return socket.create_connection(("127.0.0.1", service.settings.port), timeout=60)


def head(
    service: Service, length: int, *more: str, path: str = "/v1/actions/find_certificate"
) -> bytes:
    lines = (
        f"POST {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {service.key}",
        "Content-Type: application/json", f"Content-Length: {length}", *more, "", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


STALLS = {
    "nothing": lambda _: b"",
    "half a line": lambda _: b"POST /v1/act",
    "half a head": lambda _: b"POST /login HTTP/1.1\r\nHost: localhost\r\n",
    "half a body": lambda service: head(service, 1000) + b"{",
    "half a file": lambda service: head(service, 20_000_000) + b"{" * 300,
    "half a chunk": lambda service: (
        head(service, 0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked") + b"400\r\n{"
    ),
    "a form of nobody": lambda _: (
        b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nemail="
    ),
}


@contextmanager
def slow_clients(service: Service, start: bytes, count: int) -> Iterator[list[socket.socket]]:
    """So many clients that have sent this, and send one byte more every half second."""
    ended = threading.Event()
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(line_to(service))) for _ in range(count)]
        for line in lines:
            line.sendall(start)

        def drip() -> None:
            while start and not ended.wait(0.5):
                for line in lines:
                    with suppress(OSError):
                        line.send(b"x")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            time.sleep(1.0)
            yield lines
        finally:
            ended.set()
            dripping.join()


def is_answered(service: Service) -> None:
    """A question, a form and an action, each within moments."""
    for method, path, given in (
        ("GET", "/health", None),
        ("GET", "/login", None),
        ("POST", "/v1/actions/find_certificate", {"insured_name": "Northfield"}),
    ):
        began = time.monotonic()
        answer = requests.request(
            method, f"{service.address}{path}", json=given, headers=service.headers, timeout=60
        )
        assert answer.status_code == 200, answer.text
        assert time.monotonic() - began < PROMPT


@pytest.mark.parametrize("stall", STALLS)
def test_slow_clients_keep_nobody_from_an_answer(service: Service, stall: str) -> None:
    with slow_clients(service, STALLS[stall](service), MANY):
        is_answered(service)


def test_clients_that_take_no_answer_keep_nobody_from_one(service: Service) -> None:
    """Each says that this is its last request, and then neither reads nor closes."""
    last = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with slow_clients(service, last, MANY):
        is_answered(service)


def test_idle_lines_give_way(service: Service) -> None:
    """More lines than there are, each kept open behind an answer."""
    ask = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(LINES):
            line = stack.enter_context(closing(line_to(service)))
            line.sendall(ask)
            assert answer_of(line)[0] == 200
        is_answered(service)
        line.sendall(ask)
        assert answer_of(line)[0] == 200, "the youngest is kept"


def test_many_slow_lines_push_out_each_other_and_nobody_else(service: Service) -> None:
    with slow_clients(service, STALLS["half a body"](service), LINES):
        is_answered(service)


@pytest.mark.slow
def test_what_comes_too_slowly_is_ended_with_a_sentence(service: Service) -> None:
    began = time.monotonic()
    with slow_clients(service, STALLS["half a file"](service), 1) as (line,):
        answer = line.recv(4096)
    assert HEAD_SECONDS < time.monotonic() - began < GRACE_SECONDS + 10
    assert answer.startswith(b"HTTP/1.1 408 ")
    error = json.loads(answer.partition(b"\r\n\r\n")[2])["error"]
    assert error["code"] == "too_slow"
    assert "send it again" in error["message"]


@pytest.mark.slow
def test_a_head_is_waited_for_less_long(service: Service) -> None:
    began = time.monotonic()
    with slow_clients(service, STALLS["half a head"](service), 1) as (line,):
        assert line.recv(4096).startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - began < HEAD_SECONDS + 5


def in_pieces(line: socket.socket, data: bytes, size: int, pause: float) -> None:
    for start in range(0, len(data), size):
        line.sendall(data[start : start + size])
        time.sleep(pause)


def answer_of(line: socket.socket) -> tuple[int, dict[str, Any]]:
    """Status and JSON of one answer."""
    with line.makefile("rb") as file:
        status = int(file.readline().split()[1])
        while status == 100:
            while file.readline().strip():
                pass
            status = int(file.readline().split()[1])
        length = 0
        while header := file.readline().strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return status, json.loads(file.read(length))


BODY = json.dumps({"insured_name": "x" * 300}).encode()


def test_a_request_that_comes_in_pieces_is_whole(service: Service) -> None:
    with closing(line_to(service)) as line:
        in_pieces(line, head(service, len(BODY)) + BODY, 7, 0.001)
        status, found = answer_of(line)
    assert (status, found["job_status"]) == (200, "done")


@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_chunks_in_pieces_are_whole(service: Service, size: int) -> None:
    chunks = b"".join(
        b"%x;name=value\r\n%s\r\n" % (len(part), part)
        for part in (BODY[:3], BODY[3:200], BODY[200:])
    )
    start = head(service, 0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    with closing(line_to(service)) as line:
        in_pieces(line, start + chunks + b"0\r\nA-Trailer: x\r\n\r\n", size, 0.0)
        assert answer_of(line)[0] == 200


def test_requests_behind_each_other_on_one_line_are_answered_in_turn(service: Service) -> None:
    one = head(service, len(BODY)) + BODY
    with closing(line_to(service)) as line:
        line.sendall(one * 3 + one[:50])
        with line.makefile("rb") as file:
            for _ in range(3):
                assert b" 200 " in file.readline()
                length = 0
                while header := file.readline().strip():
                    name, _, value = header.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                assert json.loads(file.read(length))["job_status"] == "done"
            line.sendall(one[50:])
            assert b" 200 " in file.readline()


def test_a_client_that_waits_for_the_word_gets_it_and_once(service: Service) -> None:
    with closing(line_to(service)) as line:
        line.sendall(head(service, len(BODY), "Expect: 100-continue"))
        assert line.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(BODY)
        with line.makefile("rb") as file:
            assert b" 200 " in file.readline()


def test_a_stranger_brings_no_file_and_is_told_before_it_is_sent(service: Service) -> None:
    for path, status in (("/v1/actions/parse_certificate", 401), ("/login", 422)):
        with closing(line_to(service)) as line:
            start = head(service, 20_000_000, "Expect: 100-continue", path=path)
            line.sendall(start.replace(service.key.encode(), b"coi_of_nobody"))
            with line.makefile("rb") as file:
                assert int(file.readline().split()[1]) == status
                assert (b"Log in first" in file.read()) == (path == "/login")


def test_a_small_body_of_a_stranger_is_read(service: Service) -> None:
    there = f"{service.address}/login"
    assert requests.post(there, data={"email": "x" * 1000}, timeout=60).status_code == 403


def test_what_is_too_large_is_said_before_it_is_sent(service: Service) -> None:
    with closing(line_to(service)) as line:
        start = head(service, 200_000_000, path="/v1/actions/parse_certificate")
        line.sendall(start.replace(b"application/json", b"multipart/form-data; boundary=x"))
        status, found = answer_of(line)
    assert (status, found["error"]["code"]) == (422, "too_large")


def test_a_large_file_in_chunks_is_taken_and_one_that_never_ends_is_not(service: Service) -> None:
    def endless(most: int) -> Iterator[bytes]:
        for _ in range(most // SMALL):
            yield b"x" * SMALL

    there = f"{service.address}/v1/insurer_ratings"
    taken = requests.put(there, data=endless(10 * SMALL), headers=service.headers, timeout=60)
    assert taken.status_code == 422, "it is all read, and is no table"
    with suppress(requests.ConnectionError):  # it may be cut while it still sends
        refused = requests.put(there, data=endless(2**27), headers=service.headers, timeout=60)
        assert refused.json()["error"]["code"] == "too_large", refused.text


NO_HTTP = (
    b"\r\n\r\n\r\n\r\n",
    b"GET\r\n\r\n",
    b"x" * 100_000,
    b"\x16\x03\x01\x02\x00\r\n\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: -4\r\n\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: " + b"1" * 5000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 5000 + b"\r\nx",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
    b"POST http://\xff/%ff%zz?%00 HTTP/1.1\r\nAuthorization: Bearer \xff\r\nContent-Length: 99999\r\n\r\nx",
)


def test_what_is_no_http_is_refused_and_no_process_falls_over_it(service: Service) -> None:
    assert service.process is not None
    before = descendants(service.process.pid)
    for start in NO_HTTP:
        with closing(line_to(service)) as line:
            line.sendall(start)
            line.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while line.recv(4096):
                    pass
    is_answered(service)
    assert set(before) <= set(descendants(service.process.pid))
