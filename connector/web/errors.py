"""Every error with a sentence an office manager can act on: one JSON shape, or a page for people."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from connector.errors import (
    ConnectorError,
    DatabaseUnavailable,
    InvalidInput,
    StorageFull,
    TooLarge,
)
from connector.web.auth import services
from connector.web.requests_log import path_to_tell

log = logging.getLogger(__name__)

TOO_LARGE = 413
NO_ROOM = (
    "The disk of the service's database is full, so nothing was taken. Make room there, then send "
    "the same again."
)
_SENTENCES = {
    400: ("bad_request", "The request could not be understood. Send JSON or multipart/form-data."),
    404: ("not_found", "There is nothing at this address. /v1/openapi.json lists the addresses."),
    405: (
        "method_not_allowed",
        "This address does not take that method; actions are sent by POST.",
    ),
    415: ("unsupported_media_type", "Send the input as JSON or as multipart/form-data."),
}


def register(app: Flask) -> None:
    """Let the app answer its errors in our shape."""
    app.register_error_handler(ConnectorError, answer_of)
    app.register_error_handler(HTTPException, _http)
    for lost in (OperationalError, InterfaceError, PoolExhausted):
        app.register_error_handler(lost, _without_database)
    for unreadable in (RecursionError, UnicodeEncodeError, DataError, OverflowError):
        app.register_error_handler(unreadable, _no_text)
    app.register_error_handler(Exception, _unknown)


def answer_of(error: ConnectorError) -> Response:
    """The error as JSON, or as a page for people."""
    if _is_page():
        return _page(error.status, error.message)
    answer = jsonify(error.as_json())
    answer.status_code = error.status
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _http(error: HTTPException) -> Response:
    if error.code == TOO_LARGE:
        return answer_of(TooLarge(_too_large()))
    code, message = _SENTENCES.get(
        error.code or 500, ("http_error", error.description or "The request failed.")
    )
    status = error.code or 500
    if _is_page():
        return _page(status, _FOR_PEOPLE.get(status, message))
    answer = jsonify({"error": {"code": code, "message": message, "field": None, "halt": False}})
    answer.status_code = status
    return answer


def _too_large() -> str:
    """A stranger's limit is lower (`large_bodies`)."""
    if g.get("is_stranger"):
        return "A file is taken with a good API key, a login or an upload link only. Log in first."
    most = services().settings.max_upload_mb
    return (
        f"The file is too large; {most} MB is the limit. Send only the certificate's pages, or a "
        "smaller scan."
    )


def _without_database(error: Exception) -> Response:
    if _is_too_long(error):
        return _no_text(error)
    if _is_full(error):
        log.error("the database has no room left")
        return answer_of(StorageFull(NO_ROOM))
    log.error("the database does not answer: %s", type(error).__name__)
    return answer_of(
        DatabaseUnavailable(
            "The service's database does not answer just now. Nothing is lost or doubled; "
            "send the same again in a minute.",
            retry_after=10,
        )
    )


def _is_too_long(error: Exception) -> bool:
    """Whether PostgreSQL has no index for so long a text (its class 54): it is there, and well."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return str(state or "").startswith("54")


def _is_full(error: Exception) -> bool:
    """Whether the disk under the database has no room left, as SQLite or PostgreSQL says it."""
    said = getattr(error, "orig", None)
    return (
        getattr(said, "sqlite_errorname", "") == "SQLITE_FULL"
        or getattr(said, "sqlstate", "") == "53100"
    )


def _no_text(error: Exception) -> Response:
    """JSON nested without end, half of a sign that takes two, a number of thirty digits: no
    database keeps it."""
    log.info("unreadable input in %s %s: %s", request.method, path_to_tell(), type(error).__name__)
    return answer_of(
        InvalidInput(
            "The input holds signs that are no text, or is nested too deeply, or a text or number "
            "in it is far too long. Send it anew."
        )
    )


def _unknown(error: Exception) -> Response:
    log.exception("unexpected error in %s %s", request.method, path_to_tell())
    message = "Something went wrong on our side; nothing was lost. Please try again in a minute."
    if _is_page():
        return _page(500, message)
    answer = jsonify(
        {"error": {"code": "internal_error", "message": message, "field": None, "halt": False}}
    )
    answer.status_code = 500
    return answer


_FOR_PEOPLE = {
    404: "There is no page at this address. It may have been cut off when it was copied.",
    405: "This page cannot be used like that. Go back and use its buttons.",
}


def _is_page() -> bool:
    """Whether a person is looking: at a page of ours, or lost among them with a browser."""
    if request.blueprints:
        return "pages" in request.blueprints
    return (
        not request.path.startswith("/v1")
        and request.accept_mimetypes.accept_html
        and ("text/html" in request.headers.get("Accept", ""))
    )


def _page(status: int, message: str) -> Response:
    return make_response(render_template("error.html", status=status, message=message), status)
