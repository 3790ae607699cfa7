"""Every error as one JSON shape, with a sentence an office manager can act on."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from connector.errors import ConnectorError

log = logging.getLogger(__name__)

_SENTENCES = {
    400: ("bad_request", "The request could not be understood. Send JSON or multipart/form-data."),
    404: ("not_found", "There is nothing at this address. The README lists the addresses."),
    405: (
        "method_not_allowed",
        "This address does not take that method; actions are sent by POST.",
    ),
    413: ("too_large", "The file is too large. Send at most 25 MB, for example a smaller scan."),
    415: ("unsupported_media_type", "Send the input as JSON or as multipart/form-data."),
}


def register(app: Flask) -> None:
    """Let the app answer its errors in our shape."""
    app.register_error_handler(ConnectorError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def _known(error: ConnectorError) -> Response:
    answer = jsonify(error.as_json())
    answer.status_code = error.status
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _http(error: HTTPException) -> Response:
    code, message = _SENTENCES.get(
        error.code or 500, ("http_error", error.description or "The request failed.")
    )
    answer = jsonify({"error": {"code": code, "message": message, "field": None, "halt": False}})
    answer.status_code = error.code or 500
    if error.code == 413:
        answer.status_code = 422
    return answer


def _unknown(error: Exception) -> Response:
    log.exception("unexpected error in %s %s", request.method, request.path)
    message = "Something went wrong on our side; nothing was lost. Please try again in a minute."
    answer = jsonify(
        {"error": {"code": "internal_error", "message": message, "field": None, "halt": False}}
    )
    answer.status_code = 500
    return answer
