"""What the sandbox page refuses, and what it answers: over real HTTP, without a browser."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.sandbox.parts import moved
from bot.sandbox.stage import Closing, Happened
from tests.support.toy_firm import AMELIA, JONAS, ToyFirm, toy_firm
from tests.support.toy_forms import MONDAY, button


@pytest.fixture
async def firm() -> AsyncIterator[ToyFirm]:
    async with toy_firm() as made:
        yield made


@pytest.fixture
async def web(firm: ToyFirm) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(firm.url, headers={"Origin": firm.url}) as session:
        yield session


async def act(web: aiohttp.ClientSession, address: str, /, **asked: Any) -> tuple[int, Any]:
    async with web.post(f"/act/{address}", json={"who": AMELIA, **asked}) as answer:
        return answer.status, await answer.json()


async def parts(web: aiohttp.ClientSession, **query: str) -> Any:
    async with web.get("/parts", params={"who": AMELIA, **query}) as answer:
        return await answer.json()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8321", "127.0.0.1.evil.example", "[::1]", "127.0.0.1@evil.example"]
)
@pytest.mark.parametrize("path", ["/", "/parts", "/static/page.js"])
async def test_a_name_that_is_not_this_computer_is_refused(web: aiohttp.ClientSession, host: str, path: str) -> None:
    async with web.get(path, headers={"Host": host}) as answer:
        assert answer.status == 403
        assert "Harbour" not in await answer.text()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},  # another program on this computer
        {"Origin": ""},
        {"Content-Type": "text/plain"},  # what a form of another site may send unasked
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
async def test_an_act_from_elsewhere_is_refused_and_does_nothing(
    firm: ToyFirm, web: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    sent = {"Content-Type": "application/json", **headers}
    async with web.post("/act/say", data=f'{{"who": "{AMELIA}", "line": "hello"}}', headers=sent) as answer:
        assert answer.status == 403
    assert firm.workspace.seen_by(AMELIA) == []


async def test_the_page_loads_nothing_from_elsewhere_and_is_framed_by_nobody(web: aiohttp.ClientSession) -> None:
    async with web.get("/") as answer:
        html, headers = await answer.text(), answer.headers
    policy = headers["Content-Security-Policy"]
    assert policy == "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    assert html.count("SANDBOX") >= 2
    assert ("https://" in html, "style=" in html, "onclick" in html) == (False, False, False)


async def test_only_the_files_of_the_page_are_served(web: aiohttp.ClientSession) -> None:
    for name, status in {"page.js": 200, "mark.svg": 200, "nothing.js": 404, "..%2Fpage.py": 404}.items():
        async with web.get(f"/static/{name}") as answer:
            assert answer.status == status


async def test_only_what_changed_is_sent(firm: ToyFirm, web: aiohttp.ClientSession) -> None:
    first = await parts(web)
    have = ",".join(f"{name}:{part['stamp']}" for name, part in first["parts"].items())
    firm.tell(AMELIA, "Reply due")
    news = await parts(web, have=have, after=first["last"])
    assert set(news["parts"]) == {"messages", "happened"}  # Amelia is looked at, so nothing is unread
    assert [(m["name"], m["text"]) for m in news["arrived"]] == [("Amelia Ward", "Something is due today.")]
    assert (await parts(web, have=have, after=news["last"]))["arrived"] == []


async def test_what_only_one_person_sees_rings_no_phone(firm: ToyFirm, web: aiohttp.ClientSession) -> None:
    assert (await act(web, "say", line="/sopwith help"))[0] == 200
    news = await parts(web)
    assert news["arrived"] == []
    assert "only visible to you" in news["parts"]["messages"]["html"]
    assert "You asked for" not in (await parts(web, who=JONAS))["parts"]["messages"]["html"]


async def test_a_message_is_unread_until_somebody_looks_at_the_messages(
    firm: ToyFirm, web: aiohttp.ClientSession
) -> None:
    firm.tell(JONAS, "Overdue")
    dot = 'data-unread="1"'
    assert dot in (await parts(web))["parts"]["people"]["html"]
    assert dot in (await parts(web, who=JONAS, tab="home"))["parts"]["people"]["html"]
    assert dot not in (await parts(web, who=JONAS, tab="messages"))["parts"]["people"]["html"]


async def test_nobody_uses_what_another_person_sees(firm: ToyFirm, web: aiohttp.ClientSession) -> None:
    message = firm.tell(JONAS, "Overdue", button("I take it", "does:take"))
    there = {"place": f"message:{message.ts}", "block": message.blocks[-1]["block_id"], "action": "does:take"}
    status, said = await act(web, "press", **there)
    assert (status, said["say"]) == (409, "This has changed meanwhile. Please look again.")
    assert firm.audit == []
    await act(web, "say", line="/log-client")
    view = firm.workspace.top(AMELIA)
    assert view is not None
    assert (await act(web, "submit", who=JONAS, view=view.id))[0] == 409
    assert (await act(web, "press", who=JONAS, **there))[0] == 200
    assert firm.audit == ["ladder.acknowledged"]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("say", {"who": "U0STRANGER", "line": "/log-client"}),
        ("say", {"who": ["U0AMELIA"], "line": "/log-client"}),
        ("say", {}),
        ("story", {"name": "no-such-story"}),
    ],
)
async def test_what_is_not_understood_is_said_and_does_nothing(
    firm: ToyFirm, web: aiohttp.ClientSession, name: str, asked: dict[str, Any]
) -> None:
    status, said = await act(web, name, **asked)
    assert (status, said["say"]) == (400, "The sandbox did not understand this.")
    assert (firm.heard, firm.workspace.messages) == ([], [])
    async with web.post("/act/say", data="[", headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 400


async def test_plain_words_and_unknown_commands_get_a_hint(firm: ToyFirm, web: aiohttp.ClientSession) -> None:
    await act(web, "say", line="  ")
    await act(web, "say", line="hello <b>")
    await act(web, "say", line="/log-clinet <!channel>")
    mine, hint, unknown = firm.workspace.seen_by(AMELIA)
    assert (mine.user, mine.text) == (AMELIA, "hello &lt;b&gt;")
    assert "answers commands and buttons" in hint.text
    assert unknown.text == "/log-clinet is not a command here. There are /log-client, /report-breach, /sopwith."


async def test_a_local_time_is_sent_as_the_second_it_means_there(firm: ToyFirm, web: aiohttp.ClientSession) -> None:
    firm.workspace.users[AMELIA].tz = "America/New_York"
    await act(web, "say", line="/log-client")
    view = firm.workspace.top(AMELIA)
    assert view is not None
    assert 'value="2026-11-23T05:00"' in (await parts(web))["parts"]["modal"]["html"]  # 10:00 UTC
    place = {"place": f"view:{view.id}", "block": "when", "action": "when"}
    assert (await act(web, "fill", **place, value="2026-11-23T06:30"))[0] == 200
    expected = int(datetime(2026, 11, 23, 11, 30, tzinfo=UTC).timestamp())  # New York is five hours behind
    assert view.state["when"]["when"]["selected_date_time"] == expected
    assert (await act(web, "fill", **place, value="soon"))[0] == 400


@pytest.mark.parametrize(
    ("now", "move", "expected"),
    [
        ("2026-11-23T10:00", "hour", "2026-11-23T11:00"),
        ("2026-11-23T10:00", "day", "2026-11-24T10:00"),
        ("2026-03-28T12:00", "day", "2026-03-29T11:00"),  # the same clock time in London, which is then an hour ahead
        ("2026-11-23T10:00", "monday", "2026-11-30T09:00"),
        ("2026-11-23T08:59", "monday", "2026-11-23T09:00"),  # Monday, a minute before
        ("2026-11-23T09:00", "monday", "2026-11-30T09:00"),  # never where one is already
        ("2026-03-27T12:00", "monday", "2026-03-30T08:00"),
        ("2026-11-23T10:00", "next", "2026-11-23T16:00"),
    ],
)
async def test_the_clock_moves_by_the_firms_own_days(now: str, move: str, expected: str) -> None:
    def utc(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    async with toy_firm(time=utc(now)) as firm:
        assert moved(move, firm, MONDAY.replace(hour=16)) == utc(expected)


async def test_a_story_that_breaks_off_says_so_on_the_page(firm: ToyFirm, web: aiohttp.ClientSession) -> None:
    class Broken:
        title, blurb = "Broken", "Never ends well."

        async def play(self, *_anything: Any) -> None:
            raise RuntimeError("a bug")

    firm.stories = {"broken": Broken()}
    await act(web, "story", name="broken")
    await act(web, "stop")
    assert "The story broke off. The terminal says why." in (await parts(web))["parts"]["story"]["html"]
    await act(web, "dismiss")
    assert "Watch a story" in (await parts(web))["parts"]["story"]["html"]


async def test_a_firm_that_closes_is_no_fault_of_the_page(
    firm: ToyFirm, web: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async def closing() -> Happened:
        raise Closing

    firm.happened = closing  # type: ignore[method-assign]
    for path in ("/", "/parts"):
        async with web.get(path) as answer:
            assert (answer.status, await answer.text()) == (503, "The sandbox is closing.")
    assert caplog.records == []
