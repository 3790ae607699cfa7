"""/connect/sheets: the spreadsheet that the log is kept in, connected, tried and forgotten."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from connector.actions import sheets_connection
from connector.certificate.values import tidy
from connector.destinations.google_sheets.preferences import DESTINATION, preferences
from connector.errors import ConnectorError, InvalidInput, NotConnected
from connector.storage import connections
from connector.storage.connections import StoredConnection
from connector.storage.users import Role
from connector.web.auth import services
from connector.web.pages.visitor import Visitor, page_for

routes = Blueprint("connect_sheets", __name__, url_prefix="/connect/sheets")

LARGEST_KEY = 20_000
SWITCHES = {
    "row_per_line": "One row for each coverage line, not for each certificate",
    "real_dates": "Dates as real dates that the sheet can reckon with, not as text",
    "keep_expiring": "Keep a second tab, Expiring, with what runs out next",
}


@routes.get("")
@page_for(Role.ADMIN)
def show(visitor: Visitor) -> ResponseReturnValue:
    """Where the log goes, or the form that connects it."""
    return _page(visitor)


@routes.post("")
@page_for(Role.ADMIN)
def connect(visitor: Visitor) -> ResponseReturnValue:
    """The log goes there from now on; the key's content is kept encrypted, never shown again."""
    said = _said()
    try:
        key_text = _key_text()
        with services().sessions() as session, session.begin():
            sheets_connection.connect(
                session,
                visitor.account_id,
                spreadsheet=said["spreadsheet"],
                key_text=key_text,
                chosen={"worksheet": said["worksheet"], "columns": [], **_switches()},
                keys=services().settings.secret_keys,
                now=services().clock(),
            )
    except ConnectorError as error:
        return _page(visitor, said=said, error=error.message), error.status
    return _page(visitor, is_new=True)


@routes.post("/try")
@page_for(Role.ADMIN)
def try_it(visitor: Visitor) -> ResponseReturnValue:
    """Whether the log can be written, in a sentence; no cell is changed."""
    try:
        title = sheets_connection.try_writing(_stored(visitor), services())
    except ConnectorError as error:
        return _page(visitor, error=error.message), error.status
    return _page(visitor, title=title)


@routes.post("/disconnect")
@page_for(Role.ADMIN)
def disconnect(visitor: Visitor) -> ResponseReturnValue:
    """The spreadsheet and its key are forgotten; what stands in it stays."""
    stored = _stored(visitor)
    with services().sessions() as session, session.begin():
        connections.remove(session, visitor.account_id, stored.id, services().clock())
    return _page(visitor, has_ended=True)


def _stored(visitor: Visitor) -> StoredConnection:
    with services().readers() as session:
        found = connections.of_destination(session, visitor.account_id, DESTINATION)
    if found is None:
        raise NotConnected("No spreadsheet is connected. Connect one first.")
    return found


def _said() -> dict[str, str]:
    given = {name: tidy(request.form.get(name, "")) for name in ("spreadsheet", "worksheet")}
    return {**given, "worksheet": given["worksheet"] or "Certificates"}


def _switches() -> dict[str, bool]:
    return {name: request.form.get(name) == "on" for name in SWITCHES}


def _key_text() -> str:
    """The key file's text, chosen as a file or pasted."""
    chosen = request.files.get("key_file")
    data = chosen.stream.read(LARGEST_KEY + 1) if chosen and chosen.filename else b""
    text = data.decode("utf-8", "replace") or request.form.get("key_text", "")
    if not text.strip():
        raise InvalidInput("Choose the key file that Google gave you, or paste its text.")
    if len(text) > LARGEST_KEY:
        raise InvalidInput("This is not Google's key file: it is far too large.")
    return text


def _page(visitor: Visitor, **more: Any) -> str:
    with services().readers() as session:
        stored = connections.of_destination(session, visitor.account_id, DESTINATION)
    usual = {"spreadsheet": "", "worksheet": "Certificates"}
    shown = {
        "said": usual,
        "error": None,
        "is_new": False,
        "title": None,
        "has_ended": False,
        "stored": stored,
        "chosen": preferences(stored.settings) if stored else None,
        "switches": SWITCHES,
    }
    return render_template("connect_sheets.html", **(shown | more))
