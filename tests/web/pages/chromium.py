"""A real Chromium (Debian's) at a real server on loopback, and the pictures taken of it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from connector.actions.services import Services
from connector.web.app import create_app

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
PICTURES = Path(os.environ.get("PAGE_PICTURES", "build/pictures"))
"""Where the pictures of a run go; `make pictures` puts those of the docs into docs/pictures."""

DESK: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 60_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, closed with the block."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@contextmanager
def served(services: Services) -> Iterator[str]:
    """The service's address on a free port, until the block ends."""
    server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Screen:
    """A person's screen: a page of the browser, and what went wrong on it."""

    page: Page
    address: str
    complaints: list[str]

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def log_in(self, secret: str) -> None:
        self.page.context.add_cookies([{"name": "coi", "value": secret, "url": self.address}])


@contextmanager
def screen(
    browser: Browser, address: str, size: ViewportSize, scheme: str = "light"
) -> Iterator[Screen]:
    """A fresh window of a size. Whatever the page logs or refuses is kept as a complaint."""
    is_phone = size["width"] < 500
    context = browser.new_context(
        viewport=size,
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=is_phone,
        is_mobile=is_phone,
        device_scale_factor=1,
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Screen(page, address, complaints)
    context.close()


def take(shown: Screen, name: str) -> Path:
    """A picture of the whole page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    shown.page.screenshot(path=path, full_page=True)
    return path
