"""Runs the app's modules as Make would, with real HTTP to a running service.

It does what Make's documentation says of the directives that we use, and refuses all others:
requests one after the other with `condition`, `temp` and `repeat`; `valid` and `error`; `iterate`,
`limit`, `trigger` and `pagination`; forms with files.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.catalog.make.iml import UNDEFINED, NotUnderstood, evaluate
from tests.catalog.make.source import App, Part

DIRECTIVES = {
    "url", "method", "headers", "qs", "body", "type", "temp", "condition", "response",
    "pagination", "log", "repeat", "baseUrl", "timeout",
}  # fmt: skip
RESPONSE = {"valid", "error", "temp", "output", "iterate", "limit", "trigger", "data", "metadata"}
MOST_PAGES = 50
PATIENCE = 60


class MakeError(Exception):
    """What Make would show: the type decides what becomes of the run."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind, self.message = kind, message


@dataclass
class Reply:
    """One answer, as expressions see it."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def scope(self) -> dict[str, Any]:
        return {"statusCode": self.status, "headers": self.headers, "body": self.body}


@dataclass
class Run:
    """What came of a module: its bundles, and what was sent."""

    bundles: list[dict[str, Any]] = field(default_factory=list)
    sent: list[requests.PreparedRequest] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass
class Make:
    """The app with a connection of its user. `hurry` shortens the pauses between looks at a job."""

    app: App
    connection: Mapping[str, str]
    hurry: float = 0.1
    verify: str | bool = True

    def run(
        self,
        id: str,
        parameters: Mapping[str, Any] | None = None,
        data: dict[str, Any] | None = None,
    ) -> Run:
        """One run of a module. `data` is what a polling trigger remembers, such as `lastID`."""
        return self._communicate(self.app.module(id), dict(parameters or {}), data or {})

    def choices(self, id: str) -> list[dict[str, Any]]:
        """The options of a dropdown."""
        return self._communicate(self.app.part("rpc", id), {}, {}).bundles

    def beginnings(self, id: str) -> list[dict[str, Any]]:
        """What a trigger offers to begin with: its request, overridden by the epoch's."""
        part = self.app.module(id)
        request = dict(part.requests[0])
        request["response"] = request["response"] | part.code["epoch"]["response"]
        request["response"].pop("trigger")
        epoch = Part(part.kind, part.id, part.about, {"communication": request})
        return self._communicate(epoch, {}, {}).bundles

    def connect(self) -> Run:
        """The test of the connection; its metadata is the connection's label."""
        part = self.app.part("connection", "apiKey")
        return self._communicate(part, dict(self.connection), {})

    def attach(self, id: str, url: str, parameters: Mapping[str, Any] | None = None) -> Run:
        """Subscribe a webhook; what it keeps is in `data`."""
        return self._procedure(id, "attach", dict(parameters or {}), {"url": url})

    def detach(self, id: str, kept: Mapping[str, Any]) -> Run:
        return self._procedure(id, "detach", {}, dict(kept))

    def receive(self, id: str, body: Any) -> dict[str, Any]:
        """The bundle that a webhook makes of what was posted to it."""
        communication = self.app.part("webhook", id).code["communication"]
        if communication.keys() - {"output", "respond"}:
            raise NotUnderstood(f"webhook directives {sorted(communication)}")
        found: dict[str, Any] = evaluate(communication["output"], {"body": body})
        return found

    def _procedure(
        self, id: str, code: str, parameters: dict[str, Any], webhook: dict[str, Any]
    ) -> Run:
        hook = self.app.part("webhook", id)
        part = Part("webhook", id, hook.about, {"communication": hook.code[code]})
        return self._communicate(part, parameters, {}, webhook)

    def _communicate(
        self,
        part: Part,
        parameters: dict[str, Any],
        data: dict[str, Any],
        webhook: dict[str, Any] | None = None,
    ) -> Run:
        scope = {
            "parameters": parameters,
            "connection": dict(self.connection),
            "webhook": webhook or {},
            "temp": {},
        }
        run = Run()
        for request in part.requests:
            _only(request, DIRECTIVES)
            inherits = part.kind in ("module", "rpc")
            whole = _based(self.app.base, request) if inherits else request
            self._one(whole, scope, run, data)
        return run

    def _one(
        self, request: dict[str, Any], scope: dict[str, Any], run: Run, data: dict[str, Any]
    ) -> None:
        scope["temp"] |= evaluate(request.get("temp", {}), scope)
        condition = request.get("condition", True)
        default = condition.get("default") if isinstance(condition, dict) else None
        wanted = condition["condition"] if isinstance(condition, dict) else condition
        if not evaluate(wanted, scope):
            if default is not None:
                run.bundles.append(evaluate(default, scope))
            return
        repeat = request.get("repeat", {"condition": False, "limit": 0, "delay": 0})
        for _ in range(repeat["limit"] + 1):
            self._pages(request, scope, run, data)
            if not evaluate(repeat["condition"], {"temp": scope["temp"]}):
                return
            time.sleep(repeat["delay"] / 1000 * self.hurry)

    def _pages(
        self, request: dict[str, Any], scope: dict[str, Any], run: Run, data: dict[str, Any]
    ) -> None:
        response = request.get("response", {})
        _only(response, RESPONSE)
        for _ in range(MOST_PAGES):
            reply = self._send(request, scope, run)
            seen = scope | reply.scope
            _check(response, reply, seen)
            scope["temp"] |= evaluate(response.get("temp", {}), seen)
            run.data |= evaluate(response.get("data", {}), seen)
            run.metadata |= evaluate(response.get("metadata", {}), seen)
            is_over = _collect(response, seen, run, data)
            paging = request.get("pagination")
            if is_over or paging is None or not evaluate(paging["condition"], seen):
                return
            request = request | {"qs": request.get("qs", {}) | evaluate(paging["qs"], seen)}

    def _send(self, request: dict[str, Any], scope: dict[str, Any], run: Run) -> Reply:
        url = evaluate(request["url"], scope)
        if url.startswith("/"):
            url = evaluate(request["baseUrl"], scope) + url
        prepared = requests.Request(
            evaluate(request.get("method", "GET"), scope),
            url,
            headers=evaluate(request.get("headers", {}), scope),
            params=evaluate(request.get("qs", {}), scope),
            **_payload(request, scope),
        ).prepare()
        run.sent.append(prepared)
        with requests.Session() as session:
            session.trust_env = False
            found = session.send(prepared, timeout=PATIENCE, verify=self.verify)
        headers = {name.lower(): value for name, value in found.headers.items()}
        return Reply(found.status_code, headers, _parsed(found))


def _only(given: Mapping[str, Any], known: set[str]) -> None:
    if unknown := given.keys() - known:
        raise NotUnderstood(f"the directives {sorted(unknown)}")


def _based(base: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """A request with what it inherits."""
    merged = base | request
    for name in ("headers", "response"):
        merged[name] = base.get(name, {}) | request.get(name, {})
    return merged


def _payload(request: dict[str, Any], scope: dict[str, Any]) -> dict[str, Any]:
    if evaluate(request.get("method", "GET"), scope) == "GET":
        return {}
    body = evaluate(request.get("body"), scope)
    match request.get("type", "json"):
        case "json":
            return {} if body in (None, UNDEFINED) else {"json": body}
        case "text":
            return {} if body in (None, UNDEFINED) else {"data": str(body).encode()}
        case "multipart/form-data":
            return _form(body)
    raise NotUnderstood(f"the body type {request['type']}")


def _form(body: Mapping[str, Any]) -> dict[str, Any]:
    files: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, dict):
            files[name] = (value["options"]["filename"], value["value"])
        elif isinstance(value, str):
            files[name] = (None, value)
        else:
            raise NotUnderstood(f"the form's {name}, a {type(value).__name__}")
    return {"files": files}


def _parsed(reply: requests.Response) -> Any:
    if "json" not in reply.headers.get("Content-Type", ""):
        return reply.text
    return json.loads(reply.text)


def _check(response: dict[str, Any], reply: Reply, scope: dict[str, Any]) -> None:
    """MakeError for a status of 400 or more, or when the answer is not valid."""
    error = response.get("error", {"message": "The request failed.", "type": "RuntimeError"})
    said = error | error.get(str(reply.status), {})
    if reply.status >= 400:
        raise MakeError(evaluate(said.get("type", "RuntimeError"), scope), evaluate(said["message"], scope))  # fmt: skip
    valid = response.get("valid", {"condition": True})
    if not evaluate(valid["condition"], scope):
        raise MakeError(evaluate(valid["type"], scope), evaluate(valid["message"], scope))


def _collect(
    response: dict[str, Any], scope: dict[str, Any], run: Run, data: dict[str, Any]
) -> bool:
    """Add the bundles of one answer; whether enough have been found."""
    output = response.get("output")
    if output is None:
        return False
    if "iterate" not in response:
        run.bundles.append(evaluate(output, scope))
        return False
    most = int(evaluate(response["limit"], scope)) if "limit" in response else None
    for item in evaluate(response["iterate"], scope):
        seen = scope | {"item": item}
        if "trigger" in response and _is_known(response["trigger"], seen, data):
            return True
        if most is not None and "trigger" not in response and len(run.bundles) >= most:
            return True
        run.bundles.append(evaluate(output, seen))
    return most is not None and "trigger" not in response and len(run.bundles) >= most


def _is_known(trigger: dict[str, Any], scope: dict[str, Any], data: dict[str, Any]) -> bool:
    """Whether a run before has given this on; all that follow in a descending list are older."""
    if (trigger["type"], trigger["order"]) != ("id", "desc"):
        raise NotUnderstood(f"the trigger {trigger}")
    number = evaluate(trigger["id"], scope)
    if not isinstance(number, int):
        raise NotUnderstood(f"the id {number!r}")
    return number <= data.get("lastID", 0)


def polled(make: Make, id: str, data: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    """One run of a polling trigger: the oldest of what is new, at most `limit`, remembered."""
    new = make.run(id, {"limit": limit}, data).bundles[::-1][:limit]
    for bundle in new:
        data["lastID"] = bundle["record_number"]
    return new
