"""GET /v1/audit and the page: what was done through which key, and nothing of another account."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.actions.audit_list import WORDS
from connector.actions.services import Services
from connector.jobs import hand_over
from connector.storage import actor, api_keys, audit, jobs, login_links, logins, users
from connector.storage.users import Role
from connector.web.app import create_app
from connector.worker.perform import Work, perform
from tests.web.conftest import Caller
from tests.web.pages.conftest import PASSWORD, Browser, logged_in, new_person
from tests.web.test_jobs import delivery, failed


def acts(caller: Caller, **query: str) -> list[dict[str, Any]]:
    items = caller.get("/v1/audit", query_string=query).get_json()["items"]
    return list(items)


def test_reading_checking_correcting_and_waiving_are_told_with_the_key_that_did_it(
    caller: Caller, certificates: tuple[Path, Path]
) -> None:
    _, failing = certificates
    read = caller.send("parse_certificate", failing, vendor_id="V-9", vendor_name="Copper Ridge")
    about = {"certificate_id": read.get_json()["certificate_id"]}
    caller.post("/v1/actions/check_certificate", json=about)
    said = {"field": "insured_name", "value": "Copper Ridge Inc", "by": "Robin"}
    caller.post(f"/v1/certificates/{about['certificate_id']}/corrections", json=said)
    waiver = {"rule_id": "gl-each-occurrence", "reason": "=1+1", "waived_by": "Kim", **about}
    assert caller.post("/v1/actions/waive_requirement", json=waiver).status_code == 200

    found = acts(caller)[::-1]
    assert [row["act"] for row in found] == [
        "key.made", "certificate.read", "certificate.assigned", "rule_set.taken",
        "certificate.checked", "certificate.corrected", "waiver.given",
    ]  # fmt: skip
    by_act = {row["act"]: row for row in found}
    assert {row["through_name"] for row in found[1:]} == {"test"}
    assert len({row["vendor_id"] for row in found[4:]}) == 1
    assert by_act["certificate.corrected"]["who"] == "Robin"
    assert "typed: Copper Ridge Inc" in by_act["certificate.corrected"]["details"]
    assert "before: Copper Ridge Electric Inc" in by_act["certificate.corrected"]["details"]
    assert "rule set: standard-subcontractor" in by_act["certificate.checked"]["details"]
    assert by_act["waiver.given"]["who"] == "Kim"
    assert [row["act"] for row in acts(caller, vendor_id="V-9", act="waiver")] == ["waiver.given"]
    assert len(acts(caller, **about)) == 4


def test_the_same_request_again_is_no_second_act(
    caller: Caller, certificates: tuple[Path, Path]
) -> None:
    for _ in range(2):
        caller.send("parse_certificate", certificates[0])
    assert [row["act"] for row in acts(caller)].count("certificate.read") == 1


def test_work_done_by_a_job_is_told_with_the_key_that_asked_for_it(
    caller: Caller, services: Services, certificates: tuple[Path, Path]
) -> None:
    certificate_id = caller.send("parse_certificate", certificates[0]).get_json()["certificate_id"]
    headers = {**caller.headers, "Idempotency-Key": "once"}
    path, about = "/v1/actions/check_certificate", {"certificate_id": certificate_id}
    caller.client.post(path, json=about, headers=headers)
    with services.sessions() as session:
        [job] = jobs.search(session, caller.account_id)

    def run_action(action: str, account_id: str, given: dict[str, Any]) -> dict[str, Any]:
        return dict(hand_over.run(action, account_id, given, services))

    perform(job.id, job.dispatch, Work(services, run_action, lambda *_: None))
    [checked] = acts(caller, act="certificate.checked")
    assert (checked["through"], checked["through_name"]) == ("api_key", "test")


def test_another_account_sees_nothing_of_it(
    caller: Caller, stranger: Caller, certificates: tuple[Path, Path]
) -> None:
    certificate_id = caller.send("parse_certificate", certificates[0]).get_json()["certificate_id"]
    assert [row["act"] for row in acts(stranger)] == ["key.made"]
    assert acts(stranger, certificate_id=certificate_id) == []


def test_the_whole_log_comes_as_a_csv_that_runs_nothing(caller: Caller, services: Services) -> None:
    with services.sessions() as session, session.begin():
        for number in range(250):
            audit.record(
                session, caller.account_id, audit.Act.KEY_MADE, services.clock(),
                subject=str(number), who='=HYPERLINK("http://evil.example")',
            )  # fmt: skip
    answer = caller.get("/v1/audit?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert len(rows) == 251
    assert rows[0]["who"] == '\'=HYPERLINK("http://evil.example")'


def test_the_page_is_for_admins_and_shows_text_as_text(services: Services, caller: Caller) -> None:
    with services.sessions() as session, session.begin():
        audit.record(
            session, caller.account_id, audit.Act.WAIVER_GIVEN, services.clock(),
            who="<script>alert(1)</script>", details={"reason": "<img src=x onerror=alert(1)>"},
        )  # fmt: skip
    viewer = logged_in(services, caller.account_id, "vic@summit.example", Role.REVIEWER)
    assert viewer.get("/audit").status_code == 403
    admin = logged_in(services, caller.account_id, "dana@summit.example", Role.ADMIN)
    page = admin.get("/audit").text
    assert "A requirement was waived" in page
    assert "A person logged in" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "A requirement was waived" not in admin.get("/audit?act=login").text
    assert "waiver.given" in admin.get("/audit/log.csv").text


def test_who_comes_and_goes_and_who_tries_is_told_and_no_secret(
    services: Services, caller: Caller
) -> None:
    new_person(services, caller.account_id, "lee@summit.example")
    browser = Browser(create_app(services).test_client())
    secrets = ["a wrong password", PASSWORD, "another good one"]

    def log_in(password: str, email: str = "lee@summit.example") -> None:
        browser.get("/login")
        browser.send("/login", email=email, password=password)

    log_in(secrets[0])
    log_in(secrets[0], "nobody@summit.example")
    log_in(PASSWORD)
    browser.get("/password")
    browser.send("/password", old=PASSWORD, password=secrets[2])
    browser.get("/password")
    browser.send("/logout")
    with services.sessions() as session, session.begin():
        user = users.by_email(session, "lee@summit.example")
        assert user is not None
        secrets.append(login_links.create(session, user, timedelta(days=1), services.clock()))
    found = acts(caller)[::-1]
    told = [(row["act"], row["who"]) for row in found]
    assert told[-6:] == [
        ("login.failed", None), ("login.begun", "lee"), ("password.chosen", "lee"),
        ("login.begun", "lee"), ("login.ended", "lee"), ("login_link.made", None),
    ]  # fmt: skip
    assert {row["through"] for row in found[-6:-1]} == {"page"}
    assert "login: lee@summit.example; from: 127.0.0.1" in found[-6]["details"]
    for secret in secrets:
        assert secret not in str(found)
    assert "nobody@" not in str(found)


def test_a_colleague_who_was_let_out_and_tries_again_is_told(
    services: Services, caller: Caller
) -> None:
    user_id = new_person(services, caller.account_id, "lee@summit.example")
    with services.sessions() as session, session.begin():
        logins.let_out(session, users.get(session, caller.account_id, user_id), services.clock())
    browser = Browser(create_app(services).test_client())
    browser.get("/login")
    assert browser.send("/login", email="lee@summit.example", password=PASSWORD).status_code == 401
    [failed] = acts(caller, act="login.failed")
    assert failed["subject"] == user_id
    assert "but: let in no more" in failed["details"]


def test_a_job_that_is_tried_again_or_called_off_is_told_once(
    caller: Caller, services: Services
) -> None:
    job = failed(services, caller).id
    sent = delivery(services, caller).id
    caller.post(f"/v1/jobs/{job}/retry")
    for _ in range(2):
        caller.post(f"/v1/jobs/{job}/cancel")
    caller.post(f"/v1/hook_deliveries/{sent}/resend")
    found = acts(caller, act="job")[::-1] + acts(caller, act="delivery")
    assert [(row["act"], row["subject"], row["through_name"]) for row in found] == [
        ("job.retried", job, "test"), ("job.cancelled", job, "test"),
        ("delivery.resent", sent, "test"),
    ]  # fmt: skip


def test_every_act_is_said_in_words_on_the_page_and_in_the_export(
    services: Services, caller: Caller
) -> None:
    assert set(WORDS) == set(audit.Act)
    admin = logged_in(services, caller.account_id, "dana@summit.example", Role.ADMIN)
    for told in (admin.get("/audit").text, caller.get("/v1/audit?format=csv").text):
        assert "An API key was made" in told
        assert "A person logged in" in told


@pytest.mark.parametrize("path", ["/v1/audit", "/v1/audit?format=csv", "/v1/vendors/V-9/evidence"])
def test_a_key_that_only_reads_and_acts_sees_neither_the_log_nor_evidence(
    caller: Caller, services: Services, path: str
) -> None:
    with services.sessions() as session, session.begin():
        _, secret = api_keys.create(
            session, caller.account_id, "Zapier", services.clock(), scopes=api_keys.USUAL
        )
    answer = caller.client.get(path, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 403
    assert "admin" in answer.get_json()["error"]["message"]


def test_a_thread_that_serves_the_next_request_forgets_who_asked_before(
    caller: Caller, services: Services
) -> None:
    caller.get("/v1/account")
    assert actor.present().through == "api_key"
    caller.client.get("/health")
    assert actor.present() == actor.SERVICE
