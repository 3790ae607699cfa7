"""Colleagues are let in by a link, get a new one, and are let out; on the set-up page."""

from __future__ import annotations

import re

import pytest

from connector.actions.services import Services
from connector.storage import api_keys, users
from connector.storage.users import Role
from connector.web.app import create_app
from tests.web.pages.conftest import Browser, logged_in, new_office, new_person

REVA = {"email": "reva@summit.example", "called": "Reva", "role": "reviewer"}


def link_on(page: str) -> str:
    found = re.search(r'value="https?://[^/]+(/login/link/[^"]+)"', page)
    assert found, "no link is shown"
    return found[1]


def id_of(services: Services, email: str) -> str:
    with services.readers() as session:
        found = users.by_email(session, email)
        assert found is not None
        return found.id


def test_a_colleague_is_let_in_by_a_link_that_is_shown_once(
    services: Services, admin: Browser
) -> None:
    admin.get("/setup")
    link = link_on(admin.send("/setup/people", **REVA).text)
    page = admin.get("/setup").text
    assert "Reva" in page
    assert "has not come in yet" in page
    assert link not in page
    reva = Browser(create_app(services).test_client())
    reva.get(link)
    assert reva.send(link, password="seven green bottles").status_code == 303
    assert reva.get("/review").status_code == 200
    assert reva.get("/setup").status_code == 403, "a reviewer sets nothing up"


def test_a_new_link_ends_the_older_one(services: Services, admin: Browser) -> None:
    admin.get("/setup")
    old = link_on(admin.send("/setup/people", **REVA).text)
    new = link_on(admin.send(f"/setup/people/{id_of(services, REVA['email'])}/link").text)
    other = Browser(create_app(services).test_client())
    assert other.get(old).status_code == 403
    assert other.get(new).status_code == 200


def test_whoever_is_let_out_is_out_at_once(services: Services, office: str, admin: Browser) -> None:
    reva = logged_in(services, office, REVA["email"], Role.REVIEWER)
    assert reva.get("/review").status_code == 200
    admin.get("/setup")
    assert "Let out" in admin.send(f"/setup/people/{id_of(services, REVA['email'])}/end").text
    assert reva.get("/review").status_code == 303


def test_nobody_lets_themselves_out(services: Services, admin: Browser) -> None:
    admin.get("/setup")
    own = id_of(services, "admin@summit.example")
    assert admin.send(f"/setup/people/{own}/end").status_code == 422
    assert admin.get("/setup").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"email": "reva"}, "no e-mail address"), ({"role": "king"}, "Choose one of the roles"),
     ({"email": "admin@summit.example"}, "has a login already")],
)  # fmt: skip
def test_what_cannot_be_is_said_and_the_rest_stays_typed(
    admin: Browser, wrong: dict[str, str], said: str
) -> None:
    admin.get("/setup")
    page = admin.send("/setup/people", **{**REVA, **wrong})
    assert page.status_code == 422
    assert said in page.text
    assert 'value="Reva"' in page.text


def test_a_person_of_another_office_is_nobody_here(services: Services, admin: Browser) -> None:
    other = new_office(services, "Another office")
    theirs = new_person(services, other, "otto@other.example")
    admin.get("/setup")
    for act in ("link", "end"):
        assert admin.send(f"/setup/people/{theirs}/{act}").status_code == 404
        admin.get("/setup")


def test_whoever_is_let_out_is_followed_by_a_word_on_the_keys_that_they_made(
    services: Services, office: str, admin: Browser
) -> None:
    """A key works for a Zap, not for a person, so it goes on; who has seen it is said."""
    lee = logged_in(services, office, "lee@summit.example", Role.ADMIN)
    for name in ("Zapier", "An old one"):
        lee.get("/setup")
        lee.send("/setup/key", name=name)
    admin.get("/setup")
    admin.send("/setup/key", name="Nobody else has seen it")
    with services.sessions() as session, session.begin():
        user = users.by_email(session, "lee@summit.example")
        assert user is not None
        (old,) = [key for key in api_keys.of_account(session, office) if key.name == "An old one"]
        api_keys.revoke(session, office, old.id, services.clock())
    admin.get("/setup")
    page = admin.send(f"/setup/people/{user.id}/end").text
    assert "They made these keys and may know them: Zapier." in page
