"""Both stories played by hand in a real browser, at desktop and at phone width, against the sandbox firm with everybody
on Slack."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.firm import Firm
from bot.sandbox.page import routes
from tests.support.browser import DESK, PHONE, chromium, opened, require_chromium
from tests.support.visitor import Visitor

require_chromium()
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Any]:
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def address(tmp_path: Path) -> AsyncIterator[str]:
    firm = Firm(tmp_path)
    yield await firm.start(0, extra_routes=routes(firm))
    assert firm.workspace.faults_seen == []
    await firm.stop()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
async def test_the_late_reply_by_hand(browser: Any, address: str, phone: bool) -> None:
    async with opened(browser, address, size=PHONE if phone else DESK) as page:
        me = Visitor(page, "late-reply", phone)
        await me.shot()
        await me.be("Amelia Ward")
        await page.get_by_role("button", name="Log client interaction", exact=True).first.click()
        client = page.get_by_role("dialog").get_by_label("Client", exact=True)
        await client.fill("lease")
        await page.get_by_role("option", name="Brightwater Estates: lease renewal").click()
        await me.choose("Channel", "Company email")
        await me.choose("Kind", "E-mail")
        await me.write("Summary", "Asked whether the lease can be renewed in spring.")
        await me.shot()
        await me.send("Log")
        await page.get_by_role("dialog").get_by_text("The reply is due Tue").wait_for()
        await me.shot()
        await me.send("Close")

        await me.wait("next reminder")
        await me.see("Reply due Tue")
        await me.shot()
        await me.wait("next reminder")
        await me.see("Reply overdue since Tue")

        await me.be("Jonas Hale")
        await me.see("Reply overdue since Tue")
        await me.shot()
        await me.press("I take it")
        await me.see("Taken by")

        await me.be("Amelia Ward")
        await me.press("Log the reply")
        await page.get_by_role("dialog").get_by_text("Your reply to").wait_for()
        await me.choose("Channel", "Company email")
        await me.choose("Kind", "E-mail")
        await me.write("Summary", "Sent the terms of renewal.")
        await me.send("Log")
        await page.get_by_role("dialog").get_by_text("Logged").first.wait_for()
        await me.send("Close")
        await me.see("Settled: Reply logged")
        assert await page.locator("[data-part=messages]").get_by_text("Reply overdue").count() == 0
        await me.shot()
        await me.pane("What happened")
        await page.get_by_text("deadline.answered").first.wait_for()
        assert await page.get_by_text("deadline.next").count() == 0
        await me.shot()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
async def test_the_friday_evening_breach_by_hand(browser: Any, address: str, phone: bool) -> None:
    async with opened(browser, address, size=PHONE if phone else DESK) as page:
        me = Visitor(page, "breach", phone)
        await me.be("Tomas Berg")
        await page.get_by_role("button", name="Report a breach", exact=True).first.click()
        await me.write("What happened?", "I left a folder with client papers on the train.")
        await page.get_by_role("dialog").get_by_label("Leave my name out").check()
        await me.shot()
        await me.send("Report")
        await page.get_by_role("dialog").get_by_text("Thank you for reporting this.").wait_for()
        await me.shot()
        await me.send("Close")

        await me.be("Priya Nair")
        await me.see("somebody is needed now")
        assert await page.get_by_text("folder with client papers").count() == 0
        await me.shot()
        await me.press("I am on it")
        await me.see("On it")
        await me.press("Done: Contain it")
        await page.get_by_role("button", name="Undo: Contain it", exact=True).wait_for()
        await me.press("Done: Tell the DPO and management")
        await page.get_by_role("button", name="Undo: Tell the DPO and management", exact=True).wait_for()
        await me.shot()
        await me.press("Open")
        await page.get_by_role("dialog").get_by_text("I left a folder with client papers on the train.").wait_for()
        await page.get_by_role("dialog").get_by_text("somebody who left the name out").wait_for()
        await me.shot()
        await me.send("Close")
        await me.be("Margaret Lane")
        await page.get_by_role("button", name="Undo: Contain it", exact=True).first.wait_for()
        await me.shot()
