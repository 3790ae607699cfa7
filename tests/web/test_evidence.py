"""The evidence pack: what it holds, that it is whole, that nothing in it runs, and whose it is."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

from connector.actions import evidence_pack
from connector.actions.services import Caller as Office
from connector.actions.services import Services
from connector.storage import audit, vendors
from connector.storage.users import Role
from tests.actions.vendor_papers import certificate, check, exemption, notice, send
from tests.web.conftest import Caller
from tests.web.pages.conftest import logged_in, put_certificate

EVIL = '=HYPERLINK("http://evil.example")<script>alert(1)</script>'


def on_file(caller: Caller, paper: Path, project: str = "Harbor Tower", **given: str) -> str:
    """A certificate, read and checked for a project."""
    said = {"vendor_id": "V-9", "vendor_name": "Copper Ridge Electric Inc", **given}
    certificate_id = caller.send("parse_certificate", paper, **said).get_json()["certificate_id"]
    about = {"certificate_id": certificate_id, "project_name": project, **said}
    assert caller.post("/v1/actions/check_certificate", json=about).status_code == 200
    return str(certificate_id)


def pack(caller: Caller, query: str = "", vendor: str = "V-9") -> zipfile.ZipFile:
    answer = caller.get(f"/v1/vendors/{vendor}/evidence{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    data = answer.get_data()
    answer.close()
    return zipfile.ZipFile(io.BytesIO(data))


def rows(found: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(found.read(name).decode("utf-8-sig"))))


def test_the_pack_holds_document_picture_reading_verdict_rules_notice_waiver_and_log(
    caller: Caller, services: Services, certificates: tuple[Path, Path]
) -> None:
    certificate_id = on_file(caller, certificates[1])
    said = {"rule_id": "gl-each-occurrence", "reason": "small job", "waived_by": "Kim"}
    caller.post("/v1/actions/waive_requirement", json={**said, "vendor_id": "V-9"})
    found = pack(caller)
    names = set(found.namelist())
    [document] = [name for name in names if name.startswith("documents/")]
    assert found.read(document) == certificates[1].read_bytes()
    folder = f"certificates/{certificate_id}"
    assert found.read(f"{folder}/page.png").startswith(b"\x89PNG")
    reading = json.loads(found.read(f"{folder}/reading.json"))
    assert reading["general_liability_each_occurrence"] == 500_000
    seen = json.loads(found.read(f"{folder}/evidence.json"))
    assert any(row["key"] == "insured_name" and row["page"] == 1 for row in seen)
    [check] = rows(found, "checks.csv")
    assert (check["status"], check["project"]) == ("non_compliant", "Harbor Tower")
    verdict = json.loads(found.read(f"checks/{check['check_id']}.json"))
    assert verdict["verdict"]["findings"]
    rules = found.read(f"rules/standard-subcontractor-{check['version']}.yaml")
    assert hashlib.sha256(rules).hexdigest() == verdict["rules_digest"]
    assert b"Copper Ridge" in found.read(f"notices/{check['check_id']}.txt")
    assert rows(found, "waivers.csv")[0]["reason"] == "small job"
    acts = [row["act"] for row in rows(found, "audit.csv")]
    assert {"certificate.read", "certificate.checked", "waiver.given", "evidence.made"} <= set(acts)
    assert "Copper Ridge" in found.read("index.html").decode()
    with services.sessions() as session:
        assert audit.search(session, caller.account_id, act="evidence")[0].through == "api_key"


def test_what_was_waived_and_what_came_beside_the_certificate_is_in_it(
    caller: Caller, tmp_path: Path
) -> None:
    """A requirement that is not said to be missing was met or waived: the pack says which."""
    about, papers = {"vendor_id": "V-204"}, (certificate(), notice(), exemption())
    parsed = send(caller, tmp_path, papers[0], **about).get_json()
    for paper in papers[1:]:
        send(caller, tmp_path, paper, **about)
    rule = {"rule_id": "gl-in-force", "reason": "the carrier took it back", "waived_by": "Kim"}
    caller.post("/v1/actions/waive_requirement", json={**rule, **about})
    check(caller, certificate_id=parsed["certificate_id"], **about)
    found = pack(caller, vendor="V-204")
    newest = rows(found, "checks.csv")[0]
    assert "Waived by Kim: the carrier took it back" in newest["waived_text"]
    assert "Waived by Kim" in found.read("index.html").decode()
    [cancelled], [exempted] = rows(found, "cancellations.csv"), rows(found, "exemptions.csv")
    assert exempted["exemption_number"] == "EX-2201"
    kept = {found.read(name) for name in found.namelist() if name.startswith("documents/")}
    assert kept == set(papers)
    assert f"documents/{exempted['document_id']}.pdf" in found.namelist()
    assert cancelled["policy_number"]


def test_the_manifest_has_the_fingerprint_of_every_other_file(
    caller: Caller, certificates: tuple[Path, Path]
) -> None:
    on_file(caller, certificates[0])
    found = pack(caller)
    lines = found.read("MANIFEST.sha256").decode().splitlines()
    told = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    assert set(told) == set(found.namelist()) - {"MANIFEST.sha256"}
    for path, digest in told.items():
        assert hashlib.sha256(found.read(path)).hexdigest() == digest


def test_a_project_s_pack_leaves_the_other_projects_out(
    caller: Caller, certificates: tuple[Path, Path]
) -> None:
    first = on_file(caller, certificates[0], "Harbor Tower")
    second = on_file(caller, certificates[1], "Mill Lofts")
    found = pack(caller, "?project=Mill%20Lofts")
    assert {row["project"] for row in rows(found, "checks.csv")} == {"Mill Lofts"}
    assert f"certificates/{second}/reading.json" in found.namelist()
    assert {row["project"] for row in rows(pack(caller), "checks.csv")} == {
        "Harbor Tower",
        "Mill Lofts",
    }
    assert f"certificates/{first}/reading.json" in pack(caller).namelist()
    assert caller.get("/v1/vendors/V-9/evidence?project=Nowhere").status_code == 404


def test_nothing_that_was_sent_to_us_runs_in_it_or_names_a_path(
    caller: Caller, certificates: tuple[Path, Path], tmp_path: Path
) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(certificates[1].read_bytes())
    certificate_id = on_file(caller, paper, f"../../{EVIL}", vendor_name=f"{EVIL}")
    said = {"rule_id": "gl-each-occurrence", "reason": EVIL, "waived_by": EVIL}
    caller.post("/v1/actions/waive_requirement", json={**said, "vendor_id": "V-9"})
    correction = {"field": "insured_name", "value": EVIL, "by": EVIL}
    caller.post(f"/v1/certificates/{certificate_id}/corrections", json=correction)
    found = pack(caller)
    assert "<script" not in found.read("index.html").decode()
    for name in found.namelist():
        assert ".." not in name
        assert set(name) <= set(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./"
        )
        if name.endswith(".csv"):
            for row in rows(found, name):
                assert not any((value or "").startswith(("=", "+", "@")) for value in row.values())


def test_another_account_gets_404(
    caller: Caller, stranger: Caller, certificates: tuple[Path, Path]
) -> None:
    on_file(caller, certificates[0])
    assert stranger.get("/v1/vendors/V-9/evidence").status_code == 404
    assert stranger.get("/v1/vendors/Copper%20Ridge%20Electric%20Inc/evidence").status_code == 404


def test_a_document_that_is_no_longer_kept_is_said_to_be_missing(
    caller: Caller, services: Services, certificates: tuple[Path, Path]
) -> None:
    on_file(caller, certificates[0])
    for path in (services.settings.data_dir / "documents").rglob("*"):
        if path.is_file():
            path.unlink()
    found = pack(caller)
    assert not [name for name in found.namelist() if name.startswith("documents/")]
    assert "no longer kept" in found.read("index.html").decode()


def test_the_page_gives_it_to_reviewers_and_not_to_viewers(
    caller: Caller, services: Services, certificates: tuple[Path, Path]
) -> None:
    on_file(caller, certificates[0])
    with services.readers() as session:
        [vendor] = vendors.search(session, caller.account_id)
    path = f"/vendors/{vendor.id}/evidence.zip"
    viewer = logged_in(services, caller.account_id, "vic@summit.example", Role.VIEWER)
    assert viewer.get(path).status_code == 403
    reviewer = logged_in(services, caller.account_id, "robin@summit.example", Role.REVIEWER)
    answer = reviewer.get(path)
    assert answer.data.startswith(b"PK")
    answer.close()
    assert "evidence.zip" in reviewer.get(f"/vendors/{vendor.id}").text


def test_the_memory_it_takes_does_not_grow_with_the_documents(
    caller: Caller, services: Services, certificates: tuple[Path, Path], tmp_path: Path
) -> None:
    original = certificates[0].read_bytes()
    for number in range(6):
        data = original + b"\n%" + bytes([65 + number]) * 3_000_000
        put_certificate(services, caller.account_id, data, check=False, vendor_id="V-9")
    with services.readers() as session:
        [vendor] = vendors.search(session, caller.account_id)
    tracemalloc.start()
    with (tmp_path / "pack.zip").open("wb") as file:
        evidence_pack.write(vendor, None, Office(caller.account_id), services, file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "pack.zip").stat().st_size > 18_000_000
    assert peak < 14_000_000
