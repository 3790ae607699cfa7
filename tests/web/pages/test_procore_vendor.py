"""Which Procore vendor is meant: chosen on a page, also for what came without any step of the office's."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

from connector.actions.services import Services
from connector.destinations.procore.lists import Choice
from connector.storage import pushes
from connector.storage.pushes import StoredPush
from connector.web.pages.procore_vendor import candidates
from tests.actions.office import ask, connect_procore, work_off, work_off_all
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.switches import Fault
from tests.simulators.procore.world import PROJECT
from tests.web.pages.conftest import Browser, put_certificate
from tests.web.pages.test_connect_procore import procore  # noqa: F401 - the fixture


@pytest.fixture
def push_id(
    services: Services,
    office: str,
    certificates: tuple[Path, Path],
    procore: ProcoreSimulator,  # noqa: F811
) -> str:
    """A push that did not know which of two near names is meant."""
    procore.world.vendors.clear()
    procore.world.add_vendor("Northfeild Roofing LLC", 71)
    procore.world.add_vendor("Northfield Rooffing LLC", 72)
    procore.world.add_vendor("NFR Exteriors (old; closed)", 73)
    connect_procore(services, office, procore, project_id=PROJECT)
    certificate_id = put_certificate(services, office, certificates[0].read_bytes())
    job = work_off(
        services, ask(services, office, "push_to_procore", certificate_id=certificate_id)
    )
    assert (job.answer or {})["status"] == "needs_review", job.error
    return str((job.answer or {})["push_id"])


def vendors_written(procore: ProcoreSimulator) -> set[int]:  # noqa: F811
    return {record["vendor_id"] for record in procore.world.insurances.values()}


def test_a_candidate_is_chosen_and_it_goes_out(
    services: Services,
    procore: ProcoreSimulator,  # noqa: F811
    reviewer: Browser,
    push_id: str,
) -> None:
    assert f"/work/pushes/{push_id}/vendor" in reviewer.get("/work").text
    page = reviewer.get(f"/work/pushes/{push_id}/vendor").text
    assert "Northfeild Roofing LLC" in page
    assert "NFR Exteriors" not in page

    sent = reviewer.send(f"/work/pushes/{push_id}/vendor", vendor_id="72")
    assert (sent.status_code, sent.location) == (303, "/work?sent=1")
    assert "It is being sent." in reviewer.get(sent.location).text
    work_off_all(services)
    assert vendors_written(procore) == {72}
    assert "Choose the vendor" not in reviewer.get("/work").text


def test_a_vendor_under_another_name_is_searched_for(
    services: Services,
    procore: ProcoreSimulator,  # noqa: F811
    reviewer: Browser,
    push_id: str,
) -> None:
    page = reviewer.get(f"/work/pushes/{push_id}/vendor?name=nfr").text
    assert "NFR Exteriors (old; closed)" in html.unescape(page)
    assert "Northfeild" not in page
    assert "No vendor of the Procore directory" in reviewer.get(f"/work/pushes/{push_id}/vendor?name=zzz").text  # fmt: skip

    reviewer.send(f"/work/pushes/{push_id}/vendor", vendor_id="73")
    work_off_all(services)
    assert vendors_written(procore) == {73}


def test_a_directory_that_cannot_be_searched_now_is_said(
    procore: ProcoreSimulator,  # noqa: F811
    reviewer: Browser,
    push_id: str,
) -> None:
    procore.order(Fault.STATUS, path="vendors", status=503)
    answer = reviewer.get(f"/work/pushes/{push_id}/vendor?name=nfr")
    assert answer.status_code == 503
    assert "tried again" in answer.text


@pytest.mark.parametrize("said", ["", "7 1", "²", "Northfield"])
def test_nothing_is_sent_without_a_choice(
    services: Services, reviewer: Browser, push_id: str, said: str
) -> None:
    reviewer.get("/work")
    answer = reviewer.send(f"/work/pushes/{push_id}/vendor", vendor_id=said)
    assert (answer.status_code, "Choose a vendor first." in answer.text) == (422, True)
    assert work_off_all(services) == []


def test_only_those_who_may_act_choose(viewer: Browser, push_id: str) -> None:
    assert "Choose the vendor" not in viewer.get("/work").text
    assert viewer.get(f"/work/pushes/{push_id}/vendor").status_code == 403


def test_a_push_elsewhere_has_no_vendor_to_choose(
    services: Services, reviewer: Browser, push_id: str
) -> None:
    with services.sessions() as session, session.begin():
        pushes.get(session, reviewer.account_id, push_id).destination = "gcpay"
    assert reviewer.get(f"/work/pushes/{push_id}/vendor").status_code == 404
    assert reviewer.get("/work/pushes/push_0/vendor").status_code == 404


def test_names_with_brackets_and_semicolons_are_read_as_they_were_written() -> None:
    said = "Smith (West) Roofing (71); A; B (old) (72); Plain Co (73)"
    push = StoredPush(receipt={"vendor_candidates": said})
    assert candidates(push) == [
        Choice("71", "Smith (West) Roofing"), Choice("72", "A; B (old)"), Choice("73", "Plain Co"),
    ]  # fmt: skip
