"""The pages of Procore in a real browser: connecting, choosing, settings, candidates, reconnecting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from connector.actions.services import Services
from connector.storage import connections, logins, users
from connector.storage.users import Role
from tests.actions.office import ask, work_off
from tests.simulators.procore.server import ProcoreSimulator
from tests.simulators.procore.world import COMPANY, PROJECT
from tests.web.pages.chromium import DESK, PATIENCE_MS, PHONE, Screen, chromium, screen, served
from tests.web.pages.conftest import new_person, put_certificate
from tests.web.pages.test_chromium import LOOKS, look_at, visit
from tests.web.pages.test_connect_procore import (
    procore,  # noqa: F401 - the fixture
    services,  # noqa: F401 - the fixture
)
from tests.web.pages.test_pictures import CONTRAST

pytestmark = pytest.mark.slow

expect.set_options(timeout=PATIENCE_MS)

PAGE = "/connect/procore"


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def address(services: Services) -> Iterator[str]:  # noqa: F811
    with served(services) as where:
        yield where


@pytest.fixture
def secret(services: Services, office: str) -> str:  # noqa: F811
    """An admin's login."""
    user_id = new_person(services, office, "dana@summit.example", Role.ADMIN, password=None)
    with services.sessions() as session, session.begin():
        return logins.begin(session, users.get(session, office, user_id), services.clock())


@pytest.fixture
def companies(procore: ProcoreSimulator) -> None:  # noqa: F811
    """More than one company, and names that come near."""
    procore.world.companies[8090] = {"id": 8090, "name": "Summit Builders of Illinois LLC"}
    for number in range(3):
        project = {**procore.world.projects[PROJECT], "id": 4500 + number}
        procore.world.projects[4500 + number] = project | {"name": f"Harbor Tower, phase {number}"}
    procore.world.vendors.clear()
    for number, name in enumerate(("Northfeild Roofing LLC", "Northfield Rooffing LLC")):
        procore.world.add_vendor(name, 71 + number)


def connect(shown: Screen, look: str) -> None:
    """All the way from the empty page to the connected one, a picture of each."""
    page = shown.page
    visit(shown, PAGE, f"procore-connect-{look}")
    page.get_by_label("The company's number in Procore").fill(str(COMPANY))
    page.get_by_role("button", name="Connect as the app").click()
    expect(page.get_by_role("heading", name="where are records kept?")).to_be_visible()
    look_at(shown, f"procore-project-{look}")
    visit(shown, f"{PAGE}/choose", f"procore-company-{look}")
    page.get_by_label("Summit Builders Inc").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("In the directory of").select_option("Lakeside Medical Center")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("Connected.")).to_be_visible()
    look_at(shown, f"procore-connected-{look}")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
@pytest.mark.usefixtures("companies")
def test_every_page_of_procore_fits_its_screen(
    window: Browser, address: str, services: Services, office: str, secret: str,  # noqa: F811
    certificates: tuple[Path, Path], size: dict[str, int], scheme: str,
) -> None:  # fmt: skip
    look = f"{'phone' if size == PHONE else 'desk'}-{scheme}"
    with screen(window, address, size, scheme) as shown:  # type: ignore[arg-type]
        shown.log_in(secret)
        connect(shown, look)
        shown.page.get_by_role("button", name="Begin to pick up").click()
        expect(shown.page.get_by_text("Folders of Documents that are looked into")).to_be_visible()
        look_at(shown, f"procore-watched-{look}")
        visit(shown, f"{PAGE}/settings", f"procore-settings-{look}")
        assert shown.page.evaluate(CONTRAST) == []
        certificate_id = put_certificate(services, office, certificates[0].read_bytes())
        job = work_off(
            services, ask(services, office, "push_to_procore", certificate_id=certificate_id)
        )
        push_id = (job.answer or {})["push_id"]
        visit(shown, "/work", f"procore-work-{look}")
        visit(shown, f"/work/pushes/{push_id}/vendor", f"procore-candidates-{look}")
        assert shown.page.evaluate(CONTRAST) == []
        visit(shown, f"/review/{certificate_id}", f"procore-review-{look}")
        with services.sessions() as session, session.begin():
            found = connections.of_destination(session, office, "procore")
            assert found is not None
            found.needs_login = True
        visit(shown, PAGE, f"procore-reconnect-{look}")
        visit(shown, "/work", f"procore-ended-{look}")
        assert shown.page.evaluate(CONTRAST) == []
        assert shown.page.evaluate(CONTRAST) == []
        assert shown.complaints == []


@pytest.mark.usefixtures("companies")
def test_procore_is_connected_and_a_type_renamed_by_keys_alone(
    window: Browser,
    address: str,
    services: Services,  # noqa: F811
    office: str,
    secret: str,
) -> None:
    with screen(window, address, DESK) as shown:
        shown.log_in(secret)
        shown.go(PAGE)
        page, keys = shown.page, shown.page.keyboard
        page.get_by_label("The company's number in Procore").focus()
        keys.type(str(COMPANY))
        keys.press("Enter")
        expect(page.get_by_label("In the directory of")).to_be_focused()
        keys.type("Lakeside")
        keys.press("Tab")
        keys.press("Enter")
        expect(page.get_by_text("Connected.")).to_be_visible()
        page.get_by_role("link", name="What is written").focus()
        keys.press("Enter")
        page.get_by_label("File it in Documents").focus()
        keys.press("Space")
        page.get_by_label("Automobile liability").focus()
        keys.type("Auto")
        keys.press("Enter")
        expect(page.get_by_text("Kept.")).to_be_visible()
        assert shown.complaints == []
    with services.readers() as session:
        found = connections.of_destination(session, office, "procore")
        assert found is not None
        assert found.settings["project_id"] == PROJECT
        assert found.settings["file_in_documents"] is True
        assert found.settings["insurance_types"] == {"auto_liability": "Auto"}
