"""The smallest web service that opens documents in quarantine, to be run under gunicorn."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from connector.documents.quarantine import Quarantine, Walls
from connector.errors import DocumentRefused
from tests.documents.reading import read_through

QUARANTINE = Quarantine(Walls(seconds=2, readable=(str(Path(__file__).parents[1]),)))


def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """POST a document: 200 or 422, and the worker's number. Each worker forks from this module."""
    data = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        QUARANTINE.run(read_through, data)
        status = "200 OK"
    except DocumentRefused:
        status = "422 Unprocessable Entity"
    body = str(os.getpid()).encode()
    start(status, [("Content-Length", str(len(body)))])
    return [body]
