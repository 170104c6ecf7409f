"""A small house behind the doorway, the bot's Slack side served on loopback, and the sandbox workspace around it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, web
from slack_bolt.async_app import AsyncApp

import handlers.catalogue  # noqa: F401  registers every procedure
from bot.sandbox.block_rules import check_message, check_view
from bot.sandbox.hands import Hands
from bot.sandbox.server import Running, start
from bot.sandbox.workspace import Workspace
from bot.slack.directory import Directory
from bot.slack.listeners import app
from bot.slack.sender import Sender
from bot.slack.socket_mode import SocketMode
from bot.slack.web import events
from bot.slack.wire import web_client
from tests.slack.office import ADA, BEN, NEW, STRANGER, House, Office, furnish, until
from tests.support.slack_models import blocks_hold, view_holds


@pytest.fixture
def takes_view() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Gives the view back when Slack would take it."""

    def check(view: dict[str, Any]) -> dict[str, Any]:
        assert check_view(view, view["type"]) == []
        view_holds(view)
        return view

    return check


@pytest.fixture
def takes_message() -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Gives the blocks back when Slack would take them as a message."""

    def check(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        assert check_message(blocks) == []
        blocks_hold(blocks)
        return blocks

    return check


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """The workspace and the bot, both on loopback. Ada is known; Ben is not in the people file; New is, unlinked."""
    async with _moved_in() as office:
        runner, office.url = await _serve(office.bolt, office.workspace.signing_secret)
        async with Hands(office.workspace, office.url) as office.hands:
            yield office
        await runner.cleanup()


@pytest.fixture
async def plugged() -> AsyncIterator[Office]:
    """The same over Socket Mode, both connections open."""
    async with _moved_in() as office:
        client, token = office.sender._client, office.workspace.app_token
        office.socket = SocketMode(office.bolt, client, app_token=token, waits=lambda failures: 0.02 * failures)
        await office.socket.start()
        await until(lambda: office.socket.alive == 2)
        yield office
        await office.socket.stop()


@asynccontextmanager
async def _moved_in() -> AsyncIterator[Office]:
    workspace = Workspace()
    for id, name in ((ADA, "Ada Lane"), (BEN, "Ben Moor"), (NEW, "New Hand")):
        workspace.add_user(id, name, f"{name.split()[0].lower()}@harbour.example")
    workspace.add_user(STRANGER, "Stan Ger", "stan@elsewhere.example", team_id="T0OTHER", is_stranger=True)
    slack: Running = await start(workspace)
    house = House(accounts={f"slack:{workspace.team_id}/{ADA}"})
    furnish(house)
    async with ClientSession() as session:
        client = web_client(token=workspace.bot_token, api_url=slack.api_url, session=session)
        directory = Directory(client, house, team_id=workspace.team_id)
        bolt = app(house, directory, signing_secret=workspace.signing_secret, client=client)
        yield Office(
            house=house,
            workspace=workspace,
            hands=Hands(workspace),
            bolt=bolt,
            directory=directory,
            sender=Sender(client),
        )
    await slack.stop()
    assert workspace.faults_seen == []


async def _serve(bolt: AsyncApp, secret: str) -> tuple[web.AppRunner, str]:
    server = web.Application()
    server.router.add_post("/slack/events", events(bolt, signing_secret=secret))
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
