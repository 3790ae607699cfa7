"""GET /v1/files/TOKEN: prepared files behind a signed link that expires; no key needed."""

from __future__ import annotations

import io

from flask import Blueprint, Response, send_file

from connector.actions import preparing
from connector.web.auth import services

routes = Blueprint("files", __name__, url_prefix="/v1/files")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@routes.get("/<token>")
def download(token: str) -> Response:
    """The files as a download, never as a page; 403 for a link that is not ours or has expired."""
    file = preparing.files_of(token, services())
    answer = send_file(
        io.BytesIO(file.data),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
    )
    answer.headers.update(HEADERS)
    return answer
