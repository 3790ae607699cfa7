"""Whose word about a caller's address and about https is believed: that of our own proxies alone.

Each proxy adds, behind what it was told, the address that it was asked from. So with two proxies the
last but one is the caller's; all before that may be made up. Werkzeug's ProxyFix counts likewise, but
reads the list with quotes: a caller who sends one quotation mark swallows what the proxy adds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from connector.settings import Network
from connector.web.network import parse_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class OwnProxies:
    """`hops` proxies stand in front of the app; the nearest connects from one of `networks`."""

    def __init__(self, app: WSGIApplication, hops: int, networks: Iterable[Network]) -> None:
        self._app, self._hops, self._networks = app, hops, tuple(networks)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._is_proxy(environ.get("REMOTE_ADDR", "")):
            told = parse_address(self._told(environ, "HTTP_X_FORWARDED_FOR"))
            if told is not None:
                environ["REMOTE_ADDR"] = str(told)
            scheme = self._told(environ, "HTTP_X_FORWARDED_PROTO")
            if scheme in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start_response)

    def _is_proxy(self, peer: str) -> bool:
        found = parse_address(peer)
        return found is not None and any(found in network for network in self._networks)

    def _told(self, environ: WSGIEnvironment, header: str) -> str:
        """What our outermost proxy wrote; "" where there are fewer words than proxies."""
        words = environ.get(header, "").split(",")
        return words[-self._hops].strip() if len(words) >= self._hops else ""
