"""Endorsement pages that came without a certificate, on the pages of the office and by the upload link."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest

from connector.actions import sent_links
from connector.actions.services import Services
from connector.storage import endorsement_pages as kept
from connector.storage import vendors
from connector.storage.actor import SERVICE, acting
from connector.web.app import create_app
from demo.firms import NORTHFIELD
from tests.actions.vendor_papers import certificate, endorsement_pages
from tests.web.pages.conftest import Browser, put_certificate


@pytest.fixture
def certificate_id(services: Services, office: str, tmp_path: Path) -> str:
    path = tmp_path / "coi.pdf"
    path.write_bytes(certificate())
    return put_certificate(services, office, path.read_bytes())


@pytest.fixture
def vendor_id(services: Services, office: str, certificate_id: str) -> str:
    with services.readers() as session:
        return vendors.search(session, office)[0].id


@pytest.fixture
def link(services: Services, office: str, vendor_id: str) -> str:
    with acting(SERVICE), services.sessions() as session, session.begin():
        made = sent_links.make_upload(session, office, vendor_id, "", services)
    address = sent_links.address(made, services)
    return address[address.index("/u/") :]


@pytest.fixture
def agent(services: Services) -> Browser:
    """Somebody who is not logged in."""
    return Browser(create_app(services).test_client())


def send(agent: Browser, link: str, data: bytes) -> Any:
    agent.get(link)
    agent.send(link, file=(io.BytesIO(data), "pages.pdf"))
    return agent.page


def test_pages_that_come_by_link_are_shown_on_the_review_page_with_their_picture(
    services: Services, office: str, agent: Browser, link: str, certificate_id: str,
    vendor_id: str, viewer: Browser,
) -> None:  # fmt: skip
    assert send(agent, link, endorsement_pages()).status_code == 303
    page = viewer.get(f"/review/{certificate_id}").text
    assert "Endorsement pages that came without a certificate" in page
    assert "CG 20 10 12 19" in page
    picture = re.search(rf"/review/{certificate_id}/endorsement/\w+\.png", page)
    assert picture is not None
    assert viewer.get(picture[0]).data.startswith(b"\x89PNG")
    assert "CG 20 37 12 19" in viewer.get(f"/vendors/{vendor_id}").text


def test_a_picture_of_another_vendors_page_is_not_found(
    services: Services, office: str, agent: Browser, link: str, certificate_id: str,
    vendor_id: str, viewer: Browser,
) -> None:  # fmt: skip
    send(agent, link, endorsement_pages())
    with services.readers() as session:
        page_id = kept.of_vendor(session, office, vendor_id)[0].id
    other = put_certificate(services, office, certificate(insured=OTHER))
    assert viewer.get(f"/review/{other}/endorsement/{page_id}.png").status_code == 404


def test_a_link_brings_no_page_for_another_vendors_policy_and_takes_none_away(
    services: Services, office: str, agent: Browser, link: str, vendor_id: str,
) -> None:  # fmt: skip
    put_certificate(
        services, office, certificate(insured=OTHER, general_liability_policy_number="GL-7000001")
    )
    refused = send(agent, link, endorsement_pages(policy="GL-7000001"))
    assert refused.status_code == 422
    assert "on a certificate of another vendor" in refused.text
    assert OTHER.name not in refused.text
    with services.readers() as session:
        assert kept.of_vendor(session, office, vendor_id) == []


OTHER = NORTHFIELD.__class__(("Copper Ridge Electric Inc",), ("1 A St",), "Decatur", "IL", "62521")
