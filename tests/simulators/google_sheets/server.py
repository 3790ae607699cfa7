"""The simulator's HTTP side: tokens, the routes of the API, and Google's error bodies."""

from __future__ import annotations

import base64
import json
import socket
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.simulators.google_sheets import values
from tests.simulators.google_sheets.batch import batch_update
from tests.simulators.google_sheets.world import Order, Refusal, Spreadsheet, Tab, World

SPREADSHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
ROBOT = "connector@office-log.iam.gserviceaccount.com"

Answer = tuple[int, Any, dict[str, str]]


class SheetsSimulator:
    """Google Sheets on 127.0.0.1 with one empty spreadsheet, shared with ROBOT."""

    def __init__(self) -> None:
        self.world = World()
        self.world.spreadsheets[SPREADSHEET] = Spreadsheet(SPREADSHEET, [Tab(0, "Sheet1")], {ROBOT})
        simulator = self

        class Handler(_Handler):
            world = simulator.world

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> SheetsSimulator:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def user_file(self, address: str) -> dict[str, str]:
        """The file of a user who allowed it, as gspread writes it."""
        self.world.refresh_tokens["1//refresh"] = address
        return {
            "refresh_token": "1//refresh",
            "token_uri": f"{self.url}/token",
            "client_id": "1.apps.googleusercontent.com",
            "client_secret": "client secret",
            "account": address,
        }

    @property
    def spreadsheet(self) -> Spreadsheet:
        return self.world.spreadsheets[SPREADSHEET]

    def order(self, part: str, status: int, **more: Any) -> None:
        """The next request with `part` in its path goes wrong (see `Order`)."""
        self.world.orders.append(Order(part, status, **more))

    def key_file(self, address: str = ROBOT) -> dict[str, str]:
        """A service account's key file, as the Cloud console gives it."""
        key = _private_key()
        self.world.public_keys[address] = key.public_key()
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return {
            "type": "service_account",
            "project_id": "office-log",
            "private_key_id": "1",
            "private_key": pem.decode(),
            "client_email": address,
            "client_id": "1",
            "token_uri": f"{self.url}/token",
        }


class _Handler(BaseHTTPRequestHandler):
    world: World
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: what was asked stands in `world.asked`."""

    def _play(self) -> None:
        url = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.world.lock:
            self.world.asked.append((self.command, url.path))
            order = self._order(url.path)
            if order is None or order.after:
                answer = self._worked(url.path, parse_qs(url.query), raw)
            if order is not None:
                answer = (order.status, order.body or _body(order.status, "", "Ordered."), order.headers)  # fmt: skip
        if answer[0] == 0:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(*answer)

    do_GET = do_POST = do_PUT = _play  # noqa: N815 - http.server's names

    def _order(self, path: str) -> Order | None:
        for order in self.world.orders:
            if order.times and order.part in path:
                order.times -= 1
                return order
        return None

    def _worked(self, path: str, query: dict[str, list[str]], raw: bytes) -> Answer:
        try:
            if path == "/token":
                return 200, _token(self.world, parse_qs(raw.decode())), {}
            found = self._spreadsheet(path)
            return 200, _routed(self, found, path, query, json.loads(raw or b"{}")), {}
        except Refusal as refusal:
            body = _body(refusal.status, refusal.name, refusal.message)
            if path == "/token":
                body = {"error": refusal.name, "error_description": refusal.message}
            return refusal.status, body, {}

    def _spreadsheet(self, path: str) -> Spreadsheet:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        address = self.world.accounts.get(token)
        if address is None:
            raise Refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if not self.world.api_is_enabled:
            raise Refusal(403, "PERMISSION_DENIED", "Google Sheets API has not been used in project 1 before or it is disabled.")  # fmt: skip
        found = self.world.spreadsheets.get(path.split("/")[3].partition(":")[0])
        if found is None:
            raise Refusal(404, "NOT_FOUND", "Requested entity was not found.")
        if address not in found.shared_with:
            raise Refusal(403, "PERMISSION_DENIED", "The caller does not have permission")
        if self.command != "GET" and address in found.viewers:
            raise Refusal(403, "PERMISSION_DENIED", "The caller does not have permission")
        return found

    def _send(self, status: int, body: Any, headers: dict[str, str]) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header(
            "Content-Type", "text/html" if isinstance(body, str) else "application/json"
        )
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _body(status: int, name: str, message: str) -> dict[str, Any]:
    return {"error": {"code": status, "message": message, "status": name}}


def _token(world: World, form: dict[str, list[str]]) -> dict[str, Any]:
    """A token for a signed JWT (RFC 7523); the signature is checked."""
    if form["grant_type"] == ["refresh_token"]:
        return _token_of_user(world, form["refresh_token"][0])
    head, claims, signature = form["assertion"][0].split(".")
    said = json.loads(_decoded(claims))
    known = world.public_keys.get(said["iss"])
    try:
        if known is None:
            raise InvalidSignature
        known.verify(
            _decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
        )
    except InvalidSignature:
        raise Refusal(400, "invalid_grant", "Invalid JWT Signature.") from None
    token = f"ya29.{len(world.accounts) + 1}"
    world.accounts[token] = said["iss"]
    return {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}


def _token_of_user(world: World, refresh_token: str) -> dict[str, Any]:
    address = world.refresh_tokens.get(refresh_token)
    if address is None:
        raise Refusal(400, "invalid_grant", "Token has been expired or revoked.")
    token = f"ya29.{len(world.accounts) + 1}"
    world.accounts[token] = address
    return {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}


@cache
def _private_key() -> rsa.RSAPrivateKey:
    """One for all: making it takes longer than a test."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _routed(
    handler: _Handler, found: Spreadsheet, path: str, query: dict[str, list[str]], body: Any
) -> Any:
    rest = path.split("/", 4)[4:]
    tail = unquote(rest[0]) if rest else path.rpartition("/")[2].partition(":")[2]
    render = query.get("valueRenderOption", ["FORMATTED_VALUE"])[0]
    option = query.get("valueInputOption", [""])[0]
    if handler.command != "GET" and handler.world.before_writing:
        other, handler.world.before_writing = handler.world.before_writing, None
        other(found)
    match handler.command, tail:
        case "GET", "":
            return {"spreadsheetId": found.id, "properties": {"title": found.title}, "sheets": [_sheet(tab, query["fields"][0]) for tab in found.tabs]}  # fmt: skip
        case "POST", "batchUpdate":
            return batch_update(found, body["requests"])
        case "GET", "values:batchGet":
            return {"valueRanges": [values.get(found, r, render) for r in query["ranges"]]}
        case "POST", "values:batchUpdate":
            count = sum(values.put(found, part, body["valueInputOption"]) for part in body["data"])
            return {"totalUpdatedCells": count}
        case "GET", _:
            return values.get(found, tail.removeprefix("values/"), render)
        case "PUT", _:
            given = {"range": tail.removeprefix("values/"), **body}
            return {"updatedCells": values.put(found, given, option)}
        case "POST", _ if tail.endswith(":append"):
            where = tail.removeprefix("values/").removesuffix(":append")
            return {"updatedCells": values.append(found, where, body["values"], option)}
    raise Refusal(404, "NOT_FOUND", "Requested entity was not found.")


def _sheet(tab: Tab, fields: str) -> dict[str, Any]:
    """A sheet with the parts that the field mask names."""
    shown = _properties(tab)
    if "columnMetadata.developerMetadata" in fields and not tab.is_chart:
        by_column: list[dict[str, Any]] = [{} for _ in range(tab.columns)]
        for note in tab.notes:
            by_column[note["column"]].setdefault("developerMetadata", []).append(_note(tab, note))
        shown["data"] = [{"columnMetadata": by_column}]
    if "protectedRanges" in fields and tab.protected:
        shown["protectedRanges"] = tab.protected
    return shown


def _note(tab: Tab, note: dict[str, Any]) -> dict[str, Any]:
    """As Google shows it; a zero is left out of its JSON."""
    where = {"sheetId": tab.sheet_id, "dimension": "COLUMNS", "startIndex": note["column"], "endIndex": note["column"] + 1}  # fmt: skip
    location = {"locationType": "COLUMN", "dimensionRange": {k: v for k, v in where.items() if v != 0}}  # fmt: skip
    return {**{k: note[k] for k in ("metadataKey", "metadataValue")}, "location": location}


def _properties(tab: Tab) -> dict[str, Any]:
    about: dict[str, Any] = {"sheetId": tab.sheet_id, "title": tab.title}
    if tab.is_chart:
        return {"properties": about | {"sheetType": "OBJECT"}}
    grid = {"rowCount": tab.rows, "columnCount": tab.columns}
    return {"properties": about | {"sheetType": "GRID", "gridProperties": grid}}
