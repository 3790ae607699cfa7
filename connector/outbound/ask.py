"""One request, ready to be sent: where to, with which headers and body."""

from __future__ import annotations

import json as json_text
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any, TypeAlias
from urllib.parse import urlencode, urljoin

from urllib3.filepost import encode_multipart_formdata

from connector.outbound.address import Target, parse

USER_AGENT = f"coi-connector/{version('coi-connector')}"

REDIRECTS = frozenset({301, 302, 303, 307, 308})

CARRIED = frozenset({"accept", "accept-encoding", "accept-language", "user-agent"})
"""Headers that follow a redirect to another origin; keys and cookies stay where they belong."""

File: TypeAlias = tuple[str, bytes, str]
"""Name, bytes and content type of a part of a form."""

Params: TypeAlias = Mapping[str, Any] | Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. Only GET and HEAD are ever sent on to where a redirect points."""

    method: str
    target: Target
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)

    def follows(self, status: int) -> bool:
        return status in REDIRECTS and self.method in ("GET", "HEAD")

    def moved(self, location: str) -> Ask:
        """The request that follows a redirect to `location`."""
        target = parse(urljoin(self.target.url, location))
        if target.origin == self.target.origin:
            return replace(self, target=target)
        carried = {k: v for k, v in self.headers.items() if k.lower() in CARRIED}
        return replace(self, target=target, headers=carried)


def compose(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Params | None = None,
    json: Any = None,
    form: Mapping[str, str] | None = None,
    files: Mapping[str, File] | None = None,
    body: bytes | None = None,
) -> Ask:
    """A request from its parts: at most one of `json`, `body`, or `form` with `files`."""
    content, kind = _encoded(json, form, files, body)
    sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    sent |= {"Content-Type": kind} if kind else {}
    given = {name.title(): value for name, value in (headers or {}).items()}
    return Ask(method.upper(), parse(_with_params(url, params)), sent | given, content)


def _encoded(
    json: Any, form: Mapping[str, str] | None, files: Mapping[str, File] | None, body: bytes | None
) -> tuple[bytes | None, str]:
    """The body and its content type."""
    if files is not None:
        return encode_multipart_formdata({**(form or {}), **files})
    if form is not None:
        return urlencode(form).encode(), "application/x-www-form-urlencoded"
    if json is not None:
        return json_text.dumps(json).encode(), "application/json"
    return body, ""


def _with_params(url: str, params: Params | None) -> str:
    if not params:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(params, doseq=True)}"
