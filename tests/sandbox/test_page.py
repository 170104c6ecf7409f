"""The sandbox page in a real Chromium: what a visitor does, with the mouse, with the keyboard alone, and on a phone."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from bot.sandbox.chat_methods import put
from bot.sandbox.page import routes
from bot.sandbox.server import start
from tests.support.browser import PHONE, chromium, opened, require_chromium
from tests.support.toy_firm import AMELIA, JONAS, ToyFirm, toy_firm
from tests.support.toy_forms import button, card

require_chromium()
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
# the body has the focus while the browser's own bar has it
IN_THE_FORM = "[document.body, document.activeElement.closest('#modal *')].includes(document.activeElement)"
Visit = Callable[..., AbstractAsyncContextManager[tuple[ToyFirm, Any]]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Any]:
    async with chromium() as started:
        yield started


@pytest.fixture
def visiting(browser: Any) -> Visit:
    """A firm of its own, and a page on it."""

    @asynccontextmanager
    async def visit(*, pace: float = 1.0, **more: Any) -> AsyncIterator[tuple[ToyFirm, Any]]:
        async with toy_firm(pace=pace) as firm, opened(browser, firm.url, **more) as page:
            yield firm, page

    return visit


async def shown(locator: Any) -> Any:
    await locator.wait_for()
    return locator


async def picked(page: Any, typed: str, label: str) -> None:
    """Search in the field "Client" and take what is offered."""
    await page.get_by_label("Client", exact=True).fill(typed)
    await page.locator("[role=option]", has_text=label).click()


async def filled(page: Any, summary: str) -> None:
    await picked(page, "heron", "Quiet Heron")
    await page.get_by_label("Channel", exact=True).select_option(label="Company email")
    await page.get_by_role("radio", name="From the client").check()
    await page.get_by_label("Kind", exact=True).select_option(label="E-mail")
    await page.get_by_role("group", name="Does the client expect a reply?").get_by_label("Yes").check()
    await page.get_by_label("Summary").fill(summary)


async def test_a_visitor_logs_an_interaction_and_reads_when_the_reply_is_due(visiting: Visit) -> None:
    async with visiting() as (firm, page):
        await page.get_by_label("Message or slash command").fill("/log-client")
        await page.get_by_role("button", name="Send").click()
        await shown(page.get_by_role("dialog", name="Log client interaction"))
        await filled(page, "Card 4111 1111 1111 1111")
        await page.get_by_role("button", name="Log", exact=True).click()
        await shown(page.get_by_text("This looks like a card number."))
        summary = page.get_by_label("Summary")
        assert await summary.get_attribute("aria-invalid") == "true"
        assert await summary.evaluate("field => field === document.activeElement")
        assert await page.get_by_label("Client", exact=True).input_value() == "Hollis & Daughters · Quiet Heron · 4802"
        await summary.fill("Asks for the lease.")
        await page.get_by_role("button", name="Log", exact=True).click()
        await shown(page.get_by_text("The reply is due Tue 10:00 (London)."))
        sent = firm.heard[-1]["view"]["state"]["values"]
        assert sent["summary"]["summary"]["value"] == "Asks for the lease."
        assert sent["when"]["when"]["selected_date_time"] == 1_795_428_000  # Monday 23 November 2026, 10:00 UTC
        await page.get_by_role("button", name="Close", exact=True).click()
        await page.get_by_role("dialog").wait_for(state="hidden")
        assert "interaction.logged" in await page.locator("#audit").inner_text()


async def test_the_keyboard_alone_is_enough_and_stays_in_the_form(visiting: Visit) -> None:
    async with visiting() as (firm, page):
        keys = page.keyboard
        await keys.press("Tab")
        await keys.press("Enter")  # "Skip to the chat"
        await keys.type("/log-client")
        await keys.press("Enter")
        await shown(page.get_by_role("dialog", name="Log client interaction"))
        await keys.type("amber")  # the first field has the focus
        await shown(page.locator("[role=option]", has_text="Amber Finch"))
        await keys.press("Enter")
        for _field in range(30):
            await keys.press("Tab")
            assert await page.evaluate(IN_THE_FORM)
        await keys.press("Escape")
        await page.get_by_role("dialog").wait_for(state="hidden")
        assert firm.workspace.top(AMELIA) is None
        await page.get_by_role("tab", name="Messages").focus()
        await keys.press("ArrowRight")
        await shown(page.get_by_text("My duties"))
        await page.locator(f"#be-{JONAS}").focus()
        await keys.press("Space")
        await shown(page.get_by_role("heading", name="Jonas Hale"))


async def test_escape_closes_the_list_first_and_the_form_after(visiting: Visit) -> None:
    async with visiting() as (_firm, page):
        await page.get_by_role("button", name="Log client interaction").click()
        client = page.get_by_label("Client", exact=True)
        await client.press("ArrowDown")
        await shown(page.locator("[role=option]").first)
        assert await client.get_attribute("aria-expanded") == "true"
        await client.press("Escape")
        assert await client.get_attribute("aria-expanded") == "false"
        await shown(page.get_by_role("dialog"))
        await client.press("Escape")
        await page.get_by_role("dialog").wait_for(state="hidden")


async def test_on_a_phone_the_chat_comes_first_and_nothing_is_wider_than_the_screen(visiting: Visit) -> None:
    async with visiting(size=PHONE, has_touch=True) as (_firm, page):
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert await page.locator("#pane-chat").is_visible()
        assert not await page.locator("#pane-happened").is_visible()
        assert not await page.evaluate(wide)
        await page.get_by_role("button", name="What happened").tap()
        assert await page.locator("#audit").is_visible()
        assert not await page.evaluate(wide)
        await page.get_by_role("button", name="People and clock").tap()
        await page.get_by_role("button", name="Tomas Berg").tap()
        await shown(page.get_by_role("heading", name="Tomas Berg"))
        await page.get_by_role("button", name="Report a breach").tap()
        dialog = await shown(page.get_by_role("dialog"))
        box = await dialog.bounding_box()
        assert (box["x"], box["x"] + box["width"] <= PHONE["width"]) == (0, True)
        await page.get_by_label("What happened?").fill("A laptop was left on the train.")
        await page.get_by_role("button", name="Report", exact=True).tap()
        await shown(page.get_by_text("Your reference is BR-1."))


async def test_news_come_by_themselves_and_disturb_nobody_who_types(visiting: Visit) -> None:
    async with visiting() as (firm, page):
        await page.get_by_role("button", name="Log client interaction").click()
        summary = page.get_by_label("Summary")
        await summary.press_sequentially("Half a sent")
        firm.tell(JONAS, "Reply overdue", phone="Something is overdue.")
        firm.tell(AMELIA, "Reply due")
        await shown(page.locator(".toast", has_text="Jonas Hale's phone").get_by_text("Something is overdue."))
        await summary.press_sequentially("ence")
        assert await summary.input_value() == "Half a sentence"
        assert await page.locator(f"#be-{JONAS} .dot").get_attribute("data-unread") == "1"
        assert await page.locator(f"#be-{AMELIA} .dot").count() == 0  # she is looking at it
        await page.get_by_role("button", name="Close", exact=True).click()
        await page.locator(f"#be-{JONAS}").click()
        await shown(page.get_by_role("heading", name="Reply overdue"))
        await page.locator(f"#be-{JONAS} .dot").wait_for(state="detached")


async def test_a_choice_brings_a_new_field_and_keeps_what_was_typed(visiting: Visit) -> None:
    async with visiting() as (_firm, page):
        await page.get_by_role("button", name="Log client interaction").click()
        await page.get_by_label("Summary").fill("By text message")
        await page.get_by_label("Channel", exact=True).select_option(label="Another channel")
        await shown(page.get_by_label("Which channel?"))
        assert await page.get_by_label("Summary").input_value() == "By text message"
        await page.get_by_label("Channel", exact=True).select_option(label="Company email")
        await page.get_by_label("Which channel?").wait_for(state="detached")


async def test_hostile_words_stay_words(visiting: Visit) -> None:
    async with visiting() as (firm, page):
        hostile = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>*bold*"
        blocks = card(hostile, button(hostile[:70], "does:nothing"), about=hostile)
        put(firm.workspace, firm.workspace.dm(AMELIA).id, hostile, blocks)
        await shown(page.get_by_role("heading", name=hostile))
        await page.get_by_label("Message or slash command").fill(hostile)
        await page.get_by_role("button", name="Send").click()
        await shown(page.locator(".from-own", has_text="<script>"))
        assert await page.locator("#pane-chat img, #pane-chat script, #toasts img").count() == 0
        assert await page.title() == "SANDBOX · Harbour & Lane"


async def test_a_button_that_asks_first_does_nothing_on_no(visiting: Visit) -> None:
    async with visiting() as (firm, page):
        sure = {"title": "Take it?", "text": "You will look after it.", "confirm": "I take it", "deny": "Not now"}
        confirm = {name: {"type": "plain_text", "text": text} for name, text in sure.items()}
        firm.tell(AMELIA, "Reply overdue", button("Take", "does:take", confirm=confirm))
        await page.get_by_role("button", name="Take", exact=True).click()
        await shown(page.get_by_role("dialog", name="Take it?").get_by_text("You will look after it."))
        await page.get_by_role("button", name="Not now").click()
        assert firm.audit == []
        await page.get_by_role("button", name="Take", exact=True).click()
        await page.get_by_role("button", name="I take it").click()
        await shown(page.get_by_role("heading", name="Taken by Jonas Hale"))


async def test_the_clock_moves_and_what_falls_due_arrives(visiting: Visit) -> None:
    async with visiting() as (firm, page):
        assert await page.get_by_role("button", name="To the next reminder or deadline").is_disabled()
        firm.coming.append((firm.time.replace(hour=16), firm._remind))
        await page.get_by_role("button", name="To the next reminder or deadline").click()
        await shown(page.get_by_role("heading", name="Reply due Tue 10:05 (London)"))
        assert await page.locator(".now").inner_text() == "16:00\nMonday 23 November 2026\nLondon (GMT)"
        await page.get_by_role("button", name="To Monday 09:00").click()
        await shown(page.get_by_text("It is now Mon 30 Nov 2026 09:00").or_(page.get_by_text("It is now Mon 09:00")))
        assert firm.time.isoformat() == "2026-11-30T09:00:00+00:00"


async def test_a_story_plays_shows_its_people_and_can_be_taken_over(visiting: Visit) -> None:
    async with visiting(pace=0.1) as (firm, page):
        await page.get_by_role("button", name="The late reply").click()
        await shown(page.get_by_role("dialog").get_by_role("button", name="Take over"))
        client = "document.querySelector('#modal [role=combobox]')?.value"
        await page.wait_for_function(
            f"{client} === 'Hollis & Daughters · Quiet Heron · 4802'"
        )  # filled in as one looks
        await shown(page.locator(f"#be-{JONAS}[aria-current]"))  # the page follows the story
        await page.get_by_role("button", name="Take over").click()
        await shown(page.get_by_text("Yours now."))
        await page.get_by_role("button", name="I take it").click()
        await shown(page.get_by_role("heading", name="Taken by Jonas Hale"))
        assert firm.audit == ["interaction.logged", "ladder.acknowledged"]


async def test_whoever_acts_during_a_story_takes_over(visiting: Visit) -> None:
    async with visiting() as (firm, page):
        await page.get_by_role("button", name="Friday-evening breach").click()
        await shown(page.get_by_role("button", name="Take over"))
        await page.get_by_label("Message or slash command").fill("/sopwith help")
        await page.keyboard.press("Enter")
        await shown(page.get_by_text("Yours now."))
        await shown(page.locator(".from-bot", has_text="You asked for help"))
        assert firm.audit == []


async def test_a_page_that_lost_its_sandbox_says_so_and_finds_it_again(visiting: Visit) -> None:
    async with visiting(forgiven="net::ERR_CONNECTION_REFUSED") as (firm, page):
        port = urlsplit(firm.url).port
        await firm.slack.stop()
        await shown(page.get_by_role("alert").get_by_text("Is it still running in the terminal?"))
        firm.tell(AMELIA, "While away")
        firm.slack = await start(firm.workspace, port or 0, extra_routes=routes(firm))
        await shown(page.get_by_role("heading", name="While away"))
        await page.get_by_role("alert").wait_for(state="hidden")
