"""The simulator's HTTP side: sockets, faults, rate limits, tokens, and the contract's verdict."""

from __future__ import annotations

import json
import math
import socket
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.simulators.procore import commitments, directory, documents, insurances, oauth
from tests.simulators.procore.contract import (
    Operation,
    answer_violations,
    body_violations,
    contract,
    parameter_violations,
)
from tests.simulators.procore.routing import HANDLERS, Answer, Given
from tests.simulators.procore.switches import Fault, Order, Switches
from tests.simulators.procore.world import TOKEN, Asked, Refusal, World, seeded

PARTS = (commitments, directory, documents, insurances, oauth)
"""Imported for the handlers they register."""

NO_COMPANY = "Missing Procore-Company-Id header!"


class Spike:
    """Counts requests in windows of `spike_window` seconds."""

    def __init__(self) -> None:
        self.started, self.used = 0.0, 0

    def take(self, switches: Switches) -> dict[str, str]:
        """Uses up one request. The headers that describe the limit; Refusal 429 beyond it."""
        if switches.spike_limit is None:
            return {}
        now = time.time()
        if now >= self.started + switches.spike_window:
            self.started, self.used = now - now % switches.spike_window, 0
        self.used += 1
        reset = self.started + switches.spike_window
        headers = {
            "X-Rate-Limit-Limit": str(switches.spike_limit),
            "X-Rate-Limit-Remaining": str(max(0, switches.spike_limit - self.used)),
            "X-Rate-Limit-Reset": str(math.ceil(reset)),
        }
        if self.used > switches.spike_limit:
            wait = {"Retry-After": str(int(reset - now) + 1)} if switches.retry_after_on_429 else {}
            raise Refusal(429, "You have surpassed the max number of requests.", headers | wait)
        return headers


class ProcoreSimulator:
    """A Procore on 127.0.0.1. Use as a context manager; `world` is its data and its switches."""

    def __init__(self, world: World | None = None, port: int = 0) -> None:
        self.world = world or seeded()
        self.spike = Spike()
        self.stopping = threading.Event()
        simulator = self

        class Handler(_Handler):
            owner = simulator

        self._server = _Server(("127.0.0.1", port), Handler)
        self._server.world = self.world
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> ProcoreSimulator:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def order(self, fault: Fault, **wanted: Any) -> None:
        """The next matching request goes wrong like this (see `Order`)."""
        with self.world.lock:
            self.world.orders.append(Order(fault, **wanted))

    def asked(self, method: str = "", path: str = "") -> list[Asked]:
        """The requests so far, those of one method or with `path` in their path."""
        with self.world.lock:
            return [
                a for a in self.world.asked if a.method in (method or a.method) and path in a.path
            ]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    world: World

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the play; anything else is a mistake of ours."""
        if not isinstance(sys.exception(), OSError):
            self.world.breaches.append(traceback.format_exc())


class _Handler(BaseHTTPRequestHandler):
    owner: ProcoreSimulator
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what was asked stands in `world.asked`."""

    def _play(self) -> None:
        url = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if url.path.startswith("/storage/"):
            self._answer(
                documents.storage(self.owner.world, self.command, url.path, self.headers, raw)
            )
            return
        asked = Asked(
            self.command,
            url.path,
            parse_qs(url.query, keep_blank_values=True),
            {name.title(): value for name, value in self.headers.items()},
            _decoded(self.headers.get_content_type(), raw),
        )
        order = self._note(asked)
        if order and self._goes_wrong_before(order):
            return
        answer = self._work(asked, order)
        if order and self._goes_wrong_after(order, answer):
            return
        asked.status = answer.status
        self._answer(answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _play  # noqa: N815 - http.server's names

    def _note(self, asked: Asked) -> Order | None:
        world = self.owner.world
        with world.lock:
            world.asked.append(asked)
            for order in world.orders:
                if order.matches(asked.method, asked.path):
                    order.times -= 1
                    return order
        return None

    def _goes_wrong_before(self, order: Order) -> bool:
        match order.fault:
            case Fault.DROP_BEFORE:
                self._hang_up()
            case Fault.HANG_BEFORE:
                self.owner.stopping.wait(order.seconds)
                self._hang_up()
            case Fault.NOT_JSON:
                self._send(200, b"<html><body>Be right back</body></html>", {}, "text/html")
            case Fault.STATUS:
                self._answer(Answer(order.status, order.body, order.headers))
            case _:
                return False
        return True

    def _goes_wrong_after(self, order: Order, answer: Answer) -> bool:
        match order.fault:
            case Fault.DROP_AFTER:
                self._hang_up()
            case Fault.HANG_AFTER:
                self.owner.stopping.wait(order.seconds)
                self._hang_up()
            case Fault.HALF_ANSWER:
                self._send_half(answer)
            case Fault.STATUS_AFTER:
                self._answer(Answer(order.status, order.body, order.headers))
            case Fault.SLOW:
                self.owner.stopping.wait(order.seconds)
                return False
            case _:
                return False
        return True

    def _work(self, asked: Asked, order: Order | None) -> Answer:
        world, limit = self.owner.world, {}
        found = contract().operation(asked.method, asked.path)
        with world.lock:
            try:
                if not asked.path.startswith("/oauth"):
                    limit = self.owner.spike.take(world.switches)
                answer = self._allowed(world, asked, found, order)
            except Refusal as refusal:
                answer = _refused(world, refusal, asked.path)
            if found:
                asked.operation = found[0].id
                _check_ourselves(world, found[0], answer)
        answer.headers = limit | answer.headers
        return answer

    def _allowed(
        self,
        world: World,
        asked: Asked,
        found: tuple[Operation, dict[str, str]] | None,
        order: Order | None,
    ) -> Answer:
        if found is None:
            known = contract().knows_path(asked.path)
            raise Refusal(405 if known else 404, "Method Not Allowed" if known else "Not Found")
        operation, path = found
        user_id = _authorized(world, asked, operation)
        _judge(world, operation, path, asked)
        kept = {k: v for k, v in asked.query.items() if k not in ("page", "per_page")}
        url = self.owner.url + asked.path + ("?" + urlencode(kept, doseq=True) if kept else "")
        given = Given(
            path,
            asked.query,
            asked.body,
            user_id,
            order.fault if order else None,
            self.owner.url,
            url,
        )
        return HANDLERS[operation.id](world, given)

    def _answer(self, answer: Answer) -> None:
        data, kind = _encoded(answer.body)
        self._send(answer.status, data, answer.headers, kind)

    def _send(self, status: int, data: bytes, headers: Mapping[str, str], kind: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data if status != 204 else b"")

    def _send_half(self, answer: Answer) -> None:
        data, kind = _encoded(answer.body)
        self.send_response(answer.status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2])
        self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)


def _decoded(content_type: str, raw: bytes) -> Any:
    if not raw:
        return None
    if content_type == "application/x-www-form-urlencoded":
        return {name: values[0] for name, values in parse_qs(raw.decode()).items()}
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode(errors="replace")


def _encoded(body: Any) -> tuple[bytes, str]:
    if body is None:
        return b"", "application/json"
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if isinstance(body, str):
        return body.encode(), "text/plain"
    return json.dumps(body).encode(), "application/json"


def _authorized(world: World, asked: Asked, operation: Operation) -> int:
    """The acting user. Refusal 401 for a bad token, 403 for a company without the app."""
    if operation.is_public:
        return 0
    token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
    grant = world.grants.get(token)
    if grant is None or grant.expires_at < time.time():
        raise Refusal(401, "The access token is invalid")
    company = asked.headers.get("Procore-Company-Id")
    if operation.id in ("getMe", "listCompanies") and not grant.is_service_account:
        return grant.user_id
    if company is None:
        raise Refusal(400, NO_COMPANY)
    if (
        not world.switches.app_connected
        or not company.isdigit()
        or int(company) not in world.companies
    ):
        raise Refusal(403, "App is not connected to this company.")
    return grant.user_id


def _judge(world: World, operation: Operation, path: dict[str, str], asked: Asked) -> None:
    kind = {name.lower(): value for name, value in asked.headers.items()}.get("content-type", "")
    query = asked.query
    if operation.id == "oauthAuthorize":
        query = {k: v for k, v in query.items() if not k.startswith("code_challenge")}
    if world.switches.folder_lists_paged and operation.id.endswith(("Folder", "Folders")):
        query = {k: v for k, v in query.items() if k not in ("page", "per_page")}
    wrong = parameter_violations(operation, path, query, asked.headers)
    wrong |= body_violations(operation, asked.body, kind.partition(";")[0])
    switches = world.switches
    if switches.numeric_limit_is_taken:
        wrong = {k: v for k, v in wrong.items() if k != "limit" or "is not of type" not in v[0]}
    if switches.null_in_a_change != "refused":
        wrong = {k: v for k, v in wrong.items() if not v[0].startswith("None is not ")}
    if switches.unknown_attribute_status is None:
        wrong.pop("unknown_attribute", None)
    if wrong:
        status = switches.validation_status
        raise Refusal(
            (switches.unknown_attribute_status or status)
            if "unknown_attribute" in wrong
            else status,
            wrong,
        )


def _check_ourselves(world: World, operation: Operation, answer: Answer) -> None:
    if isinstance(answer.body, str | bytes) or answer.body is None:
        return
    wrong = answer_violations(operation, answer.status, answer.body)
    if world.switches.shows_limit_as_number:
        wrong.pop("limit", None)
    if wrong:
        world.breaches.append(f"{operation.id} {answer.status}: {wrong}")


def _refused(world: World, refusal: Refusal, path: str) -> Answer:
    switches, errors = world.switches, refusal.errors
    text = (
        errors if isinstance(errors, str) else "; ".join(f"{k} {v[0]}" for k, v in errors.items())
    )
    if path.startswith("/oauth"):
        return Answer(refusal.status, _oauth_body(switches, text), refusal.headers)
    shape = switches.unauthorized_shape if refusal.status == 401 else switches.error_shape
    if refusal.status == 429 and not switches.limit_message_is_json:
        return Answer(429, text, refusal.headers)
    shapes: dict[str, Any] = {
        "string": {"errors": text},
        "list": {"errors": [text]},
        "map": {"errors": errors if isinstance(errors, dict) else [text]},
        "legacy": {"code": refusal.status, "message": text, "reason": text},
        "v2": {"error": {"code": str(refusal.status), "message": text, "details": []}},
        "empty": None,
    }
    return Answer(refusal.status, shapes[shape], refusal.headers)


def _oauth_body(switches: Switches, text: str) -> Any:
    return {
        "rfc6749": {"error": text, "error_description": "The provided authorization is invalid."},
        "prose": "The refresh token is invalid",
        "legacy": {"message": "The refresh token is invalid", "error": text},
    }[switches.oauth_error_shape]


__all__ = ["TOKEN", "ProcoreSimulator"]
