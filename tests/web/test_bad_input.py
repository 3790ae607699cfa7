"""What cannot be used is refused with a code and a sentence, and leaves nothing behind."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlalchemy import func, select
from urllib3 import encode_multipart_formdata

from connector.actions.services import Services
from connector.errors import MESSAGE_LIMIT
from connector.jobs.accept import accept
from connector.jobs.queues import PROCORE
from connector.storage.certificates import StoredCertificate
from connector.storage.documents import StoredDocument
from connector.storage.jobs import Job
from tests.web.conftest import Caller

ACTION = "/v1/actions/parse_certificate"


def pdf(pages: int = 1, **encryption: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            page = document.add_blank_page(page_size=(612, 792))
            letter = b"BT /F1 12 Tf 72 700 Td (Dear Sirs, please find our invoice.) Tj ET"
            page.contents_add(document.make_stream(letter))
            font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
            page.Resources = pikepdf.Dictionary(
                Font=pikepdf.Dictionary(F1=pikepdf.Dictionary(font))
            )
        document.save(out, **encryption)
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("certificate.pdf", b"%PDF-1.7")
    return out.getvalue()


LOCKED = pikepdf.Encryption(owner="o", user="u")

REFUSED = {
    "a web page": (b"<!DOCTYPE html><html><body>Please log in</body></html>", "not_a_pdf"),
    "a text file": (b"Certificate of insurance for Northfield", "not_a_pdf"),
    "a ZIP": (zipped(), "not_a_pdf"),
    "an empty file": (b"", "empty_file"),
    "a locked PDF": (pdf(encryption=LOCKED), "encrypted_file"),
    "too many pages": (pdf(pages=101), "too_large"),
    "26 MB": (b"%PDF-1.7" + b"\0" * (26 * 1024 * 1024), "too_large"),
    "40 MB": (b"%PDF-1.7" + b"\0" * (40 * 1024 * 1024), "too_large"),
    "a truncated PDF": (pdf()[:60], "damaged_file"),
    "a PDF that is no certificate": (pdf(), "not_a_certificate"),
}


def stored(services: Services) -> int:
    """How many rows and files a request has left behind."""
    with services.sessions() as session:
        tables = (StoredDocument, StoredCertificate, Job)
        rows = sum(session.scalar(select(func.count()).select_from(t)) or 0 for t in tables)
    files = [p for p in (services.settings.data_dir / "documents").rglob("*") if p.is_file()]
    return rows + len(files)


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_no_certificate_is_refused_by_name(
    what: str, caller: Caller, services: Services
) -> None:
    data, code = REFUSED[what]
    body, content_type = encode_multipart_formdata({"file": ("certificate.pdf", data)})
    answer = caller.post(ACTION, data=body, content_type=content_type)
    error = answer.get_json()["error"]
    assert (answer.status_code, error["code"], error["halt"]) == (422, code, True)
    assert error["message"].endswith(".")
    assert len(error["message"]) <= MESSAGE_LIMIT
    assert stored(services) == 0


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic abc", "Bearer coi_"])
def test_without_a_good_key_nothing_is_answered(
    header: str | None, caller: Caller, certificates: tuple[Path, Path]
) -> None:
    headers = {} if header is None else {"Authorization": header}
    for method, path in [
        ("post", ACTION),
        ("get", "/v1/certificates"),
        ("get", "/v1/account"),
        ("get", "/v1/jobs/job_1"),
        ("post", "/v1/actions/no_such_action"),
    ]:
        answer = getattr(caller.client, method)(path, headers=headers)
        assert answer.status_code == 401
        assert "key" in answer.get_json()["error"]["message"]


def test_no_file_at_all_names_what_is_missing(caller: Caller) -> None:
    for body in ({}, {"file_url": ""}, {"file_url": None, "file_base64": ""}):
        answer = caller.post(ACTION, json=body)
        assert answer.status_code == 422
        assert answer.get_json()["error"]["field"] == "file"


@pytest.mark.parametrize("body", ["[]", '"text"', "{broken", "null"])
def test_a_body_that_is_no_object_is_refused(body: str, caller: Caller) -> None:
    answer = caller.post(ACTION, data=body, content_type="application/json")
    assert answer.status_code == 422
    assert "JSON object" in answer.get_json()["error"]["message"]


def test_text_that_is_no_base64_is_refused(caller: Caller) -> None:
    answer = caller.post(ACTION, json={"file_base64": "certificate.pdf!"})
    assert answer.get_json()["error"]["field"] == "file_base64"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"subcontract_value": "a lot"}, "subcontract_value"),
        ({"subcontract_value": "1M"}, "subcontract_value"),
        ({"project_end": "31/12/2026"}, "project_end"),
        ({"rule_set": "no-such-set"}, "rule_set"),
        ({"certificate_id": "cert_UNKNOWN"}, None),
        ({"certificate_id": ["a", "list"]}, "certificate_id"),
    ],
)
def test_a_wrong_value_is_named(
    given: dict[str, Any], field: str | None, caller: Caller, certificates: tuple[Path, Path]
) -> None:
    parsed = caller.send("parse_certificate", certificates[0]).get_json()
    asked = {"certificate_id": parsed["certificate_id"], **given}
    answer = caller.post("/v1/actions/check_certificate", json=asked)
    assert answer.status_code in (404, 422)
    assert answer.get_json()["error"]["field"] == field


def test_an_unknown_rule_set_lists_the_known_ones(
    caller: Caller, certificates: tuple[Path, Path]
) -> None:
    parsed = caller.send("parse_certificate", certificates[0]).get_json()
    asked = {"certificate_id": parsed["certificate_id"], "rule_set": "standart-subcontractor"}
    answer = caller.post("/v1/actions/check_certificate", json=asked)
    assert answer.status_code == 422
    assert "standard-subcontractor" in answer.get_json()["error"]["message"]


def test_a_whole_process_with_an_unknown_rule_set_is_refused_before_a_job_is_accepted(
    caller: Caller, services: Services, certificates: tuple[Path, Path]
) -> None:
    answer = caller.send("process_certificate", certificates[0], rule_set="standart-subcontractor")
    assert answer.status_code == 422
    error = answer.get_json()["error"]
    assert (error["code"], error["field"]) == ("unknown_rule_set", "rule_set")
    with services.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0
        assert session.scalar(select(func.count()).select_from(StoredDocument)) == 0


def test_another_accounts_certificate_is_not_there(
    caller: Caller, stranger: Caller, certificates: tuple[Path, Path]
) -> None:
    theirs = caller.send("parse_certificate", certificates[0]).get_json()["certificate_id"]
    asked = {"certificate_id": theirs}
    assert stranger.get(f"/v1/certificates/{theirs}").status_code == 404
    assert stranger.get(f"/v1/certificates/{theirs}/evidence").status_code == 404
    assert stranger.post("/v1/actions/check_certificate", json=asked).status_code == 404
    assert stranger.get("/v1/certificates").get_json()["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/v1/nothing", 404),
        ("post", "/v1/actions/shred_certificate", 404),
        ("get", "/v1/actions/parse_certificate", 405),
        ("get", "/v1/certificates?limit=many", 422),
        ("get", "/v1/certificates?needs_review=perhaps", 422),
        ("get", "/v1/jobs/job_1", 404),
    ],
)
def test_every_error_has_the_one_shape(method: str, path: str, status: int, caller: Caller) -> None:
    answer = getattr(caller, method)(path)
    assert answer.status_code == status
    assert list(answer.get_json()["error"]) == ["code", "message", "field", "halt"]


@pytest.mark.parametrize("body", [b"[" * 20_000, b'{"vendor_id": "\\ud800"}'])
@pytest.mark.parametrize("path", ["/v1/actions/find_certificate", "/v1/hooks", "/v1/rule_sets/try"])
def test_input_that_is_no_text_is_no_fault_of_ours(caller: Caller, path: str, body: bytes) -> None:
    answer = caller.post(path, data=body, content_type="application/json")
    assert answer.status_code in (200, 422), answer.get_data(as_text=True)


@pytest.mark.parametrize("number", ["1" * 30, "1" * 400, "1e999", "-Infinity", "NaN"])
def test_a_number_that_nobody_keeps_is_refused_and_spoils_no_list(
    caller: Caller, number: str
) -> None:
    """It stood in a row that was then not to be read, and with it no list of the account."""
    for path, field in (
        ("/v1/actions/check_certificate", "subcontract_value"),
        ("/v1/hooks", "filters"),
    ):
        body = (
            f'{{"{field}": {number}, "x": {number}, "deduplication_key": "7", "vendor_name": "A"}}'
        )
        answer = caller.post(path, data=body, content_type="application/json")
        assert answer.status_code == 422, answer.get_data(as_text=True)
    for name in ("jobs", "checks", "hooks"):
        assert caller.get(f"/v1/{name}").status_code == 200


def test_a_row_with_such_a_number_is_read_all_the_same(services: Services, caller: Caller) -> None:
    with services.sessions() as session, session.begin():
        given = {"x": 10**400}
        accept(session, caller.account_id, None, "push_to_procore", given, queue=PROCORE, now=services.clock())  # fmt: skip
    assert caller.get("/v1/jobs").status_code == 200


def test_a_form_of_a_page_holds_no_megabytes_besides_its_file(caller: Caller) -> None:
    """Also of somebody who may send a file: it would lie in memory several times over."""
    answer = caller.post("/login", data={"email": "x" * 2_000_000})
    assert answer.status_code == 422
    assert "too large" in answer.get_data(as_text=True)
    assert caller.post("/login", data={"email": "x" * 500_000}).status_code == 403
