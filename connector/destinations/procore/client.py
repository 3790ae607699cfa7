"""HTTP to Procore and its errors; nothing of certificates.

Every request carries the company header and spends one of the shared budget. A token that is
refused is renewed once. Nothing is retried here: a job is tried again as a whole, and looks first.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from connector.delivery import Connection, TokenSource
from connector.destinations.procore.preferences import NO_COMPANY, Preferences, preferences
from connector.destinations.procore.refusals import AnswerLost, refusal
from connector.errors import (
    AddressRefused,
    DestinationUnavailable,
    FetchFailed,
    NotConnected,
    NotReached,
    TooLarge,
)
from connector.outbound import Outbound, Patience, Reply

PATIENCE = Patience(connect=5, read=30, total=60)
LARGEST_PAGE = 100
"""Safe for every list: Rest v2 caps at 100, v1 at 2000."""

RECONNECT = (
    "Procore no longer accepts our login. Connect Procore again on the connector's page "
    "/connect/procore."
)

ODD_ANSWER = "Procore answered something that we do not understand. It is tried again by itself."

_NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')


class Procore:
    """One connection's way in, through a door that trusts its API address.

    Paths are as in Procore's reference, from /rest on.
    """

    def __init__(
        self, connection: Connection, http: Outbound, prefs: Preferences | None = None
    ) -> None:
        self.preferences = prefs or preferences(connection.settings)
        self._connection = connection
        self._http = http

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """One object. Named errors say what to do."""
        found = self._ask("GET", path, params=params).json
        if not isinstance(found, dict):
            raise DestinationUnavailable(ODD_ANSWER)
        return found

    def parts(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """One object that Procore may give in several parts, following the Link header."""
        where: str | None = path
        seen: set[str] = set()
        while where is not None and where not in seen:
            seen.add(where)
            answer = self._ask("GET", where, params=params)
            if not isinstance(answer.json, dict):
                raise DestinationUnavailable(ODD_ANSWER)
            yield answer.json
            where, params = self._next(answer), None

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """Every item of a list, page by page, following the Link header."""
        where: str | None = path
        query: Mapping[str, Any] | None = {"per_page": LARGEST_PAGE, **(params or {})}
        seen = set()
        while where is not None:
            items, where = self.page(where, query)
            yield from items
            if where in seen:
                raise DestinationUnavailable(ODD_ANSWER)
            seen.add(where)
            query = None

    def page(
        self, path: str, params: Mapping[str, Any] | None = None
    ) -> tuple[list[Any], str | None]:
        """One page of a list, and the path of the next one if there is one."""
        answer = self._ask("GET", path, params=params)
        items = answer.json.get("data") if isinstance(answer.json, dict) else answer.json
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise DestinationUnavailable(ODD_ANSWER)
        return items, self._next(answer)

    def post(
        self, path: str, body: Any, params: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """AnswerLost when nobody knows whether it was done."""
        return self._written("POST", path, params, body)

    def patch(
        self, path: str, body: Any, params: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """AnswerLost when nobody knows whether it was done."""
        return self._written("PATCH", path, params, body)

    def _written(
        self, method: str, path: str, params: Mapping[str, Any] | None, body: Any
    ) -> Mapping[str, Any]:
        """What was made: an object with an id, by itself, under `data` (Rest v2), or a sync's result."""
        answer = self._ask(method, path, params=params, body=body).json
        made = answer.get("data", answer) if isinstance(answer, dict) else None
        if not isinstance(made, dict):
            raise AnswerLost(ODD_ANSWER)
        return made

    def delete(self, path: str) -> None:
        """AnswerLost when nobody knows whether it was done."""
        self._ask("DELETE", path)

    def login(self) -> dict[str, str]:
        """The headers that log in. Only for addresses of which `is_procore` is true."""
        return self._headers(self._tokens().token())

    def is_procore(self, url: str) -> bool:
        """Whether our token may be sent there: the connection's own host, or Procore by https."""
        target = urlsplit(url)
        host = (target.hostname or "").lower()
        own = urlsplit(self.preferences.api_url)
        if (target.scheme, target.netloc) == (own.scheme, own.netloc):
            return True
        return target.scheme == "https" and (host == "procore.com" or host.endswith(".procore.com"))

    def _tokens(self) -> TokenSource:
        if self._connection.tokens is None:
            raise NotConnected(
                "Procore is not connected. Connect it on the connector's page /connect/procore."
            )
        return self._connection.tokens

    def _headers(self, token: str) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {token}"}
        if self.preferences.company_id != NO_COMPANY:
            headers["Procore-Company-Id"] = str(self.preferences.company_id)
        return headers

    def _next(self, answer: _Answer) -> str | None:
        """The path of the page that follows."""
        found = _NEXT.search(answer.headers.get("Link", ""))
        return self._own_path(found[1]) if found else None

    def _own_path(self, link: str) -> str:
        """The path of a next page, on our own host: a token is never sent where a link points."""
        return "/" + link.split("://", 1)[-1].partition("/")[2]

    def _ask(
        self, method: str, path: str, *, params: Mapping[str, Any] | None = None, body: Any = None
    ) -> _Answer:
        tokens = self._tokens()
        token = tokens.token()
        answer = self._send(method, path, params, body, token)
        if answer.status == 401:
            answer = self._send(method, path, params, body, tokens.renew(token))
            if answer.status == 401:
                raise NotConnected(RECONNECT)
        return self._read(answer, is_write=method != "GET")

    def _send(
        self, method: str, path: str, params: Mapping[str, Any] | None, body: Any, token: str
    ) -> Reply:
        budget = self._connection.budget
        if budget:
            budget.spend()
        try:
            answer = self._http.request(
                method,
                self.preferences.api_url + path,
                params=params,
                json=body,
                headers=self._headers(token) | {"Accept": "application/json"},
                patience=PATIENCE,
            )
        except (FetchFailed, TooLarge) as error:
            if budget:
                budget.observe(None, None)
            raise _no_answer(error, is_write=method != "GET") from error
        if budget:
            budget.observe(*_limit(answer))
        return answer

    def _read(self, answer: Reply, *, is_write: bool) -> _Answer:
        if not answer.is_success:
            raise refusal(
                answer.status,
                answer.data,
                answer.headers,
                is_write=is_write,
                now=time.time(),
            )
        try:
            content = answer.json() if answer.data else None
        except ValueError as error:
            raise _no_answer(error, is_write=is_write) from error
        return _Answer(content, answer.headers)


class _Answer:
    def __init__(self, content: Any, headers: Mapping[str, str]) -> None:
        self.json, self.headers = content, headers


def _no_answer(error: Exception, *, is_write: bool) -> DestinationUnavailable:
    """A write may have been done, unless the connection was never made."""
    if is_write and not isinstance(error, NotReached | AddressRefused):
        return AnswerLost(
            "Procore's answer to a write was lost. Before it is tried again, we look whether it "
            "was done."
        )
    return DestinationUnavailable("Procore did not answer. It is tried again by itself.")


def _limit(answer: Reply) -> tuple[int | None, float | None]:
    """Requests left and when the count starts anew (Unix seconds), as the answer says."""
    left = answer.headers.get("X-Rate-Limit-Remaining", "")
    reset = answer.headers.get("X-Rate-Limit-Reset", "")
    remaining = int(left) if left.isdecimal() else None
    if answer.status == 429:
        remaining = 0
    return remaining, float(reset) if reset.isdecimal() else None
