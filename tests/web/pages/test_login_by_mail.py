"""Whoever has no password at hand is mailed a link; nobody else learns anything by asking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from connector.actions import login_by_mail
from connector.actions.services import Services
from connector.storage import jobs, login_failures, login_links, logins, users
from connector.storage.jobs import MAIL_LOGIN_LINK, JobStatus
from connector.web.app import create_app
from connector.worker.duties import make_work
from connector.worker.perform import Answer, Work
from connector.worker.start import duties
from tests.simulators.mail import Delivered, MailSimulator
from tests.web.pages.conftest import Browser, Clock, new_person
from tests.worker.working import attempt

DANA = "dana@summit.example"


@pytest.fixture
def mail() -> Iterator[MailSimulator]:
    with MailSimulator() as running:
        yield running


@pytest.fixture
def services(services: Services, mail: MailSimulator) -> Services:
    given = {"smtp_host": "localhost", "smtp_port": mail.port, "smtp_security": "none"}
    return replace(
        services, settings=replace(services.settings, **given, mail_from="coi@summit.example")
    )


@pytest.fixture
def work(services: Services) -> Work:
    def nothing(action: str, account_id: str, given: object) -> Answer:
        raise AssertionError(f"{action} is not asked for")

    return make_work(services, nothing, duties(services))


def asked_for(services: Services, account_id: str) -> list[str]:
    """The jobs to mail a link."""
    with services.readers() as session:
        found = jobs.search(session, account_id, action=MAIL_LOGIN_LINK)
        return [job.id for job in found]


def links_in(sent: Delivered) -> list[str]:
    """The paths of the login links that a mail names."""
    body = sent.message.get_body(("plain",))
    assert body is not None
    return re.findall(r"/login/link/[\w-]+", body.get_content())


def test_a_person_without_password_asks_for_a_link_and_comes_in_by_it_once(
    services: Services, office: str, browser: Browser, mail: MailSimulator, work: Work
) -> None:
    new_person(services, office, DANA)
    browser.get("/login")
    assert "Mail me a link instead" in browser.page.text
    page = browser.send("/login/mail", email="Dana@summit.example")
    assert "a link is on its way" in page.text
    assert 'value="Dana@summit.example"' in page.text
    (job_id,) = asked_for(services, office)
    job = attempt(work, job_id)
    assert job.status == JobStatus.DONE, job.error
    (sent,) = mail.delivered
    (path,) = links_in(sent)
    assert sent.recipients == [DANA]
    assert path.rpartition("/")[2] not in f"{job.given}{job.answer}"
    browser.get(path)
    assert browser.send(path).status_code == 303
    assert browser.get("/review").status_code == 200
    assert Browser(create_app(services).test_client()).get(path).status_code == 403


def test_the_link_ends_after_its_time(
    services: Services, office: str, browser: Browser, mail: MailSimulator, work: Work, clock: Clock
) -> None:
    new_person(services, office, DANA)
    browser.get("/login")
    browser.send("/login/mail", email=DANA)
    attempt(work, asked_for(services, office)[0])
    (path,) = links_in(mail.delivered[0])
    clock.move(login_by_mail.LASTS)
    assert browser.get(path).status_code == 403


def test_an_address_of_nobody_is_answered_alike_and_mailed_nothing(
    services: Services, office: str, browser: Browser
) -> None:
    new_person(services, office, DANA)
    browser.get("/login")
    known = browser.send("/login/mail", email=DANA)
    unknown = browser.send("/login/mail", email="eve@summit.example")
    assert known.status_code == unknown.status_code == 200
    same = [re.sub(r"(dana|eve)@\S+|value=\"\w+\"", "", each.text) for each in (known, unknown)]
    assert same[0] == same[1]
    assert len(asked_for(services, office)) == 1


def test_whoever_was_let_out_meanwhile_is_mailed_nothing(
    services: Services, office: str, browser: Browser, mail: MailSimulator, work: Work
) -> None:
    user_id = new_person(services, office, DANA)
    browser.get("/login")
    browser.send("/login/mail", email=DANA)
    with services.sessions() as session, session.begin():
        logins.let_out(session, users.get(session, office, user_id), services.clock())
    assert attempt(work, asked_for(services, office)[0]).answer == {"status": "let_out"}
    assert mail.delivered == []


def test_nobodys_mailbox_is_filled(
    services: Services, office: str, browser: Browser, clock: Clock
) -> None:
    new_person(services, office, DANA)
    browser.get("/login")
    for _ in range(3):
        assert browser.send("/login/mail", email=DANA).status_code == 200
    refused = browser.send("/login/mail", email=DANA)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert len(asked_for(services, office)) == 3
    clock.move(timedelta(minutes=1))
    assert browser.send("/login/mail", email=DANA).status_code == 200


def test_asking_ends_no_link_that_an_administrator_handed_over(
    services: Services, office: str, browser: Browser, work: Work
) -> None:
    user_id = new_person(services, office, DANA, password=None)
    with services.sessions() as session, session.begin():
        person = users.get(session, office, user_id)
        handed = login_links.create(session, person, timedelta(days=3), services.clock())
    browser.get("/login")
    browser.send("/login/mail", email=DANA)
    attempt(work, asked_for(services, office)[0])
    assert browser.get(f"/login/link/{handed}").status_code == 200


def test_an_empty_address_is_a_sentence_and_without_a_mail_server_nothing_is_offered(
    services: Services, office: str, browser: Browser
) -> None:
    new_person(services, office, DANA)
    browser.get("/login")
    assert browser.send("/login/mail", email=" ").status_code == 422
    bare = replace(services, settings=replace(services.settings, smtp_host=""))
    other = Browser(create_app(bare).test_client())
    assert "Mail me a link" not in other.get("/login").text
    assert other.send("/login/mail", email=DANA).status_code == 404
    assert asked_for(services, office) == []


def test_somebody_who_tries_for_a_colleague_never_keeps_them_from_a_link(
    services: Services, office: str, browser: Browser, mail: MailSimulator, work: Work, clock: Clock
) -> None:
    """Not by wrong passwords, and not by asking for links: each of those is in the mailbox."""
    new_person(services, office, DANA)
    elsewhere = Browser(create_app(services).test_client())
    for _ in range(40):
        elsewhere.get("/login")
        elsewhere.send("/login", email=DANA, password="wrong")
        elsewhere.get("/login")
        elsewhere.send("/login/mail", email=DANA)
        clock.move(timedelta(minutes=2))
    for job_id in asked_for(services, office):
        attempt(work, job_id)
    browser.get("/login")
    assert browser.send("/login", email=DANA, password="correct horse battery").status_code == 429
    assert "have a link mailed" in browser.page.text
    assert login_by_mail.LASTS >= 2 * login_failures.LONGEST_WAIT, "there is always a good one"
    assert len(mail.delivered) < 20, "and no mailbox is filled"
    (path,) = links_in(mail.delivered[-1])
    browser.get(path)
    assert browser.send(path).status_code == 303
