"""The page of a firm on Slack and on Teams: whose chat it shows, and what may be done in Teams; over real HTTP, without
a browser."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo import ON_TEAMS
from bot.sandbox.firm import Firm
from bot.sandbox.page import routes
from bot.sandbox.reading import buttons
from bot.sandbox.teams import reading
from bot.sandbox.teams.paint import mark_of
from bot.sandbox.teams.world import World
from tests.support.chats import faults_seen

FORM = ("log-client", "Log client interaction")


class Site:
    """The firm, its page, and everybody's id by first name."""

    def __init__(self, firm: Firm, web: aiohttp.ClientSession) -> None:
        self.firm, self.web = firm, web
        self.amelia, self.jonas, self.priya, self.margaret, self.tomas = (cast.user_id for cast in firm.cast)

    @property
    def world(self) -> World:
        assert self.firm.teams
        return self.firm.teams

    async def act(self, address: str, who: str, **asked: Any) -> tuple[int, Any]:
        async with self.web.post(f"/act/{address}", json={"who": who, **asked}) as answer:
            return answer.status, await answer.json()

    async def parts(self, **query: str) -> Any:
        async with self.web.get("/parts", params=query) as answer:
            return await answer.json()

    async def shown(self, part: str, **query: str) -> str:
        return str((await self.parts(**query))["parts"][part]["html"])

    async def overdue(self) -> None:
        """Amelia has logged an inquiry, and nobody has answered it."""
        amelia = self.firm.person(self.firm.cast[0])
        await amelia.type("/log-client")
        await amelia.choose("Client", (await amelia.search("Client", "lease"))[0])
        await amelia.choose("Channel", "Company email")
        await amelia.choose("Kind", "E-mail")
        await amelia.write("Summary", "Asks for the lease.")
        await amelia.submit()
        for _hop in range(2):
            due = (await self.firm.happened()).next_due
            assert due
            await self.firm.move_clock(due)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    firm = Firm(tmp_path, on_teams=ON_TEAMS)
    url = await firm.start(0, extra_routes=routes(firm))
    async with aiohttp.ClientSession(url, headers={"Origin": url}) as web:
        yield Site(firm, web)
    await firm.stop()
    assert faults_seen(firm) == []


async def test_each_chat_says_whose_it_is_and_what_kind(site: Site) -> None:
    found = (await site.parts(who=site.amelia))["parts"]
    assert all(words in found["head"]["html"] for words in ("Amelia Ward", ">Slack<"))
    assert all(words in found["beside-head"]["html"] for words in ("Jonas Hale", ">Teams<", "Be Jonas"))
    assert "Her supervisor · Teams" in found["people"]["html"]
    assert "/log-client" in found["composer"]["html"]
    async with site.web.get("/") as answer:
        assert "Some of its people chat in Slack, some in Teams." in await answer.text()
    found = (await site.parts(who=site.margaret, tab="home", beside=site.tomas))["parts"]
    assert all(words in found["head"]["html"] for words in ("Margaret Lane", ">Teams<"))
    assert all(words in found["beside-head"]["html"] for words in ("Tomas Berg", ">Slack<", "guest"))
    assert "Home" not in found["tabs"]["html"]
    assert 'data-do="extend" data-line="log-client"' in found["composer"]["html"]


@pytest.mark.parametrize("beside", ["", "nobody", "self"])
async def test_nobody_stands_beside_where_nobody_is_asked_for(site: Site, beside: str) -> None:
    asked = site.amelia if beside == "self" else beside
    assert await site.shown("beside", who=site.amelia, beside=asked) == ""
    assert await site.shown("beside-head", who=site.amelia, beside=asked) == ""


async def test_what_stands_beside_is_read_when_it_can_be_seen(site: Site) -> None:
    unread, asked = 'data-unread="1"', {"who": site.amelia, "beside": site.jonas}  # the greeting
    assert unread in await site.shown("people", who=site.amelia, beside="")
    assert (await site.shown("people", **asked, glance="0")).count(unread) == 2  # Margaret's too
    assert (await site.shown("people", **asked)).count(unread) == 1


async def test_news_of_both_chats_ring_once_and_an_answer_rings_nobody(site: Site) -> None:
    last = (await site.parts())["last"]
    await site.act("say", site.jonas, line="help")
    assert (await site.parts(after=last))["arrived"] == []
    await site.overdue()
    news = await site.parts(after=last)
    rung = [(one["name"], one["text"]) for one in news["arrived"]]
    assert sorted(set(rung)) == [
        ("Amelia Ward", "Something is due today."),
        ("Amelia Ward", "Something is overdue."),
        ("Jonas Hale", "Something is overdue."),
    ]
    assert (await site.parts(after=news["last"]))["arrived"] == []


async def test_a_button_in_teams_is_pressed_and_what_teams_says_of_it_is_said(site: Site) -> None:
    await site.overdue()
    posts = site.world.tenant.seen_by(site.jonas)
    post = next(post for post in reversed(posts) if "I take it" in buttons(post))
    take = {"place": f"post:{post.id}", "block": "", "action": mark_of(reading.button(post, "I take it"))}
    assert (await site.act("press", site.margaret, **take))[0] == 409  # it is not hers
    assert (await site.act("press", site.amelia, **take))[0] == 409
    assert (await site.act("press", site.jonas, **{**take, "action": "0" * 18}))[0] == 409
    assert "Taken by" not in await site.shown("messages", who=site.jonas)
    status, said = await site.act("press", site.jonas, **take)
    assert (status, said["say"]) == (200, "Done.")
    async with asyncio.timeout(10):
        for who in (site.jonas, site.amelia):
            while "Taken by" not in await site.shown("messages", who=who):
                await site.firm.workspace.changed(site.firm.workspace.version, timeout=0.1)
    status, said = await site.act("press", site.jonas, **take)
    assert (status, said["say"]) == (409, "This has changed meanwhile. Please look again.")


async def test_a_dialog_in_teams_is_filled_searched_and_closed_by_nobody_else(site: Site) -> None:
    assert (await site.act("extend", site.margaret, line="no-such"))[0] == 409
    assert (await site.act("extend", site.amelia, line=FORM[0]))[0] == 409  # Slack has none
    await site.act("extend", site.margaret, line=FORM[0])
    dialog = site.world.tenant.dialogs[site.margaret]
    modal = await site.shown("modal", who=site.margaret)
    assert all(words in modal for words in (FORM[1], "Margaret Lane · Teams", f'data-owner="{site.margaret}"'))
    assert f'data-owner="{site.margaret}"' in await site.shown("modal", who=site.amelia, beside=site.margaret)
    assert await site.shown("modal", who=site.amelia, beside=site.jonas) == ""

    asked = {"place": f"dialog:{dialog.id}", "block": ""}
    summary = {**asked, "action": "text.summary", "value": "Rang <b>"}
    assert (await site.act("fill", site.jonas, **summary))[0] == 409
    assert (await site.act("fill", site.margaret, **summary))[0] == 200
    assert "Rang &lt;b&gt;" in await site.shown("modal", who=site.margaret)
    assert (await site.act("fill", site.margaret, **{**summary, "action": "text.none"}))[0] == 409
    assert (await site.act("fill", site.margaret, **asked, action="choice.channel", value="Pigeon"))[0] == 409

    search = {**asked, "action": "search.client"}
    assert (await site.act("search", site.margaret, **search, typed="NOT listed"))[1]["options"] == [
        {"value": "unlisted", "label": "My client is not listed"}
    ]
    assert (await site.act("search", site.margaret, **search, typed="zzz"))[1]["options"] == []
    assert (await site.act("close", site.margaret, view="0"))[0] == 409
    assert (await site.act("close", site.margaret, view=dialog.id))[0] == 200
    assert await site.shown("modal", who=site.margaret) == ""
    assert (await site.act("fill", site.margaret, **summary))[0] == 409


async def test_a_typed_line_is_shown_as_it_was_typed(site: Site) -> None:
    await site.act("say", site.jonas, line="   ")
    await site.act("say", site.jonas, line="hello <img src=x>")
    html = await site.shown("messages", who=site.jonas)
    assert "hello &lt;img src=x&gt;" in html and "<img" not in html
    assert html.count('class="message from-own"') == 1


async def test_a_long_id_of_an_account_is_shown_short(site: Site) -> None:
    html = await site.shown("happened", who=site.amelia)
    assert f"teams:{site.world.tenant.tenant_id[:8]}…/{site.jonas[:8]}…" in html
    assert site.jonas not in html
