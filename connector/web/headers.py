"""What every answer tells a browser: no foreign script, no frame around us, no guessing of types."""

from __future__ import annotations

from flask import Flask, Response, request

from connector.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Script and style come from our own files only; pictures too, or stand in the page itself. A page that must send a form elsewhere (a login
at another system) shows a link instead."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

ONE_YEAR = "max-age=31536000"


def is_https(settings: Settings) -> bool:
    """Whether people reach us by https only."""
    return settings.public_url.startswith("https://")


def register(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer of the app."""

    @app.after_request
    def put(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if is_https(settings) or request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", ONE_YEAR)
        return response
