"""Accounts are walls: every page there is, asked for with another account's ids, answers 404.

The pages are taken from the app itself, so that a new one is covered by being there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.routing import Rule

from connector.actions.services import Caller, Services
from connector.storage import api_keys, certificates, checks, sent_links, vendors
from connector.storage import endorsement_pages as kept
from connector.storage.sent_links import LinkKind
from connector.storage.users import Role
from connector.web.app import create_app
from tests.actions.vendor_papers import endorsement_pages
from tests.web.pages.conftest import (
    Browser,
    failed_push,
    logged_in,
    new_office,
    new_person,
    put_certificate,
)

OPEN_TO_ALL = {
    "pages.login.show", "pages.login.log_in", "pages.login.log_out", "pages.login.show_link",
    "pages.login_by_mail.ask",
    "pages.login.use_link", "pages.first.show", "pages.first.let_in", "pages.review_link.arrive", "pages.review_link.begin",
    "pages.upload.show", "pages.upload.receive",
}  # fmt: skip
"""Who may come here is decided by what they bring: a password, a link."""


def pages(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every page with each of its methods."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("pages."):
            for method in (rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}:
                yield rule, method


@pytest.fixture
def theirs(services: Services, doubtful: bytes) -> dict[str, str | int]:
    """Ids of another account, by the names that addresses give them."""
    other = new_office(services, "Another office")
    certificate_id = put_certificate(services, other, doubtful)
    failed = failed_push(services, other, certificate_id)
    colleague = new_person(services, other, "otto@other.example")
    with services.readers() as session:
        vendor_id = certificates.get(session, other, certificate_id).vendor_id or ""
    put_certificate(services, other, endorsement_pages(), check=False, vendor_id=vendor_id)
    with services.sessions() as session, session.begin():
        key, _ = api_keys.create(session, other, "Zapier", services.clock())
        job = services.enqueue(
            session, Caller(other), "check_certificate", {"certificate_id": certificate_id}
        )
        check = checks.latest(session, other, certificate_id)
        link = sent_links.make(
            session, other, LinkKind.REVIEW, services.clock(), timedelta(days=1),
            certificate_id=certificate_id, person="Otto",
        )  # fmt: skip
        row = certificates.get(session, other, certificate_id)
        assert check is not None
        assert row.vendor_id is not None
        assert vendors.get(session, other, row.vendor_id)
        return {
            "certificate_id": certificate_id,
            "vendor_id": row.vendor_id,
            "user_id": colleague,
            "check_id": check.id,
            "key_id": key.id,
            "push_id": failed,
            "job_id": job.id,
            "link_id": link.id,
            "hook_id": "hook_X",
            "name": "no-such-rule-set",
            "page_id": kept.of_vendor(session, other, row.vendor_id)[0].id,
            "key": "general_liability_each_occurrence",
            "number": 1,
        }


def test_no_page_shows_or_changes_anything_of_another_account(
    services: Services,
    admin: Browser,
    theirs: dict[str, str | int],
    record_property: Callable[[str, object], None],
) -> None:
    admin.get("/password")
    token, tried = admin.token, 0
    for rule, method in pages(create_app(services)):
        if not rule.arguments or rule.endpoint in OPEN_TO_ALL:
            continue
        known = {name: theirs[name] for name in rule.arguments}
        path = rule.build(known)
        assert path is not None
        fields = {"csrf": token, "field": "general_liability_each_occurrence", "typed": "1"}
        answer = admin.client.open(
            path[1], method=method, data=fields if method == "POST" else None
        )
        assert answer.status_code == 404, f"{method} {path[1]} answered {answer.status_code}"
        tried += 1
    assert tried >= 8
    record_property("crossed", tried)


def test_no_page_opens_without_a_login(services: Services, browser: Browser) -> None:
    browser.get("/login")
    for rule, method in pages(create_app(services)):
        if rule.endpoint in OPEN_TO_ALL:
            continue
        known = dict.fromkeys(rule.arguments, "x") | (
            {"number": 1} if "number" in rule.arguments else {}
        )
        path = rule.build(known)
        assert path is not None
        data = {"csrf": browser.token} if method == "POST" else None
        answer = browser.client.open(path[1], method=method, data=data)
        assert (answer.status_code, answer.location[:6]) == (303, "/login"), path[1]


def test_every_page_that_changes_something_refuses_a_form_without_its_token(
    services: Services, admin: Browser
) -> None:
    for rule, method in pages(create_app(services)):
        if method == "GET":
            continue
        known = dict.fromkeys(rule.arguments, "x")
        path = rule.build(known)
        assert path is not None
        assert admin.client.open(path[1], method=method).status_code == 403, path[1]


def test_only_the_own_list_is_shown(
    services: Services, office: str, theirs: dict[str, str | int]
) -> None:
    ours = logged_in(services, office, "dana@summit.example", Role.ADMIN)
    assert str(theirs["certificate_id"]) not in ours.get("/review").text
