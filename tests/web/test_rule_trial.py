"""POST /v1/rule_sets/try: who would stand otherwise with a changed rule set."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from connector.actions.all_packets import all_packets
from connector.actions.packets import of_vendor, packet_of
from connector.actions.services import Services
from connector.checking.packet import Rating
from connector.storage import ratings
from demo.sheet import Party
from tests.actions.vendor_papers import certificate, check, exemption, notice, send
from tests.web.conftest import Caller

NAME = "standard-subcontractor"


@pytest.fixture
def two_vendors(caller: Caller, tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    send(caller, folder, certificate(), vendor_id="V-1")
    send(caller, folder, certificate(certificate_number="2"), vendor_id="V-2")
    for vendor in ("V-1", "V-2"):
        assert check(caller, vendor_id=vendor)["status"] == "compliant"
    return folder


def text_of(services: Services, **changes: str) -> str:
    text = (services.settings.rules_dir / f"{NAME}.yaml").read_text()
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    return text


def tried(caller: Caller, text: str, name: str = NAME, **query: str) -> Any:
    return caller.post("/v1/rule_sets/try", json={"name": name, "rules": text}, query_string=query)


def test_an_unchanged_rule_set_changes_nobody(
    caller: Caller, services: Services, two_vendors: Path
) -> None:
    answer = tried(caller, text_of(services)).get_json()
    assert (answer["checked"], answer["changed"], answer["items"]) == (2, 0, [])
    assert (answer["now_compliant"], answer["then_compliant"]) == (2, 2)


def test_who_would_change_is_named_with_the_reason_and_nothing_is_kept(
    caller: Caller, services: Services, two_vendors: Path
) -> None:
    checks = len(caller.get("/v1/checks").get_json()["items"])
    text = text_of(services).replace("at_least: 1000000", "at_least: 3000000")
    answer = tried(caller, text).get_json()
    assert {(row["before"], row["after"]) for row in answer["items"]} == {
        ("compliant", "non_compliant")
    }
    assert "required $3,000,000; found $1,000,000" in answer["items"][0]["why"]
    assert answer["then_non_compliant"] == 2
    assert len(caller.get("/v1/checks").get_json()["items"]) == checks
    table = tried(caller, text, format="csv")
    assert table.content_type == "text/csv; charset=utf-8"
    assert len(list(csv.DictReader(io.StringIO(table.text)))) == 2


def test_what_stands_beside_certificates_counts_as_in_a_check(
    caller: Caller, services: Services, two_vendors: Path
) -> None:
    send(caller, two_vendors, notice(), vendor_id="V-1")
    answer = tried(caller, text_of(services)).get_json()
    assert answer["now_non_compliant"] == answer["then_non_compliant"] > 0
    for vendor, status in (("V-1", "non_compliant"),):
        assert check(caller, vendor_id=vendor)["status"] == status


def test_packets_read_all_at_once_are_those_that_checks_look_at(
    caller: Caller, services: Services, two_vendors: Path
) -> None:
    send(caller, two_vendors, certificate(), vendor_id="V-1")
    send(caller, two_vendors, notice(), vendor_id="V-1")
    send(caller, two_vendors, exemption(), vendor_id="V-2")
    with services.sessions() as session, session.begin():
        ratings.replace(session, caller.account_id, [Rating("10001", "Granite", "A-", "VII")])
    waiver = {"vendor_id": "V-2", "rule_id": "gl-primary", "reason": "Small.", "waived_by": "Dana"}
    assert caller.post("/v1/actions/waive_requirement", json=waiver).status_code == 200
    with services.readers() as session:
        at_once = list(all_packets(session, caller.account_id))
        assert len(at_once) == 2
        for owned in at_once:
            packet, rows = owned.packet, of_vendor(session, caller.account_id, owned.id)
            alone = packet_of(session, rows, looks_back=True)
            assert packet.certificates == alone.certificates
            assert (packet.waivers, packet.cancellations) == (alone.waivers, alone.cancellations)
            assert packet.exemptions == alone.exemptions
            assert packet.ratings.items() >= alone.ratings.items()
    parts = [
        part
        for o in at_once
        for part in (o.packet.waivers, o.packet.cancellations, o.packet.exemptions)
    ]
    assert sum(map(bool, parts)) == 4  # the notice is a question for the other vendor


def test_a_certificate_whose_vendor_nobody_knows_is_tried_alone(
    caller: Caller, services: Services, two_vendors: Path
) -> None:
    """Every certificate on file is tried; a scan whose insured cannot be read is no exception."""
    nameless = Party(())
    found = send(caller, two_vendors, certificate(insured=nameless)).get_json()
    assert found["insured_name"] is None
    answer = tried(caller, text_of(services).replace(f"rule_set: {NAME}", "rule_set: ours"), "ours")
    rows = {row["key"]: row["after"] for row in answer.get_json()["items"]}
    assert rows == {"V-1": "compliant", "V-2": "compliant", found["certificate_id"]: "needs_review"}


def test_a_rule_set_of_a_new_name_is_new_to_everybody(
    caller: Caller, services: Services, two_vendors: Path
) -> None:
    text = text_of(services).replace(f"rule_set: {NAME}", "rule_set: ours")
    answer = tried(caller, text, "ours").get_json()
    assert (answer["changed"], answer["now_compliant"]) == (2, 0)
    assert {row["before"] for row in answer["items"]} == {None}


def test_a_broken_rule_set_is_refused_by_its_line(caller: Caller, services: Services) -> None:
    answer = tried(caller, text_of(services).replace("at_least:", "at_lest:", 1))
    assert answer.status_code == 422
    message = answer.get_json()["error"]["message"]
    assert "line" in message
    assert "at_least" in message


def test_nobody_tries_rules_on_another_account(
    stranger: Caller, services: Services, two_vendors: Path
) -> None:
    assert tried(stranger, text_of(services)).get_json()["checked"] == 0
