"""A simulated Procore per test, and a connection to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connector.delivery import Connection, Delivery, Paper, Receipt, Vendor
from connector.destinations.procore.client import Procore
from connector.destinations.procore.deliver import deliver
from connector.outbound import Outbound, Patience, Reply
from tests.destinations.procore.certificates import TODAY, certificate, verdict
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import COMPANY, PROJECT, TOKEN


class Impatient(Outbound):
    """A door that waits half a second for an answer, so that silence is tested quickly."""

    def request(self, method: str, url: str, **wanted: Any) -> Reply:
        return super().request(method, url, **(wanted | {"patience": Patience(1, 0.5, 1)}))


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


@pytest.fixture(scope="session")
def door() -> Outbound:
    """One door for all tests: making one reads every certificate authority there is."""
    return Outbound()


@pytest.fixture(scope="session")
def impatient_door() -> Outbound:
    return Impatient()


@pytest.fixture
def http(procore: ProcoreSimulator, door: Outbound) -> Outbound:
    return door.trusting(procore.url)


@pytest.fixture
def connect(procore: ProcoreSimulator) -> Callable[..., Connection]:
    """A project-level connection; keywords change its settings."""

    def connection(tokens: Tokens | None = None, budget: Any = None, **settings: Any) -> Connection:
        base = {"company_id": COMPANY, "project_id": PROJECT, "api_url": procore.url}
        return Connection("procore", base | settings, tokens or Tokens(), budget)

    return connection


@pytest.fixture
def client(connect: Callable[..., Connection], http: Outbound) -> Procore:
    return Procore(connect(), http)


@pytest.fixture
def push(connect: Callable[..., Connection], http: Outbound) -> Callable[..., Receipt]:
    """Push a certificate of Northfield Roofing; keywords not of the delivery are settings."""

    def pushed(
        paper: Any = None,
        checked: Any = "compliant",
        vendor: Vendor | None = None,
        on: Any = TODAY,
        notice_sent: bool = False,
        known_vendor_id: str | None = None,
        document: Paper | None = None,
        connection: Connection | None = None,
        http: Outbound = http,
        **settings: Any,
    ) -> Receipt:
        delivery = Delivery(
            paper or certificate(),
            verdict() if checked == "compliant" else checked,
            vendor or Vendor("Northfield Roofing LLC"),
            {"certificate": "https://coi.example/certificates/cert_1"},
            notice_sent=notice_sent,
            known_vendor_id=known_vendor_id,
            paper=document,
        )
        connection = connection or connect(**settings)
        return deliver(delivery, connection, http.trusting(connection.settings["api_url"]), on)

    return pushed
