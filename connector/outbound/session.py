"""The door for libraries that speak `requests`: a Session whose every request goes through it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from connector.errors import AddressRefused, FetchFailed, NotReached
from connector.outbound.door import Outbound, Patience
from connector.outbound.reply import Reply

DEFAULT_PATIENCE = Patience()


def session_through(door: Outbound) -> requests.Session:
    """A Session whose requests the door checks, sends and bounds like any other.

    Its errors are those of requests: ConnectTimeout means that nothing was sent, any other
    ConnectionError that the request may have arrived.
    """
    session = requests.Session()
    session.trust_env = False  # a proxy or .netrc of the machine is none of the door's business
    adapter = _ThroughDoor(door)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class _ThroughDoor(BaseAdapter):
    def __init__(self, door: Outbound) -> None:
        super().__init__()
        self._door = door

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        try:
            reply = self._door.request(
                str(request.method),
                str(request.url),
                headers=_headers(request),
                body=_body(request),
                patience=_patience(timeout),
            )
        except (AddressRefused, NotReached) as error:
            raise requests.ConnectTimeout(error.message, request=request) from error
        except FetchFailed as error:
            raise requests.ConnectionError(error.message, request=request) from error
        return _response(request, reply)

    def close(self) -> None:
        """Every request has a connection of its own; there is nothing to give back."""


def _headers(request: requests.PreparedRequest) -> dict[str, str]:
    """The door chooses the encodings, and counts the length itself."""
    own = {"accept-encoding", "content-length", "connection"}
    given: Mapping[Any, Any] = request.headers
    return {str(name): str(value) for name, value in given.items() if name.lower() not in own}


def _body(request: requests.PreparedRequest) -> bytes | None:
    body: Any = request.body
    if body is None or isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else bytes(body.read())


def _patience(timeout: float | tuple[float | None, ...] | None) -> Patience:
    if isinstance(timeout, tuple):
        connect, read = (*timeout, None)[:2]
    else:
        connect = read = timeout
    return Patience(
        connect=connect or DEFAULT_PATIENCE.connect,
        read=read or DEFAULT_PATIENCE.read,
        total=max(DEFAULT_PATIENCE.total, (connect or 0) + (read or 0)),
    )


def _response(request: requests.PreparedRequest, reply: Reply) -> requests.Response:
    """The whole reply as requests gives it; its body is unpacked already."""
    response = requests.Response()
    response.status_code = reply.status
    response.headers = CaseInsensitiveDict(
        {k: v for k, v in reply.headers.items() if k.lower() != "content-encoding"}
    )
    response.raw = HTTPResponse(io.BytesIO(reply.data), status=reply.status, preload_content=False)
    response._content = reply.data
    response.url = reply.url
    response.request = request
    response.encoding = requests.utils.get_encoding_from_headers(response.headers)
    return response
