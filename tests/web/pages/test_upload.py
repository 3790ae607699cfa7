"""A subcontractor sends its certificate by a link, without a login, and sees what is missing."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from connector.actions import sent_links
from connector.actions.services import Services
from connector.certificate.names import normalise
from connector.jobs import hand_over
from connector.storage import arrivals, board, jobs, vendors
from connector.storage.board import Need
from connector.storage.sent_links import LinkKind
from connector.web.app import create_app
from connector.web.pages import upload
from connector.worker.duties import make_work
from tests.drawing.picture import pdf_of, picture
from tests.web.pages.conftest import Browser, Clock, put_certificate
from tests.worker.working import attempt

Pair = tuple[Path, Path]
FIRM = "Copper Ridge Electric Inc"


@pytest.fixture
def vendor_id(services: Services, office: str) -> str:
    return new_vendor(services, office, FIRM)


def new_vendor(services: Services, account_id: str, name: str) -> str:
    with services.sessions() as session, session.begin():
        return vendors.resolve(
            session, account_id, name=name, normalised_name=normalise(name), external_id=None,
            now=services.clock(),
        ).id  # fmt: skip


def path_for(services: Services, account_id: str, vendor_id: str, project: str = "") -> str:
    """A link that the command line has made."""
    with services.sessions() as session, session.begin():
        link = sent_links.make_upload(session, account_id, vendor_id, project, services)
    address = sent_links.address(link, services)
    return address[address.index("/u/") :]


@pytest.fixture
def path(reviewer: Browser, vendor_id: str) -> str:
    """The link as the office makes it on the vendor's page."""
    reviewer.get(f"/vendors/{vendor_id}")
    page = reviewer.send(f"/vendors/{vendor_id}/link", project="")
    found = re.search(r">http\S*(/u/[^<\s]+)<", page.text)
    assert found is not None
    return found[1]


@pytest.fixture
def agent(services: Services) -> Browser:
    """Somebody who is not logged in."""
    return Browser(create_app(services).test_client())


def send(agent: Browser, path: str, data: bytes = b"", name: str = "coi.pdf", **said: str) -> Any:
    agent.get(path)
    file = {"file": (io.BytesIO(data), name)} if data else {}
    agent.send(path, **file, **said)
    return agent.get(agent.page.location) if agent.page.status_code == 303 else agent.page


def test_what_is_missing_is_said_at_once_and_the_office_sees_it_arrive(
    services: Services, office: str, agent: Browser, path: str, vendor_id: str,
    certificates: Pair, viewer: Browser,
) -> None:  # fmt: skip
    assert "No certificate is on file yet" in agent.get(path).text
    page = html.unescape(
        send(agent, path, certificates[1].read_bytes(), message="More to come").text
    )
    assert "it has arrived" in page
    assert "Each occurrence limit is $500,000; $1,000,000 is required." in page
    shown = viewer.get(f"/vendors/{vendor_id}").text
    assert "coi.pdf" in shown
    assert "More to come" in shown
    with services.readers() as session:
        (row,) = board.rows(session, office, services.clock().date())
        assert row.need in (Need.EXPIRED, Need.DEFICIENT)


def test_a_good_certificate_is_thanked_for(
    services: Services, office: str, agent: Browser, certificates: Pair
) -> None:
    vendor_id = new_vendor(services, office, "Northfield Roofing LLC")
    path = path_for(services, office, vendor_id)
    page = send(agent, path, certificates[0].read_bytes()).text
    assert "Nothing is missing" in page


def test_a_policy_that_has_ended_since_the_check_is_said(
    services: Services, office: str, agent: Browser, certificates: Pair, clock: Clock
) -> None:
    vendor_id = new_vendor(services, office, "Northfield Roofing LLC")
    put_certificate(services, office, certificates[0].read_bytes())
    clock.move(timedelta(days=400))
    assert "a policy has ended." in agent.get(path_for(services, office, vendor_id)).text


def test_an_answer_alone_reaches_the_office_and_is_never_run(
    agent: Browser, path: str, viewer: Browser, vendor_id: str
) -> None:
    send(agent, path, message="<script>alert(1)</script> We renew on Monday.")
    shown = viewer.get(f"/vendors/{vendor_id}").text
    assert "We renew on Monday." in shown
    assert "<script>alert" not in shown


@pytest.mark.parametrize(("data", "said"), [(b"", "Choose a file"), (b"hello", "PDF")])
def test_what_is_no_certificate_is_a_sentence_and_the_answer_stays_typed(
    agent: Browser, path: str, data: bytes, said: str
) -> None:
    if data:
        page = send(agent, path, data, message="please look")
        assert "please look" in page.text
    else:
        page = send(agent, path)
    assert page.status_code == 422
    assert said in page.text
    assert 'role="alert"' in page.text


def test_a_scan_is_read_as_a_job_and_the_page_says_so(
    services: Services, office: str, agent: Browser, path: str, certificates: Pair, vendor_id: str
) -> None:
    scan = pdf_of([picture(certificates[1].read_bytes(), 100)], (100, 100))
    page = send(agent, path, scan)
    assert "Your file is being read" in page.text
    with services.readers() as session:
        (arrival,) = arrivals.of_vendor(session, office, vendor_id)
        job = jobs.get(session, office, str(arrival.job_id))
        assert job.given["input"]["push"] == "false"
        assert job.given["input"]["vendor_id"] == vendor_id


@pytest.mark.slow
def test_a_photo_that_a_phone_took_upright_is_read_and_the_vendor_sees_what_is_missing(
    services: Services, office: str, agent: Browser, path: str, certificates: Pair,
    vendor_id: str, viewer: Browser,
) -> None:  # fmt: skip
    assert "being read" in send(agent, path, _photo(certificates[1]), "IMG_0042.jpg").text
    work = make_work(services, partial(_run, services), {})
    with services.readers() as session:
        (arrival,) = arrivals.of_vendor(session, office, vendor_id)
    done = attempt(work, str(arrival.job_id))
    assert done.status == "done", done.error
    page = html.unescape(agent.get(path).text)
    assert "Each occurrence limit is $500,000; $1,000,000 is required." in page
    assert "IMG_0042.jpg" in viewer.get(f"/vendors/{vendor_id}").text
    assert "IMG_0042.jpg" in viewer.get("/work").text


def _run(services: Services, action: str, account_id: str, given: dict[str, Any]) -> dict[str, Any]:
    return dict(hand_over.run(action, account_id, given, services))


def _photo(certificate: Path) -> bytes:
    """As phones keep it: the sensor's picture lies on its side, and a mark says how it was held."""
    held = picture(certificate.read_bytes(), 200)
    marked = Image.Exif()
    marked[0x0112] = 6
    out = io.BytesIO()
    held.rotate(90, expand=True).convert("RGB").save(out, "JPEG", quality=85, exif=marked)
    return out.getvalue()


def test_a_certificate_on_file_for_somebody_else_counts_for_nobody_else(
    services: Services, office: str, agent: Browser, path: str, certificates: Pair, vendor_id: str
) -> None:
    put_certificate(services, office, certificates[0].read_bytes())
    page = send(agent, path, certificates[0].read_bytes())
    assert "made out for another firm" in page.text
    with services.readers() as session:
        assert arrivals.of_vendor(session, office, vendor_id) == []


def test_a_link_ends_after_its_days_and_no_other_is_taken(
    agent: Browser, path: str, clock: Clock, viewer: Browser
) -> None:
    assert agent.get(path[:-2] + "xx").status_code == 403
    assert viewer.get("/vendors/x/link").status_code == 405
    clock.move(sent_links.LASTS[LinkKind.UPLOAD] + timedelta(seconds=1))
    gone = agent.get(path)
    assert gone.status_code == 403
    assert "expired" in gone.text


def test_a_link_takes_so_many_a_day(
    services: Services, office: str, agent: Browser, path: str, vendor_id: str, clock: Clock
) -> None:
    with services.sessions() as session, session.begin():
        for _ in range(upload.MOST_A_DAY):
            arrivals.note(session, office, vendor_id, services.clock(), message="again")
    assert "very often today" in send(agent, path, message="again").text
    clock.move(timedelta(days=1, minutes=1))
    assert "it has arrived" in send(agent, path, message="again").text


def test_a_link_opens_nothing_else(agent: Browser, path: str, vendor_id: str) -> None:
    agent.get(path)
    for other in ("/", f"/vendors/{vendor_id}", "/report", "/review"):
        assert agent.get(other).status_code == 303


def test_a_viewer_makes_no_link(viewer: Browser, vendor_id: str) -> None:
    viewer.get(f"/vendors/{vendor_id}")
    viewer.get("/password")
    assert viewer.send(f"/vendors/{vendor_id}/link").status_code == 403
