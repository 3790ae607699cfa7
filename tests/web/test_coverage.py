"""Coverage on file over HTTP: which limit, until when, by which certificate."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.actions.vendor_papers import TODAY, american, certificate, notice, send
from tests.web.conftest import Caller


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    made.mkdir()
    return made


def rows(caller: Caller, path: str = "/v1/coverage", **query: str) -> list[dict[str, Any]]:
    answer = caller.get(path, query_string=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


def limits(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {row["coverage_line"]: row["limit"] for row in found}


def test_a_vendors_coverage_names_limit_day_and_certificate(caller: Caller, folder: Path) -> None:
    sent = send(caller, folder, certificate(), vendor_id="V-1").get_json()
    for vendor in ("V-1", "Northfield Roofing LLC", "northfield roofing, llc."):
        found = rows(caller, f"/v1/vendors/{vendor}/coverage")
        assert limits(found) == {
            "general_liability": 1_000_000,
            "auto_liability": 1_000_000,
            "umbrella_liability": 5_000_000,
            "workers_compensation": 1_000_000,
        }
        first = found[0]
        assert first["certificate_id"] == sent["certificate_id"]
        assert first["expiration_date"] == sent["general_liability_expiration_date"]
        assert first["coverage_status"] == "in_force"
        assert first["coverage_text"].startswith("General liability: each occurrence $1,000,000;")


def test_the_newest_certificate_speaks_for_its_line_as_in_a_check(
    caller: Caller, folder: Path
) -> None:
    newer = certificate(TODAY - timedelta(days=5), general_liability_each_occurrence="500,000")
    send(caller, folder, newer, vendor_id="V-1")
    send(caller, folder, certificate(), vendor_id="V-1")
    assert limits(rows(caller, vendor_id="V-1"))["general_liability"] == 500_000


def test_a_cancelled_policy_is_not_in_force(caller: Caller, folder: Path) -> None:
    send(caller, folder, certificate(), vendor_id="V-1")
    send(caller, folder, notice(), vendor_id="V-1")
    by_line = {row["coverage_line"]: row["coverage_status"] for row in rows(caller)}
    assert by_line["general_liability"] == "cancelled"
    assert by_line["auto_liability"] == "in_force"


def test_low_limits_and_those_nobody_knows_are_found_over_all_vendors(
    caller: Caller, folder: Path
) -> None:
    send(caller, folder, certificate(), vendor_id="V-1")
    low = certificate(general_liability_each_occurrence="500,000")
    send(caller, folder, low, vendor_id="V-2")
    blank = certificate(general_liability_each_occurrence="")
    send(caller, folder, blank, vendor_id="V-3")
    found = rows(caller, limit_below="1,000,000", coverage_line="general_liability")
    assert {(row["vendor_id"], row["limit"]) for row in found} == {("V-2", 500_000), ("V-3", None)}


def test_what_expires_soon_is_found_and_what_has_expired_is_not(
    caller: Caller, folder: Path
) -> None:
    for vendor, days in (("V-1", 10), ("V-2", 31), ("V-3", -1), ("V-4", 0), ("V-5", 30)):
        ends = american(TODAY + timedelta(days=days))
        data = certificate(general_liability_expiration_date=ends)
        send(caller, folder, data, vendor_id=vendor)
    found = rows(caller, expiring_within="30", coverage_line="general_liability")
    assert {row["vendor_id"] for row in found} == {"V-1", "V-5"}
    lapsed = rows(caller, coverage_status="expired")
    assert {row["vendor_id"] for row in lapsed} == {"V-3", "V-4"}


def test_pages_give_every_line_once_and_csv_gives_all_of_them(caller: Caller, folder: Path) -> None:
    for number in range(3):
        send(caller, folder, certificate(certificate_number=str(number)), vendor_id=f"V-{number}")
    seen, cursor = [], ""
    while True:
        page = caller.get("/v1/coverage", query_string={"limit": "5", "cursor": cursor}).get_json()
        seen += [row["coverage_id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 12
    answer = caller.get("/v1/coverage", query_string={"format": "csv", "limit": "1"})
    assert answer.content_type == "text/csv; charset=utf-8"
    table = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["coverage_id"] for row in table] == seen


def test_a_search_answers_one_line_or_says_that_there_is_none(caller: Caller, folder: Path) -> None:
    send(caller, folder, certificate(), vendor_id="V-1")

    def search(**given: str) -> Any:
        return caller.post("/v1/actions/find_vendor_coverage", json=given).get_json()

    assert search(vendor_id="V-1")["limit"] == 1_000_000
    umbrella = search(vendor_name="NORTHFIELD ROOFING, LLC", coverage_line="umbrella_liability")
    assert umbrella["limit"] == 5_000_000
    nothing = search(vendor_id="V-1", coverage_line="professional")
    assert nothing["coverage_id"] is None
    assert "professional liability" in nothing["coverage_text"]
    assert search(vendor_id="V-9")["coverage_id"] is None


def test_a_certificate_is_found_by_vendor_or_insured(caller: Caller, folder: Path) -> None:
    sent = send(caller, folder, certificate(), vendor_id="V-1").get_json()

    def search(**given: str) -> Any:
        return caller.post("/v1/actions/find_certificate", json=given).get_json()

    for given in ({"vendor_id": "V-1"}, {"insured_name": "northfield"}):
        assert search(**given)["certificate_id"] == sent["certificate_id"]
    assert search(vendor_id="V-9")["certificate_id"] is None
    assert search()["error"]["field"] == "vendor_id"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit_below": "a million"}, "limit_below"),
        ({"expiring_within": "soon"}, "expiring_within"),
        ({"coverage_line": "gl"}, "coverage_line"),
        ({"format": "pdf"}, "format"),
    ],
)
def test_a_wrong_filter_is_named(caller: Caller, query: dict[str, str], field: str) -> None:
    answer = caller.get("/v1/coverage", query_string=query)
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (422, field)


def test_nobody_sees_the_coverage_of_another_account(
    caller: Caller, stranger: Caller, folder: Path
) -> None:
    send(caller, folder, certificate(), vendor_id="V-1")
    assert rows(stranger) == []
    assert stranger.get("/v1/vendors/V-1/coverage").status_code == 404
