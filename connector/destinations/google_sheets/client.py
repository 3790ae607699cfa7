"""The real gspread client through our door: one origin, one login, errors as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient

from connector.delivery import Connection, TokenSource
from connector.destinations.google_sheets.preferences import API_URL, preferences
from connector.destinations.google_sheets.refusals import MINUTE, refusal
from connector.errors import DestinationUnavailable, NotConnected
from connector.outbound import Outbound, session_through

SECONDS = (5.0, 60.0)
"""To connect, and for the answer: Google takes its time over a large batch."""

NO_ANSWER = "Google Sheets did not answer. It is tried again by itself."
ODD_ANSWER = "Google Sheets answered something that we do not understand. It is tried again by itself."  # fmt: skip


class Sheets(HTTPClient):
    """gspread's HTTP client for one connection. `requests_sent` counts calls to the API.

    Every request goes through `http`; nothing is tried again here but a login that had ended: a
    job is tried again as a whole, and looks first.
    """

    def __init__(self, connection: Connection, http: Outbound) -> None:
        self.preferences = preferences(connection.settings)
        self._tokens = _tokens(connection)
        self.requests_sent = 0
        door = http.trusting(self.preferences.api_url)
        super().__init__(None, session_through(door))  # type: ignore[arg-type]  # as gspread says
        self.set_timeout(SECONDS)

    def request(  # type: ignore[override]  # the rest is handed on as it comes
        self, method: str, endpoint: str, **given: Any
    ) -> requests.Response:
        """One call; the sentences of `refusals` for what Google does not do."""
        address = endpoint.replace(API_URL, self.preferences.api_url, 1)
        token = self._tokens.token()
        try:
            try:
                return self._sent(method, address, token, given)
            except APIError as error:
                if error.response.status_code != 401:
                    raise
            return self._sent(method, address, self._tokens.renew(token), given)
        except APIError as error:
            raise refusal(error, self.preferences.login) from error
        except requests.RequestException as error:
            raise DestinationUnavailable(NO_ANSWER, retry_after=MINUTE) from error

    def _sent(
        self, method: str, address: str, token: str, given: Mapping[str, Any]
    ) -> requests.Response:
        self.requests_sent += 1
        headers = {**(given.get("headers") or {}), "Authorization": f"Bearer {token}"}
        answer: requests.Response = super().request(
            method, address, **{**given, "headers": headers}
        )
        if not isinstance(_json(answer), dict):
            raise DestinationUnavailable(ODD_ANSWER, retry_after=MINUTE)
        return answer


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _tokens(connection: Connection) -> TokenSource:
    if connection.tokens is None:
        raise NotConnected("Google Sheets is not connected. Run `connector sheets connect`.")
    return connection.tokens
