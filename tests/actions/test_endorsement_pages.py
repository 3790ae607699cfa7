"""Endorsement pages that come without a certificate, in the running service."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from connector.actions import evidence_pack, vendor_erasure
from connector.actions.services import Caller as Account
from connector.actions.services import Services
from connector.storage import endorsement_pages as kept
from connector.storage import vendors
from demo.firms import compliant
from demo.sheet import Party
from tests.actions.vendor_papers import (
    ISSUED,
    POLICY,
    certificate,
    check,
    endorsement_pages,
    send,
    work_off_all,
)
from tests.drawing.packets import as_tiff, joined, scanned
from tests.web.conftest import Caller

RULES = {"rule_set": "high-risk-trades", "trade": "roofing", "subcontract_value": "250000"}
RULES_FOLDER = Path(__file__).parents[2] / "rules"
OTHER_FIRM = Party(("Copper Ridge Electric Inc",), ("1170 Mill Street",), "Decatur", "IL", "62521")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    made.mkdir()
    return made


@pytest.fixture
def bounced(caller: Caller, folder: Path) -> str:
    """Northfield's certificate, found not compliant for the pages that are missing; its id."""
    parsed = send(caller, folder, certificate()).get_json()
    found = check(caller, certificate_id=parsed["certificate_id"], **RULES)
    assert (found["status"], found["failure_codes"]) == ("non_compliant", "stated_not_evidenced")
    return str(parsed["certificate_id"])


def asked_again(caller: Caller, certificate_id: str) -> Any:
    return check(caller, certificate_id=certificate_id, **RULES)


def refusal(answer: Any) -> str:
    assert answer.status_code in (400, 422), answer.get_json()
    return str(answer.get_json()["error"]["message"])


def test_pages_that_come_the_day_after_make_the_certificate_compliant(
    caller: Caller, services: Services, bounced: str, folder: Path
) -> None:
    answer = send(caller, folder, endorsement_pages())
    assert answer.status_code == 200, answer.get_json()
    flat = answer.get_json()
    assert (flat["certificate_id"], flat["is_duplicate"]) == (bounced, False)
    assert flat["general_liability_each_occurrence"] == 1_000_000
    assert work_off_all(services, caller) == ["recheck_certificate"]
    rows = caller.get("/v1/checks").get_json()["items"]
    assert [row["status"] for row in rows] == ["compliant", "non_compliant"], rows[0][
        "unclear_text"
    ]
    told = caller.get("/v1/events/certificate.compliant").get_json()["items"]
    assert len(told) == 1


def test_the_same_pages_twice_are_one_and_nothing_is_told_again(
    caller: Caller, services: Services, bounced: str, folder: Path
) -> None:
    data = endorsement_pages()
    first = send(caller, folder, data).get_json()
    work_off_all(services, caller)
    again = send(caller, folder, data).get_json()
    assert (again["certificate_id"], again["is_duplicate"]) == (first["certificate_id"], True)
    assert work_off_all(services, caller) == []
    assert len(caller.get("/v1/checks").get_json()["items"]) == 2
    assert asked_again(caller, bounced)["is_duplicate"] is True


def test_a_page_is_no_certificate(caller: Caller, bounced: str, folder: Path) -> None:
    send(caller, folder, endorsement_pages())
    assert len(caller.get("/v1/certificates").get_json()["items"]) == 1
    vendor_id = caller.get("/v1/vendors").get_json()["items"][0]["vendor_id"]
    rows = caller.get(f"/v1/vendors/{vendor_id}/coverage").get_json()["items"]
    general = next(row for row in rows if row["coverage_line"] == "general_liability")
    assert (general["limit"], general["certificate_id"]) == (1_000_000, bounced)


def test_pages_that_came_before_the_certificate_count_for_it(caller: Caller, folder: Path) -> None:
    assert "They were kept" in refusal(send(caller, folder, endorsement_pages()))
    parsed = send(caller, folder, certificate()).get_json()
    assert asked_again(caller, parsed["certificate_id"])["status"] == "compliant"


def test_a_page_for_another_policy_counts_for_nothing(
    caller: Caller, services: Services, bounced: str, folder: Path
) -> None:
    kept = send(caller, folder, endorsement_pages(policy="GL-9999999"))
    assert "is on no certificate" in refusal(kept)
    assert asked_again(caller, bounced)["status"] == "non_compliant"
    named = send(
        caller, folder, endorsement_pages(policy="GL-9999998"), vendor_name="Northfield Roofing LLC"
    )
    assert named.get_json()["certificate_id"] == bounced
    work_off_all(services, caller)
    found = asked_again(caller, bounced)
    assert found["status"] == "needs_review"
    assert "is for policy GL-9999998, the certificate shows GL-4481902" in found["unclear_text"]


def test_a_page_without_a_policy_number_is_for_a_person(
    caller: Caller, bounced: str, folder: Path
) -> None:
    assert "print no policy number" in refusal(send(caller, folder, endorsement_pages(policy="")))
    send(caller, folder, endorsement_pages(policy=""), vendor_name="Northfield Roofing LLC")
    found = asked_again(caller, bounced)
    assert found["status"] == "needs_review"
    assert "prints no policy number" in found["unclear_text"]


def test_a_page_for_another_vendors_policy_is_not_taken_for_the_vendor_named(
    caller: Caller, bounced: str, folder: Path
) -> None:
    other = certificate(insured=OTHER_FIRM, general_liability_policy_number="GL-7000001")
    send(caller, folder, other)
    theirs = endorsement_pages(policy="GL-7000001")
    answer = send(caller, folder, theirs, vendor_name="Northfield Roofing LLC")
    assert "on a certificate of another vendor" in refusal(answer)
    unknown = send(caller, folder, theirs, vendor_id="V-1", vendor_name="Nobody Known LLC")
    assert "on a certificate of another vendor" in refusal(unknown)
    assert asked_again(caller, bounced)["status"] == "non_compliant"


def test_a_policy_number_that_two_vendors_have_asks_for_the_vendor(
    caller: Caller, services: Services, bounced: str, folder: Path
) -> None:
    other = send(caller, folder, certificate(insured=OTHER_FIRM)).get_json()["certificate_id"]
    assert "several vendors have" in refusal(send(caller, folder, endorsement_pages()))
    said = send(caller, folder, endorsement_pages(), vendor_name="Northfield Roofing LLC")
    assert said.get_json()["certificate_id"] == bounced
    assert asked_again(caller, bounced)["status"] == "compliant"
    assert asked_again(caller, other)["status"] == "non_compliant"


def test_a_page_kept_for_nobody_is_nobodys_while_two_vendors_have_its_policy(
    caller: Caller, folder: Path
) -> None:
    send(caller, folder, endorsement_pages())
    ids = [
        send(caller, folder, certificate(insured=firm)).get_json()["certificate_id"]
        for firm in (
            OTHER_FIRM,
            Party(("Northfield Roofing LLC",), ("1 A St",), "Peoria", "IL", "61602"),
        )
    ]
    assert {asked_again(caller, each)["status"] for each in ids} == {"non_compliant"}


def test_another_account_never_sees_a_page(
    caller: Caller, stranger: Caller, bounced: str, folder: Path
) -> None:
    theirs = send(stranger, folder, certificate()).get_json()["certificate_id"]
    before = asked_again(stranger, theirs)
    send(caller, folder, endorsement_pages())
    after = asked_again(stranger, theirs)
    assert (after["check_id"], after["is_duplicate"]) == (before["check_id"], True)


def test_a_schedule_that_names_somebody_else_is_for_a_person(
    caller: Caller, bounced: str, folder: Path
) -> None:
    send(caller, folder, endorsement_pages(names="Ridgeline Contractors Inc"))
    found = asked_again(caller, bounced)
    assert found["status"] == "needs_review"
    assert "names Ridgeline Contractors Inc" in found["unclear_text"]


def test_one_of_two_forms_leaves_the_other_to_be_asked_for(
    caller: Caller, bounced: str, folder: Path
) -> None:
    send(caller, folder, endorsement_pages("CG 20 10 12 19"))
    found = asked_again(caller, bounced)
    assert found["status"] == "non_compliant"
    assert "ompleted operations" in found["failures_text"]
    assert "dditional insured endorsement" not in found["failures_text"]


def test_a_letter_that_names_the_form_is_no_page_of_it(
    caller: Caller, bounced: str, folder: Path
) -> None:
    letter = endorsement_pages(statement="Attached please find what you asked for.")
    refusal(send(caller, folder, letter, vendor_name="Northfield Roofing LLC"))
    assert asked_again(caller, bounced)["status"] == "non_compliant"


def test_a_letter_behind_the_certificate_that_names_the_form_is_no_page_of_it(
    caller: Caller, folder: Path
) -> None:
    letter = endorsement_pages(statement="Attached please find what you asked for.")
    parsed = send(caller, folder, joined(certificate(), letter)).get_json()
    assert asked_again(caller, parsed["certificate_id"])["status"] == "needs_review"


def test_pages_go_with_the_certificate_to_the_vendor_it_really_is(
    caller: Caller, bounced: str, folder: Path
) -> None:
    send(caller, folder, endorsement_pages())
    send(caller, folder, certificate(), vendor_id="V-7", vendor_name="Northfield Group LLC")
    found = check(caller, certificate_id=bounced, **RULES)
    assert "stated_not_evidenced" not in str(found["failure_codes"])


def test_the_pages_are_erased_with_the_vendor(
    caller: Caller, services: Services, bounced: str, folder: Path
) -> None:
    data = endorsement_pages()
    send(caller, folder, data)
    work_off_all(services, caller)
    with services.readers() as session:
        vendor = vendors.search(session, caller.account_id)[0]
        (row, *_) = kept.of_vendor(session, caller.account_id, vendor.id)
        document = row.document_id
    vendor_erasure.erase(vendor, Account(caller.account_id), services)
    with services.readers() as session:
        assert kept.of_document(session, caller.account_id, document) == []


def test_a_page_of_nobodys_policy_that_names_the_vendor_is_erased_with_it(
    caller: Caller, services: Services, bounced: str, folder: Path
) -> None:
    data = endorsement_pages("CG 20 10 12 19", policy="GL-9999999")
    assert "is on no certificate" in refusal(send(caller, folder, data))
    with services.readers() as session:
        vendor = vendors.search(session, caller.account_id)[0]
        assert kept.of_vendor(session, caller.account_id, vendor.id) == []
    vendor_erasure.erase(vendor, Account(caller.account_id), services)
    with services.readers() as session:
        assert session.scalars(select(kept.StoredEndorsementPage)).all() == []


@pytest.mark.slow
def test_a_scan_of_a_page_counts(
    caller: Caller, services: Services, bounced: str, folder: Path
) -> None:
    send(caller, folder, scanned(endorsement_pages("CG 20 10 12 19"), 1, dpi=150))
    work_off_all(services, caller)
    found = asked_again(caller, bounced)
    assert "dditional insured endorsement" not in str(found["failures_text"])
    assert found["unclear_text"] is None


@pytest.mark.slow
def test_a_fax_that_cannot_be_read_is_a_doubt_and_not_missing(
    caller: Caller, services: Services, bounced: str, folder: Path
) -> None:
    send(caller, folder, as_tiff(endorsement_pages("CG 20 10 12 19"), 1))
    work_off_all(services, caller)
    found = asked_again(caller, bounced)
    assert (found["status"], found["failures_text"]) == ("needs_review", None)
    assert "form number of the endorsement page could not be read" in found["unclear_text"]


@pytest.fixture
def process(caller: Caller, services: Services, folder: Path) -> Any:
    """process_certificate with the worker's part done; the finished answer, or the error."""

    def sent(data: bytes, **given: str) -> Any:
        path = folder / f"processed-{len(list(folder.iterdir()))}.pdf"
        path.write_bytes(data)
        accepted = caller.send("process_certificate", path, **RULES, **given).get_json()
        work_off_all(services, caller)
        return caller.get(f"/v1/jobs/{accepted['job_id']}").get_json()

    return sent


def test_processed_the_page_answers_the_certificate_and_its_check(
    caller: Caller, services: Services, process: Any
) -> None:
    first = process(certificate())
    assert first["check_status"] == "non_compliant"
    second = process(endorsement_pages())
    assert second["certificate_id"] == first["certificate_id"]
    assert (second["check_status"], second["is_duplicate"]) == ("compliant", False)
    work_off_all(services, caller)
    work_off_all(services, caller)
    assert work_off_all(services, caller) == []
    told = caller.get("/v1/events/certificate.compliant").get_json()["items"]
    assert len(told) == 1
    again = process(endorsement_pages())
    assert (again["check_status"], again["is_duplicate"]) == ("compliant", True)
    assert len(caller.get("/v1/events/certificate.compliant").get_json()["items"]) == 1


def test_two_pages_that_complete_each_other_count_in_every_way_of_checking(
    caller: Caller, services: Services, bounced: str, folder: Path
) -> None:
    for form in ("CG 20 10 12 19", "CG 20 37 12 19"):
        send(caller, folder, endorsement_pages(form))
        work_off_all(services, caller)
    assert asked_again(caller, bounced)["status"] == "compliant"
    vendor_id = caller.get("/v1/vendors").get_json()["items"][0]["vendor_id"]
    assert check(caller, vendor_id=vendor_id, **RULES)["status"] == "compliant"
    text = (RULES_FOLDER / "high-risk-trades.yaml").read_text(encoding="utf-8")
    tried = caller.post("/v1/rule_sets/try", json={"name": "high-risk-trades", "rules": text})
    assert tried.get_json()["then_compliant"] == 1, tried.get_json()


def test_the_pages_are_in_the_evidence_pack(
    caller: Caller, bounced: str, folder: Path, services: Services
) -> None:
    data = endorsement_pages()
    send(caller, folder, data)
    with services.readers() as session:
        vendor = vendors.search(session, caller.account_id)[0]
    out = io.BytesIO()
    evidence_pack.write(vendor, None, Account(caller.account_id), services, out)
    found = zipfile.ZipFile(out)
    listed = found.read("endorsement_pages.csv").decode("utf-8-sig")
    assert "CG 20 10 12 19" in listed
    assert data in [found.read(name) for name in found.namelist() if name.startswith("documents/")]


def test_pages_behind_another_brokers_certificate_count_by_their_own_policy_number(
    caller: Caller, services: Services, bounced: str, folder: Path
) -> None:
    """Behind a workers' compensation certificate stand pages of a general liability policy."""
    own_line = ("workers_compensation", "certificate", "producer", "insurer", "signature")
    cells = {key: "" for key in compliant(ISSUED).cells if not key.startswith(own_line)}
    for policy, expected in (("GL-0000001", "needs_review"), (POLICY, "compliant")):
        paper = certificate(certificate_number=policy, **cells)
        answer = send(caller, folder, joined(paper, endorsement_pages(policy=policy)))
        assert answer.status_code == 200
        work_off_all(services, caller)
        assert asked_again(caller, bounced)["status"] == expected
