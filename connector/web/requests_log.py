"""Every request as one line of the log and one count of the figures. Never what was in it.

A signed link is its own key: of one only its pattern is written.
"""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from connector.web.metrics import observe

log = logging.getLogger(__name__)

_QUIET = {"/health", "/ready", "/metrics"}
"""Asked every few seconds by machines."""


def register(app: Flask) -> None:
    """Let the app note each request when it has been answered."""
    app.before_request(_begin)
    app.after_request(_note)


def path_to_tell() -> str:
    """The request's path; of a link that lets its holder in, only what kind of link it is."""
    found = request.view_args or {}
    if request.url_rule is not None:
        is_plain = not found.keys() & {"secret", "token", "vendor"}
        return request.path if is_plain else request.url_rule.rule
    first = request.path.split("/")[1][:40]  # of what fits no address: a link may stand in it
    return f"/{first}/…" if request.path.count("/") > 1 else f"/{first}"


def _begin() -> None:
    g.began = time.perf_counter()


def _note(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    route = request.url_rule.rule if request.url_rule else "none"
    observe(request.method, route, response.status_code, seconds)
    if request.path not in _QUIET:
        key = g.get("key")
        log.info(
            "%s %s %d",
            request.method,
            path_to_tell(),
            response.status_code,
            extra={
                "milliseconds": round(seconds * 1000),
                **({"account": key.account_id} if key else {}),
            },
        )
    return response
