"""People at the pages: a browser that keeps cookies and sends forms as a page makes them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from connector.actions import check_certificate, parse_certificate
from connector.actions.inputs import load
from connector.actions.services import Caller, Services
from connector.errors import DestinationRefused
from connector.storage import accounts, checks, logins, passwords, pushes, users
from connector.storage.users import Role
from connector.web.app import create_app
from tests.web.conftest import HOLDER
from tests.web.pages.doubtful import doubtful_pdf

PASSWORD = "correct horse battery"


class Clock:
    """The present moment, which a test moves on; no two are the same."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


@dataclass
class Browser:
    """A person's browser at one service."""

    client: FlaskClient
    account_id: str = ""
    page: Any = None

    def get(self, path: str, **given: Any) -> Any:
        headers = {"Accept": "text/html,*/*", **given.pop("headers", {})}
        self.page = self.client.get(path, headers=headers, **given)
        return self.page

    def send(self, path: str, **fields: Any) -> Any:
        """Send a form with the token of the page that is open."""
        given = {"csrf": self.token, **fields}
        self.page = self.client.post(path, data=given, headers={"Accept": "text/html"})
        return self.page

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf" value="(\w+)"', self.page.text if self.page else "")
        return found[1] if found else ""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(services: Services, clock: Clock) -> Services:
    return replace(services, clock=clock)


@pytest.fixture
def browser(services: Services) -> Browser:
    """Nobody is logged in."""
    return Browser(create_app(services).test_client())


@pytest.fixture
def office(services: Services) -> str:
    """An account's id."""
    return new_office(services, "Summit Builders")


def new_office(services: Services, name: str) -> str:
    with services.sessions() as session, session.begin():
        made = accounts.create(session, name, services.clock(), legal_names=(HOLDER,))
        return made.id


def new_person(
    services: Services,
    account_id: str,
    email: str = "dana@summit.example",
    role: Role = Role.ADMIN,
    password: str | None = PASSWORD,
) -> str:
    """A person of this account; answers the person's id."""
    with services.sessions() as session, session.begin():
        user = users.add(
            session,
            account_id,
            email,
            name=email.partition("@")[0],
            role=role,
            now=services.clock(),
        )
        user.password = passwords.digest(password, email) if password else None
        return user.id


def logged_in(services: Services, account_id: str, email: str, role: Role) -> Browser:
    """A browser of a new person, logged in without the detour over the form."""
    user_id = new_person(services, account_id, email, role, password=None)
    with services.sessions() as session, session.begin():
        user = users.get(session, account_id, user_id)
        secret = logins.begin(session, user, services.clock())
    client = create_app(services).test_client()
    client.set_cookie("coi", secret)
    return Browser(client, account_id)


@pytest.fixture
def admin(services: Services, office: str) -> Browser:
    return logged_in(services, office, "admin@summit.example", Role.ADMIN)


@pytest.fixture
def reviewer(services: Services, office: str) -> Browser:
    return logged_in(services, office, "robin@summit.example", Role.REVIEWER)


@pytest.fixture
def viewer(services: Services, office: str) -> Browser:
    return logged_in(services, office, "vic@summit.example", Role.VIEWER)


def put_certificate(
    services: Services, account_id: str, data: bytes, *, check: bool = True, **given: str
) -> str:
    """A certificate of this account, parsed and checked as a Zap would; its id."""
    caller = Caller(account_id)
    opened = services.reader.open(data, "certificate.pdf")
    services.documents.put(data)
    flat = parse_certificate.run(
        {**load(parse_certificate.ACTION.input, given), "document": opened}, caller, services
    )
    about = {"certificate_id": str(flat["certificate_id"]), **given}
    if check:
        check_certificate.run(load(check_certificate.Input, about), caller, services)
    return about["certificate_id"]


def failed_push(services: Services, account_id: str, certificate_id: str) -> str:
    """A push of a checked certificate that Procore refused; its id."""
    now = services.clock()
    with services.sessions() as session, session.begin():
        check = checks.latest(session, account_id, certificate_id)
        assert check is not None
        push, _ = pushes.begin(
            session, account_id, pushes.Key(None, "procore", "project 1", "v", "d"),
            certificate_id=certificate_id, check_id=check.id, now=now,
        )  # fmt: skip
        pushes.fail(push, DestinationRefused("Procore refused the vendor. Choose another."), now)
        return push.id


@pytest.fixture(scope="session")
def doubtful() -> bytes:
    """A certificate with three doubtful values, as it would be sent today."""
    return doubtful_pdf(datetime.now(UTC).date())


@pytest.fixture
def certificate_id(services: Services, office: str, doubtful: bytes) -> str:
    """The doubtful certificate on file, checked."""
    return put_certificate(services, office, doubtful)
