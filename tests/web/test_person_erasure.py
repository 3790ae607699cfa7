"""Erasing a person leaves no name where it says who did something, and tells where free text has it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from connector.actions import person_erasure
from connector.actions.services import Caller as Office
from connector.actions.services import Services
from connector.errors import NotFound
from connector.storage import jobs, logins, users
from connector.storage.audit import AuditEntry
from connector.storage.users import Role
from connector.storage.vendors import StoredVendor
from tests.web.conftest import Caller
from tests.web.pages.conftest import Browser, logged_in
from tests.web.test_erasure import _newest_of, everything, vendor  # noqa: F401 - a fixture

NAME, EMAIL = "Zelda Quince", "zelda@office.example"


@pytest.fixture
def zelda(services: Services, caller: Caller, vendor: StoredVendor) -> str:  # noqa: F811
    """Somebody who did something of every kind; the id of her login."""
    with services.sessions() as session, session.begin():
        user = users.add(
            session, caller.account_id, EMAIL, name=NAME, role=Role.ADMIN, now=services.clock()
        )
        secret = logins.begin(session, user, services.clock())
        user_id = user.id
    browser = logged_in(services, caller.account_id, "other@office.example", Role.ADMIN)
    browser.client.set_cookie("coi", secret)
    certificate_id = _newest_of(services, caller, "V-9")
    said = {"vendor_id": "V-9", "rule_id": "gl-general-aggregate", "reason": "small job"}
    waived = caller.post("/v1/actions/waive_requirement", json={**said, "waived_by": NAME})
    assert waived.status_code == 200, waived.text
    about = {"certificate_id": certificate_id, "vendor_id": "V-9"}
    caller.post("/v1/actions/check_certificate", json=about)
    headers = {**caller.headers, "Idempotency-Key": "once more"}
    again = {
        **said,
        "rule_id": "gl-products-aggregate",
        "waived_by": f" {NAME.upper()} ",
    }
    caller.client.post("/v1/actions/waive_requirement", json=again, headers=headers)
    correction = {"field": "producer_name", "value": "Granite Agency", "by": EMAIL}
    caller.post(f"/v1/certificates/{certificate_id}/corrections", json=correction)
    browser.get(f"/vendors/{vendor.id}")
    browser.send(f"/vendors/{vendor.id}/link", project="")
    browser.get(f"/review/{certificate_id}/ask")
    browser.send(f"/review/{certificate_id}/ask", person="Otto Outside")
    return user_id


def lines_with(services: Services, *words: str) -> list[str]:
    return [line for line in everything(services).splitlines() if any(w in line for w in words)]


def test_no_name_is_left_and_what_was_done_is(
    services: Services, caller: Caller, zelda: str
) -> None:
    filled = {line.partition(":")[0] for line in lines_with(services, NAME.casefold(), EMAIL)}
    assert {
        "users", "logins", "audit_entries", "waivers", "corrections", "sent_links", "jobs", "checks",
    } <= filled  # fmt: skip
    before = caller.get("/v1/audit?limit=200").get_json()["items"]
    gone = person_erasure.erase(EMAIL, Office(caller.account_id), services)
    assert lines_with(services, "zelda", "quince") == []
    assert gone.left == {}
    waivers = caller.get("/v1/waivers").get_json()["items"]
    assert sorted({row["waived_by"] for row in waivers}) == ["(erased)", "Kim"]
    newest, *rest = caller.get("/v1/audit?limit=200").get_json()["items"]
    assert (newest["act"], newest["subject"]) == ("person.erased", zelda)
    assert [
        (row["audit_id"], row["act"], row["at"])
        for row in rest
        if row["act"] != "upload_link.ended" and row["act"] != "review_link.ended"
    ] == [(row["audit_id"], row["act"], row["at"]) for row in before]
    assert zelda in {row["through_id"] for row in rest}, "one person's acts can still be told apart"
    flat = caller.get("/v1/checks").get_json()["items"][0]
    assert "Waived by (erased)" in flat["waived_text"]


def test_the_login_and_the_links_of_the_person_are_gone(
    services: Services, caller: Caller, zelda: str
) -> None:
    person_erasure.erase(EMAIL, Office(caller.account_id), services)
    links = caller.get("/v1/links").get_json()["items"]
    assert {(row["link_state"], row["made_by"]) for row in links} == {("ended", "(erased)")}
    with services.sessions() as session:
        assert users.by_email(session, EMAIL) is None


def test_a_name_in_free_text_and_of_a_firm_is_told_and_not_changed(
    services: Services, caller: Caller, zelda: str
) -> None:
    said = {"vendor_id": "V-1", "rule_id": "gl-primary", "waived_by": "Kim"}
    reason = f"{NAME} spoke to the owner"
    caller.post("/v1/actions/waive_requirement", json={**said, "reason": reason})
    gone = person_erasure.erase(EMAIL, Office(caller.account_id), services)
    assert gone.left["waivers"] == 1
    assert "1 waivers" in " ".join(person_erasure.told(gone))
    (kept,) = [w for w in caller.get("/v1/waivers").get_json()["items"] if w["reason"] == reason]
    assert kept["waived_by"] == "Kim"


def test_whoever_never_logged_in_is_erased_by_the_name_that_was_signed(
    services: Services, caller: Caller, zelda: str
) -> None:
    person_erasure.erase("otto outside", Office(caller.account_id), services)
    assert lines_with(services, "otto outside") == []
    assert lines_with(services, NAME.casefold()) != []
    with pytest.raises(NotFound, match="Nobody called"):
        person_erasure.erase("Nobody Ever", Office(caller.account_id), services)


def test_a_plan_changes_nothing_and_another_account_is_untouched(
    services: Services, caller: Caller, stranger: Caller, zelda: str
) -> None:
    before = everything(services)
    planned = person_erasure.plan(EMAIL, Office(caller.account_id), services)
    assert planned.counts["waivers"] == 1
    with pytest.raises(NotFound):
        person_erasure.erase(NAME, Office(stranger.account_id), services)
    assert everything(services) == before


def test_a_namesake_s_own_entries_keep_the_name(
    services: Services, caller: Caller, zelda: str
) -> None:
    other = logged_in(services, caller.account_id, "zelda.two@office.example", Role.ADMIN)
    with services.sessions() as session, session.begin():
        user = users.by_email(session, "zelda.two@office.example")
        assert user is not None
        user.name, second = NAME, user.id
        session.add(logins_entry(services, caller, second))
    person_erasure.erase(EMAIL, Office(caller.account_id), services)
    with services.sessions() as session:
        found = select(AuditEntry).where(AuditEntry.through_id == second)
        assert {row.who for row in session.scalars(found)} == {NAME}
    assert other.get("/setup").status_code == 200


def logins_entry(services: Services, caller: Caller, user_id: str) -> AuditEntry:
    """What a namesake did on a page."""
    return AuditEntry(
        id="audit_namesake", account_id=caller.account_id, at=services.clock(), act="login.ended",
        who=NAME, through="page", through_id=user_id, through_name=NAME, details={},
    )  # fmt: skip


def test_the_page_asks_for_the_address_and_only_of_somebody_let_out(
    services: Services, caller: Caller, zelda: str
) -> None:
    admin = logged_in(services, caller.account_id, "dana@office.example", Role.ADMIN)
    path = f"/setup/people/{zelda}/erase"
    assert admin.get(path).status_code == 409
    admin.get("/setup")
    assert path in admin.send(f"/setup/people/{zelda}/end").text
    assert "waivers" in admin.get(path).text
    assert admin.send(path, email="zelda").status_code == 422
    assert "is erased" in admin.send(path, email=EMAIL).text
    assert lines_with(services, "zelda", "quince") == []
    assert path not in admin.get("/setup").text
    reviewer: Browser = logged_in(services, caller.account_id, "rob@office.example", Role.REVIEWER)
    assert reviewer.get(path).status_code == 403


def test_the_same_request_under_its_key_is_still_the_same(
    services: Services, caller: Caller, zelda: str
) -> None:
    person_erasure.erase(EMAIL, Office(caller.account_id), services)
    with services.sessions() as session:
        found: list[Any] = [job.given for job in jobs.search(session, caller.account_id)]
    assert "(erased)" in str(found)
