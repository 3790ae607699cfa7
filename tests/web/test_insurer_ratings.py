"""The account's own table of insurers over HTTP: put in place, listed, used by checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connector.actions.services import Services
from tests.actions.vendor_papers import certificate, check, send, work_off_all
from tests.web.conftest import Caller

GOOD = "naic,name,rating,size\n10001,Granite Mutual Insurance Company,A,X\n10002,Lone Pine Casualty Company,A-,VII\n10003,Prairie State Employers Insurance Co,A,VIII\n"
LOW = GOOD.replace("10001,Granite Mutual Insurance Company,A,X", "10001,Granite Mutual Insurance Company,B,X")  # fmt: skip


def put(caller: Caller, table: str | bytes) -> Any:
    return caller.client.put("/v1/insurer_ratings", headers=caller.headers, data=table)


def test_a_check_goes_by_the_accounts_own_table_and_again_when_it_changes(
    caller: Caller, services: Services, tmp_path: Path
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    sent = send(caller, folder, certificate(), vendor_id="V-1").get_json()
    asked = {"certificate_id": sent["certificate_id"], "rule_set": "new-york", "state": "NY"}
    assert "naic_unknown" in rating_codes(check(caller, **asked))
    assert put(caller, GOOD).get_json() == {
        "insurers": 3,
        "checked_again": 1,
        "is_duplicate": False,
    }
    assert work_off_all(services, caller) == ["recheck_certificate"]
    assert rating_codes(caller.get("/v1/checks").get_json()["items"][0]) == ""
    assert put(caller, GOOD).get_json()["is_duplicate"] is True
    (told,) = caller.get("/v1/audit?act=ratings").get_json()["items"]
    assert (told["details"], told["through_name"]) == ("insurers before: 0; insurers: 3", "test")
    assert put(caller, LOW).get_json()["checked_again"] == 1
    assert "rating_too_low" in rating_codes(check(caller, **asked))


def rating_codes(flat: dict[str, Any]) -> str:
    """The sentences of a check that speak of ratings."""
    texts = (flat["failures_text"], flat["warnings_text"], flat["unclear_text"])
    said = "\n".join(filter(None, texts))
    if "not in the rating table" in said:
        return "naic_unknown"
    return "rating_too_low" if "A- VII or better; found B X" in said else ""


def test_the_table_is_listed_and_belongs_to_its_account(caller: Caller, stranger: Caller) -> None:
    put(caller, GOOD)
    items = caller.get("/v1/insurer_ratings?limit=2").get_json()
    assert [row["naic"] for row in items["items"]] == ["10001", "10002"]
    rest = caller.get(f"/v1/insurer_ratings?cursor={items['next']}").get_json()
    assert [row["rating"] for row in rest["items"]] == ["A"]
    assert stranger.get("/v1/insurer_ratings").get_json()["items"] == []


def test_a_wrong_table_is_refused_by_its_line_and_changes_nothing(caller: Caller) -> None:
    put(caller, GOOD)
    for table, word in (
        (GOOD.replace("A-,VII", "super,VII"), "line 3"),
        (GOOD.replace("naic,", "code,"), "no column"),
        (b"naic,name,rating,size\n10001,\xff,A,X\n", "UTF-8"),
    ):
        answer = put(caller, table)
        assert answer.status_code == 422
        assert word in answer.get_json()["error"]["message"]
    assert len(caller.get("/v1/insurer_ratings").get_json()["items"]) == 3
