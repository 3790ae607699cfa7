"""Every module, dropdown and webhook of the app for Make, against the running service."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import Any

import pytest

from connector.catalog.make.modules import API_CALL
from tests.catalog.make.conftest import Office
from tests.catalog.make.declared import assert_declared, assert_discreet
from tests.catalog.make.runner import Make, MakeError, polled
from tests.catalog.make.source import Part, load

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]

APP = load()
MODULES = [part for part in APP.parts("module") if "webhook" not in part.about]
ASKED: dict[str, dict[str, Any]] = {
    API_CALL: {"url": "account", "method": "GET"},
    "findCertificate": {"vendor_name": "Northfield Roofing LLC"},
    "findVendorCoverage": {"vendor_name": "Northfield Roofing LLC"},
    "waiveRequirement": {"vendor_name": "Copper Ridge Electric Inc"},
}
"""What a module is asked beside the records that its dropdowns offer."""

EMPTY_HERE = {"searchProcoreFolders"}
"""The simulated Procore has no folder inside its topmost one."""
SAID = {"reason": "As agreed.", "waived_by": "Dana", "revoked_by": "Dana", "dismissed_by": "Dana"}


def filled_in(office: Office, part: Part) -> dict[str, Any]:
    """What a person would map into a module: a file, the records of this office, a reason."""
    known: dict[str, Any] = office.records() | SAID
    names = {field["name"] for field in part.parameters}
    if part.id == "sendNotice":
        known = office.refused_certificate() | {"subcontractor_email": "office@copper.example"}
    if part.id in ASKED or part.about["moduleType"] == "search":
        known = {key: value for key, value in known.items() if key != "certificate_id"}
    if "data" in names:
        known = office.file()
    asked = known | {"limit": 5} | ASKED.get(part.id, {})
    return {name: value for name, value in asked.items() if name in names}


@pytest.mark.parametrize("part", MODULES, ids=lambda part: part.id)
def test_every_module_does_its_work_and_gives_on_what_it_declares(
    part: Part, office: Office
) -> None:
    run = office.make.run(part.id, filled_in(office, part))
    assert run.bundles or part.id in EMPTY_HERE
    for bundle in run.bundles:
        assert_declared(part, bundle)
    assert_discreet(run, office.environ["API_KEY"])


def test_the_connection_is_tested_and_labelled(office: Office) -> None:
    assert office.make.connect().metadata["value"] == "Demo"


def test_a_wrong_key_is_the_one_error_that_switches_off(office: Office) -> None:
    make = Make(APP, office.make.connection | {"apiKey": "coi_no"}, verify=office.make.verify)  # type: ignore[operator]
    for ask in (make.connect, lambda: make.run("parseCertificate", office.file())):
        with pytest.raises(MakeError) as caught:
            ask()
        assert caught.value.kind == "InvalidAccessTokenError"


def test_a_certificate_is_read_from_a_file(office: Office) -> None:
    [bundle] = office.make.run("parseCertificate", office.file()).bundles
    assert bundle["insured_name"] == "Northfield Roofing LLC"
    assert bundle["general_liability_each_occurrence"] == 1_000_000
    assert bundle["document_name"] == "compliant.pdf"


def test_not_compliant_is_a_value_with_its_notice(office: Office) -> None:
    given = office.file("not-compliant.pdf") | {"push": False, "subcontract_value": "1,250,000"}
    [bundle] = office.make.run("processCertificate", given).bundles
    assert bundle["check_status"] == "non_compliant"
    assert bundle["check_subcontract_value"] == 1_250_000
    assert bundle["check_notice_text"]
    assert bundle["procore_status"] is None


def test_a_push_that_is_sent_again_is_a_duplicate_and_no_error(office: Office) -> None:
    given = office.checked_certificate()
    [first] = office.make.run("pushToProcore", given).bundles
    [again] = office.make.run("pushToProcore", given).bundles
    assert first["status"] in ("pushed", "unchanged")
    assert (again["push_id"], again["records_created"]) == (first["push_id"], 0)
    assert again["is_duplicate"] is True


@pytest.mark.parametrize(
    ("module", "given", "kind", "said"),
    [
        ("checkCertificate", {"certificate_id": "cert_0"}, "DataError", "[404] There is no"),
        ("checkCertificate", {"vendor_name": "Nobody"}, "DataError", "[422] Certificate: map"),
        (API_CALL, {"url": "actions/parse", "method": "POST"}, "DataError", "[404] There is no"),
        (API_CALL, {"url": "account", "method": "DELETE"}, "RuntimeError", "[405] "),
        (API_CALL, {"url": "hooks", "method": "POST", "body": "no"}, "DataError", "[422] "),
    ],
)
def test_what_the_service_refuses_is_told_in_its_own_words(
    module: str, given: dict[str, Any], kind: str, said: str, office: Office
) -> None:
    with pytest.raises(MakeError) as caught:
        office.make.run(module, given)
    assert caught.value.kind == kind
    assert caught.value.message.startswith(said)


def test_a_letter_and_a_bad_amount_wait_for_a_person(office: Office) -> None:
    for given, said in (
        (office.file("letter.txt"), "[422] "),
        (office.file() | {"subcontract_value": "a lot"}, "[422] Subcontract value: “a lot”"),
    ):
        with pytest.raises(MakeError) as caught:
            office.make.run("processCertificate", given)
        assert caught.value.kind == "DataError"
        assert caught.value.message.startswith(said)


def test_the_same_deduplication_key_with_other_input_waits_for_a_person(office: Office) -> None:
    key = {"deduplication_key": f"key {time.time()}"}
    office.make.run("parseCertificate", office.file() | key)
    with pytest.raises(MakeError, match="before with other input") as caught:
        office.make.run("parseCertificate", office.file("not-compliant.pdf") | key)
    assert caught.value.kind == "DataError"


def test_work_that_takes_longer_is_waited_for(office: Office) -> None:
    given, found = office.checked_certificate(), []
    with office.worker_held_up() as go_on:
        step = threading.Thread(target=lambda: found.append(office.make.run("logToSheet", given)))
        step.start()
        time.sleep(2.5)  # longer than the service waits before it answers 202
        go_on()
        step.join(60)
    [run] = found
    [bundle] = run.bundles
    assert bundle["job_status"] == "done"
    assert [str(sent.url).partition("/v1/")[2].partition("/")[0] for sent in run.sent[:2]] == [
        "actions",
        "jobs",
    ]
    assert_declared(APP.module("logToSheet"), bundle)


def test_a_search_goes_through_the_pages_up_to_its_limit(office: Office) -> None:
    for _ in range(4):
        office.make.run("parseCertificate", office.new_file())
    app = load()
    app.module("searchCertificates").requests[0]["qs"]["limit"] = 2
    make = Make(app, office.make.connection, verify=office.make.verify)
    three = make.run("searchCertificates", {"limit": 3})
    assert (len(three.bundles), len(three.sent)) == (3, 2)
    every = make.run("searchCertificates", {"limit": 1000}).bundles
    assert len({bundle["certificate_id"] for bundle in every}) == len(every) >= 5
    assert make.run("searchCertificates", {"limit": 5, "name": "Nobody"}).bundles == []


def test_polling_neither_repeats_nor_misses_a_certificate(office: Office) -> None:
    app = load()
    app.module("watchCertificates").requests[0]["qs"]["limit"] = 2
    make = Make(app, office.make.connection, verify=office.make.verify)
    data: dict[str, Any] = {}
    while polled(make, "watchCertificates", data, 3):
        pass
    sent = [office.make.run("parseCertificate", office.new_file()).bundles[0] for _ in range(5)]
    found: list[dict[str, Any]] = []
    while new := polled(make, "watchCertificates", data, 2):
        assert len(new) <= 2
        found += new
    assert [one["certificate_id"] for one in found] == [one["certificate_id"] for one in sent]
    office.make.run("parseCertificate", office.file())
    assert polled(make, "watchCertificates", data, 2) == []


def test_one_may_choose_where_polling_begins(office: Office) -> None:
    office.make.run("parseCertificate", office.file())
    offered = office.make.beginnings("watchCertificates")
    assert "Northfield Roofing LLC" in {each["label"] for each in offered}
    assert all(isinstance(each["date"], datetime) for each in offered)


@pytest.mark.parametrize("part", list(APP.parts("rpc")), ids=lambda part: part.id)
def test_every_dropdown_offers_labels_and_values(part: Part, office: Office) -> None:
    office.records()
    found = office.make.choices(part.id)
    assert found
    assert all(choice["label"] and choice["value"] for choice in found)


def test_a_rule_set_is_chosen_by_its_title(office: Office) -> None:
    labels = {choice["value"]: choice["label"] for choice in office.make.choices("listRuleSets")}
    assert labels["standard-subcontractor"].startswith("Standard")


def test_any_other_call_reaches_nothing_but_the_service(office: Office) -> None:
    [account] = office.make.run(API_CALL, {"url": "account", "method": "GET"}).bundles
    assert (account["statusCode"], account["body"]["account_name"]) == (200, "Demo")
    query = {"method": "GET", "url": "rule_sets", "qs": [{"key": "limit", "value": "1"}]}
    [first] = office.make.run(API_CALL, query).bundles
    assert first["body"]["items"]
    for url in ("https://elsewhere.example/x", "//elsewhere.example/x", "@elsewhere.example"):
        with pytest.raises(MakeError) as caught:
            office.make.run(API_CALL, {"url": url, "method": "GET"})
        assert caught.value.message.startswith("[404]")
