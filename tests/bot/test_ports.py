"""Which address answers what: the admin port is for this machine alone, wherever the public one listens."""

import asyncio
import io
import os
from pathlib import Path

import aiohttp
import pytest

from bot import web
from bot.service import Service
from tests.bot.test_opening import settings


async def test_the_admin_port_stays_on_this_machine_wherever_the_public_one_listens(tmp_path: Path) -> None:
    service = Service(settings(tmp_path, os.urandom(32), host="127.0.0.2"))
    await service.start()
    outer, inner = (runner.addresses[0][0] for runner in service._runners)
    await service.stop()
    assert (outer, inner) == ("127.0.0.2", "127.0.0.1")


async def _nothing() -> list[str]:
    return []


@pytest.mark.parametrize("path", ["/watchz", "/metrics"])
async def test_the_public_port_knows_nothing_of_the_admin_one(path: str) -> None:
    runner = await web.serve(web.public({}, _nothing), "127.0.0.1", 0)
    async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{web.port_of(runner)}{path}") as found:
        assert found.status == 404
    await runner.cleanup()


async def test_a_fault_over_http_says_nothing_but_that_there_was_one() -> None:
    async def breaks(_request: aiohttp.web.Request) -> aiohttp.web.Response:
        raise LookupError("SECRET")

    runner = await web.serve(web.public({"/slack/events": breaks}, _nothing), "127.0.0.1", 0)
    address = f"http://127.0.0.1:{web.port_of(runner)}/slack/events"
    async with aiohttp.ClientSession() as client, client.post(address, data=b"x") as found:
        assert (found.status, "SECRET" in await found.text(), found.headers["Server"]) == (500, False, "sopwith")
    await runner.cleanup()


async def test_a_body_larger_than_any_platform_sends_is_not_read() -> None:
    async def reads(request: aiohttp.web.Request) -> aiohttp.web.Response:
        return aiohttp.web.Response(text=str(len(await request.read())))

    runner = await web.serve(web.public({"/slack/events": reads}, _nothing), "127.0.0.1", 0)
    address = f"http://127.0.0.1:{web.port_of(runner)}/slack/events"
    large = io.BytesIO(b"x" * (web.LARGEST + 1))
    async with aiohttp.ClientSession() as client, client.post(address, data=large) as found:
        assert found.status == 413
    await runner.cleanup()


async def test_what_is_badly_packed_and_comes_behind_its_head_is_answered_at_once() -> None:
    async def reads(request: aiohttp.web.Request) -> aiohttp.web.Response:
        return aiohttp.web.Response(text=str(len(await request.read())))

    runner = await web.serve(web.public({"/slack/events": reads}, _nothing), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", web.port_of(runner))
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Encoding: deflate\r\nContent-Length: 9000\r\n\r\n")
    await asyncio.sleep(0.05)
    writer.write(b"[" * 9000)
    assert b" 415 " in await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()
    await runner.cleanup()
