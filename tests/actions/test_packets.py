"""Every part of a vendor's packet counts in the running service, and changes the next answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.actions.services import Services
from demo.firms import compliant
from demo.sheet import Party
from tests.actions.vendor_papers import (
    ISSUED,
    TODAY,
    american,
    certificate,
    check,
    exemption,
    notice,
    send,
    work_off_all,
)
from tests.drawing.packets import joined
from tests.web.conftest import Caller

Process = Callable[..., Any]


@pytest.fixture
def certificate_id(caller: Caller, tmp_path: Path) -> str:
    """Northfield's certificate, parsed and found compliant; its id."""
    folder = tmp_path / "papers"
    folder.mkdir()
    parsed = send(caller, folder, certificate()).get_json()
    first = check(caller, certificate_id=parsed["certificate_id"])
    assert first["status"] == "compliant", (first["failures_text"], first["unclear_text"])
    return str(parsed["certificate_id"])


def test_a_notice_of_cancellation_reopens_the_line(
    caller: Caller, services: Services, certificate_id: str, tmp_path: Path
) -> None:
    answer = send(caller, tmp_path / "papers", notice())
    assert answer.status_code == 200
    assert answer.get_json()["certificate_id"] == certificate_id
    assert work_off_all(services, caller) == ["recheck_certificate"]
    rows = caller.get("/v1/checks").get_json()["items"]
    assert [row["status"] for row in rows] == ["non_compliant", "compliant"]
    assert rows[0]["failure_codes"] == "cancelled"
    asked_again = check(caller, certificate_id=certificate_id)
    assert (asked_again["check_id"], asked_again["is_duplicate"]) == (rows[0]["check_id"], True)


def test_a_notice_that_came_before_the_certificate_counts_for_it(
    caller: Caller, tmp_path: Path
) -> None:
    refused = send(caller, tmp_path, notice())
    assert refused.status_code == 422
    assert "It was kept" in refused.get_json()["error"]["message"]
    parsed = send(caller, tmp_path, certificate()).get_json()
    assert check(caller, certificate_id=parsed["certificate_id"])["failure_codes"] == "cancelled"


def test_the_same_notice_twice_is_one(
    caller: Caller, services: Services, certificate_id: str, tmp_path: Path
) -> None:
    data = notice()
    first = send(caller, tmp_path / "papers", data).get_json()
    work_off_all(services, caller)
    again = send(caller, tmp_path / "papers", data).get_json()
    assert again["certificate_id"] == first["certificate_id"]
    assert work_off_all(services, caller) == []
    assert len(caller.get("/v1/checks").get_json()["items"]) == 2


def test_a_notice_in_the_same_document_counts(caller: Caller, tmp_path: Path) -> None:
    parsed = send(caller, tmp_path, joined(certificate(), notice())).get_json()
    found = check(caller, certificate_id=parsed["certificate_id"])
    assert (found["status"], found["failure_codes"]) == ("non_compliant", "cancelled")


def test_a_notice_of_another_policy_changes_nothing(
    caller: Caller, certificate_id: str, tmp_path: Path
) -> None:
    assert send(caller, tmp_path / "papers", notice("GL-4481903")).status_code == 422
    again = check(caller, certificate_id=certificate_id)
    assert (again["status"], again["is_duplicate"]) == ("compliant", True)


def test_a_notice_yet_to_take_effect_is_for_a_person(
    caller: Caller, certificate_id: str, tmp_path: Path
) -> None:
    send(caller, tmp_path / "papers", notice(ends=TODAY + timedelta(days=10)))
    found = check(caller, certificate_id=certificate_id)
    assert found["status"] == "needs_review"
    assert "will be cancelled on" in found["unclear_text"]


def test_a_certificate_issued_after_the_notice_leaves_a_question(
    caller: Caller, certificate_id: str, tmp_path: Path
) -> None:
    send(caller, tmp_path / "papers", notice(mailed=ISSUED - timedelta(days=9)))
    found = check(caller, certificate_id=certificate_id)
    assert (found["status"], found["failure_codes"]) == ("needs_review", None)


def test_another_account_never_sees_a_notice(
    caller: Caller, stranger: Caller, certificate_id: str, tmp_path: Path
) -> None:
    theirs = send(stranger, tmp_path / "papers", certificate()).get_json()["certificate_id"]
    send(caller, tmp_path / "papers", notice())
    assert check(stranger, certificate_id=theirs)["status"] == "compliant"


WITHOUT_COMPENSATION = {
    f"workers_compensation_{box}": ""
    for box in (
        "insurer_letter", "policy_number", "effective_date", "expiration_date", "per_statute",
        "subrogation_waived", "each_accident", "disease_each_employee", "disease_policy_limit",
        "proprietor_excluded",
    )
}  # fmt: skip


def test_an_exemption_stands_for_workers_compensation_where_the_rules_accept_it(
    caller: Caller, services: Services, tmp_path: Path
) -> None:
    asked = {"rule_set": "design-professional", "state": "IL"}
    parsed = send(caller, tmp_path, certificate(**WITHOUT_COMPENSATION)).get_json()
    asked["certificate_id"] = parsed["certificate_id"]
    before = check(caller, **asked)
    assert "required $500,000; found no workers compensation policy" in before["failures_text"]
    assert (
        send(caller, tmp_path, exemption()).get_json()["certificate_id"] == asked["certificate_id"]
    )
    assert work_off_all(services, caller) == ["recheck_certificate"]
    after = check(caller, **asked)
    assert after["check_id"] != before["check_id"]
    assert "workers compensation" not in str(after["failures_text"])
    standard = check(caller, certificate_id=asked["certificate_id"])
    assert "found an exemption" in standard["failures_text"]


@pytest.fixture
def process(caller: Caller, services: Services, tmp_path: Path) -> Process:
    """process_certificate with the worker's part done; the finished answer."""

    def sent(data: bytes, vendor_id: str = "V-1") -> Any:
        path = tmp_path / f"processed-{len(list(tmp_path.iterdir()))}.pdf"
        path.write_bytes(data)
        accepted = caller.send("process_certificate", path, vendor_id=vendor_id).get_json()
        work_off_all(services, caller)
        return caller.get(f"/v1/jobs/{accepted['job_id']}").get_json()

    return sent


def only_compensation(**cells: str) -> bytes:
    others = ("general_liability_", "auto_liability_", "umbrella_liability_")
    blank = {key: "" for key in compliant(TODAY).cells if key.startswith(others)}
    return certificate(**blank, **cells)


def test_a_policy_of_another_broker_completes_what_the_vendor_has_on_file(
    process: Process,
) -> None:
    """Alone it would be bounced for every line that it does not show."""
    first = process(certificate(**WITHOUT_COMPENSATION))
    assert (first["check_status"], first["check_failure_codes"]) == (
        "non_compliant",
        "line_missing",
    )
    second = only_compensation(certificate_number="2")
    assert process(second)["check_status"] == "compliant"
    again = process(second)
    assert (again["check_status"], again["is_duplicate"]) == ("compliant", True)
    strangers = process(only_compensation(certificate_number="3"), "V-2")
    assert strangers["check_status"] == "non_compliant"


def test_what_was_bounced_for_a_policy_that_comes_later_is_asked_again_by_itself(
    process: Process, caller: Caller, services: Services
) -> None:
    """Two attachments of one mail arrive one after the other: neither must stay bounced."""
    first = process(certificate(**WITHOUT_COMPENSATION))
    assert first["check_status"] == "non_compliant"
    process(only_compensation(certificate_number="2"))
    assert work_off_all(services, caller) == ["recheck_certificate"]
    about = {"certificate_id": first["certificate_id"]}
    newest = caller.get("/v1/checks", query_string=about).get_json()["items"][0]
    assert newest["status"] == "compliant"
    assert newest["certificate_id"] == first["certificate_id"]
    assert work_off_all(services, caller) == ["log_to_sheet"], "its row follows"
    assert work_off_all(services, caller) == [], "and nothing asks itself again for ever"


def test_a_better_policy_does_not_make_good_the_lines_of_an_older_certificate(
    process: Process, caller: Caller, services: Services
) -> None:
    """Its own lines would be pushed as compliant with the limits that are too low."""
    first = process(
        certificate(general_liability_each_occurrence="500,000", **WITHOUT_COMPENSATION)
    )
    process(certificate(certificate_number="2"))
    assert work_off_all(services, caller) == []
    about = {"certificate_id": first["certificate_id"]}
    rows = caller.get("/v1/checks", query_string=about).get_json()["items"]
    assert {row["status"] for row in rows} == {"non_compliant"}


def test_a_renewal_that_comes_early_is_no_reason_to_reject_the_vendor(process: Process) -> None:
    ends, boxes = TODAY + timedelta(days=12), compliant(TODAY).cells
    runs_out = {key: american(ends) for key in boxes if key.endswith("expiration_date")}
    begins = {key: american(ends) for key in boxes if key.endswith("effective_date")}
    later = dict.fromkeys(runs_out, american(ends + timedelta(days=365)))
    renewal = certificate(TODAY - timedelta(days=1), **begins, **later)
    assert process(renewal, "V-9")["check_failure_codes"] == "not_yet_in_force"
    process(certificate(**runs_out))
    on_time = certificate(TODAY - timedelta(days=1), certificate_number="2", **begins, **later)
    assert process(on_time)["check_status"] == "compliant"


def test_an_older_certificate_sent_again_is_judged_alone(process: Process) -> None:
    """What is pushed with the answer are its own lines, which the newer ones must not make good."""
    low = certificate(general_liability_each_occurrence="500,000")
    assert process(low)["check_status"] == "non_compliant"
    better = certificate(certificate_number="2")
    assert process(better)["check_status"] == "compliant"
    assert process(low)["check_status"] == "non_compliant"


def test_an_exemption_of_another_business_is_in_doubt(caller: Caller, tmp_path: Path) -> None:
    parsed = send(caller, tmp_path, certificate(**WITHOUT_COMPENSATION), vendor_id="V-1").get_json()
    send(caller, tmp_path, exemption(name="Southfield Roofing LLC"), vendor_id="V-1")
    asked = {"rule_set": "design-professional", "state": "IL"}
    found = check(caller, certificate_id=parsed["certificate_id"], **asked)
    assert "It is issued to Southfield Roofing LLC" in found["unclear_text"]


def test_a_document_sent_again_with_another_vendor_is_that_vendors(
    caller: Caller, tmp_path: Path
) -> None:
    send(caller, tmp_path, certificate(), vendor_id="V-wrong")
    again = send(caller, tmp_path, certificate(), vendor_id="V-1").get_json()
    assert again["is_duplicate"] is True
    assert check(caller, vendor_id="V-1")["certificate_id"] == again["certificate_id"]
    refused = caller.post("/v1/actions/check_certificate", json={"vendor_id": "V-wrong"})
    assert refused.status_code == 422
    send(caller, tmp_path, certificate())
    assert check(caller, vendor_id="V-1")["certificate_id"] == again["certificate_id"]


def test_another_insured_under_a_known_vendors_number_is_for_a_person(
    caller: Caller, process: Process, tmp_path: Path
) -> None:
    """The number was mapped from the wrong row: nobody else's policy may stand for that vendor."""
    assert process(certificate())["check_status"] == "compliant"
    stranger = Party(("Lakeshore Plumbing LLC",), ("1 Pier Street",), "Peoria", "IL", "61602")
    found = process(certificate(insured=stranger, certificate_number="2"))
    assert found["check_status"] == "needs_review"
    assert "required Northfield Roofing LLC; found Lakeshore Plumbing LLC" in found["check_unclear_text"]  # fmt: skip
    folder = tmp_path / "more"
    folder.mkdir()
    named = certificate(insured=stranger, certificate_number="3")
    theirs = send(caller, folder, named, vendor_id="V-7", vendor_name="Lakeshore Plumbing")
    asked = {"certificate_id": theirs.get_json()["certificate_id"]}
    assert check(caller, **asked)["status"] == "compliant"


def on_record(caller: Caller) -> str | None:
    return str(caller.get("/v1/vendors").get_json()["items"][0]["vendor_email"])


def test_a_broker_that_sends_the_certificate_does_not_take_the_vendors_place(
    caller: Caller, tmp_path: Path
) -> None:
    """Its address, or one of its firm, is the producer's; the subcontractor's stays on record."""
    paper = certificate(producer_email="ann@harborpoint.example")
    parsed = send(caller, tmp_path, paper, vendor_name="Northfield Roofing LLC").get_json()
    assert parsed["producer_email"] == "ann@harborpoint.example"
    about = {"certificate_id": parsed["certificate_id"]}
    check(caller, **about, vendor_email="Joe Smith <joe@northfield.example>")
    assert on_record(caller) == "joe@northfield.example"
    for broker in ("ann@harborpoint.example", "ben@HarborPoint.example"):
        flat = check(caller, **about, vendor_email=broker)
        assert on_record(caller) == "joe@northfield.example"
        assert flat["vendor_email"] == "joe@northfield.example"
    check(caller, **about, vendor_email="office@northfield.example")
    assert on_record(caller) == "office@northfield.example"


def test_what_is_no_address_is_refused_at_once(caller: Caller, tmp_path: Path) -> None:
    parsed = send(caller, tmp_path, certificate()).get_json()
    asked = {"certificate_id": parsed["certificate_id"], "vendor_email": "joe"}
    answer = caller.post("/v1/actions/check_certificate", json=asked)
    assert answer.status_code == 422
    assert "Vendor e-mail: “joe” is no e-mail address" in answer.get_json()["error"]["message"]
