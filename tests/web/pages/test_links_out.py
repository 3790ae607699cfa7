"""Links that went to people outside: the office sees them, takes them back, and they end with their maker."""

from __future__ import annotations

import re

import pytest

from connector.actions.services import Services
from connector.storage import api_keys, audit, logins, users
from connector.storage.api_keys import Scope
from connector.storage.users import Role
from connector.web.app import create_app
from tests.web.pages.conftest import Browser, new_office, new_person
from tests.web.pages.test_upload import new_vendor

FIRM = "Copper Ridge Electric Inc"


@pytest.fixture
def vendor_id(services: Services, office: str) -> str:
    return new_vendor(services, office, FIRM)


@pytest.fixture
def outside(services: Services) -> Browser:
    """Somebody who is not logged in."""
    return Browser(create_app(services).test_client())


def upload_link(maker: Browser, vendor_id: str) -> str:
    maker.get(f"/vendors/{vendor_id}")
    page = maker.send(f"/vendors/{vendor_id}/link", project="")
    (path,) = re.findall(r">http\S*(/u/[^<\s]+)<", page.text)
    return str(path)


def review_link(maker: Browser, certificate_id: str) -> str:
    maker.get(f"/review/{certificate_id}/ask")
    page = maker.send(f"/review/{certificate_id}/ask", person="Maria Lopez")
    (path,) = re.findall(r">http\S*(/review/link/[^<\s]+)<", page.text)
    return str(path)


def take_back(person: Browser, where: str) -> None:
    """Press the first such button on this page."""
    page = person.get(where)
    (action,) = re.findall(r'action="(/links/\w+/end)"', page.text)
    sent = person.send(action, next=where)
    assert (sent.status_code, sent.location) == (303, where)


def person_id(services: Services, email: str) -> str:
    with services.readers() as session:
        user = users.by_email(session, email)
        assert user is not None
        return user.id


def let_out(services: Services, office: str, email: str) -> None:
    user_id = person_id(services, email)
    with services.sessions() as session, session.begin():
        logins.let_out(session, users.get(session, office, user_id), services.clock())


def acts(services: Services, office: str) -> list[tuple[str, str | None]]:
    with services.readers() as session:
        found = audit.search(session, office)
    return [(row.act, row.who) for row in found if "_link." in row.act][::-1]


def test_an_upload_link_that_is_taken_back_opens_nothing_more(
    services: Services,
    office: str,
    reviewer: Browser,
    admin: Browser,
    outside: Browser,
    vendor_id: str,
) -> None:
    path = upload_link(reviewer, vendor_id)
    outside.get(path)
    assert "made" in reviewer.get(f"/vendors/{vendor_id}").text
    take_back(admin, f"/vendors/{vendor_id}")
    assert (
        "taken back by admin" in admin.page.text
        or "taken back by admin" in admin.get("/links").text
    )
    gone = outside.send(path, message="still here")
    assert gone.status_code == 403
    assert "taken back" in gone.text
    assert outside.get(path).status_code == 403
    assert "still here" not in admin.get(f"/vendors/{vendor_id}").text
    assert acts(services, office) == [("upload_link.made", "robin"), ("upload_link.ended", "admin")]


def test_a_review_link_that_is_taken_back_ends_the_login_that_it_began(
    services: Services, office: str, reviewer: Browser, outside: Browser, certificate_id: str
) -> None:
    path = review_link(reviewer, certificate_id)
    outside.get(path)
    assert outside.send(path).location == f"/review/{certificate_id}"
    assert outside.get(f"/review/{certificate_id}").status_code == 200
    take_back(reviewer, f"/review/{certificate_id}/ask")
    assert outside.get(f"/review/{certificate_id}").status_code == 303
    assert outside.get(path).status_code == 403
    assert acts(services, office) == [("review_link.made", "robin"), ("review_link.ended", "robin")]


def test_links_end_with_the_person_who_made_them_and_do_not_come_back_with_them(
    services: Services, office: str, reviewer: Browser, outside: Browser, vendor_id: str,
    certificate_id: str, admin: Browser,
) -> None:  # fmt: skip
    upload, review = upload_link(reviewer, vendor_id), review_link(reviewer, certificate_id)
    kept = upload_link(admin, vendor_id)
    outside.get(review)
    outside.send(review)
    admin.get("/setup")
    page = admin.send(f"/setup/people/{person_id(services, 'robin@summit.example')}/end")
    assert "links that they made have ended" in page.text
    assert outside.get(f"/review/{certificate_id}").status_code == 303
    new_person(services, office, "robin@summit.example", Role.REVIEWER)
    for path in (upload, review):
        assert outside.get(path).status_code == 403
    assert outside.get(kept).status_code == 200
    assert "let in no more" in admin.get("/links").text


def test_a_link_that_a_key_made_ends_with_the_key_and_is_passed_on_to_its_replacement(
    services: Services, office: str, outside: Browser, vendor_id: str
) -> None:
    now = services.clock()
    with services.sessions() as session, session.begin():
        key, secret = api_keys.create(session, office, "Zapier", now, scopes=api_keys.USUAL)
    path = made_by_key(outside, secret, vendor_id)["url"]
    with services.sessions() as session, session.begin():
        newer, _ = api_keys.replace(session, office, key.id, now, overlap=now - now)
        api_keys.revoke(session, office, key.id, now)
    assert outside.get(path).status_code == 200
    with services.sessions() as session, session.begin():
        api_keys.revoke(session, office, newer.id, now)
    assert outside.get(path).status_code == 403


def made_by_key(browser: Browser, secret: str, vendor_id: str) -> dict[str, str]:
    answer = browser.client.post(
        "/v1/links", json={"vendor_id": vendor_id}, headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.get_json()
    return made | {"url": made["url"].removeprefix("http://127.0.0.1:8000")}


def test_a_link_of_a_key_lasts_no_longer_than_the_key(
    services: Services, office: str, outside: Browser, vendor_id: str
) -> None:
    ends = services.clock().replace(year=services.clock().year + 1)
    soon = services.clock() + (ends - services.clock()) / 100
    with services.sessions() as session, session.begin():
        _, secret = api_keys.create(
            session, office, "Trial", services.clock(), scopes=[Scope.ACT], expires_at=soon
        )
    made = made_by_key(outside, secret, vendor_id)
    assert made["expires_at"][:16] == f"{soon:%Y-%m-%dT%H:%M}"


def test_links_are_listed_and_taken_back_by_the_api_and_never_shown_again(
    services: Services, office: str, reviewer: Browser, outside: Browser, vendor_id: str
) -> None:
    path = upload_link(reviewer, vendor_id)
    elsewhere = new_office(services, "Other")
    with services.sessions() as session, session.begin():
        _, secret = api_keys.create(session, office, "Office", services.clock())
        _, other = api_keys.create(session, elsewhere, "Theirs", services.clock())
    headers, theirs = ({"Authorization": f"Bearer {each}"} for each in (secret, other))
    listed = outside.client.get("/v1/links", headers=headers)
    assert path.removeprefix("/u/") not in listed.text
    (link,) = listed.get_json()["items"]
    assert (link["link_state"], link["vendor_name"], link["made_by"]) == ("open", FIRM, "robin")
    at = f"/v1/links/{link['link_id']}"
    assert outside.client.get("/v1/links", headers=theirs).get_json()["items"] == []
    assert outside.client.delete(at, headers=theirs).status_code == 404
    assert outside.get(path).status_code == 200
    for _ in range(2):
        ended = outside.client.delete(at, headers=headers)
        assert (ended.status_code, ended.get_json()["link_state"]) == (200, "ended")
    assert outside.get(path).status_code == 403


def test_a_viewer_neither_sees_nor_ends_links(viewer: Browser) -> None:
    assert viewer.get("/links").status_code == 403
    viewer.get("/password")
    assert viewer.send("/links/link_X/end").status_code == 403
