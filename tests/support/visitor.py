"""Somebody at the sandbox page in a real browser, who knows only the words on it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

SHOTS = os.environ.get("SOPWITH_TEST_SHOTS", "")


class Visitor:
    """Somebody at the page; on a phone the three columns are tabs."""

    def __init__(self, page: Any, name: str, phone: bool) -> None:
        self.page, self.name, self.phone, self._shots = page, name, phone, 0

    async def pane(self, label: str) -> None:
        if self.phone:
            await self.page.get_by_role("button", name=label, exact=True).click()

    async def be(self, name: str) -> None:
        await self.pane("People and clock")
        await self.page.locator("[data-part=people]").get_by_text(name).click()
        await self.pane("Chat")
        await self.page.locator("[data-part=head]").get_by_text(name).wait_for()

    async def wait(self, button: str) -> None:
        await self.pane("People and clock")
        await self.page.locator("[data-part=clock]").get_by_role("button", name=button).click()
        await self.pane("Chat")

    async def press(self, label: str) -> None:
        await self.page.locator("#pane-chat").get_by_role("button", name=label, exact=True).last.click()

    async def see(self, words: str) -> None:
        await self.page.locator("[data-part=messages]").get_by_text(words).last.wait_for()

    @asynccontextmanager
    async def beside(self, name: str) -> AsyncIterator[Any]:
        """The chat of somebody else, that stands beside; on a phone behind its tab."""
        await self.pane("Other chat")
        await self.page.locator("[data-part=beside-head]").get_by_text(name).wait_for()
        yield self.page.locator("[data-part=beside]")
        await self.pane("Chat")

    async def choose(self, label: str, option: str) -> None:
        await self.page.get_by_role("dialog").get_by_label(label, exact=True).select_option(label=option)

    async def write(self, label: str, text: str) -> None:
        await self.page.get_by_role("dialog").get_by_label(label, exact=True).fill(text)

    async def send(self, label: str) -> None:
        await self.page.get_by_role("dialog").get_by_role("button", name=label, exact=True).click()

    async def shot(self) -> None:
        """Kept where SOPWITH_TEST_SHOTS says, to be looked at."""
        self._shots += 1
        if SHOTS:
            width = "phone" if self.phone else "desk"
            await self.page.wait_for_timeout(300)
            await self.page.screenshot(path=Path(SHOTS) / f"{self.name}-{width}-{self._shots}.png")
