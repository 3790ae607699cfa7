"""`Outbound`: requests to addresses given by users, and to destinations that were configured."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import certifi
from urllib3 import Timeout
from urllib3 import exceptions as faults

from connector.errors import AddressRefused, FetchFailed, NoAnswer, NotReached, TooLarge
from connector.outbound.address import Target, is_web_port, may_visit, parse
from connector.outbound.ask import Ask, File, Params, compose
from connector.outbound.connection import (
    Connect,
    PinnedPools,
    Resolver,
    Stopwatch,
    dial,
    resolve,
    resolve_within,
)
from connector.outbound.reply import Fetched, Reply, TooMuch, as_file, read_within
from connector.settings import Reachable

MEGABYTE = 1024 * 1024
MOST_REDIRECTS = 5

PRIVATE = (
    "The link leads into a private network, where we do not go. "
    "Use an address that anyone on the internet can open."
)

NOTHING_SENT = (
    faults.NewConnectionError,
    faults.ConnectTimeoutError,
    faults.NameResolutionError,
)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for a connection, for each next byte, and for the whole."""

    connect: float = 5
    read: float = 15
    total: float = 60


PATIENCE = Patience()


class Outbound:
    """The door. One per process is enough, and it may be used from several threads.

    `allow_http` lets users' addresses be without TLS; `allow_private` lists what may be visited
    inside the operator's own network. `resolver` and `ca_file` are for tests and private CAs.

    Every request has a connection of its own: one kept open may be dropped by the other side
    just as the next POST leaves, and nobody could say whether it arrived.
    """

    def __init__(
        self,
        *,
        allow_http: bool = False,
        allow_private: Sequence[Reachable] = (),
        resolver: Resolver = resolve,
        ca_file: Path | None = None,
    ) -> None:
        self._allow_http = allow_http
        self._allow_private = tuple(allow_private)
        self._trusted: frozenset[tuple[str, str, int]] = frozenset()
        self._resolver = resolver
        self._tls = ssl.create_default_context(cafile=str(ca_file or certifi.where()))

    def trusting(self, *addresses: str) -> Outbound:
        """The same door, which also goes to these configured origins, wherever they lead.

        For the clients of destinations only: never hand it an address given by a user.
        """
        door = copy(self)
        door._trusted = self._trusted | {parse(address).origin for address in addresses}
        return door

    def get(
        self, url: str, *, most_bytes: int = 25 * MEGABYTE, patience: Patience = PATIENCE
    ) -> Fetched:
        """The file behind a user's URL. Raises FetchFailed or a child of it, TooLarge."""
        return as_file(self.request("GET", url, most_bytes=most_bytes, patience=patience))

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Params | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, File] | None = None,
        body: bytes | None = None,
        most_bytes: int = 10 * MEGABYTE,
        patience: Patience = PATIENCE,
    ) -> Reply:
        """The server's answer, whatever its status. Sent once: nothing here tries again.

        GET and HEAD follow redirects, other methods answer them as they are. AddressRefused and
        NotReached mean that nothing was sent; NoAnswer that it may have arrived; TooLarge that
        the answer was longer than `most_bytes`.
        """
        ask = compose(
            method, url, headers=headers, params=params, json=json, form=form, files=files, body=body
        )  # fmt: skip
        with Stopwatch(patience.total) as watch:
            for _ in range(MOST_REDIRECTS + 1):
                reply = self._sent(ask, watch, patience, most_bytes)
                location = reply.headers.get("Location")
                if not location or not ask.follows(reply.status):
                    return reply
                ask = ask.moved(location)
        raise FetchFailed("The link was redirected more than five times. Use a direct link.")

    def _sent(self, ask: Ask, watch: Stopwatch, patience: Patience, most_bytes: int) -> Reply:
        self._check(ask.target)
        host = ask.target.host
        try:
            return self._exchange(ask, watch, patience, most_bytes)
        except NOTHING_SENT as why:
            raise NotReached(
                f"{host} could not be reached. Check the link, or try again later."
            ) from why
        except TooMuch:
            raise TooLarge(
                f"{host} sent more than {most_bytes / MEGABYTE:.3g} MB, which is the limit."
            ) from None
        except (faults.HTTPError, OSError) as why:
            raise _broken(host, why, watch) from why

    def _exchange(self, ask: Ask, watch: Stopwatch, patience: Patience, most_bytes: int) -> Reply:
        timeout = Timeout(watch.remaining, min(patience.connect, watch.remaining), patience.read)
        with PinnedPools(self._connect(ask.target, watch), self._tls) as pools:
            response = pools.urlopen(
                ask.method,
                ask.target.url,
                body=ask.body,
                headers=ask.headers,
                redirect=False,
                retries=False,
                preload_content=False,
                timeout=timeout,
            )
            try:
                data = read_within(response, most_bytes, watch)
            finally:
                response.close()
        return Reply(response.status, response.headers, data, ask.target.url)

    def require_possible(self, url: str, *, field: str) -> None:
        """AddressRefused, about the input `field`, for a user's URL that could never be visited, as
        far as that shows without asking anybody: what is kept for later is refused at once."""
        try:
            target = parse(url)
            self._check(target)
            if _is_address(target.host) and not may_visit(
                target.host, target.host, self._allow_private
            ):
                raise AddressRefused(PRIVATE)
        except AddressRefused as refused:
            refused.field = field
            raise

    def _check(self, target: Target) -> None:
        """What can be refused before anything is resolved."""
        if target.origin in self._trusted:
            return
        if target.scheme == "http" and not self._allow_http:
            raise AddressRefused("The link must start with https://.")
        if not is_web_port(target):
            raise AddressRefused(f"The link names port {target.port}, which serves no web pages.")

    def _connect(self, target: Target, watch: Stopwatch) -> Connect:
        """Resolves, checks and connects in one step: nobody is asked for the address again."""
        is_trusted = target.origin in self._trusted

        def connect(host: str, port: int, timeout: float | None) -> Any:
            addresses = resolve_within(self._resolver, host, port, timeout)
            if not is_trusted:
                addresses = [a for a in addresses if may_visit(host, a, self._allow_private)]
            if not addresses:
                raise AddressRefused(PRIVATE)
            return watch.keep(dial(addresses, port, timeout))

        return connect


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _broken(host: str, why: Exception, watch: Stopwatch) -> FetchFailed:
    """The fault of an exchange that had begun."""
    if isinstance(why, faults.SSLError):
        return NotReached(f"{host} offers no secure connection that can be trusted.")
    if watch.is_over:
        return NoAnswer(f"{host} took longer than {watch.seconds:.0f} seconds. Try again later.")
    return NoAnswer(f"{host} broke off or did not answer. Try again later.")
