"""A real Chromium for tests; without one they are skipped in one line, or fail where `SOPWITH_TEST_REQUIRE` names
`browser`.

A test file starts it once and gives every test a page of its own, with cookies and storage of its own:

    require_chromium()
    pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

    @pytest_asyncio.fixture(scope="module", loop_scope="module")
    async def browser():
        async with chromium() as started:
            yield started

    async def test_it_says_so(browser):
        async with opened(browser, url) as page: ...
"""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def chromium_path() -> str:
    """Where Chromium is, "" when there is none."""
    return next(filter(None, map(shutil.which, NAMES)), "")


def require_chromium() -> None:
    """At the top of a test file: leave the file out with one line when there is no Chromium, or fail it."""
    if chromium_path():
        return
    if "browser" in os.environ.get("SOPWITH_TEST_REQUIRE", "").split(","):
        pytest.fail("SOPWITH_TEST_REQUIRE asks for a browser, but there is no Chromium", pytrace=False)
    pytest.skip("browser tests need Chromium, and there is none", allow_module_level=True)


@asynccontextmanager
async def chromium() -> AsyncIterator[Any]:
    """A Playwright `Browser` of its own, closed at the end."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def opened(
    browser: Any, url: str, *, size: dict[str, int] | None = None, forgiven: str = "\0", **more: Any
) -> AsyncIterator[Any]:
    """One page at `url`. Errors in its scripts, content it was refused and requests to elsewhere fail the test, but for
    lines with the words `forgiven`."""
    context = await browser.new_context(viewport=size or DESK, **more)
    page = await context.new_page()
    page.set_default_timeout(10_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.on("request", lambda request: wrong.append(f"asked for {request.url}") if _foreign(request) else None)
    try:
        await page.goto(url)
        yield page
    finally:
        await context.close()
    assert [line for line in wrong if forgiven not in line] == []


def _foreign(request: Any) -> bool:
    return not str(request.url).startswith(("http://127.0.0.1", "http://localhost"))
