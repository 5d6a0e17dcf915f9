"""Fixtures for a real Chromium, driven through Playwright.

- `phone_page` (360 × 740) and `desk_page` (1280 × 900): a page on the live server, `page.goto("/")` works.
  The test fails when a script throws or the content security policy is broken.
- `new_page(width, height, **options)`: further windows, each with cookies of its own (a second person).
- `sign_in(page, user)`: the user's session in that window, without the sign-in pages.
- `chromium`: the browser itself, one per xdist worker.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PHONE = (360, 740)
DESK = (1280, 900)
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]


def chromium_path() -> str | None:
    """CHROME_PATH, or Chromium or Chrome on the PATH."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, names)), None)


def shows_errors(page: Page) -> None:
    """The page came back with errors: its title says so and their summary has the focus.

    Waits for both: a click returns when the answer begins to arrive, before there is a page to look at.
    """
    expect(page).to_have_title(re.compile("^Грешка:"))
    expect(page.locator(".errors")).to_be_focused()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        if os.environ.get("ALLOW_MISSING") == "1":
            pytest.skip("needs Chromium")
        pytest.fail("Chromium is not installed (Debian: apt install chromium)")
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    contexts = []
    complaints: list[str] = []

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}") if "Content Security Policy" in message.text else None
            ),
        )

    def open_page(width: int = DESK[0], height: int = DESK[1], **options: Any) -> Page:
        options = {"locale": "bg-BG", "timezone_id": "Europe/Sofia", "base_url": live_server.url, **options}
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(15_000)
        context.on("page", listen)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def phone_page(new_page: Callable[..., Page]) -> Page:
    return new_page(*PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def desk_page(new_page: Callable[..., Page]) -> Page:
    return new_page(*DESK)


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, Any], None]:
    def sign(page: Page, user: Any) -> None:
        from django.conf import settings
        from django.test import Client

        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return sign
