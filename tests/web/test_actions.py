"""Quick actions over HTTP: the good way, and sending it twice."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from connector.actions.registry import ACTIONS
from connector.certificate.fields import FIELDS
from connector.checking.outcome import CHECK_FIELDS
from tests.web.conftest import Caller

Pair = tuple[Path, Path]


def keys_of(action: str) -> list[str]:
    return [field.key for field in ACTIONS[action].output_fields]


def test_a_certificate_is_parsed_into_every_flat_key_in_order(
    caller: Caller, certificates: Pair
) -> None:
    answer = caller.send("parse_certificate", certificates[0])
    assert answer.status_code == 200
    flat = answer.get_json()
    assert list(flat) == keys_of("parse_certificate")
    assert list(flat)[6:] == [field.key for field in FIELDS]
    assert flat["job_status"] == "done"
    assert flat["insured_name"] == "Northfield Roofing LLC"
    assert flat["general_liability_each_occurrence"] == 1_000_000
    assert flat["needs_review"] is False


def test_the_same_document_again_is_the_same_certificate(
    caller: Caller, certificates: Pair
) -> None:
    first = caller.send("parse_certificate", certificates[0]).get_json()
    again = caller.send("parse_certificate", certificates[0]).get_json()
    assert (first["is_duplicate"], again["is_duplicate"]) == (False, True)
    assert {**again, "is_duplicate": False} == first


def test_base64_and_multipart_answer_the_same(caller: Caller, certificates: Pair) -> None:
    sent = {
        "file_base64": base64.b64encode(certificates[1].read_bytes()).decode(),
        "file_name": "not-compliant.pdf",
    }
    as_json = caller.post("/v1/actions/parse_certificate", json=sent).get_json()
    as_file = caller.send("parse_certificate", certificates[1]).get_json()
    assert as_json["certificate_id"] == as_file["certificate_id"]
    assert as_json["document_name"] == "not-compliant.pdf"


def test_a_check_answers_the_verdict_and_the_notice(caller: Caller, certificates: Pair) -> None:
    parsed = caller.send("parse_certificate", certificates[1]).get_json()
    asked = {"certificate_id": parsed["certificate_id"], "rule_set": "standard-subcontractor"}
    flat = caller.post("/v1/actions/check_certificate", json=asked).get_json()
    assert list(flat)[6:] == [field.key for field in CHECK_FIELDS]
    assert flat["status"] == "non_compliant"
    assert flat["is_compliant"] is False
    assert "limit_too_low" in flat["failure_codes"]
    assert "$500,000; $1,000,000 is required" in flat["notice_text"]


def test_the_same_check_again_is_the_same_check(caller: Caller, certificates: Pair) -> None:
    parsed = caller.send("parse_certificate", certificates[0]).get_json()
    asked = {"certificate_id": parsed["certificate_id"]}
    first = caller.post("/v1/actions/check_certificate", json=asked).get_json()
    again = caller.post("/v1/actions/check_certificate", json=asked).get_json()
    assert first["check_id"] == again["check_id"]
    assert (first["is_duplicate"], again["is_duplicate"]) == (False, True)
    other = caller.post(
        "/v1/actions/check_certificate", json={**asked, "subcontract_value": "$1,500,000"}
    ).get_json()
    assert other["check_id"] != first["check_id"]
    assert other["subcontract_value"] == 1_500_000


@pytest.mark.parametrize("misspelt", ["ruleset", "RuleSet", "rule-set", "rule_sets"])
def test_a_misspelt_rule_set_never_lets_the_default_decide(
    caller: Caller, certificates: Pair, misspelt: str
) -> None:
    answer = caller.send("process_certificate", certificates[0], **{misspelt: "new-york"})
    said = answer.get_json()["error"]
    assert (answer.status_code, said["field"]) == (422, misspelt)
    assert "Write rule_set." in said["message"]


def test_fields_of_earlier_steps_may_be_sent_along(caller: Caller, certificates: Pair) -> None:
    parsed = caller.send("parse_certificate", certificates[0]).get_json()
    answer = caller.post("/v1/actions/check_certificate", json=parsed)
    assert (answer.status_code, answer.get_json()["status"]) == (200, "compliant")


def test_a_corrected_certificate_is_checked_anew(caller: Caller, certificates: Pair) -> None:
    parsed = caller.send("parse_certificate", certificates[0]).get_json()
    asked = {"certificate_id": parsed["certificate_id"]}
    before = caller.post("/v1/actions/check_certificate", json=asked).get_json()
    corrected = caller.post(
        f"/v1/certificates/{parsed['certificate_id']}/corrections",
        json={"field": "general_liability_each_occurrence", "value": "100,000", "by": "Dana"},
    )
    assert corrected.get_json()["general_liability_each_occurrence"] == 100_000
    after = caller.post("/v1/actions/check_certificate", json=asked).get_json()
    assert (before["status"], after["status"]) == ("compliant", "non_compliant")


def test_a_vendor_alone_is_checked_by_all_its_certificates(
    caller: Caller, certificates: Pair
) -> None:
    caller.send("parse_certificate", certificates[0], vendor_id="V-1")
    flat = caller.post("/v1/actions/check_certificate", json={"vendor_id": "V-1"}).get_json()
    assert (flat["status"], flat["vendor_id"]) == ("compliant", "V-1")


def test_lists_answer_rows_with_the_actions_keys_newest_first(
    caller: Caller, certificates: Pair
) -> None:
    for path in certificates:
        caller.send("parse_certificate", path)
    page = caller.get("/v1/certificates?limit=1").get_json()
    assert [row["insured_name"] for row in page["items"]] == ["Copper Ridge Electric Inc"]
    assert list(page["items"][0]) == [field.key for field in FIELDS]
    rest = caller.get(f"/v1/certificates?limit=1&cursor={page['next']}").get_json()
    assert [row["insured_name"] for row in rest["items"]] == ["Northfield Roofing LLC"]
    assert rest["next"] is None


def test_one_certificate_and_its_evidence(caller: Caller, certificates: Pair) -> None:
    parsed = caller.send("parse_certificate", certificates[0]).get_json()
    address = f"/v1/certificates/{parsed['certificate_id']}"
    assert caller.get(address).get_json()["insured_name"] == "Northfield Roofing LLC"
    rows = caller.get(f"{address}/evidence").get_json()["items"]
    seen = {row["key"]: row for row in rows}["general_liability_each_occurrence"]
    assert (seen["page"], seen["source"], seen["state"]) == (1, "text_layer", "read")
    assert 500 < seen["left"] < seen["right"] < 612


def test_dropdowns_offer_rule_sets_trades_and_vendors(caller: Caller, certificates: Pair) -> None:
    caller.send("parse_certificate", certificates[0])
    sets = [row["rule_set"] for row in caller.get("/v1/rule_sets").get_json()["items"]]
    assert "standard-subcontractor" in sets
    names = [row["vendor_name"] for row in caller.get("/v1/vendors").get_json()["items"]]
    assert names == ["Northfield Roofing LLC"]
    assert caller.get("/v1/trades").status_code == 200


def test_the_account_names_itself_and_no_secret(caller: Caller) -> None:
    answer = caller.get("/v1/account").get_json()
    assert answer["account_name"] == "Office"
    assert caller.key not in str(answer)


def test_health_needs_no_key(caller: Caller) -> None:
    answer = caller.client.get("/health")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "ok")
    assert "Scanned" in answer.get_json()["notes"]
