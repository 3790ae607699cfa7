"""Waivers through the service: given, counted, listed, revoked, run out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.actions.services import Services
from connector.worker import reopening
from demo.firms import compliant
from tests.actions.vendor_papers import (
    TODAY,
    american,
    certificate,
    check,
    exemption,
    notice,
    send,
    work_off_all,
)
from tests.web.conftest import Caller

WAIVED: dict[str, str] = {
    "rule_id": "gl-each-occurrence",
    "reason": "A small job.",
    "waived_by": "Dana Whitfield",
}


def _only(line: str) -> dict[str, str]:
    """The boxes of all other lines, made blank."""
    lines = (
        "general_liability_",
        "auto_liability_",
        "umbrella_liability_",
        "workers_compensation_",
    )
    return {key: "" for key in compliant(TODAY).cells if key.startswith(lines) and line not in key}


@pytest.fixture
def low_limit(caller: Caller, tmp_path: Path) -> str:
    """A checked certificate whose only failure is its each occurrence limit; its id."""
    folder = tmp_path / "papers"
    folder.mkdir()
    data = certificate(general_liability_each_occurrence="500,000")
    found = send(caller, folder, data, vendor_id="V-1").get_json()
    first = check(caller, certificate_id=found["certificate_id"])
    assert (first["status"], first["failure_codes"]) == ("non_compliant", "limit_too_low")
    return str(found["certificate_id"])


def waive(caller: Caller, **given: str) -> Any:
    return caller.post(
        "/v1/actions/waive_requirement", json={"vendor_id": "V-1", **WAIVED, **given}
    )


def statuses(caller: Caller) -> list[str]:
    """Of all checks, the newest first."""
    return [row["status"] for row in caller.get("/v1/checks").get_json()["items"]]


def test_a_waiver_lets_the_vendor_pass_and_says_who_and_why(
    caller: Caller, services: Services, low_limit: str
) -> None:
    until = TODAY + timedelta(days=30)
    answer = waive(caller, expires_on=until.isoformat())
    assert answer.status_code == 200
    flat = answer.get_json()
    assert (flat["vendor_id"], flat["waiver_status"]) == ("V-1", "in_force")
    assert work_off_all(services, caller) == ["recheck_certificate"]
    newest = caller.get("/v1/checks").get_json()["items"][0]
    assert (newest["status"], newest["waived_count"]) == ("compliant", 1)
    assert "Waived by Dana Whitfield until" in newest["waived_text"]
    assert "A small job." in newest["waived_text"]


def test_the_same_waiver_again_is_the_same_and_another_word_takes_its_place(
    caller: Caller, services: Services, low_limit: str
) -> None:
    first, again = waive(caller).get_json(), waive(caller).get_json()
    assert (again["waiver_id"], again["is_duplicate"]) == (first["waiver_id"], True)
    other = waive(caller, reason="The owner agreed.").get_json()
    rows = caller.get("/v1/waivers?vendor_id=V-1").get_json()["items"]
    assert [(row["waiver_id"], row["waiver_status"]) for row in rows] == [
        (other["waiver_id"], "in_force"),
        (first["waiver_id"], "revoked"),
    ]


def test_a_revoked_waiver_reopens_the_finding(
    caller: Caller, services: Services, low_limit: str
) -> None:
    waiver = waive(caller).get_json()
    work_off_all(services, caller)
    asked = {"waiver_id": waiver["waiver_id"], "revoked_by": "Sam"}
    revoked = caller.post("/v1/actions/revoke_waiver", json=asked).get_json()
    assert (revoked["waiver_status"], revoked["revoked_by"]) == ("revoked", "Sam")
    assert work_off_all(services, caller) == ["recheck_certificate"]
    assert statuses(caller) == ["non_compliant", "compliant", "non_compliant"]
    again = caller.post("/v1/actions/revoke_waiver", json={**asked, "revoked_by": "Pat"}).get_json()
    assert (again["is_duplicate"], again["revoked_by"]) == (True, "Sam")


def test_a_revoked_waiver_reopens_the_finding_for_every_project(
    caller: Caller, services: Services, low_limit: str
) -> None:
    waiver = waive(caller).get_json()
    work_off_all(services, caller)
    over = (TODAY - timedelta(days=1)).isoformat()
    for project, more in (("Lakeside", {}), ("Over", {"project_end": over}), ("Harbor", {})):
        asked = {"certificate_id": low_limit, "project_name": project, **more}
        assert check(caller, **asked)["status"] == "compliant"
    revoked = {"waiver_id": waiver["waiver_id"], "revoked_by": "Sam"}
    caller.post("/v1/actions/revoke_waiver", json=revoked)
    work_off_all(services, caller)
    rows = caller.get("/v1/checks").get_json()["items"]
    newest: dict[str, str] = {}
    for row in rows:
        newest.setdefault(row["project_name"] or "", row["status"])
    assert newest == {
        "Harbor": "non_compliant",
        "Lakeside": "non_compliant",
        "": "non_compliant",
        "Over": "compliant",
    }
    assert rows[0]["project_name"] == "Harbor"
    ids = {row["check_id"] for row in rows}
    again = {"certificate_id": low_limit}
    caller.post("/v1/actions/recheck_certificate", json=again)
    work_off_all(services, caller)
    assert {row["check_id"] for row in caller.get("/v1/checks").get_json()["items"]} == ids


def test_a_waiver_that_runs_out_reopens_the_finding_on_that_day_once(
    caller: Caller, services: Services, low_limit: str
) -> None:
    ends = TODAY + timedelta(days=3)
    waive(caller, expires_on=ends.isoformat())
    work_off_all(services, caller)
    assert reopening.reopen(caller.account_id, ends - timedelta(days=1), services)["reopened"] == 0
    assert reopening.reopen(caller.account_id, ends, services)["reopened"] == 1
    assert reopening.reopen(caller.account_id, ends, services)["reopened"] == 0
    assert reopening.reopen(caller.account_id, ends + timedelta(days=1), services)["reopened"] == 0
    later = replace(services, clock=lambda: services.clock() + timedelta(days=3))
    assert work_off_all(later, caller) == ["recheck_certificate"]
    assert statuses(caller) == ["non_compliant", "compliant", "non_compliant"]


def test_a_cancellation_that_takes_effect_is_checked_again_on_that_day(
    caller: Caller, services: Services, tmp_path: Path
) -> None:
    parsed = send(caller, tmp_path, certificate()).get_json()
    check(caller, certificate_id=parsed["certificate_id"])
    ends = TODAY + timedelta(days=4)
    send(caller, tmp_path, notice(ends=ends))
    work_off_all(services, caller)
    assert reopening.reopen(caller.account_id, ends, services)["reopened"] == 1
    later = replace(services, clock=lambda: services.clock() + timedelta(days=4))
    work_off_all(later, caller)
    assert statuses(caller) == ["non_compliant", "needs_review", "compliant"]


def test_an_exemption_that_runs_out_is_checked_again(
    caller: Caller, services: Services, tmp_path: Path
) -> None:
    parsed = send(caller, tmp_path, certificate()).get_json()
    check(caller, certificate_id=parsed["certificate_id"])
    ends = TODAY + timedelta(days=4)
    send(caller, tmp_path, exemption(expires=f"{ends:%m/%d/%Y}"))
    work_off_all(services, caller)
    assert reopening.reopen(caller.account_id, ends, services)["reopened"] == 1


def test_a_waiver_never_counts_for_another_vendor_or_account(
    caller: Caller, stranger: Caller, services: Services, low_limit: str, tmp_path: Path
) -> None:
    data = certificate(general_liability_each_occurrence="500,000")
    theirs = send(stranger, tmp_path / "papers", data, vendor_id="V-1").get_json()
    other = certificate(general_liability_each_occurrence="500,000", certificate_number="2")
    second = send(caller, tmp_path / "papers", other, vendor_id="V-2").get_json()
    waive(caller)
    assert check(stranger, certificate_id=theirs["certificate_id"])["status"] == "non_compliant"
    assert check(caller, certificate_id=second["certificate_id"])["status"] == "non_compliant"
    assert check(caller, certificate_id=low_limit)["status"] == "compliant"
    assert stranger.get("/v1/waivers").get_json()["items"] == []
    asked = {"waiver_id": waive(caller).get_json()["waiver_id"], "revoked_by": "Eve"}
    assert stranger.post("/v1/actions/revoke_waiver", json=asked).status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"rule_id": "gl-each-ocurrence"}, "rule_id"),
        ({"rule_id": "insured-is-the-vendor"}, "rule_id"),
        ({"reason": ""}, "reason"),
        ({"waived_by": ""}, "waived_by"),
        ({"expires_on": TODAY.isoformat()}, "expires_on"),
        ({"expires_on": "soon"}, "expires_on"),
        ({"vendor_id": "V-9"}, "vendor_id"),
    ],
)
def test_a_waiver_that_makes_no_sense_is_refused(
    given: dict[str, str], field: str, caller: Caller, low_limit: str
) -> None:
    answer = waive(caller, **given)
    assert answer.status_code == 422
    assert answer.get_json()["error"]["field"] == field
    assert caller.get("/v1/waivers").get_json()["items"] == []


def test_a_dismissed_notice_counts_no_more(
    caller: Caller, services: Services, tmp_path: Path
) -> None:
    parsed = send(caller, tmp_path, certificate()).get_json()
    check(caller, certificate_id=parsed["certificate_id"])
    send(caller, tmp_path, notice())
    work_off_all(services, caller)
    (row,) = caller.get("/v1/cancellations").get_json()["items"]
    assert (row["policy_number"], row["cancellation_status"]) == ("GL-4481902", "counts")
    asked = {
        "cancellation_id": row["cancellation_id"],
        "reason": "Reinstated, letter of today.",
        "dismissed_by": "Dana",
    }
    dismissed = caller.post("/v1/actions/dismiss_cancellation", json=asked).get_json()
    assert (dismissed["cancellation_status"], dismissed["dismissed_by"]) == ("dismissed", "Dana")
    assert work_off_all(services, caller) == ["recheck_certificate"]
    assert statuses(caller) == ["compliant", "non_compliant", "compliant"]


def test_the_rules_that_can_be_waived_are_offered(caller: Caller) -> None:
    rows = {row["rule_id"]: row for row in caller.get("/v1/rules").get_json()["items"]}
    assert rows["gl-each-occurrence"]["requirement"] == "General liability: each occurrence"
    assert "insured-is-the-vendor" not in rows


def test_a_policy_that_runs_out_is_checked_again_on_that_day(
    caller: Caller, services: Services, tmp_path: Path
) -> None:
    ends = TODAY + timedelta(days=4)
    data = certificate(general_liability_expiration_date=american(ends))
    parsed = send(caller, tmp_path, data).get_json()
    assert check(caller, certificate_id=parsed["certificate_id"])["status"] == "compliant"
    assert reopening.reopen(caller.account_id, ends - timedelta(days=1), services)["reopened"] == 0
    assert reopening.reopen(caller.account_id, ends, services)["reopened"] == 1
    later = replace(services, clock=lambda: services.clock() + timedelta(days=4))
    work_off_all(later, caller)
    assert statuses(caller) == ["non_compliant", "compliant"]


def test_a_notice_about_an_older_certificate_reopens_the_check_of_all_together(
    caller: Caller, services: Services, tmp_path: Path
) -> None:
    send(caller, tmp_path, certificate(), vendor_id="V-1")
    newer = certificate(TODAY - timedelta(days=30), **_only("workers_compensation"))
    newest = send(caller, tmp_path, newer, vendor_id="V-1").get_json()
    first = check(caller, vendor_id="V-1")
    assert (first["certificate_id"], first["status"]) == (newest["certificate_id"], "compliant")
    send(caller, tmp_path, notice(), vendor_id="V-1")
    work_off_all(services, caller)
    again = caller.get("/v1/checks").get_json()["items"][0]
    assert (again["certificate_id"], again["failure_codes"]) == (
        newest["certificate_id"],
        "cancelled",
    )


def test_days_without_cover_between_two_policies_are_found_on_the_first_of_them(
    caller: Caller, services: Services, tmp_path: Path
) -> None:
    """The renewal is on file and states the line, so the old policy's end is no lapse of its own."""
    ends = TODAY + timedelta(days=4)
    begins = {"general_liability_effective_date": american(ends + timedelta(days=6))}
    runs_out = {"general_liability_expiration_date": american(ends)}
    send(caller, tmp_path, certificate(**runs_out), vendor_id="V-1")
    later = {"general_liability_expiration_date": american(ends + timedelta(days=371))}
    send(caller, tmp_path, certificate(TODAY, **begins, **later), vendor_id="V-1")
    assert check(caller, vendor_id="V-1")["status"] == "compliant"
    assert reopening.reopen(caller.account_id, ends - timedelta(days=1), services)["reopened"] == 0
    assert reopening.reopen(caller.account_id, ends, services)["reopened"] == 1
    then = replace(services, clock=lambda: services.clock() + timedelta(days=4))
    work_off_all(then, caller)
    assert statuses(caller) == ["non_compliant", "compliant"]
    covered = ends + timedelta(days=6)
    assert reopening.reopen(caller.account_id, covered, services)["reopened"] == 1
    then = replace(services, clock=lambda: services.clock() + timedelta(days=10))
    work_off_all(then, caller)
    assert statuses(caller) == ["compliant", "non_compliant", "compliant"]


def test_what_a_renewal_has_replaced_is_not_failed_on_its_last_day(
    caller: Caller, services: Services, tmp_path: Path
) -> None:
    every_line = [key for key in compliant(TODAY).cells if key.endswith("_expiration_date")]
    ends = TODAY + timedelta(days=4)
    first = certificate(**dict.fromkeys(every_line, american(ends)))
    old = send(caller, tmp_path, first, vendor_id="V-1").get_json()
    assert check(caller, certificate_id=old["certificate_id"])["status"] == "compliant"
    new = send(caller, tmp_path, certificate(TODAY), vendor_id="V-1").get_json()
    assert check(caller, certificate_id=new["certificate_id"])["status"] == "compliant"
    assert reopening.reopen(caller.account_id, ends, services)["reopened"] == 0
