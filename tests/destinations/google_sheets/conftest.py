"""The real gspread client, logged in with a key file at the simulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connector.delivery import Connection
from connector.destinations.google_sheets import login
from connector.destinations.google_sheets.client import Sheets
from connector.outbound import Outbound
from tests.simulators.google_sheets.server import ROBOT, SPREADSHEET, SheetsSimulator


class KeyFileTokens:
    """Tokens kept in memory; new ones from the key file."""

    def __init__(self, key_file: dict[str, Any], http: Outbound) -> None:
        self._known: dict[str, Any] = {login.FILE: key_file}
        self._http = http

    def token(self) -> str:
        return str(self._known.get("access_token") or self.renew(""))

    def renew(self, rejected: str) -> str:
        self._known = login.renew(self._known, self._http)
        return str(self._known["access_token"])


@pytest.fixture
def google() -> Iterator[SheetsSimulator]:
    with SheetsSimulator() as simulator:
        yield simulator


Connect = Callable[..., Sheets]


@pytest.fixture
def connect(google: SheetsSimulator) -> Connect:
    """A client with these settings of a connection, and a key file of its own unless given one."""

    def made(key_file: dict[str, Any] | None = None, **settings: Any) -> Sheets:
        http = Outbound()
        tokens = KeyFileTokens(key_file or google.key_file(), http)
        about = {"spreadsheet": SPREADSHEET, "login": ROBOT, "api_url": google.url, **settings}
        return Sheets(Connection("google_sheets", about, tokens), http)

    return made
