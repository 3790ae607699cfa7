"""The work lists say what is left for a person, and one press settles it."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from connector.actions import push_to_buildertrend
from connector.actions.inputs import load
from connector.actions.services import Caller, Services
from connector.errors import InvalidInput
from connector.jobs import state
from connector.jobs.accept import accept
from connector.jobs.announce import announce
from connector.jobs.queues import PROCORE
from connector.outbound import Outbound
from connector.storage import arrivals, certificates, hooks, jobs, pushes
from connector.storage.events import EventType
from connector.storage.jobs import DELIVER_HOOK, JobStatus
from connector.worker.duties import make_work
from connector.worker.perform import Answer
from connector.worker.start import duties
from tests.web.pages.conftest import Browser, failed_push, put_certificate
from tests.worker.receiver import receiver
from tests.worker.working import attempt

Pair = tuple[Path, Path]


@pytest.fixture
def certificate(services: Services, office: str, certificates: Pair) -> str:
    return put_certificate(services, office, certificates[0].read_bytes())


def test_an_empty_list_says_what_would_come_there(viewer: Browser) -> None:
    page = viewer.get("/work").text
    for said in ("To finish by hand", "Everything was sent", "Nobody listens yet", "Nothing yet."):
        assert said in page


def test_a_failed_push_shows_its_sentence_and_is_tried_again_by_a_button(
    services: Services, office: str, reviewer: Browser, certificate: str
) -> None:
    push_id = failed_push(services, office, certificate)
    page = reviewer.get("/work").text
    assert "Procore refused the vendor. Choose another." in page
    assert "Northfield" in page
    assert reviewer.send(f"/work/pushes/{push_id}/retry").status_code == 303
    with services.readers() as session:
        (job,) = jobs.search(session, office, action="push_to_procore")
        assert job.given["input"]["certificate_id"] == certificate


def test_a_failure_that_was_made_good_since_is_shown_no_more(
    services: Services, office: str, viewer: Browser, certificate: str
) -> None:
    failed_push(services, office, certificate)
    with services.sessions() as session, session.begin():
        key = pushes.Key(None, "procore", "project 1", "v", "another digest")
        pushes.begin(session, office, key, certificate_id=certificate, check_id=None, now=services.clock())  # fmt: skip
    assert "Choose another" not in viewer.get("/work").text


def test_a_prepared_packet_has_its_files_and_is_acknowledged_as_the_person(
    services: Services, office: str, reviewer: Browser, certificate: str
) -> None:
    given = load(push_to_buildertrend.ACTION.input, {"certificate_id": certificate})
    flat = push_to_buildertrend.run(given, Caller(office), services)
    assert flat["status"] == "prepared", flat
    page = html.unescape(reviewer.get("/work").text)
    assert "/v1/files/" in page
    reviewer.send(f"/work/pushes/{flat['push_id']}/done")
    assert "/v1/files/" not in reviewer.get("/work").text
    with services.readers() as session:
        assert pushes.get(session, office, str(flat["push_id"])).status == "pushed"


def test_failed_work_is_started_anew_by_a_button(
    services: Services, office: str, reviewer: Browser, certificate: str
) -> None:
    with services.sessions() as session, session.begin():
        job = services.enqueue(
            session, Caller(office), "check_certificate", {"certificate_id": certificate}
        )
        jobs.park(job, InvalidInput("The rule set is gone."), services.clock())
    assert "The rule set is gone." in reviewer.get("/work").text
    reviewer.send(f"/work/jobs/{job.id}/retry")
    with services.readers() as session:
        assert state.state(session, office, job.id).status == JobStatus.WAITING


def test_what_a_hook_was_told_reaches_it_once_more_by_a_button(
    services: Services, office: str, reviewer: Browser
) -> None:
    outbound = Outbound(allow_http=True, allow_private=["127.0.0.1"])
    work = make_work(services, _nothing, duties(replace(services, outbound=outbound)))
    with receiver() as there:
        job_id = _told(services, office, there.url)
        assert attempt(work, job_id).status == JobStatus.DONE
        page = reviewer.get("/work").text
        assert "arrived" in page
        (again,) = re.findall(r'action="(/work/deliveries/[^"]+)"', page)
        assert reviewer.send(again).status_code == 303
        assert "waiting" in reviewer.get("/work").text
        assert len(there.bodies) == 1, "the worker sends it, not the page"
        assert attempt(work, job_id).status == JobStatus.DONE
    first, second = there.bodies
    assert first == second == {"push_id": "push_1", "event_id": "push_1"}
    assert len({headers["webhook-id"] for headers in there.headers}) == 1


def _told(services: Services, office: str, url: str) -> str:
    """The delivery of an event to a hook at `url`."""
    keys, now = services.settings.secret_keys, services.clock()
    with services.sessions() as session, session.begin():
        hooks.create(session, office, EventType.PUSH_FAILED, url, keys=keys, now=now)
        told = {"push_id": "push_1"}
        announce(session, office, EventType.PUSH_FAILED, "push_1", told, now=now)
        (job,) = jobs.search(session, office, action=DELIVER_HOOK)
        return job.id


def _nothing(action: str, account_id: str, given: object) -> Answer:
    raise AssertionError(f"{action} is not asked for")


def test_of_looks_into_procore_that_failed_the_last_is_enough(
    services: Services, office: str, viewer: Browser
) -> None:
    for number in range(3):
        with services.sessions() as session, session.begin():
            job = accept(
                session, office, f"look {number}", "procore_poll", {"connection_id": "conn_1"},
                queue=PROCORE, partition="conn_1", now=services.clock(),
            ).job  # fmt: skip
            jobs.park(job, InvalidInput(f"Failed {number}."), services.clock())
    page = viewer.get("/work").text
    assert page.count("Look for certificates in Procore") == 1
    assert "Failed 2." in page


def test_what_came_by_link_is_listed(
    services: Services, office: str, viewer: Browser, certificate: str
) -> None:
    with services.sessions() as session, session.begin():
        vendor_id = str(certificates.get(session, office, certificate).vendor_id)
        arrivals.note(session, office, vendor_id, services.clock(), message="<b>Soon</b>")
    page = viewer.get("/work").text
    assert "&lt;b&gt;Soon" in page
    assert f"/vendors/{vendor_id}" in page


def test_a_viewer_sees_the_lists_and_presses_nothing(
    services: Services, office: str, viewer: Browser, certificate: str
) -> None:
    push_id = failed_push(services, office, certificate)
    page = viewer.get("/work").text
    assert "Choose another" in page
    assert "/retry" not in page
    viewer.get("/password")
    assert viewer.send(f"/work/pushes/{push_id}/retry").status_code == 403
