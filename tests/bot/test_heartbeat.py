"""The heartbeat, to a real listener: heard while nothing is late, withheld while something is, harmless when nobody is
there."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot import heartbeat
from bot.sandbox.firm import Firm
from bot.web import port_of
from tests.support.eavesdropper import Eavesdropper

SECRET = "3f1c-token"


@dataclass
class Listener:
    """Whoever notices when the calls stop. `status` is its answer."""

    url: str = ""
    status: int = 200
    heard: list[tuple[str, str, bytes]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.heard.append((request.method, request.path_qs, await request.read()))
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    found = Listener()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{port_of(runner)}/ping/{SECRET}"
    yield found
    await runner.cleanup()


@pytest.fixture
async def firm(tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Firm]:
    """One whose minute has a tenth of a second."""
    assert timedelta(minutes=1) == heartbeat.EVERY
    monkeypatch.setattr(heartbeat, "EVERY", timedelta(seconds=0.1))
    built = Firm(tmp_path, notify=f'\n[notify]\nheartbeat_url = "{listener.url}"\n')
    await built.start()
    yield built
    await built.stop()


async def calls(listener: Listener, span: float = 1.0) -> int:
    """How many come in so many seconds."""
    before = len(listener.heard)
    await asyncio.sleep(span)
    return len(listener.heard) - before


async def until_heard(listener: Listener) -> None:
    async with asyncio.timeout(20):
        while not await calls(listener, 0.1):
            pass


async def test_it_is_heard_again_and_again_and_tells_nothing(firm: Firm, listener: Listener) -> None:
    for _time in range(3):
        await until_heard(listener)
    assert await firm.service.late() == []
    assert set(listener.heard) == {("GET", f"/ping/{SECRET}", b"")}


async def test_it_is_withheld_while_the_clock_stands_still_and_goes_on_afterwards(
    firm: Firm, listener: Listener
) -> None:
    await until_heard(listener)
    firm.service.clock._scheduler.pause()
    firm.service.clock.pulse.last["fire"] -= timedelta(hours=1)
    assert "the clock is late" in await firm.service.late()
    await calls(listener, 0.3)  # one may have been under way
    assert await calls(listener) == 0
    firm.service.clock._scheduler.resume()
    await until_heard(listener)


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_a_listener_that_does_not_want_it_holds_up_nothing_and_no_redirect_is_followed(
    firm: Firm, listener: Listener, status: int
) -> None:
    listener.status = status
    for _time in range(2):
        await until_heard(listener)
    assert {path for _method, path, _body in listener.heard} == {f"/ping/{SECRET}"}
    assert await firm.service.late() == []


async def test_its_address_which_may_be_a_secret_stands_in_no_log_when_nobody_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = Eavesdropper()
    ear.listen(monkeypatch, 10)

    async def nothing() -> list[str]:
        return []

    await heartbeat.Heartbeat(f"http://127.0.0.1:9/{SECRET}", nothing).beat()
    ear.stop()
    assert '"action": "heartbeat"' in ear.heard.getvalue()
    assert SECRET not in ear.heard.getvalue()
