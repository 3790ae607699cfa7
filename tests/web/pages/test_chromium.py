"""The pages in a real browser: keys, sizes, dark mode, and nothing that the browser complains of."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from connector.actions.services import Services
from connector.storage import logins, users
from connector.storage.users import Role
from tests.web.pages.chromium import (
    DESK,
    PATIENCE_MS,
    PHONE,
    Screen,
    chromium,
    screen,
    served,
    take,
)
from tests.web.pages.conftest import PASSWORD, new_person

pytestmark = pytest.mark.slow

expect.set_options(timeout=PATIENCE_MS)

LOOKS = [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")]


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    with served(services) as where:
        yield where


@pytest.fixture
def secret(services: Services, office: str) -> str:
    """A reviewer's login."""
    user_id = new_person(services, office, "Robin@summit.example", Role.REVIEWER, password=None)
    with services.sessions() as session, session.begin():
        return logins.begin(session, users.get(session, office, user_id), services.clock())


@pytest.fixture
def desk(window: Browser, address: str) -> Iterator[Screen]:
    with screen(window, address, DESK) as shown:
        yield shown
        assert shown.complaints == []


def test_a_person_logs_in_with_the_keyboard_alone(
    desk: Screen, services: Services, office: str
) -> None:
    new_person(services, office)
    desk.go("/review")
    page = desk.page
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type("dana@summit.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="To review")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_doubts_are_settled_by_keys_and_the_review_ends_with_enter(
    desk: Screen, secret: str, certificate_id: str
) -> None:
    desk.log_in(secret)
    desk.go(f"/review/{certificate_id}")
    page = desk.page
    expect(page.get_by_role("heading", name="General liability: each occurrence")).to_be_visible()
    expect(page.get_by_label("Or type it")).to_be_focused()
    page.keyboard.type("1,000,000")
    wait_until_keys_count(desk)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Auto liability: additional insured")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Umbrella liability: each occurrence")).to_be_visible()
    wait_until_keys_count(desk)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Auto liability: additional insured")).to_be_visible()
    page.get_by_text("Yes", exact=True).click()
    wait_until_keys_count(desk)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Everything is settled")).to_be_visible()
    wait_until_keys_count(desk)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Next certificate")).to_be_visible()


def test_a_key_held_down_accepts_no_value_that_nobody_has_seen(
    desk: Screen, secret: str, certificate_id: str
) -> None:
    desk.log_in(secret)
    desk.go(f"/review/{certificate_id}?at=umbrella_liability_each_occurrence")
    desk.page.evaluate(
        "document.getElementById('typed').dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', bubbles: true, cancelable: true, repeat: true}))"
    )
    prevented = desk.page.evaluate(
        "!document.getElementById('typed').dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', bubbles: true, cancelable: true, repeat: true}))"
    )
    assert prevented


def test_the_last_change_is_undone_by_its_key(
    desk: Screen, secret: str, certificate_id: str
) -> None:
    desk.log_in(secret)
    desk.go(f"/review/{certificate_id}")
    expect(desk.page.get_by_label("Or type it")).to_be_focused()
    wait_until_keys_count(desk)
    desk.page.keyboard.type("1,000,000\n")
    expect(desk.page.get_by_role("heading", name="Who changed what")).to_be_visible()
    desk.page.locator("body").press("Control+z")
    expect(desk.page.get_by_text("taken back by")).to_be_visible()


def test_a_dropped_file_is_read_at_once(
    desk: Screen, secret: str, certificates: tuple[Path, Path]
) -> None:
    desk.log_in(secret)
    desk.go("/try")
    content = base64.b64encode(certificates[0].read_bytes()).decode()
    desk.page.evaluate(DROP, content)
    expect(desk.page.get_by_text("dropped.pdf, checked against")).to_be_visible()


DROP = """content => {
  const bytes = Uint8Array.from(atob(content), each => each.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], "dropped.pdf", {type: "application/pdf"}));
  document.getElementById("drop").dispatchEvent(
    new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_every_page_fits_its_screen(
    window: Browser,
    address: str,
    services: Services,
    office: str,
    secret: str,
    certificate_id: str,
    size: dict[str, int],
    scheme: str,
) -> None:
    look = f"{'phone' if size == PHONE else 'desk'}-{scheme}"
    with screen(window, address, size, scheme) as shown:  # type: ignore[arg-type]
        visit(shown, "/login", f"login-{look}")
        shown.log_in(secret)
        visit(shown, "/review", f"review-list-{look}")
        visit(shown, f"/review/{certificate_id}", f"review-{look}")
        visit(
            shown,
            f"/review/{certificate_id}?at=auto_liability_additional_insured",
            f"review-mark-{look}",
        )
        visit(shown, f"/review/{certificate_id}/ask", f"review-ask-{look}")
        visit(shown, "/password", f"password-{look}")
        visit(shown, "/try", f"try-empty-{look}")
        shown.page.get_by_role("button", name="Use the sample certificate").click()
        shown.page.get_by_role("heading", name="Not compliant").wait_for()
        look_at(shown, f"try-{look}")
        settle_all(shown, certificate_id)
        take(shown, f"review-settled-{look}")
        shown.page.get_by_role("button", name=re.compile("Finish the review")).click()
        shown.page.get_by_role("link", name="Next certificate").wait_for()
        take(shown, f"review-done-{look}")
        assert shown.complaints == []


def visit(shown: Screen, path: str, name: str) -> None:
    """Open a page and look at it."""
    shown.go(path)
    look_at(shown, name)


def look_at(shown: Screen, name: str) -> None:
    """Take a picture of the page that is open, and look for what people stumble over."""
    page, path = shown.page, shown.page.url
    page.wait_for_load_state("networkidle")
    take(shown, name)
    width, seen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= seen, f"{path} is {width} wide on a screen of {seen}"
    unlabelled = page.evaluate(
        "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
        ".filter(each => !each.labels?.length && !each.getAttribute('aria-label')).length"
    )
    assert unlabelled == 0, f"{path} has fields without a label"
    assert page.locator("main").count() == 1
    assert page.locator("h1").count() == 1


def settle_all(shown: Screen, certificate_id: str) -> None:
    shown.go(f"/review/{certificate_id}")
    for value in ("1,000,000", None, None):
        if value:
            shown.page.get_by_label("Or type it").fill(value)
        elif shown.page.get_by_text("Yes", exact=True).count():
            shown.page.get_by_text("Yes", exact=True).click()
        heading = shown.page.locator("#what").inner_text()
        shown.page.get_by_role("button", name=re.compile("Accept|Save")).click()
        expect(shown.page.locator("#what", has_text=heading)).to_have_count(0)


def wait_until_keys_count(shown: Screen) -> None:
    """The page takes no Enter in its first moments: a key may still be held from the one before."""
    while not shown.page.evaluate("performance.now() - shownAt >= SETTLING"):
        shown.page.wait_for_timeout(50)
