"""Large bodies are taken from whoever has shown a key, a login or an upload link that is good.

Everybody else sends forms and questions, which are small. Asked twice with one answer: by the server
before it takes in what a head announces (`reception`), and by the app before it reads it.
"""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, g, request

from connector.actions import sent_links
from connector.errors import LinkExpired, LinkRefused
from connector.storage.sent_links import LinkKind
from connector.web.auth import key_of_request, services
from connector.web.framing import Head
from connector.web.pages.visitor import current_visitor

SMALL = 64 * 1024
"""Bytes that anybody may send."""
MOST_OF_A_FORM = 2**20
"""Bytes of a page's form besides its file, which goes to the disk and not into memory."""


def register(app: Flask) -> None:
    """Let the app refuse to read what is too much for a stranger."""

    @app.before_request
    def limit() -> None:
        length = request.content_length
        is_empty = length is None and not request.headers.get("Transfer-Encoding")
        g.is_stranger = not is_empty and (length is None or length > SMALL) and not is_welcome()
        if "pages" in request.blueprints:
            request.max_form_memory_size = MOST_OF_A_FORM
            if request.mimetype == "application/x-www-form-urlencoded":  # has no file
                request.max_content_length = MOST_OF_A_FORM
        if getattr(request.environ.get("gunicorn.socket"), "is_cut", False):
            # Werkzeug would hand out the beginning of a body in chunks as if it were the whole.
            request.max_content_length = 0
        elif g.is_stranger:
            request.max_content_length = SMALL


def is_welcome() -> bool:
    """Whether this request may bring a file."""
    if request.endpoint == "pages.upload.receive":
        return _is_good_link()
    return key_of_request() is not None or current_visitor() is not None


def may_send(app: Flask, head: Head) -> bool:
    """The same, of a request of which only the head is there."""
    with app.request_context(_environ(head)):
        return is_welcome()


def _is_good_link() -> bool:
    token = (request.view_args or {}).get("token", "")
    try:
        sent_links.opened(LinkKind.UPLOAD, token, services())
    except (LinkRefused, LinkExpired):
        return False
    return True


def _environ(head: Head) -> dict[str, Any]:
    path, _, query = head.target.partition("?")
    return {
        "REQUEST_METHOD": head.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_AUTHORIZATION": head.value("Authorization") or "",
        "HTTP_COOKIE": head.value("Cookie") or "",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
