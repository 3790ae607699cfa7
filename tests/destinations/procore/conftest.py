"""A simulated Procore per test, and a connection to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from connector.delivery import Connection, Delivery, Receipt, Vendor
from connector.destinations.procore.client import Procore
from connector.destinations.procore.deliver import deliver
from tests.destinations.procore.certificates import TODAY, certificate, verdict
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import COMPANY, PROJECT, TOKEN


class Impatient(requests.Session):
    """A session that waits half a second for an answer, so that silence is tested quickly."""

    def request(self, *given: Any, **wanted: Any) -> requests.Response:
        return super().request(*given, **(wanted | {"timeout": (1.0, 0.5)}))


class Tokens:
    """A token source at the wall: hands out `current`, and `fresh` when that is refused."""

    def __init__(self, current: str = TOKEN, fresh: str = TOKEN) -> None:
        self.current, self.fresh, self.renewals = current, fresh, 0

    def token(self) -> str:
        return self.current

    def renew(self, rejected: str) -> str:
        self.renewals += 1
        self.current = self.fresh
        return self.current


@pytest.fixture
def procore() -> Iterator[ProcoreSimulator]:
    with ProcoreSimulator() as simulator:
        yield simulator
    assert simulator.world.breaches == []


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


@pytest.fixture
def connect(procore: ProcoreSimulator) -> Callable[..., Connection]:
    """A project-level connection; keywords change its settings."""

    def connection(tokens: Tokens | None = None, budget: Any = None, **settings: Any) -> Connection:
        base = {"company_id": COMPANY, "project_id": PROJECT, "api_url": procore.url}
        return Connection("procore", base | settings, tokens or Tokens(), budget)

    return connection


@pytest.fixture
def client(connect: Callable[..., Connection], http: requests.Session) -> Procore:
    return Procore(connect(), http)


@pytest.fixture
def push(connect: Callable[..., Connection], http: requests.Session) -> Callable[..., Receipt]:
    """Push a certificate of Northfield Roofing; keywords not of the delivery are settings."""

    def pushed(
        paper: Any = None,
        checked: Any = "compliant",
        vendor: Vendor | None = None,
        on: Any = TODAY,
        notice_sent: bool = False,
        known_vendor_id: str | None = None,
        connection: Connection | None = None,
        http: requests.Session = http,
        **settings: Any,
    ) -> Receipt:
        delivery = Delivery(
            paper or certificate(),
            verdict() if checked == "compliant" else checked,
            vendor or Vendor("Northfield Roofing LLC"),
            {"certificate": "https://coi.example/certificates/cert_1"},
            notice_sent=notice_sent,
            known_vendor_id=known_vendor_id,
        )
        return deliver(delivery, connection or connect(**settings), http, on)

    return pushed
