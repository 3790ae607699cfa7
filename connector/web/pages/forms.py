"""Forms: each carries a token that only our own page can have put there, and leads nowhere else.

The token is a keyed digest of the browser's own cookie, so nothing is stored, and a form of
another site, which cannot read the cookie, cannot make one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from flask import Response, g, request
from markupsafe import Markup

from connector.errors import Forbidden
from connector.web.auth import services
from connector.web.headers import is_https
from connector.web.pages.visitor import cookie_name, set_cookie

FIELD = "csrf"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def csrf_field() -> Markup:
    """The hidden field of a form."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token())


def csrf_token() -> str:
    """The token for this browser."""
    return _tokens(_browser())[0]


def check() -> None:
    """Forbidden for a form that did not come from our own page."""
    if request.method in SAFE_METHODS:
        return
    given = request.form.get(FIELD, "") or request.headers.get("X-CSRF-Token", "")
    from_us = request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    known = request.cookies.get(cookie_name()) or request.cookies.get(_visit_name())
    if not known or not from_us or not any(_same(given, token) for token in _tokens(known)):
        raise Forbidden(
            "This form was open for too long, or your browser keeps no cookies. Go back, load the "
            "page anew and send it again."
        )


def keep_visit(response: Response) -> Response:
    """Give a browser that nobody is logged in with a cookie for its forms, if one was shown."""
    if made := g.get("visit"):
        set_cookie(response, _visit_name(), made, max_age=None)
    return response


def local_address(given: str | None) -> str:
    """Where to go next, inside this service only; "/" for anything that might lead elsewhere."""
    if not given or not given.isprintable() or "\\" in given:
        return "/"
    parts = urlsplit(given)
    is_local = not parts.scheme and not parts.netloc and given.startswith("/")
    return given if is_local and not given.startswith("//") else "/"


def _browser() -> str:
    """What tells this browser from others: its login, else a cookie made for the purpose."""
    known = request.cookies.get(cookie_name()) or request.cookies.get(_visit_name())
    if known:
        return known
    if "visit" not in g:
        g.visit = secrets.token_urlsafe(32)
    return str(g.visit)


def _tokens(browser: str) -> list[str]:
    """The token by each of the service's keys, newest first."""
    return [
        hmac.new(key.encode(), f"csrf:{browser}".encode(), hashlib.sha256).hexdigest()
        for key in services().settings.secret_keys
    ]


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


def _visit_name() -> str:
    return "__Host-coi_visit" if is_https(services().settings) else "coi_visit"
