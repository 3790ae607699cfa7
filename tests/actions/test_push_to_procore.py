"""Pushes to Procore as the service makes them: the vendor remembered, what waits released."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from connector.actions import check_certificate, inputs
from connector.actions.action import Flat
from connector.actions.registry import ACTIONS
from connector.actions.sending_again import SENT_BY
from connector.actions.services import Caller as Who
from connector.actions.services import Services
from connector.storage import certificates, pushes, vendor_matches
from connector.worker import reopening
from tests.actions.office import ask, connect_procore, on_file, work_off, work_off_all
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import COMPANY, PROJECT
from tests.web.conftest import Caller

INSURED = "Northfield Roofing LLC"


@pytest.fixture
def connection(services: Services, caller: Caller, procore: ProcoreSimulator) -> str:
    return connect_procore(services, caller.account_id, procore)


def push(services: Services, account_id: str, certificate_id: str, **given: Any) -> Flat:
    job = work_off(
        services,
        ask(services, account_id, "push_to_procore", certificate_id=certificate_id, **given),
    )
    assert job.status == "done", job.error
    return dict(job.answer or {})


def check(services: Services, account_id: str, certificate_id: str, **about: str) -> Flat:
    given = inputs.load(check_certificate.Input, {"certificate_id": certificate_id, **about})
    return check_certificate.run(given, Who(account_id), services)


def vendor_requests(procore: ProcoreSimulator) -> int:
    return len([a for a in procore.asked() if a.path.endswith("/vendors")])


@pytest.mark.usefixtures("connection")
def test_a_chosen_vendor_is_remembered_for_the_next_certificate(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    chosen = procore.world.add_vendor("NRL Holdings")
    first, second = (
        on_file(services, caller.account_id, number, insured=INSURED + " of Ohio")
        for number in (1, 2)
    )
    unsure = push(services, caller.account_id, first)
    assert unsure["status"] == "needs_review"

    told = push(services, caller.account_id, first, procore_vendor_id=str(chosen))
    asked = vendor_requests(procore)
    again = push(services, caller.account_id, first)
    next_one = push(services, caller.account_id, second)

    assert (told["status"], again["status"]) == ("pushed", "unchanged")
    assert (next_one["records_created"], next_one["records_updated"]) == (0, 1), "the newer link"
    assert (again["push_id"], again["is_duplicate"]) == (told["push_id"], True)
    assert {r["vendor_id"] for r in procore.world.insurances.values()} == {chosen}
    assert vendor_requests(procore) == asked, "nobody was looked for again"


@pytest.mark.usefixtures("connection")
def test_a_vendor_that_was_found_is_not_looked_for_again_and_the_push_stays_the_same(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    certificate_id = on_file(services, caller.account_id, 1, insured=INSURED)
    first = push(services, caller.account_id, certificate_id)
    before = len(procore.asked())

    again = push(services, caller.account_id, certificate_id)

    assert (again["push_id"], again["is_duplicate"]) == (first["push_id"], True)
    assert len(procore.asked()) - before == 1


@pytest.mark.usefixtures("connection")
def test_another_choice_replaces_the_one_before(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    one, two = procore.world.add_vendor("One"), procore.world.add_vendor("Two")
    certificate_id = on_file(services, caller.account_id, 1, insured=INSURED)
    for vendor in (one, two):
        push(services, caller.account_id, certificate_id, procore_vendor_id=str(vendor))

    push(services, caller.account_id, on_file(services, caller.account_id, 2, insured=INSURED))

    assert [r["vendor_id"] for r in procore.world.insurances.values()] == [one, two]


@pytest.mark.usefixtures("connection")
def test_a_remembered_vendor_that_is_gone_is_looked_for_anew(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    gone = procore.world.add_vendor("Old entry")
    certificate_id = on_file(services, caller.account_id, 1, insured=INSURED)
    push(services, caller.account_id, certificate_id, procore_vendor_id=str(gone))
    del procore.world.vendors[gone]

    found = push(services, caller.account_id, certificate_id)

    assert (found["status"], found["records_created"]) == ("pushed", 1)
    (northfield,) = [v["id"] for v in procore.world.vendors.values() if v["name"] == INSURED]
    assert [r["vendor_id"] for r in procore.world.insurances.values()][-1] == northfield


@pytest.mark.usefixtures("connection")
def test_a_vendor_named_by_the_caller_that_is_not_there_is_an_error(
    services: Services, caller: Caller
) -> None:
    certificate_id = on_file(services, caller.account_id, 1, insured=INSURED)
    job = work_off(
        services,
        ask(services, caller.account_id, "push_to_procore", certificate_id=certificate_id, procore_vendor_id="404"),
    )  # fmt: skip
    assert job.status == "failed"
    assert "may not see it" in (job.error or {})["message"]


def test_what_was_learned_in_a_sandbox_does_not_hold_in_production_nor_elsewhere(
    services: Services, caller: Caller, stranger: Caller, procore: ProcoreSimulator
) -> None:
    connect_procore(services, caller.account_id, procore, project_id=PROJECT)
    certificate_id = on_file(services, caller.account_id, 1, insured=INSURED)
    push(services, caller.account_id, certificate_id)
    with services.sessions() as session:
        row = certificates.get(session, caller.account_id, certificate_id)
        assert row.vendor_id is not None
        here = f"{procore.url}/companies/{COMPANY}"
        assert vendor_matches.known(session, caller.account_id, row.vendor_id, here)
        for account_id, place in (
            (stranger.account_id, here),
            (caller.account_id, f"https://sandbox.procore.com/companies/{COMPANY}"),
        ):
            assert vendor_matches.known(session, account_id, row.vendor_id, place) is None


@pytest.mark.usefixtures("connection")
def test_a_new_check_that_ends_the_doubt_lets_the_push_go_out_by_itself(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    certificate_id = on_file(services, caller.account_id, 1, insured=INSURED)
    check(services, caller.account_id, certificate_id, vendor_name="Somebody Else LLC")
    held = push(services, caller.account_id, certificate_id)
    assert held["status"] == "queued"
    assert "goes out by itself" in str(held["next_step"])

    check(services, caller.account_id, certificate_id, vendor_name=INSURED)
    (job,) = work_off_all(services)

    assert (job.action, (job.answer or {})["status"]) == ("push_to_procore", "pushed")
    assert (job.answer or {})["push_id"] == held["push_id"]
    assert len(procore.world.insurances) == 1
    check(services, caller.account_id, certificate_id, rule_set="supplier")
    assert work_off_all(services) == [], "it went out once"


@pytest.mark.usefixtures("connection")
def test_a_check_by_another_rule_set_releases_nothing(services: Services, caller: Caller) -> None:
    certificate_id = on_file(services, caller.account_id, 1, insured=INSURED)
    check(services, caller.account_id, certificate_id, vendor_name="Somebody Else LLC")
    push(services, caller.account_id, certificate_id)

    check(services, caller.account_id, certificate_id, vendor_name=INSURED, rule_set="supplier")

    assert work_off_all(services) == []


@pytest.mark.usefixtures("connection")
def test_the_correction_of_the_last_doubtful_value_sends_what_waits(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    certificate_id = on_file(services, caller.account_id, 1, insured=INSURED, doubtful=True)
    assert push(services, caller.account_id, certificate_id)["status"] == "queued"

    answer = caller.post(
        f"/v1/certificates/{certificate_id}/corrections",
        json={
            "field": "general_liability_each_occurrence",
            "value": "1,000,000",
            "by": "dana@summit.example",
        },
    )
    (job,) = work_off_all(services)

    assert answer.status_code == 200
    assert (job.answer or {})["status"] == "pushed"
    (record,) = procore.world.insurances.values()
    assert record["limit"] == "1000000.00"
    with services.sessions() as session:
        assert len(pushes.search(session, caller.account_id)) == 1


def test_the_document_on_file_is_filed_and_a_picture_becomes_a_pdf(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    connect_procore(services, caller.account_id, procore, file_in_documents=True)
    picture = io.BytesIO()
    Image.new("L", (60, 80), 255).save(picture, "PNG")
    for number, (data, kind) in enumerate(((b"%PDF-1.7 one", "pdf"), (picture.getvalue(), "image"))):  # fmt: skip
        certificate_id = on_file(services, caller.account_id, number, insured=INSURED, data=data, kind=kind)  # fmt: skip
        push(services, caller.account_id, certificate_id)

    kept = list(procore.world.contents.values())
    assert kept[0] == b"%PDF-1.7 one"
    assert kept[1].startswith(b"%PDF-")
    assert kept[1] != picture.getvalue()


def test_what_sends_again_is_what_the_registry_says() -> None:
    places = {
        place: action.name
        for action in ACTIONS.values()
        for place in (action.destination, action.else_destination)
        if place and {"certificate_id", "check_id"} <= action.input().fields.keys()
    }
    assert places == SENT_BY


@pytest.mark.usefixtures("connection")
def test_a_policy_that_runs_out_is_marked_in_procore_on_that_day_without_any_step(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    ends = (services.clock() + timedelta(days=40)).date()
    certificate_id = on_file(services, caller.account_id, 1, insured=INSURED, expires=ends)
    pushed = push(services, caller.account_id, certificate_id)
    assert pushed["compliance_status"] != "expired"

    later = replace(services, clock=lambda: services.clock() + timedelta(days=41))
    reopening.reopen(caller.account_id, ends, later)
    work_off_all(later)

    assert {r["status"] for r in procore.world.insurances.values()} == {"expired"}
    assert len(procore.world.insurances) == pushed["records_created"]


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("project", [str(PROJECT), "Lakeside Medical Center"])
def test_a_push_goes_to_the_project_that_is_named_by_number_or_by_name(
    project: str, services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    certificate_id = on_file(services, caller.account_id, 1, insured=INSURED)
    first = push(services, caller.account_id, certificate_id, procore_project_id=project)
    written = [a.path for a in procore.asked() if a.method != "GET" and "insurances" in a.path]
    other = push(services, caller.account_id, certificate_id)
    assert first["status"] == other["status"] == "pushed"
    assert all(f"/projects/{PROJECT}/" in path for path in written)
    assert written, [(a.method, a.path) for a in procore.asked()]
    assert other["push_id"] != first["push_id"], "the company's own records are another place"


@pytest.mark.usefixtures("connection")
def test_a_vendor_may_be_named_by_its_name_in_procore(
    services: Services, caller: Caller, procore: ProcoreSimulator
) -> None:
    chosen = procore.world.add_vendor("NRL Holdings LLC")
    certificate_id = on_file(services, caller.account_id, 1, insured=INSURED + " of Ohio")
    told = push(services, caller.account_id, certificate_id, procore_vendor_id="NRL Holdings, LLC")
    assert told["status"] == "pushed"
    assert {r["vendor_id"] for r in procore.world.insurances.values()} == {chosen}


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("procore_company_id", "Procore company"),
        ("procore_project_id", "Procore project"),
        ("procore_vendor_id", "Procore vendor"),
    ],
)
def test_a_name_that_procore_does_not_know_is_an_error_that_says_what_to_do(
    field: str, label: str, services: Services, caller: Caller
) -> None:
    certificate_id = on_file(services, caller.account_id, 1, insured=INSURED)
    asked = ask(
        services, caller.account_id, "push_to_procore",
        certificate_id=certificate_id, **{field: "Nowhere Tower"},
    )  # fmt: skip
    job = work_off(services, asked)
    assert job.error is not None
    assert job.error["message"].startswith(f"{label}: “Nowhere Tower” is the name of none")
    assert len(job.error["message"]) <= 250
