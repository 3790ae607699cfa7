"""What the simulated Procore knows: one company's data in memory, and how requests see it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from tests.simulators.procore.contract import Violations
from tests.simulators.procore.switches import Order, Switches

Record = dict[str, Any]

COMPANY = 8089
PROJECT = 4417
CLIENT_ID, CLIENT_SECRET = "simulated-app", "simulated-secret"
TOKEN = "simulated-token"
USER = 901
"""The user that TOKEN and the service account act as."""
PERSON = 55
"""Somebody in the office, who works in Procore's own pages."""


class Refusal(Exception):
    """An answer that is no success: a status, and a text or a map of field to messages."""

    def __init__(
        self, status: int, errors: str | Violations, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(str(errors))
        self.status, self.errors, self.headers = status, errors, dict(headers or {})


@dataclass
class Asked:
    """One request as it came in, and the status it was answered with (None: no answer)."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any
    operation: str | None = None
    status: int | None = None


@dataclass
class Grant:
    """What a token allows."""

    client_id: str
    user_id: int
    is_service_account: bool
    expires_at: float
    refresh_token: str | None = None


@dataclass
class World:
    """Tables are dicts by id. Hold `lock` while reading or writing them."""

    switches: Switches = field(default_factory=Switches)
    orders: list[Order] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    stored: list[dict[str, str]] = field(default_factory=list)
    """The headers of the requests to the storage host."""
    breaches: list[str] = field(default_factory=list)
    """Where the simulator itself broke the contract; a test fails when this is not empty."""
    today: Callable[[], date] = lambda: datetime.now(UTC).date()

    companies: dict[int, Record] = field(default_factory=dict)
    projects: dict[int, Record] = field(default_factory=dict)
    vendors: dict[int, Record] = field(default_factory=dict)
    insurances: dict[int, Record] = field(default_factory=dict)
    uploads: dict[str, Record] = field(default_factory=dict)
    folders: dict[int, Record] = field(default_factory=dict)
    files: dict[int, Record] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    """Stored bytes by upload uuid."""
    contracts: dict[int, Record] = field(default_factory=dict)
    compliance_documents: dict[int, Record] = field(default_factory=dict)
    holds: dict[int, Record] = field(default_factory=dict)
    hooks: dict[int, Record] = field(default_factory=dict)
    triggers: dict[int, Record] = field(default_factory=dict)
    events: list[Record] = field(default_factory=list)

    grants: dict[str, Grant] = field(default_factory=dict)
    codes: dict[str, Record] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(5_000_000_001))

    def new_id(self) -> int:
        """Ids beyond 32 bits, as Procore's will be."""
        return next(self._ids)

    def one(self, table: dict[int, Record], id: int) -> Record:
        found = table.get(id)
        if found is None:
            raise Refusal(404, "Not Found")
        return found

    def add_vendor(self, name: str, id: int | None = None, **attributes: Any) -> int:
        """A vendor of the company, in its project's directory too unless `project_ids` says otherwise."""
        vendor_id = id or self.new_id()
        self.vendors[vendor_id] = {
            "id": vendor_id,
            "name": name,
            "is_active": True,
            "company_id": COMPANY,
            "project_ids": [PROJECT],
            "attachments": [],
        } | attributes
        return vendor_id

    def add_insurance(self, vendor_id: int, project_id: int | None = None, **values: Any) -> int:
        """A record as if a person had typed it in Procore."""
        record_id = self.new_id()
        self.insurances[record_id] = {
            "id": record_id,
            "company_id": COMPANY,
            "project_id": project_id,
            "vendor_id": vendor_id,
            "enable_expired_insurance_notifications": True,
        } | values
        return record_id

    def writes(self) -> list[Asked]:
        """The requests that could change something (OAuth excluded)."""
        return [a for a in self.asked if a.method != "GET" and not a.path.startswith("/oauth")]


def seeded(switches: Switches | None = None, vendors: Mapping[str, Any] | None = None) -> World:
    """One company with one project, its folders, and the given vendors (name -> attributes)."""
    world = World(switches or Switches())
    world.companies[COMPANY] = {"id": COMPANY, "name": "Summit Builders Inc", "is_active": True}
    world.projects[PROJECT] = {
        "id": PROJECT,
        "name": "Lakeside Medical Center",
        "project_number": "4417",
        "active": True,
        "company": {"id": COMPANY, "name": "Summit Builders Inc"},
    }
    world.folders[COMPANY] = {"id": COMPANY, "name": "Documents", "project_id": None}
    world.folders[PROJECT] = {"id": PROJECT, "name": "Documents", "project_id": PROJECT}
    world.grants[TOKEN] = Grant(CLIENT_ID, USER, is_service_account=True, expires_at=float("inf"))
    for name, attributes in (vendors or {"Northfield Roofing LLC": {}}).items():
        world.add_vendor(name, **attributes)
    return world
