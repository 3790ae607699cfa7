"""What comes back from a server: its whole answer within bounds, or a file with its name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from urllib3 import BaseHTTPResponse

from connector.errors import FetchFailed
from connector.outbound.connection import Stopwatch

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, whatever its status. Header names match in any case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    data: bytes = field(repr=False)
    url: str = field(repr=False)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """The body as JSON. ValueError when it is something else."""
        return json.loads(self.data)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file from a URL; `name` as the server gives it, not yet cleaned."""

    data: bytes = field(repr=False)
    name: str
    content_type: str


class TooMuch(Exception):
    """More bytes came, or were announced, than are taken."""


def read_within(response: BaseHTTPResponse, most_bytes: int, watch: Stopwatch) -> bytes:
    """The body, unpacked. TooMuch above `most_bytes`; TimeoutError once the time is over.

    The sizes are those after unpacking, so that a small answer cannot grow without end.
    """
    announced = response.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:19]) > most_bytes:
        raise TooMuch  # its first digits tell enough of a number that is longer
    body = bytearray()
    while not watch.is_over and (chunk := response.read1(CHUNK, decode_content=True)):
        body += chunk
        if len(body) > most_bytes:
            raise TooMuch
    if watch.is_over:
        raise TimeoutError
    return bytes(body)


def as_file(reply: Reply) -> Fetched:
    """The file a successful reply holds. FetchFailed with what to do for any other status."""
    host = urlsplit(reply.url).hostname
    if reply.status in (401, 403, 407):
        raise FetchFailed(
            f"{host} asks for a login. Share the file so that anyone with the link can open it."
        )
    if reply.status in (404, 410):
        raise FetchFailed(f"{host} has no file at this link. It may have expired or moved.")
    if not reply.is_success:
        problem = FetchFailed(f"{host} answered with error {reply.status}. Try again later.")
        problem.retryable = reply.status == 429 or reply.status >= 500
        raise problem
    content_type = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    name = file_name(reply.headers.get("Content-Disposition", ""), reply.url)
    return Fetched(reply.data, name, content_type)


_EXTENDED = re.compile(r"""filename\*\s*=\s*"?([\w-]+)'[\w-]*'([^;"\s]+)""", re.I)
_QUOTED = re.compile(r'filename\s*=\s*"((?:[^"\\]|\\.)*)"', re.I)
_PLAIN = re.compile(r'filename\s*=\s*([^;"]+)', re.I)


def file_name(disposition: str, url: str) -> str:
    """The name from Content-Disposition (RFC 6266), else the last part of the URL's path."""
    return _disposition_name(disposition) or unquote(urlsplit(url).path.rpartition("/")[2])


def _disposition_name(header: str) -> str:
    """`filename*`, then `filename`. Servers also send raw UTF-8, which arrives as Latin-1."""
    if extended := _EXTENDED.search(header):
        try:
            return unquote(extended[2], encoding=extended[1], errors="strict")
        except (LookupError, UnicodeDecodeError):
            pass  # an encoding nobody knows: the plain name may still do
    if quoted := _QUOTED.search(header):
        return _from_latin_1(re.sub(r"\\(.)", r"\1", quoted[1]))
    plain = _PLAIN.search(header)
    return _from_latin_1(plain[1].strip()) if plain else ""


def _from_latin_1(name: str) -> str:
    try:
        return name.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return name
