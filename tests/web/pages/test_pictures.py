"""The pages of a whole office in a real browser; `make pictures` keeps them for the docs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from connector.actions import push_to_buildertrend
from connector.actions.inputs import load
from connector.actions.services import Caller, Services
from connector.storage import arrivals, certificates, logins, users
from connector.storage.users import Role
from demo.draw import draw_demo
from tests.web.pages.chromium import DESK, PATIENCE_MS, PHONE, chromium, screen, served
from tests.web.pages.conftest import failed_push, new_person, put_certificate
from tests.web.pages.test_chromium import LOOKS, visit
from tests.web.pages.test_upload import path_for

pytestmark = pytest.mark.slow

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def services(services: Services) -> Services:
    """With a mail server, so that the pages show what needs one; nobody sends."""
    return replace(services, settings=replace(services.settings, smtp_host="mail.office.example"))


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    with served(services) as where:
        yield where


@pytest.fixture
def secret(services: Services, office: str) -> str:
    """An admin's login."""
    user_id = new_person(services, office, "dana@summit.example", Role.ADMIN, password=None)
    with services.sessions() as session, session.begin():
        return logins.begin(session, users.get(session, office, user_id), services.clock())


@pytest.fixture
def vendor_id(
    services: Services, office: str, doubtful: bytes, pair: tuple[bytes, bytes], tmp_path: Path
) -> str:
    """An office with a good, a deficient and a doubtful certificate, and work on the table."""
    good = put_certificate(services, office, pair[0])
    put_certificate(services, office, doubtful, vendor_name="Lakeside Concrete LLC")
    ends_soon = draw_demo(tmp_path, services.clock().date() - timedelta(days=200))[0]
    put_certificate(services, office, ends_soon.read_bytes(), vendor_name="Summit Glass LLC")
    bad = put_certificate(services, office, pair[1], project_name="Harbor Tower")
    failed_push(services, office, bad)
    given = load(push_to_buildertrend.ACTION.input, {"certificate_id": good})
    push_to_buildertrend.run(given, Caller(office), services)
    with services.sessions() as session, session.begin():
        found = str(certificates.get(session, office, bad).vendor_id)
        said = "The umbrella renews on Monday."
        arrivals.note(session, office, found, services.clock(), message=said)
    return found


@pytest.fixture
def pair(certificates: tuple[Path, Path]) -> tuple[bytes, bytes]:
    """The bundled certificates' bytes."""
    return certificates[0].read_bytes(), certificates[1].read_bytes()


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_page_of_the_office_fits_its_screen(
    window: Browser, address: str, services: Services, office: str, secret: str, vendor_id: str,
    size: dict[str, int], scheme: str,
) -> None:  # fmt: skip
    look = f"{'phone' if size == PHONE else 'desk'}-{scheme}"
    link = path_for(services, office, vendor_id, "Harbor Tower")
    with screen(window, address, size, scheme) as shown:  # type: ignore[arg-type]
        visit(shown, link, f"upload-{look}")
        visit(shown, "/login", f"login-mail-{look}")
        shown.log_in(secret)
        for path, name in (
            ("/", "board"), (f"/vendors/{vendor_id}", "vendor"), ("/report", "report"),
            ("/work", "work"), ("/rules", "rules"), ("/rules/high-risk-trades", "rule-set"),
            ("/setup", "setup"), ("/links", "links"),
            ("/connect/sheets", "sheets"),
        ):  # fmt: skip
            visit(shown, path, f"{name}-{look}")
        assert shown.complaints == []


def test_the_board_is_narrowed_by_keys_alone(
    window: Browser, address: str, secret: str, vendor_id: str
) -> None:
    with screen(window, address, DESK) as shown:
        shown.log_in(secret)
        shown.go("/")
        page = shown.page
        page.get_by_label("Vendor", exact=True).focus()
        page.keyboard.type("copper")
        page.keyboard.press("Enter")
        expect(
            page.get_by_role("link", name="Copper Ridge Electric Inc", exact=True)
        ).to_be_visible()
        expect(page.get_by_text("Lakeside Concrete")).to_have_count(0)
        page.get_by_role("link", name="Copper Ridge Electric Inc", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Coverage over time")).to_be_visible()
        assert shown.complaints == []


def test_a_new_key_is_focused_to_be_copied(window: Browser, address: str, secret: str) -> None:
    with screen(window, address, DESK) as shown:
        shown.log_in(secret)
        shown.go("/setup")
        shown.page.get_by_role("button", name="Make a key").click()
        expect(shown.page.get_by_label("Your new key")).to_be_focused()
        assert shown.complaints == []


CONTRAST = """() => {
  const channel = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parts = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const found = parts(getComputedStyle(node).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("main *")) {
    const own = [...node.childNodes].some(each => each.nodeType === 3 && each.data.trim());
    if (!own || node.closest("svg") || !node.getClientRects().length) continue;
    const two = [light(parts(getComputedStyle(node).color)), light(ground(node))].sort((a, b) => b - a);
    const ratio = (two[0] + 0.05) / (two[1] + 0.05);
    if (ratio < 4.5) poor.push(`${node.tagName} “${node.textContent.trim().slice(0, 30)}” ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(
    window: Browser, address: str, secret: str, vendor_id: str, scheme: str
) -> None:
    with screen(window, address, DESK, scheme) as shown:
        shown.log_in(secret)
        for path in (
            "/",
            f"/vendors/{vendor_id}",
            "/report",
            "/work",
            "/rules/supplier",
            "/setup",
            "/connect/sheets",
        ):
            shown.go(path)
            assert shown.page.evaluate(CONTRAST) == [], path
