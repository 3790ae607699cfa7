"""The first person of an empty service lets themselves in, and nobody else does by that link."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from connector.actions import first_person
from connector.actions.services import Services
from connector.storage import accounts, logins, users
from connector.storage.accounts import FIRST_ACCOUNT
from connector.storage.database import readers_of
from connector.storage.users import Role
from connector.web.app import create_app
from tests.storage.databases import Database
from tests.web.pages.conftest import Browser, Clock, new_person

DANA = {"email": "Dana@Summit.example", "name": "Dana", "password": "correct horse battery"}


@pytest.fixture
def link(services: Services) -> str:
    return first_person.link(services.settings, services.clock()).removeprefix(
        services.settings.public_url
    )


def test_the_first_person_is_an_administrator_and_stands_at_the_set_up(
    services: Services, browser: Browser, link: str
) -> None:
    assert "Nobody can log in yet" in browser.get(link).text
    came = browser.send(link, **DANA)
    assert (came.status_code, came.location) == (303, "/setup")
    assert any("coi_known" in cookie for cookie in came.headers.getlist("Set-Cookie"))
    assert "Seven steps" in browser.get("/setup").text
    with services.readers() as session:
        dana = users.by_email(session, "dana@summit.example")
        account = accounts.by_name(session, FIRST_ACCOUNT)
        assert dana is not None
        assert account is not None
        assert (dana.name, dana.role, dana.account_id) == ("Dana", Role.ADMIN, account.id)


def test_the_account_that_the_command_line_made_is_the_one(
    services: Services, browser: Browser, link: str
) -> None:
    with services.sessions() as session, session.begin():
        made = accounts.named(session, FIRST_ACCOUNT, services.clock()).id
    browser.get(link)
    browser.send(link, **DANA)
    with services.readers() as session:
        dana = users.by_email(session, "dana@summit.example")
        assert dana is not None
        assert dana.account_id == made


def test_once_somebody_is_in_the_link_opens_nothing(
    services: Services, office: str, browser: Browser, link: str
) -> None:
    browser.get(link)
    new_person(services, office)
    for answer in (browser.send(link, **{**DANA, "email": "eve@evil.example"}), browser.get(link)):
        assert answer.status_code == 403
        assert "opens nothing any more" in answer.text
    with services.readers() as session:
        assert users.by_email(session, "eve@evil.example") is None


def test_a_link_of_nobodys_or_of_yesterday_opens_nothing(
    services: Services, browser: Browser, clock: Clock, link: str
) -> None:
    assert browser.get(f"{link}x").status_code == 403
    assert browser.get("/first/anything").status_code == 403
    clock.move(timedelta(days=1))
    assert browser.get(link).status_code == 403


def test_the_link_opens_nothing_again_when_the_first_person_is_let_out(
    services: Services, office: str, browser: Browser, link: str
) -> None:
    person = new_person(services, office)
    with services.sessions() as session, session.begin():
        logins.let_out(session, users.get(session, office, person), services.clock())
    assert browser.get(link).status_code == 403


@pytest.mark.slow
def test_of_two_who_come_at_once_one_is_the_first(
    services: Services, postgresql_database: Database, link: str
) -> None:
    """On PostgreSQL two transactions see each other only once they are over."""
    with postgresql_database.sessions() as session, session.begin():
        session.delete(session.get_one(accounts.Account, postgresql_database.account.id))
    sessions = postgresql_database.sessions
    there = replace(services, sessions=sessions, readers=readers_of(sessions))
    browsers = [Browser(create_app(there).test_client()) for _ in range(6)]
    for browser in browsers:
        browser.get(link)
    start = threading.Barrier(len(browsers))

    def come(number: int) -> int:
        start.wait()
        said = {**DANA, "email": f"p{number}@summit.example"}
        return int(browsers[number].send(link, **said).status_code)

    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = sorted(pool.map(come, range(len(browsers))))
    assert answers == [303] + [403] * 5
    with sessions() as session:
        [account] = accounts.everyone(session)
        assert len(users.of_account(session, account.id)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"email": "dana"}, "no e-mail address"), ({"password": "short"}, "12 characters")],
)
def test_what_cannot_be_is_said_and_the_rest_stays_typed(
    services: Services, browser: Browser, link: str, wrong: dict[str, str], said: str
) -> None:
    browser.get(link)
    page = browser.send(link, **{**DANA, **wrong})
    assert page.status_code == 422
    assert said in page.text
    assert 'value="Dana"' in page.text
    assert "correct horse" not in page.text
    with services.readers() as session:
        assert not users.is_there_anyone(session), "nobody is half let in"
