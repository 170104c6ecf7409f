"""The demo's firm, with people on Slack and on Teams, played by hand in a real browser, on a desk and on a phone."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.demo import ON_TEAMS
from bot.sandbox.firm import Firm
from bot.sandbox.page import routes
from tests.support.browser import DESK, PHONE, chromium, opened, require_chromium
from tests.support.chats import faults_seen
from tests.support.painted_cards import card, execute, line
from tests.support.visitor import Visitor

require_chromium()
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Any]:
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def firm(tmp_path: Path) -> AsyncIterator[Firm]:
    """As `make demo` has it."""
    firm = Firm(tmp_path, on_teams=ON_TEAMS)
    await firm.start(0, extra_routes=routes(firm, pace=0.05))
    yield firm
    assert faults_seen(firm) == []
    await firm.stop()


@pytest.fixture
def both(firm: Firm) -> str:
    """Its address."""
    return firm.workspace.base_url


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
async def test_what_is_done_in_one_chat_shows_in_the_other(browser: Any, both: str, phone: bool) -> None:
    async with opened(browser, both, size=PHONE if phone else DESK) as page:
        me = Visitor(page, "both", phone)
        await page.locator("[data-part=head]").get_by_text("Slack", exact=True).wait_for()
        await me.press("Log client interaction")
        await page.get_by_role("dialog").get_by_label("Client", exact=True).fill("lease")
        await page.get_by_role("option", name="Brightwater Estates: lease renewal").click()
        await me.choose("Channel", "Company email")
        await me.choose("Kind", "E-mail")
        await me.write("Summary", "Asked whether the lease can be renewed in spring.")
        await me.send("Log")
        await page.get_by_role("dialog").get_by_text("The reply is due Tue").wait_for()
        await me.send("Close")
        await me.wait("next reminder")
        await me.see("Reply due Tue")
        await me.wait("next reminder")
        await me.see("Reply overdue since Tue")
        await me.shot()

        async with me.beside("Jonas Hale") as jonas:
            await page.locator("[data-part=beside-head]").get_by_text("Teams", exact=True).wait_for()
            await jonas.get_by_text("Reply overdue since Tue").wait_for()
            await me.shot()
            await jonas.get_by_role("button", name="I take it", exact=True).click()
            await jonas.get_by_text("Taken by").first.wait_for()
        await me.see("Taken by")  # as Amelia, in Slack
        await me.shot()

        await me.be("Jonas Hale")
        await me.see("Taken by")
        async with me.beside("Amelia Ward") as amelia:  # whom he was until now
            await amelia.get_by_role("button", name="Log the reply", exact=True).last.click()
            await me.choose("Channel", "Company email")
            await me.choose("Kind", "E-mail")
            await me.write("Summary", "Sent the terms of renewal.")
            await me.send("Log")
            await page.get_by_role("dialog").get_by_text("Logged").first.wait_for()
            await me.send("Close")
            await amelia.get_by_text("Settled: Reply logged").first.wait_for()
        await me.see("Settled: Reply logged")  # as Jonas, in Teams
        await me.shot()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
async def test_a_form_in_teams_goes_step_by_step_and_keeps_what_was_typed(browser: Any, both: str, phone: bool) -> None:
    async with opened(browser, both, size=PHONE if phone else DESK) as page:
        me, dialog = Visitor(page, "steps", phone), page.get_by_role("dialog")
        await me.be("Margaret Lane")
        await page.locator("#line").fill("home")
        await page.keyboard.press("Enter")
        await me.see("My duties")
        await page.locator("#composer").get_by_role("button", name="Log client interaction").click()
        await dialog.get_by_text("Log client interaction").wait_for()
        await me.shot()
        await me.write("Summary", "Rang about the lease.")
        await me.send("Next")
        await dialog.get_by_text("Please fill this in.").first.wait_for()
        client = dialog.get_by_label("Client", exact=True)
        assert await client.evaluate("field => field === document.activeElement")
        assert await client.get_attribute("aria-invalid") == "true"
        await me.shot()
        await client.select_option(label="My client is not listed")
        await me.choose("Channel", "Company phone")
        await me.choose("Kind", "Call")
        assert await dialog.get_by_label("Summary").input_value() == "Rang about the lease."
        await me.send("Next")
        await me.write("Name of the client", "Orchard Street Bakery")
        await me.shot()
        await me.send("Back")  # where the new field stands beside what it belongs to
        await dialog.get_by_label("Channel", exact=True).wait_for()
        assert await dialog.get_by_label("Name of the client").input_value() == "Orchard Street Bakery"
        await me.send("Next")
        assert await dialog.get_by_label("Summary").input_value() == "Rang about the lease."
        await me.send("Log")
        await dialog.get_by_text("Logged").first.wait_for()
        await me.shot()
        await page.keyboard.press("Escape")
        await dialog.wait_for(state="hidden")
        await me.see("My duties")
        await me.pane("What happened")
        await page.get_by_text("interaction.logged").first.wait_for()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
async def test_one_may_be_anybody_beside_anybody_by_keyboard(browser: Any, both: str, phone: bool) -> None:
    async with opened(browser, both, size=PHONE if phone else DESK) as page:
        me, keys = Visitor(page, "beside", phone), page.keyboard
        wide = "document.documentElement.scrollWidth > innerWidth"
        await me.pane("People and clock")
        await page.get_by_label("Chat beside mine").select_option(label="Margaret Lane")
        async with me.beside("Margaret Lane") as margaret:
            assert not await page.evaluate(wide)
            await margaret.get_by_role("button", name="Report a breach", exact=True).focus()
            await keys.press("Enter")
            dialog = page.get_by_role("dialog", name="Report a breach")
            await dialog.get_by_text("SANDBOX · Margaret Lane · Teams").wait_for()
            assert await page.evaluate("document.activeElement.closest('#modal') !== null")
            await keys.type("A letter went to the wrong address.")
            await me.shot()
            await keys.press("Escape")
            await dialog.wait_for(state="hidden")
            await page.get_by_role("button", name="Be Margaret").focus()
            await keys.press("Enter")
            await page.locator("[data-part=head]").get_by_text("Margaret Lane").wait_for()
        async with me.beside("Amelia Ward"):
            assert not await page.evaluate(wide)
        await me.pane("People and clock")
        await page.get_by_label("Chat beside mine").select_option(label="Nobody's")
        await me.pane("Chat")
        await page.locator("#pane-beside").wait_for(state="hidden")
        await me.be("Priya Nair")  # whoever wants no second chat gets none
        assert not await page.locator("#pane-beside").is_visible()
        await me.shot()


async def test_a_story_shows_both_chats_and_can_be_taken_over_in_teams(browser: Any, both: str) -> None:
    async with opened(browser, both) as page:
        me = Visitor(page, "story", phone=False)
        await page.get_by_role("button", name="The late reply").click()
        await page.get_by_text("Jonas is told").wait_for(timeout=30_000)
        await page.locator("[data-part=head]").get_by_text("Jonas Hale").wait_for()
        async with me.beside("Amelia Ward") as amelia:
            await me.press("I take it")
            await amelia.get_by_text("Taken by").first.wait_for()
        await me.shot()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
async def test_the_barrier_of_a_story_is_lifted_by_the_visitor(browser: Any, both: str, phone: bool) -> None:
    async with opened(browser, both, size=PHONE if phone else DESK) as page:
        me, dialog = Visitor(page, "barrier", phone), page.get_by_role("dialog")
        offers = page.locator(".offers button")
        assert await offers.all_inner_texts() == [
            "▸ The late reply",
            "▸ Friday-evening breach",
            "▸ The information barrier",
            "▸ Complaint about the partner",
        ]
        assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        await me.shot()
        await offers.nth(2).click()
        await dialog.get_by_text("The story ends here").wait_for(timeout=30_000)
        await dialog.get_by_text("Amelia Ward must not know of").wait_for()
        await me.shot()
        await me.send("Lift")
        await me.write("Why may it be lifted?", "The case is closed.")
        await me.send("Lift it")
        await dialog.get_by_text("The access on record holds again.").wait_for()
        await me.shot()


async def test_a_question_stays_open_when_news_come_and_hostile_words_stay_words(
    browser: Any, firm: Firm, both: str
) -> None:
    hostile = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    inner = {"type": "AdaptiveCard", "body": [line("It stops."), {"type": "ActionSet", "actions": [execute("Yes")]}]}
    shows = {"type": "Action.ShowCard", "title": "Stop it", "card": inner}
    tenant, (_amelia, jonas, *_others) = firm.teams.tenant if firm.teams else None, firm.cast
    assert tenant
    chat = tenant.members[jonas.user_id].chat
    tenant.post(chat, summary="One", cards=[card(line("One"), {"type": "ActionSet", "actions": [shows]})])
    async with opened(browser, both) as page:
        async with Visitor(page, "question", phone=False).beside("Jonas Hale") as messages:
            await messages.locator("summary", has_text="Stop it").focus()
            await page.keyboard.press("Enter")
            await messages.get_by_role("button", name="Yes").wait_for()
            tenant.post(chat, summary=hostile, said=hostile, cards=[card(line(hostile))])
            await messages.get_by_text("<script>").last.wait_for()
            assert await messages.get_by_role("button", name="Yes").is_visible()
            assert await page.evaluate("document.activeElement.matches('summary')")
        assert await page.locator("#pane-beside :is(img, script), #toasts img").count() == 0
        assert await page.title() == "SANDBOX · Harbour & Lane"
